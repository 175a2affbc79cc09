/** All that a consumer has connected, by the caller's own id of the consumer. Contract: moneykit/links §6.1–6.3. */
import { findExternalConsumer } from '../consumers/consumers.js'
import type { Ctx, Reading } from '../ctx.js'
import { listAccounts } from './account-store.js'
import { type AccountFilter, accountOf, type HeldAccount, isListed, type Owned, passes } from './accounts.js'
import type { Connection } from './connections.js'
import { type HeldConnection, listOfConsumer, shown } from './store.js'
import { readPage } from './transaction-pages.js'
import { type HeldTransaction, type PageNumber, type TransactionFilter, transactionOf } from './transactions.js'

/** Which consumer is meant, by the team's own id, and which client asks. Nobody knows an unknown one: it has nothing. */
export interface WhoseConsumer {
  readonly externalId: string
  readonly clientId: string | null
}

/** Those that were ever connected and are not deleted, oldest first. */
export async function connectionsOfConsumer(ctx: Ctx<Reading>, whose: WhoseConsumer): Promise<readonly Connection[]> {
  return (await find(ctx, whose)).map(shown)
}

async function find(ctx: Ctx<Reading>, { externalId, clientId }: WhoseConsumer): Promise<readonly HeldConnection[]> {
  const consumer = await findExternalConsumer(ctx, externalId)
  return consumer ? listOfConsumer(ctx, { consumerId: consumer.id, clientId }) : []
}

/** Their accounts; connections without any are left out. */
export async function accountsOfConsumer(
  ctx: Ctx<Reading>,
  whose: WhoseConsumer,
  filter: AccountFilter,
): Promise<readonly Owned[]> {
  const connections = await find(ctx, whose)
  const rows = await listAccounts(
    ctx,
    connections.map(({ id }) => id),
  )
  return connections.flatMap((connection) => {
    const accounts = rows.filter((row) => row.connectionId === connection.id && isListed(row) && passes(row, filter))
    return accounts.length === 0 ? [] : [{ connection: shown(connection), accounts: accounts.map(accountOf) }]
  })
}

export interface ConsumerTransactions {
  readonly transactions: readonly HeldTransaction[]
  readonly total: number
  /** The accounts of these transactions, each with its connection. */
  readonly accounts: readonly { readonly account: HeldAccount; readonly connection: Connection }[]
}

/** Newest first, of all connections that have the product. */
export async function transactionsOfConsumer(
  ctx: Ctx<Reading>,
  whose: WhoseConsumer,
  filter: TransactionFilter,
  page: PageNumber,
): Promise<ConsumerTransactions> {
  const connections = (await find(ctx, whose)).filter(({ products }) => products.transactions)
  const ids = connections.map(({ id }) => id)
  const { rows, total } = await readPage(ctx, ids, filter, page)
  const named = new Set(rows.map(({ accountId }) => accountId))
  const accounts = (await listAccounts(ctx, ids)).filter(({ id }) => named.has(id))
  return {
    transactions: rows.map(transactionOf),
    total,
    accounts: accounts.flatMap((row) => {
      const connection = connections.find(({ id }) => id === row.connectionId)
      return connection ? [{ account: accountOf(row), connection: shown(connection) }] : []
    }),
  }
}
