/** What happens on the accounts of a link in a rehearsal; Clearspan's own, and in development alone. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  CATEGORIES,
  fetchRehearsed,
  rehearseChange,
  rehearseRemoval,
  rehearseTransaction,
} from '../../core/connections/connections.js'
import { readWireId } from './ids.js'
import { LinkWire, linkWire } from './link-wire.js'
import { change, type Incoming } from './routes.js'
import { maybe, oneOf, Text } from './schema.js'
import { whoseLink } from './whose.js'

const BASE = '/simulate/links/:id/transactions'

const Amount = Type.Unsafe<string | number>({
  type: ['string', 'number'],
  pattern: '^\\d{1,12}(\\.\\d{1,2})?$',
  minimum: 0,
  maximum: 1e12,
  description: 'Decimal, never negative',
})
const Wording = Type.String({ minLength: 1, maxLength: 200 })
const subcategories = [...new Set(Object.values(CATEGORIES).flat())]

const wording = {
  raw_description: maybe(Wording),
  category: maybe(oneOf(Object.keys(CATEGORIES))),
  subcategory: maybe(oneOf(subcategories)),
}
const NewLine = Type.Object({
  account_id: Text,
  amount: Amount,
  type: Type.Optional(oneOf(['credit', 'debit'])),
  description: Wording,
  date: maybe(Type.String({ format: 'date' })),
  pending: Type.Optional(Type.Boolean()),
  merchant: maybe(Wording),
  ...wording,
})
const LineChanges = Type.Object({
  amount: maybe(Amount),
  description: maybe(Wording),
  pending: Type.Optional(Type.Boolean()),
  ...wording,
})

export function transactionRehearsals(app: FastifyInstance): void {
  const facts = { tag: 'Simulation', scope: 'link:data:refresh', status: 202, reply: LinkWire } as const
  const toWire = (link: Parameters<typeof linkWire>[0], _: unknown, incoming: Incoming) => linkWire(link, incoming)

  change(
    app,
    'POST',
    BASE,
    { ...facts, summary: 'Let a transaction happen on an account of a link', body: NewLine },
    {
      ask: (incoming) => rehearseTransaction(incoming.ctx, whoseLink(incoming), draftOf(incoming.body)),
      write: (ctx, _, incoming) => fetchRehearsed(ctx, whoseLink(incoming)),
      toWire,
    },
  )

  change(
    app,
    'PATCH',
    `${BASE}/:txn_id`,
    { ...facts, summary: 'Let the institution change a transaction, or post a pending one', body: LineChanges },
    {
      ask: (incoming) =>
        rehearseChange(incoming.ctx, whoseLink(incoming), {
          transactionId: transactionIn(incoming),
          ...changesOf(incoming.body),
        }),
      write: (ctx, _, incoming) => fetchRehearsed(ctx, whoseLink(incoming)),
      toWire,
    },
  )

  change(
    app,
    'DELETE',
    `${BASE}/:txn_id`,
    { ...facts, summary: 'Let the institution take a transaction back' },
    {
      ask: (incoming) => rehearseRemoval(incoming.ctx, whoseLink(incoming), transactionIn(incoming)),
      write: (ctx, _, incoming) => fetchRehearsed(ctx, whoseLink(incoming)),
      toWire,
    },
  )
}

function transactionIn({ params }: Pick<Incoming, 'params'>): string {
  return readWireId('transaction', params.txn_id ?? '')
}

function draftOf({ account_id, amount, type, description, date, pending, merchant, ...rest }: Static<typeof NewLine>) {
  return {
    accountId: readWireId('account', account_id),
    cents: centsOf(amount),
    direction: type ?? 'debit',
    description,
    isPending: pending ?? false,
    ...(date ? { on: date } : {}),
    ...(merchant ? { counterparty: { name: merchant, categoryCode: null, domain: null } } : {}),
    ...wordingOf(rest),
  }
}

function changesOf({ amount, description, pending, ...rest }: Static<typeof LineChanges>) {
  return {
    ...(amount == null ? {} : { cents: centsOf(amount) }),
    ...(description ? { description } : {}),
    ...(pending === undefined ? {} : { status: pending ? ('pending' as const) : ('posted' as const) }),
    ...wordingOf(rest),
  }
}

interface Worded {
  readonly raw_description?: string | null
  readonly category?: string | null
  readonly subcategory?: string | null
}

/** A category without its subcategory has none. */
function wordingOf({ raw_description, category, subcategory }: Worded) {
  return {
    ...(raw_description ? { rawDescription: raw_description } : {}),
    ...(category ? { category, subcategory: subcategory ?? null } : {}),
  }
}

function centsOf(amount: string | number): number {
  return Math.round(Number(amount) * 100)
}
