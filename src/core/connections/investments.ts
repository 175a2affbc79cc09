/** Securities, what is held of them, and what was done with them. Contract: moneykit/data §7. */
import type { Holding, Investments, InvestmentTransaction, Security } from '../../network/port.js'
import type { Ctx, Reading, Writing } from '../ctx.js'
import { type ConnectionId, type HeldAccountId, type InvestmentTransactionId, newId, type SecurityId } from '../ids.js'
import { findReadable } from './access.js'
import { listAccounts } from './account-store.js'
import { type AccountFilter, type Owned, owned } from './accounts.js'
import type { Whose } from './connections.js'
import * as store from './investment-store.js'
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
  ctx: Ctx<Reading>,
  whose: Whose,
  filter: AccountFilter,
): Promise<Owned & { readonly holdings: readonly HeldHolding[]; readonly securities: readonly HeldSecurity[] }> {
  const covered = await investmentAccounts(ctx, whose, filter)
  const rows = await store.listHoldings(ctx, covered.connection.id)
  const holdings = rows
    .filter(({ accountId }) => covered.accounts.some(({ id }) => id === accountId))
    .map(({ facts, ...row }) => ({ ...row, ...facts }))
  const securities = await securitiesOf(ctx, covered.connection.id, holdings)
  return { ...covered, holdings, securities }
}

export interface InvestmentTransactionPage extends Owned {
  readonly transactions: readonly HeldInvestmentTransaction[]
  readonly securities: readonly HeldSecurity[]
  readonly total: number
}

/** Newest first, with investment accounts only. Refuses what reading transactions refuses. */
export async function listInvestmentTransactions(
  ctx: Ctx<Reading>,
  whose: Whose,
  filter: TransactionFilter,
  page: PageNumber,
): Promise<InvestmentTransactionPage> {
  const covered = await investmentAccounts(ctx, whose, filter)
  const { rows, total } = await store.listPage(ctx, covered.connection.id, filter, page)
  const transactions = rows.map(({ facts, networkRef, ...row }) => ({ ...row, ...facts }))
  const securities = await securitiesOf(ctx, covered.connection.id, transactions)
  return { ...covered, transactions, securities, total }
}

async function investmentAccounts(ctx: Ctx<Reading>, whose: Whose, filter: AccountFilter): Promise<Owned> {
  const connection = await findReadable(ctx, whose, 'investments')
  const covered = await owned(ctx, connection, filter)
  return { ...covered, accounts: covered.accounts.filter(({ type }) => type.startsWith('investment.')) }
}

/** The securities that are named, each once. */
async function securitiesOf(
  ctx: Ctx<Reading>,
  connectionId: ConnectionId,
  named: readonly { readonly securityId: SecurityId | null }[],
): Promise<readonly HeldSecurity[]> {
  const ids = new Set(named.map(({ securityId }) => securityId))
  const rows = await store.listSecurities(ctx, connectionId)
  return rows.filter(({ id }) => ids.has(id)).map(({ id, facts }) => ({ id, ...facts }))
}

/** Keeps what an institution tells of investments: what is told is all that there is. */
export async function keepInvestments(ctx: Ctx<Writing>, connectionId: ConnectionId, told: Investments): Promise<void> {
  const inside = { ...ctx, db: ctx.tx }
  const accounts = new Map(
    (await listAccounts(inside, [connectionId])).flatMap(({ id, networkRef, isPermitted }) =>
      isPermitted && networkRef !== null ? [[networkRef, id] as const] : [],
    ),
  )
  const known = new Map((await store.listSecurities(inside, connectionId)).map((row) => [row.networkRef, row.id]))
  const securities = told.securities.map(({ ref, ...facts }) => {
    return { id: known.get(ref) ?? newId<SecurityId>(ctx.chance), networkRef: ref, facts }
  })
  const securityIds = new Map(securities.map(({ id, networkRef }) => [networkRef, id]))
  await store.putSecurities(ctx, connectionId, securities)
  const holdings = told.holdings.flatMap(({ accountRef, securityRef, ...facts }) => {
    const [accountId, securityId] = [accounts.get(accountRef), securityIds.get(securityRef)]
    return accountId && securityId ? [{ accountId, securityId, facts }] : []
  })
  await store.replaceHoldings(ctx, connectionId, holdings)
  const transactions = told.transactions.flatMap(({ ref, accountRef, securityRef, on, ...facts }) => {
    const accountId = accounts.get(accountRef)
    const securityId = securityRef === null ? null : (securityIds.get(securityRef) ?? null)
    const id = newId<InvestmentTransactionId>(ctx.chance)
    return accountId ? [{ id, networkRef: ref, accountId, securityId, on, facts }] : []
  })
  await store.replaceTransactions(ctx, connectionId, transactions)
}
