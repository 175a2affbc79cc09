/** The transactions of a link. Contract: moneykit/data §4–6. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import {
  CATEGORIES,
  correctCategory,
  listHeldTransactions,
  syncTransactions,
  type TransactionFilter,
} from '../../core/connections/connections.js'
import { AccountWire, accountWire } from './account-wire.js'
import { InvalidRequest } from './errors.js'
import { readWireId, spellId } from './ids.js'
import { EmbeddedLinkWire, embeddedLinkWire } from './link-wire.js'
import { change, read } from './routes.js'
import { DayFilter, maybe, nullable, oneOf, PageQuery, Text, TextList } from './schema.js'
import { TransactionWire, transactionWire } from './transaction-wire.js'
import { accountFilter, whoseLink } from './whose.js'

const PAGE_SIZE_DEFAULT = 50
const SYNC_SIZE_MAX = 500

const context = { accounts: Type.Array(AccountWire), link: EmbeddedLinkWire }
const batch = { total: Type.Integer(), page: Type.Integer(), size: Type.Integer() }

export const transactionQuery = {
  account_ids: Type.Optional(TextList),
  start_date: DayFilter,
  end_date: DayFilter,
  ...PageQuery,
}

interface TransactionQuery {
  readonly account_ids?: readonly string[]
  readonly start_date?: string
  readonly end_date?: string
  readonly page?: number
  readonly size?: number
}

/** Which transactions are meant, and which batch of them. */
export function readTransactionQuery(query: TransactionQuery): {
  readonly filter: TransactionFilter
  readonly page: { readonly page: number; readonly size: number }
} {
  const { start_date: fromDate = null, end_date: toDate = null } = query
  if (fromDate !== null && toDate !== null && fromDate > toDate) {
    const message = 'end_date must not be before start_date'
    throw new InvalidRequest([{ location: ['query', 'end_date'], message, type: 'value_error.date' }])
  }
  return {
    filter: { ...accountFilter(query.account_ids), fromDate, toDate },
    page: { page: query.page ?? 1, size: query.size ?? PAGE_SIZE_DEFAULT },
  }
}

const subcategories = [...new Set(Object.values(CATEGORIES).flat())]
// An older name of what is now called otherwise. Contract: moneykit/data §4.1.
const RENAMED: Readonly<Record<string, string>> = { petrol_and_vehicle_charging: 'vehicle_fuel_and_charging' }

const CorrectionBody = Type.Object({
  category: oneOf(Object.keys(CATEGORIES)),
  subcategory: maybe(oneOf([...subcategories, ...Object.keys(RENAMED)])),
})

export function transactionRoutes(app: FastifyInstance): void {
  const tag = 'Transactions'
  const scope = 'link:data:read'

  read(
    app,
    '/links/:id/transactions',
    {
      tag,
      summary: 'List the transactions of a link',
      scope,
      query: transactionQuery,
      reply: Type.Object({ ...batch, transactions: Type.Array(TransactionWire), ...context }),
    },
    async (incoming) => {
      const { filter, page } = readTransactionQuery(incoming.query)
      const found = await listHeldTransactions(incoming.ctx, whoseLink(incoming), filter, page)
      return {
        total: found.total,
        page: page.page,
        size: found.transactions.length,
        transactions: found.transactions.map((transaction) => transactionWire(transaction, incoming)),
        accounts: found.accounts.map(accountWire),
        link: embeddedLinkWire(found.connection, incoming),
      }
    },
  )

  read(
    app,
    '/links/:id/transactions/sync',
    {
      tag,
      summary: 'List what changed among the transactions of a link',
      scope,
      query: {
        cursor: Type.Optional(Text),
        size: Type.Optional(Type.Integer({ minimum: 1, maximum: SYNC_SIZE_MAX })),
      },
      reply: Type.Object({
        transactions: Type.Object({
          created: Type.Array(TransactionWire),
          updated: Type.Array(TransactionWire),
          removed: Type.Array(Text),
        }),
        ...context,
        cursor: Type.Object({ next: Text }),
        has_more: Type.Boolean(),
      }),
    },
    async (incoming) => {
      const { cursor = null, size = PAGE_SIZE_DEFAULT } = incoming.query
      const found = await syncTransactions(incoming.ctx, whoseLink(incoming), { cursor, size })
      return {
        transactions: {
          created: found.created.map((transaction) => transactionWire(transaction, incoming)),
          updated: found.updated.map((transaction) => transactionWire(transaction, incoming)),
          removed: found.removed.map((id) => spellId('transaction', id)),
        },
        accounts: found.accounts.map(accountWire),
        cursor: { next: found.next },
        has_more: found.hasMore,
        link: embeddedLinkWire(found.connection, incoming),
      }
    },
  )

  change(
    app,
    'POST',
    '/links/:id/transactions/:txn_id/enrichment',
    {
      tag,
      summary: 'Correct the category of a transaction',
      scope,
      body: CorrectionBody,
      reply: Type.Object({
        transactions: Type.Array(TransactionWire),
        ...context,
        cursor: Type.Object({ next: nullable(Text) }),
      }),
    },
    {
      write: (ctx, _, incoming) => {
        const { category, subcategory = null } = incoming.body
        return correctCategory(ctx, whoseLink(incoming), {
          transactionId: readWireId('transaction', incoming.params.txn_id ?? ''),
          category,
          subcategory: subcategory === null ? null : (RENAMED[subcategory] ?? subcategory),
        })
      },
      toWire: ({ transactions, accounts, connection }, _, incoming) => ({
        transactions: transactions.map((transaction) => transactionWire(transaction, incoming)),
        accounts: accounts.map(accountWire),
        link: embeddedLinkWire(connection, incoming),
        // All of them are in this answer.
        cursor: { next: null },
      }),
    },
  )
}
