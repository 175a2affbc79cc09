/** Moving a payment at a caller's word, with the effects of the real thing. Contract: method/simulate §1. */
import { addMs } from '../clock/clock.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { stageOf } from '../simulation/simulation.js'
import { addReversals, advancePayments, advanceReversals } from './advance.js'
import { takePayment } from './cancel.js'
import { bearConsequences } from './consequences.js'
import { referenceOf, takeTraces } from './entries.js'
import * as entryStore from './entry-store.js'
import { refuse } from './errors.js'
import { codeFor, type PaymentFailure } from './failures.js'
import { getPayment, type Payment } from './payments.js'
import { finishReversal, startReversal } from './reversal-steps.js'
import { takeReversals } from './reversal-store.js'
import { draftRefund, draftReversal, type Reversal } from './reversals.js'
import { sendWaiting } from './sending.js'
import {
  approve,
  cancel,
  cash,
  confirm,
  failBeforePush,
  pull,
  push,
  refusePush,
  type Step,
  settle,
  takeBack,
} from './steps.js'
import type { PaymentStatus } from './transitions.js'
import { finishReversed, stepFacts } from './windows.js'

export interface SimulatedMove {
  readonly paymentId: string
  readonly to: PaymentStatus
  readonly failure: PaymentFailure | null
}

/** Which leg comes back on the way from one status to another; null: none. */
const LEGS: Readonly<Partial<Record<PaymentStatus, Readonly<Partial<Record<PaymentStatus, 'pull' | 'push' | null>>>>>> =
  {
    pending: { processing: null, failed: null, canceled: null },
    processing: { sent: null, failed: 'pull' },
    sent: { posted: null, cashed: null, failed: 'push', reversal_required: 'pull', reversal_processing: 'pull' },
    posted: { settled: null, reversal_required: 'pull', reversal_processing: 'pull' },
    settled: { reversal_required: 'pull', reversal_processing: 'pull' },
    reversal_required: { reversal_processing: null },
    reversal_processing: { reversed: null, settled: null },
  }

const PUSH_FAILURES: readonly PaymentFailure[] = [
  'unauthorized_destination',
  'invalid_destination_account',
  'rejected_by_destination',
  'rejected_amount',
]

/**
 * Before anything is written: that the move may be made, and the bank's part of it. Refuses `simulation.forbidden`,
 * `payment.not_found`, `.invalid_move`, `.error_code_missing`.
 */
export async function prepareSimulation(ctx: Ctx<Asking>, move: SimulatedMove): Promise<void> {
  const stage = stageOf(ctx)
  const payment = await getPayment(ctx, move.paymentId)
  const leg = legOf(payment, move)
  if (leg === null || move.failure === null) return
  while ((await sendWaiting(ctx, payment.id)) > 0);
  const at = ctx.clock.now()
  // If this process dies now, the return is read and applied like any other.
  await entryStore.expectReturns(ctx, addMs(at, WRITE_MS))
  await stage.returnEntry({ realm: ctx.team.id, at }, referenceOf(leg, payment.id), codeFor(move.failure))
}

// Longer than the transaction that follows can take.
const WRITE_MS = 60_000

/** Makes the move. Refuses as `prepareSimulation`, against the payment as it is now. */
export async function simulatePayment(ctx: Ctx<Writing>, move: SimulatedMove): Promise<Payment> {
  const payment = await takePayment(ctx, move.paymentId)
  const leg = legOf(payment, move)
  if (payment.reversalId !== null) return moveReversed(ctx, payment, move)
  const { step, begun } = await stepTo(ctx, payment, move)
  if (begun) await addReversals(ctx, [begun])
  const code = move.failure && codeFor(move.failure)
  if (leg && code) {
    const reference = referenceOf(leg, payment.id)
    await entryStore.noteReturned(ctx, [{ reference, code }], ctx.clock.now())
  }
  const [after = payment] = await advancePayments(ctx, [step])
  if (after.failure !== null) await bearConsequences(ctx, [{ payment: after, code }])
  return after
}

/** Which leg the bank sends back for it. */
function legOf(payment: Payment, { to, failure }: SimulatedMove): 'pull' | 'push' | null {
  const leg = LEGS[payment.status]?.[to]
  const isAgain = payment.status === 'settled' && payment.reversalId !== null
  const isElsewhere =
    (to === 'reversed' && payment.destinationKind !== 'ach') ||
    (to === 'settled' && payment.status === 'reversal_processing' && payment.destinationKind === 'ach')
  // What others have sent was not pulled, so no pull can come back.
  const isOutside = leg === 'pull' && payment.sourceId === null
  if (leg === undefined || isAgain || isElsewhere || isOutside) throw refuse('payment.invalid_move')
  const needsFailure = leg !== null || to === 'failed'
  if (needsFailure && (failure === null || failure === 'unfunded')) throw refuse('payment.error_code_missing')
  if (leg === 'push' && !PUSH_FAILURES.some((each) => each === failure)) throw refuse('payment.error_code_missing')
  return leg
}

async function stepTo(
  ctx: Ctx<Writing>,
  payment: Payment,
  { to, failure }: SimulatedMove,
): Promise<{ readonly step: Step; readonly begun?: Reversal }> {
  const facts = stepFacts(ctx)
  const trace = async () => (await takeTraces(ctx, 1))[0] ?? ''
  const reason = failure ?? 'invalid_account'
  switch (to) {
    case 'processing':
      return { step: pull(payment, facts, await trace()) }
    case 'sent':
      return { step: push(payment, facts, await trace()) }
    case 'posted':
      return { step: confirm(payment, facts) }
    case 'settled':
      return { step: settle(payment) }
    case 'cashed':
      return { step: cash(payment) }
    case 'canceled':
      return { step: cancel(payment, null) }
    case 'failed': {
      if (payment.status !== 'sent') return { step: failBeforePush(payment, reason, facts.now) }
      const begun = draftRefund(ctx, payment)
      return { step: refusePush(payment, reason, begun, facts.now), ...(begun ? { begun } : {}) }
    }
    case 'reversal_required':
    case 'reversal_processing': {
      const begun = draftReversal(ctx, payment, to === 'reversal_processing')
      return { step: takeBack(payment, reason, begun, facts.now), begun }
    }
    case 'pending':
    case 'reversed':
      throw refuse('payment.invalid_move')
  }
}

/** The payment has a reversal, which goes first. */
async function moveReversed(ctx: Ctx<Writing>, payment: Payment, { to }: SimulatedMove): Promise<Payment> {
  const [reversal] = await takeReversals(ctx, payment.reversalId === null ? [] : [payment.reversalId])
  if (!reversal) throw refuse('payment.invalid_move')
  if (to === 'reversal_processing') {
    const dueAt = draftReversal(ctx, payment, true).dueAt
    await advanceReversals(ctx, [{ before: reversal, to: { status: 'pending', dueAt } }])
    const [after = payment] = await advancePayments(ctx, [approve(payment)])
    return after
  }
  let begun = reversal
  if (reversal.status === 'pending') {
    const [traceId = ''] = await takeTraces(ctx, 1)
    const step = startReversal(payment, reversal, { ...stepFacts(ctx), traceId })
    begun = (await advanceReversals(ctx, [step]))[0] ?? reversal
  }
  await advanceReversals(ctx, [finishReversal(begun)])
  const [after = payment] = await finishReversed(ctx, [payment])
  return after
}
