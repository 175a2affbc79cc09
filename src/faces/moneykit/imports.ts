/** Links made of data that the caller has already. Contract: moneykit/links §4.6. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  type AccountImport,
  importConnection,
  importTransactions,
  PROVIDER_NAMES,
  type TransactionImport,
} from '../../core/connections/connections.js'
import { CustomerUser, readContact, readTime } from './customer-user.js'
import { LinkWire, linkWire } from './link-wire.js'
import { change } from './routes.js'
import { AnyTime, maybe, Text, Units } from './schema.js'
import { whoseLink } from './whose.js'

const AccountBody = Type.Object({
  account_id: Type.String({ minLength: 1, maxLength: 200 }),
  name: Text,
  nickname: maybe(Text),
  type: Text,
  mask: maybe(Text),
  balances: Type.Object({
    currency: maybe(Text),
    available: maybe(Units),
    current: maybe(Units),
    limit: maybe(Units),
    balance_date: maybe(AnyTime),
  }),
})

const TransactionBody = Type.Object({
  account_id: Text,
  transaction_id: maybe(Type.String({ minLength: 1, maxLength: 200 })),
  // A number is taken too.
  amount: Type.Unsafe<string | number>({
    type: ['string', 'number'],
    pattern: '^-?\\d{1,12}(\\.\\d{1,2})?$',
    description: 'Decimal; positive is money in',
  }),
  date: AnyTime,
  description: maybe(Text),
  type: maybe(Text),
})

const ImportBody = Type.Object({
  customer_user: CustomerUser,
  // Whoever it came from, also somebody nobody knows.
  provider: maybe(Text),
  institution_id: Text,
  accounts: Type.Array(AccountBody),
  transactions: Type.Optional(Type.Array(TransactionBody)),
})

export function importRoutes(app: FastifyInstance): void {
  const tag = 'Links'
  const scope = 'link:data:read'

  change(
    app,
    'POST',
    '/links/import',
    { tag, summary: 'Import a link', scope, body: ImportBody, reply: LinkWire },
    {
      ask: ({ ctx, body, client }) =>
        importConnection(ctx, {
          externalConsumerId: body.customer_user.id,
          contact: readContact(body.customer_user),
          clientId: client.app,
          provider: PROVIDER_NAMES.find((name) => name === body.provider) ?? null,
          institutionId: body.institution_id,
          accounts: body.accounts.map(readAccount),
          transactions: (body.transactions ?? []).map(readTransaction),
        }),
      write: async (_, link) => link,
      toWire: (link, _, incoming) => linkWire(link, incoming),
    },
  )

  change(
    app,
    'POST',
    '/links/:id/import/transactions',
    {
      tag,
      summary: 'Import transactions into an imported link',
      scope,
      body: Type.Object({ transactions: Type.Array(TransactionBody) }),
      reply: LinkWire,
    },
    {
      write: (ctx, _, incoming) =>
        importTransactions(ctx, whoseLink(incoming), incoming.body.transactions.map(readTransaction)),
      toWire: (link, _, incoming) => linkWire(link, incoming),
    },
  )
}

function readAccount({ account_id, name, nickname, type, mask, balances }: Static<typeof AccountBody>): AccountImport {
  return {
    originalId: account_id,
    name,
    nickname: nickname ?? null,
    type,
    mask: mask ?? null,
    balances: {
      currency: balances.currency ?? null,
      availableCents: centsOf(balances.available),
      currentCents: centsOf(balances.current),
      limitCents: centsOf(balances.limit),
      at: readTime(balances.balance_date),
    },
  }
}

function readTransaction(given: Static<typeof TransactionBody>): TransactionImport {
  const { account_id, transaction_id, amount, date, description, type } = given
  return {
    accountOriginalId: account_id,
    originalId: transaction_id ?? null,
    cents: centsOf(Number(amount)) ?? 0,
    on: date.slice(0, 10),
    at: date.length > 10 ? date.slice(0, 19) : null,
    description: description ?? null,
    type: type ?? null,
  }
}

function centsOf(units: number | null | undefined): number | null {
  return units == null ? null : Math.round(units * 100)
}
