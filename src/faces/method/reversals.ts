/** `/payments/{pmt_id}/reversals`. Contract: method/payments §2. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { approveReversal, getReversal, listReversals } from '../../core/payments/payments.js'
import { readWireId } from './ids.js'
import { ReversalWire, reversalWire } from './payment-wire.js'
import { change, read } from './routes.js'
import { nullable, oneOf } from './schema.js'
import { downTo } from './versions/versions.js'

const ApprovalBody = Type.Object({
  status: oneOf(['pending']),
  description: Type.Optional(nullable(Type.String({ minLength: 1, maxLength: 10 }))),
})

const BASE = '/payments/:pmt_id/reversals'

export function reversalRoutes(app: FastifyInstance): void {
  const facts = { tag: 'Payments', reply: ReversalWire, resource: 'payment_reversal' } as const
  const wanted = (params: Readonly<Record<string, string>>) => ({
    paymentId: readWireId('payment', params.pmt_id ?? ''),
    reversalId: readWireId('payment_reversal', params.rvs_id ?? ''),
  })

  // A payment has one or two, so they come without pages.
  read(
    app,
    BASE,
    { tag: 'Payments', summary: 'List the reversals of a payment', reply: Type.Array(ReversalWire) },
    async ({ ctx, params, version }) => {
      const reversals = await listReversals(ctx, wanted(params).paymentId)
      return reversals.map((reversal) => downTo(version, 'payment_reversal', reversalWire(reversal)))
    },
  )

  read(app, `${BASE}/:rvs_id`, { ...facts, summary: 'Retrieve a reversal' }, async ({ ctx, params }) =>
    reversalWire(await getReversal(ctx, wanted(params))),
  )

  change(
    app,
    'PUT',
    `${BASE}/:rvs_id`,
    { ...facts, summary: 'Approve a reversal', body: ApprovalBody },
    {
      write: (ctx, _, { params, body }) =>
        approveReversal(ctx, { ...wanted(params), description: body.description ?? null }),
      toWire: (reversal) => reversalWire(reversal),
    },
  )
}
