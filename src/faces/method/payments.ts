/** `/payments`. Contract: method/payments §1. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { findAccounts } from '../../core/accounts/accounts.js'
import {
  cancelPayment,
  createPayment,
  getPayment,
  listPayments,
  PAYMENT_STATUSES,
  PAYMENT_TYPES,
  type Payment,
  type PaymentDraft,
} from '../../core/payments/payments.js'
import { expandAccounts, expandQuery, readExpand } from './expand.js'
import { readWireId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { PaymentWire, paymentWire, retrievedPaymentWire } from './payment-wire.js'
import { change, type Incoming, list, read } from './routes.js'
import { AnyObject, nullable, oneOf, Text } from './schema.js'
import { downTo, isSince, type Version, type Wire } from './versions/versions.js'

// What is wrong with these has errors of its own, so any value gets that far.
const anything = (description: string) => Type.Unsafe<unknown>({ description })

const PaymentBody = Type.Object({
  amount: anything('US cents, from 100 to 100000000'),
  source: Text,
  destination: Text,
  description: anything('1 to 10 characters'),
  fee: Type.Optional(nullable(AnyObject)),
  metadata: Type.Optional(nullable(AnyObject)),
  dry_run: Type.Optional(nullable(Type.Boolean())),
  reversal_account: Type.Optional(nullable(Text)),
})

const filters = {
  ...expandQuery,
  status: Type.Optional(oneOf(PAYMENT_STATUSES)),
  type: Type.Optional(oneOf(PAYMENT_TYPES)),
  source: Type.Optional(Text),
  destination: Type.Optional(Text),
  reversal_id: Type.Optional(Text),
  source_holder_id: Type.Optional(Text),
  destination_holder_id: Type.Optional(Text),
  acc_id: Type.Optional(Text),
  holder_id: Type.Optional(Text),
}

const EXPANDABLES = [
  'source',
  'destination',
  'source.latest_verification_session',
  'destination.latest_verification_session',
] as const

export function paymentRoutes(app: FastifyInstance): void {
  const facts = { tag: 'Payments', reply: PaymentWire, resource: 'payment' } as const
  const paymentId = (params: Readonly<Record<string, string>>) => readWireId('payment', params.pmt_id ?? '')

  change(
    app,
    'POST',
    '/payments',
    { ...facts, summary: 'Create a payment', body: PaymentBody },
    {
      write: (ctx, _, { body, version }) => createPayment(ctx, draftOf(body, version)),
      toWire: (payment) => paymentWire(payment),
    },
  )

  read(app, '/payments/:pmt_id', { ...facts, summary: 'Retrieve a payment', query: expandQuery }, async (incoming) => {
    const names = expandNames(incoming)
    const payment = await getPayment(incoming.ctx, paymentId(incoming.params))
    const [wire] = await expandPayments(incoming, names, [payment], retrievedPaymentWire)
    return wire ?? null
  })

  list(
    app,
    '/payments',
    { ...facts, summary: 'List payments', query: filters, cursor: 'payment' },
    ({ ctx, query }, page) => {
      const account = (id: string | undefined) => (id === undefined ? null : readWireId('account', id))
      const holder = (id: string | undefined) => (id === undefined ? null : readWireId('consumer', id))
      const { reversal_id: reversalId } = query
      return listPayments(
        ctx,
        {
          status: query.status ?? null,
          type: query.type ?? null,
          sourceId: account(query.source),
          destinationId: account(query.destination),
          reversalId: reversalId === undefined ? null : readWireId('payment_reversal', reversalId),
          sourceHolderId: holder(query.source_holder_id),
          destinationHolderId: holder(query.destination_holder_id),
          accountId: account(query.acc_id),
          holderId: holder(query.holder_id),
        },
        page,
      )
    },
    (payments, incoming) => expandPayments(incoming, expandNames(incoming), payments, paymentWire),
  )

  change(
    app,
    'DELETE',
    '/payments/:pmt_id',
    { ...facts, summary: 'Cancel a payment' },
    {
      write: (ctx, _, { params }) => cancelPayment(ctx, paymentId(params)),
      toWire: (payment) => paymentWire(payment),
    },
  )
}

function draftOf(body: Static<typeof PaymentBody>, version: Version): PaymentDraft {
  const { fee, reversal_account: reversalAccount } = body
  const isNewest = isSince(version, '2025-12-01')
  if (isNewest && fee?.type === 'markup') throw invalidRequest('fee.type', 'must be total.')
  return {
    amountCents: body.amount,
    description: body.description,
    fee: fee ? { type: fee.type, amountCents: fee.amount } : null,
    sourceId: readWireId('account', body.source),
    destinationId: readWireId('account', body.destination),
    reversalAccountId: isNewest && reversalAccount ? readWireId('account', reversalAccount) : null,
    metadata: body.metadata ?? null,
    isDryRun: body.dry_run === true,
  }
}

type Expandable = (typeof EXPANDABLES)[number]

/** Expansion came with 2025-12-01; ignored before. */
function expandNames({
  query,
  version,
}: Pick<Incoming<object, { expand?: string[] }>, 'query' | 'version'>): readonly Expandable[] {
  return isSince(version, '2025-12-01') ? readExpand(query, EXPANDABLES) : []
}

/** Payments with their accounts in full where asked for; one statement for all accounts. */
async function expandPayments(
  viewer: Pick<Incoming, 'ctx' | 'version' | 'publicUrl'>,
  names: readonly Expandable[],
  payments: readonly Payment[],
  toWire: (payment: Payment) => Wire,
): Promise<readonly Wire[]> {
  if (names.length === 0) return payments.map(toWire)
  const shown = { source: new Map<string, Wire>(), destination: new Map<string, Wire>() }
  for (const side of ['source', 'destination'] as const) {
    if (!names.some((name) => name.startsWith(side))) continue
    const ids = payments.flatMap(({ sourceId, destinationId }) =>
      side === 'source' ? (sourceId ?? []) : destinationId,
    )
    const accounts = await findAccounts(viewer.ctx, [...new Set(ids)])
    const isDeep = names.includes(`${side}.latest_verification_session`)
    const wires = await expandAccounts(viewer, isDeep ? ['latest_verification_session'] : [], accounts)
    for (const wire of wires) shown[side].set(wire.id, downTo(viewer.version, 'account', wire))
  }
  return payments.map((payment) => {
    const wire = toWire(payment)
    return {
      ...wire,
      source: shown.source.get(wire.source) ?? wire.source,
      destination: shown.destination.get(wire.destination) ?? wire.destination,
    }
  })
}
