/** The accounts of a link, their numbers and their owners. Contract: moneykit/data §1–3. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { getHeldAccount, listHeldAccounts, listNumbers, listOwners } from '../../core/connections/connections.js'
import {
  AccountWire,
  AccountWithNumbersWire,
  AccountWithOwnersWire,
  accountWire,
  accountWithNumbersWire,
  accountWithOwnersWire,
} from './account-wire.js'
import { readWireId } from './ids.js'
import { EmbeddedLinkWire, embeddedLinkWire } from './link-wire.js'
import { read } from './routes.js'
import { TextList } from './schema.js'
import { accountFilter, whoseLink } from './whose.js'

const query = { account_ids: Type.Optional(TextList) }

export function accountRoutes(app: FastifyInstance): void {
  const tag = 'Accounts and identity'
  const scope = 'link:data:read'

  read(
    app,
    '/links/:id/accounts',
    {
      tag,
      summary: 'List the accounts of a link',
      scope,
      query,
      reply: Type.Object({ accounts: Type.Array(AccountWire), link: EmbeddedLinkWire }),
    },
    async (incoming) => {
      const filter = accountFilter(incoming.query.account_ids)
      const { accounts, connection } = await listHeldAccounts(incoming.ctx, whoseLink(incoming), filter)
      return { accounts: accounts.map(accountWire), link: embeddedLinkWire(connection, incoming) }
    },
  )

  read(
    app,
    '/links/:id/accounts/:account_id',
    {
      tag,
      summary: 'Get an account of a link',
      scope,
      reply: Type.Object({ account: AccountWire, link: EmbeddedLinkWire }),
    },
    async (incoming) => {
      const id = readWireId('account', incoming.params.account_id ?? '')
      const { account, connection } = await getHeldAccount(incoming.ctx, whoseLink(incoming), id)
      return { account: accountWire(account), link: embeddedLinkWire(connection, incoming) }
    },
  )

  read(
    app,
    '/links/:id/accounts/numbers',
    {
      tag,
      summary: 'List the account numbers of a link',
      scope,
      reply: Type.Object({ accounts: Type.Array(AccountWithNumbersWire), link: EmbeddedLinkWire }),
    },
    async (incoming) => {
      const { accounts, connection } = await listNumbers(incoming.ctx, whoseLink(incoming))
      return { accounts: accounts.map(accountWithNumbersWire), link: embeddedLinkWire(connection, incoming) }
    },
  )

  read(
    app,
    '/links/:id/identity',
    {
      tag,
      summary: 'List the owners of the accounts of a link',
      scope,
      query,
      reply: Type.Object({ accounts: Type.Array(AccountWithOwnersWire), link: EmbeddedLinkWire }),
    },
    async (incoming) => {
      const filter = accountFilter(incoming.query.account_ids)
      const { accounts, connection } = await listOwners(incoming.ctx, whoseLink(incoming), filter)
      return { accounts: accounts.map(accountWithOwnersWire), link: embeddedLinkWire(connection, incoming) }
    },
  )
}
