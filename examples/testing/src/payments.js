import { listDebts } from './debts.js'

const OPEN = ['pending', 'processing', 'sent', 'posted']

/** Pays a budget into the dearest debt, and never more than is owed. Returns the payment, or null where nothing is owed. */
export async function payDearest(method, { customerId, checkingId, budgetCents }) {
  const debt = (await listDebts(method, customerId)).find(({ balanceCents }) => balanceCents > 0)
  if (!debt) return null
  return method.payments.create({
    amount: Math.min(budgetCents, debt.balanceCents),
    source: checkingId,
    destination: debt.id,
    description: 'PayDown',
  })
}

/** What the app knows of its payments; a webhook says that one of them changed. */
export class PaymentBook {
  #method
  #states = new Map()

  constructor(method) {
    this.#method = method
  }

  stateOf(paymentId) {
    return this.#states.get(paymentId)
  }

  /** For the route that Method calls. */
  async onWebhook({ type, id }) {
    if (type !== 'payment.update') return
    const { status, error } = await this.#method.payments.retrieve(id)
    this.#states.set(id, { isOpen: OPEN.includes(status), status, reason: error?.message ?? null })
  }
}
