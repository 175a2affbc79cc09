/** The accounts behind a connection, and what else is read about them. Contract: moneykit/data §1–3. */
import type { AccountNumbers, HeldBalances, Owner } from '../../network/port.js'
import type { Ctx, Reading } from '../ctx.js'
import type { HeldAccountId } from '../ids.js'
import type { Connection, Whose } from './connections.js'

/** An account as its institution showed it last. */
export interface HeldAccount {
  readonly id: HeldAccountId
  /** Group and kind, such as `depository.checking`; or `unknown`. */
  readonly type: string
  readonly name: string
  readonly nickname: string | null
  readonly mask: string | null
  readonly isClosed: boolean
  /** Amounts are in the smallest unit of their currency; of a debt, `currentCents` is what is owed. */
  readonly balances: HeldAccountBalances
  /** The caller's name of it, when it was imported. */
  readonly originalId: string | null
}

export type HeldAccountBalances = Omit<HeldBalances, 'currency' | 'at'> & {
  readonly currency: string | null
  readonly at: string | null
}

export type WithNumbers = HeldAccount & { readonly numbers: Omit<AccountNumbers, 'accountRef'> }
export type WithOwners = HeldAccount & { readonly owners: readonly Owner[] }

/** Accounts together with the connection that they are behind. */
export interface Owned<A = HeldAccount> {
  readonly connection: Connection
  readonly accounts: readonly A[]
}

/** Only these; null for all. Ids that are not the connection's mean nothing. */
export interface AccountFilter {
  readonly accountIds: readonly string[] | null
}

/**
 * Open accounts that the consumer permitted, in the institution's order. Refuses `connection.not_found`, `.other_client`,
 * `.deleted`, `.bad_state`.
 */
export async function listHeldAccounts(_ctx: Ctx<Reading>, _whose: Whose, _filter: AccountFilter): Promise<Owned> {
  throw new Error('not written yet')
}

/** One of them, or a closed one. Refuses as `listHeldAccounts`, and `connection.account_not_found`. */
export async function getHeldAccount(
  _ctx: Ctx<Reading>,
  _whose: Whose,
  _accountId: string,
): Promise<{ readonly connection: Connection; readonly account: HeldAccount }> {
  throw new Error('not written yet')
}

/** Those accounts that have numbers, in clear. Refuses as `listHeldAccounts`, and `connection.product_not_granted`. */
export async function listNumbers(_ctx: Ctx<Reading | 'vault'>, _whose: Whose): Promise<Owned<WithNumbers>> {
  throw new Error('not written yet')
}

/** With their holders, as far as they were told. Refuses as `listHeldAccounts`, and `connection.product_not_granted`. */
export async function listOwners(
  _ctx: Ctx<Reading | 'vault'>,
  _whose: Whose,
  _filter: AccountFilter,
): Promise<Owned<WithOwners>> {
  throw new Error('not written yet')
}
