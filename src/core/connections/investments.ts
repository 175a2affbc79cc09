/** Securities, what is held of them, and what was done with them. Contract: moneykit/data §7. */
import type { Holding, InvestmentTransaction, Security } from '../../network/port.js'
import type { Ctx, Reading } from '../ctx.js'
import type { HeldAccountId, InvestmentTransactionId, SecurityId } from '../ids.js'
import type { AccountFilter, Owned } from './accounts.js'
import type { Whose } from './connections.js'
import type { PageNumber, TransactionFilter } from './transactions.js'

export interface HeldSecurity extends Omit<Security, 'ref'> {
  readonly id: SecurityId
}

export interface HeldHolding extends Omit<Holding, 'accountRef' | 'securityRef'> {
  readonly accountId: HeldAccountId
  readonly securityId: SecurityId
}

export interface HeldInvestmentTransaction extends Omit<InvestmentTransaction, 'ref' | 'accountRef' | 'securityRef'> {
  readonly id: InvestmentTransactionId
  readonly accountId: HeldAccountId
  readonly securityId: SecurityId | null
}

/** With investment accounts only, and the securities that are held. Refuses what reading transactions refuses. */
export async function listHoldings(
  _ctx: Ctx<Reading>,
  _whose: Whose,
  _filter: AccountFilter,
): Promise<Owned & { readonly holdings: readonly HeldHolding[]; readonly securities: readonly HeldSecurity[] }> {
  throw new Error('not written yet')
}

/** Newest first, with investment accounts only. Refuses what reading transactions refuses. */
export async function listInvestmentTransactions(
  _ctx: Ctx<Reading>,
  _whose: Whose,
  _filter: TransactionFilter,
  _page: PageNumber,
): Promise<
  Owned & {
    readonly transactions: readonly HeldInvestmentTransaction[]
    readonly securities: readonly HeldSecurity[]
    readonly total: number
  }
> {
  throw new Error('not written yet')
}
