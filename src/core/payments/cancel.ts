import type { Ctx, Writing } from '../ctx.js'
import { type PaymentId, readId } from '../ids.js'
import { advancePayments } from './advance.js'
import { refuse } from './errors.js'
import type { Payment } from './payments.js'
import { cancel } from './steps.js'
import { takePayments } from './store.js'

/** Cancels a payment that no window has taken. Refuses `payment.not_found`, `payment.not_pending`. */
export async function cancelPayment(ctx: Ctx<Writing>, id: string): Promise<Payment> {
  const payment = await takePayment(ctx, id)
  if (payment.status !== 'pending') throw refuse('payment.not_pending')
  const [after = payment] = await advancePayments(ctx, [cancel(payment, null)])
  return after
}

/** Locks the payment for this transaction. Refuses `payment.not_found`. */
export async function takePayment(ctx: Ctx<Writing>, id: string): Promise<Payment> {
  const wanted = readId<PaymentId>(id)
  const [payment] = wanted ? await takePayments(ctx, [wanted]) : []
  if (!payment) throw refuse('payment.not_found')
  return payment
}
