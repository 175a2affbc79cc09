/** `/simulate/payments/…`: moves a payment, and receives money from outside. Contract: method/simulate §1, §9. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  AMOUNT_CENTS_MAX,
  checkInstrument,
  PAYMENT_FAILURES,
  PAYMENT_STATUSES,
  type PaymentFailure,
  prepareSimulation,
  receivePayment,
  type SimulatedMove,
  simulatePayment,
} from '../../core/payments/payments.js'
import { readWireId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { PaymentWire, paymentWire } from './payment-wire.js'
import { paymentErrors } from './resource-errors.js'
import { change } from './routes.js'
import { oneOf } from './schema.js'

const MoveBody = Type.Object({
  status: oneOf(PAYMENT_STATUSES),
  // Clients send a number, the documentation shows texts.
  error_code: Type.Optional(
    Type.Unsafe<string | number | null>({ type: ['integer', 'string', 'null'], description: '10001, "10001", …' }),
  ),
})

const InboundBody = Type.Object({ amount: Type.Integer({ minimum: 1, maximum: AMOUNT_CENTS_MAX }) })

export function simulatedPaymentRoutes(app: FastifyInstance): void {
  change(
    app,
    'POST',
    '/simulate/payments/:pmt_id',
    { tag: 'Simulation', summary: 'Move a payment', body: MoveBody, reply: PaymentWire, resource: 'payment' },
    {
      ask: ({ ctx, params, body }) => prepareSimulation(ctx, moveOf(params, body)),
      write: (ctx, _, { params, body }) => simulatePayment(ctx, moveOf(params, body)),
      toWire: (payment) => paymentWire(payment),
    },
  )
  change(
    app,
    'POST',
    '/simulate/payments/payment_instruments/:pmt_inst_id',
    {
      tag: 'Simulation',
      summary: 'Send money to a payment instrument',
      body: InboundBody,
      reply: PaymentWire,
      resource: 'payment',
    },
    {
      ask: ({ ctx, params }) => checkInstrument(ctx, readWireId('payment_instrument', params.pmt_inst_id ?? '')),
      write: (ctx, instrument, { body }) => receivePayment(ctx, instrument, body.amount),
      toWire: (payment) => paymentWire(payment),
    },
  )
}

function moveOf(params: Readonly<Record<string, string>>, body: Static<typeof MoveBody>): SimulatedMove {
  const { status: to, error_code: code } = body
  return {
    paymentId: readWireId('payment', params.pmt_id ?? ''),
    to,
    failure: code === undefined || code === null || !FAILS.includes(to) ? null : failureOf(code),
  }
}

// On the way to anything else a code means nothing.
const FAILS: readonly string[] = ['failed', 'reversal_required', 'reversal_processing']

function failureOf(code: string | number): PaymentFailure {
  const failure = PAYMENT_FAILURES.find((each) => String(paymentErrors[each].code) === String(code))
  if (!failure || failure === 'unfunded') {
    throw invalidRequest('error_code', 'must be one of 10001, 10002, 10003, 10005 to 10010.')
  }
  return failure
}
