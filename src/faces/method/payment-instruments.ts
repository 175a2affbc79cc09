/** `/accounts/{acc_id}/payment_instruments`. Contract: method/accounts §9. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  accountProducts,
  closeInstrument,
  getRetrieval,
  INSTRUMENT_TYPES,
  type InstrumentDetail,
} from '../../core/products/products.js'
import { readWireId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { retrievalResource } from './retrieval-resource.js'
import { openedRetrievalWire } from './retrieval-wire.js'
import { change } from './routes.js'
import { nullable, oneOf, ResourceError, Text, Timestamp } from './schema.js'
import { isSince, type Version } from './versions/versions.js'

const PaymentInstrumentWire = Type.Object({
  id: Text,
  account_id: Text,
  type: oneOf(INSTRUMENT_TYPES),
  card: nullable(
    Type.Object({
      number: nullable(Text),
      exp_month: nullable(Text),
      exp_year: nullable(Text),
      billing_zip_code: nullable(Text),
    }),
  ),
  network_token: nullable(Type.Object({ token: nullable(Text) })),
  inbound_achwire_payment: Type.Optional(
    nullable(Type.Object({ account_number: nullable(Text), routing_number: nullable(Text) })),
  ),
  chargeable: Type.Boolean(),
  status: oneOf(['pending', 'in_progress', 'completed', 'failed']),
  error: ResourceError,
  created_at: Timestamp,
  updated_at: Timestamp,
})
const Body = Type.Object({ type: oneOf(INSTRUMENT_TYPES) })

export function paymentInstrumentRoutes(app: FastifyInstance): void {
  const product = accountProducts.payment_instrument
  retrievalResource(app, product, {
    path: 'payment_instruments',
    kind: 'payment_instrument',
    noun: 'payment instrument',
    reply: PaymentInstrumentWire,
    resource: 'payment_instrument',
    body: Body,
    detail: (body, version) => readType((body as Static<typeof Body>).type, version),
  })

  change(
    app,
    'DELETE',
    '/accounts/:acc_id/payment_instruments/:id',
    {
      tag: 'Account products',
      summary: 'Close a payment instrument',
      reply: PaymentInstrumentWire,
      resource: 'payment_instrument',
    },
    {
      write: async (ctx, _, { params }) =>
        closeInstrument(
          ctx,
          await getRetrieval(ctx, product, {
            ownerId: readWireId('account', params.acc_id ?? ''),
            retrievalId: readWireId('payment_instrument', params.id ?? ''),
          }),
        ),
      toWire: (retrieval, ctx, { publicUrl }) => openedRetrievalWire(ctx, retrieval, publicUrl),
    },
  )
}

function readType(type: InstrumentDetail['type'], version: Version): InstrumentDetail {
  if (type === 'inbound_achwire_payment' && !isSince(version, '2025-12-01')) {
    throw invalidRequest('type', 'must be card or network_token in this version.')
  }
  return { type }
}
