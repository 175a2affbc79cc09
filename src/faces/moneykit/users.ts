/** Everything that a user has linked. Contract: moneykit/links §6.1–6.3. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import {
  accountsOfConsumer,
  connectionsOfConsumer,
  transactionsOfConsumer,
} from '../../core/connections/connections.js'
import { AccountWire, accountWire } from './account-wire.js'
import { spellTimeOrNull } from './formats.js'
import { spellId } from './ids.js'
import { LinkWire, linkWire } from './link-wire.js'
import { read } from './routes.js'
import { DayFilter, mapOf, nullable, PageQuery, Text, TextList, Time } from './schema.js'
import { TransactionWire, transactionWire } from './transaction-wire.js'
import { readTransactionQuery } from './transactions.js'
import { accountFilter, whoseUser } from './whose.js'

export function userRoutes(app: FastifyInstance): void {
  const tag = 'Users'
  const scope = 'link:data:read'

  read(
    app,
    '/users/:id/links',
    { tag, summary: 'List the links of a user', scope, reply: Type.Object({ links: mapOf(LinkWire) }) },
    async (incoming) => {
      const links = await connectionsOfConsumer(incoming.ctx, whoseUser(incoming))
      return { links: Object.fromEntries(links.map((link) => [spellId('link', link.id), linkWire(link, incoming)])) }
    },
  )

  read(
    app,
    '/users/:id/accounts',
    {
      tag,
      summary: 'List the accounts of a user',
      scope,
      // The institutions are deprecated and mean nothing; `account_id` is what the first generation says.
      query: {
        account_ids: Type.Optional(TextList),
        account_id: Type.Optional(TextList),
        institution_ids: Type.Optional(TextList),
        institution_id: Type.Optional(TextList),
      },
      reply: Type.Object({
        links: mapOf(Type.Object({ accounts: Type.Array(AccountWire), last_synced_at: nullable(Time) })),
      }),
    },
    async (incoming) => {
      const { account_ids, account_id } = incoming.query
      const filter = accountFilter(account_ids ?? account_id)
      const groups = await accountsOfConsumer(incoming.ctx, whoseUser(incoming), filter)
      return {
        links: Object.fromEntries(
          groups.map(({ connection, accounts }) => [
            spellId('link', connection.id),
            { accounts: accounts.map(accountWire), last_synced_at: spellTimeOrNull(connection.lastSyncedAt) },
          ]),
        ),
      }
    },
  )

  read(
    app,
    '/users/:id/transactions',
    {
      tag,
      summary: 'List the transactions of a user',
      scope,
      // All but the accounts and the dates are deprecated and mean nothing.
      query: {
        account_id: Type.Optional(TextList),
        start_date: DayFilter,
        end_date: DayFilter,
        ...PageQuery,
        transaction_type: Type.Optional(TextList),
        category: Type.Optional(TextList),
        institution_id: Type.Optional(TextList),
      },
      reply: Type.Object({
        total: Type.Integer(),
        page: Type.Integer(),
        size: Type.Integer(),
        transactions: Type.Array(TransactionWire),
        accounts: mapOf(
          Type.Object({ name: Text, last_synced_at: nullable(Time), institution_id: Text, link_id: Text }),
        ),
      }),
    },
    async (incoming) => {
      const { account_id, ...query } = incoming.query
      const { filter, page } = readTransactionQuery({ ...query, ...(account_id ? { account_ids: account_id } : {}) })
      const found = await transactionsOfConsumer(incoming.ctx, whoseUser(incoming), filter, page)
      return {
        total: found.total,
        page: page.page,
        size: found.transactions.length,
        transactions: found.transactions.map((transaction) => transactionWire(transaction, incoming)),
        accounts: Object.fromEntries(
          found.accounts.map(({ account, connection }) => [
            spellId('account', account.id),
            {
              name: account.name,
              last_synced_at: spellTimeOrNull(connection.lastSyncedAt),
              institution_id: connection.institution.slug,
              link_id: spellId('link', connection.id),
            },
          ]),
        ),
      }
    },
  )
}
