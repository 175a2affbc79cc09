/** All that a consumer has connected, by the caller's own id of the consumer. Contract: moneykit/links §6.1–6.3. */
import type { Ctx, Reading } from '../ctx.js'
import type { AccountFilter, HeldAccount, Owned } from './accounts.js'
import type { Connection } from './connections.js'
import type { HeldTransaction, PageNumber, TransactionFilter } from './transactions.js'

/** Which consumer is meant, by the team's own id, and which client asks. Nobody knows an unknown one: it has nothing. */
export interface WhoseConsumer {
  readonly externalId: string
  readonly clientId: string | null
}

/** Those that were ever connected and are not deleted, oldest first. */
export async function connectionsOfConsumer(_ctx: Ctx<Reading>, _whose: WhoseConsumer): Promise<readonly Connection[]> {
  throw new Error('not written yet')
}

/** Their accounts; connections without any are left out. */
export async function accountsOfConsumer(
  _ctx: Ctx<Reading>,
  _whose: WhoseConsumer,
  _filter: AccountFilter,
): Promise<readonly Owned[]> {
  throw new Error('not written yet')
}

export interface ConsumerTransactions {
  readonly transactions: readonly HeldTransaction[]
  readonly total: number
  /** The accounts of these transactions, each with its connection. */
  readonly accounts: readonly { readonly account: HeldAccount; readonly connection: Connection }[]
}

/** Newest first, of all connections that have the product. */
export async function transactionsOfConsumer(
  _ctx: Ctx<Reading>,
  _whose: WhoseConsumer,
  _filter: TransactionFilter,
  _page: PageNumber,
): Promise<ConsumerTransactions> {
  throw new Error('not written yet')
}
