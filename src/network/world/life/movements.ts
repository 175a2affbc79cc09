/**
 * Money that moved on a debt for a reason of its own, not of its terms: bought in a rehearsal, or paid by somebody. It is
 * added to what the terms make of a day, and stays added.
 */
import type { Disbursement } from '../../port.js'
import { dayOf } from './calendar.js'
import type { Payment, Standing } from './terms.js'

/** What was bought, where it is a purchase. */
export interface Bought {
  readonly merchantName: string
  readonly categoryCode: string
  readonly city: string
  readonly state: string
}

/** By which entry of the ACH it was paid, or came back. */
export interface Paid {
  readonly reference: string
}

export interface Movement {
  /** Counts from 1 within the debt. */
  readonly number: number
  /** The instant it posted. */
  readonly at: string
  /** A `payment_return` puts back what a payment took away, because its bank sent it back. */
  readonly kind: 'purchase' | 'payment' | 'payment_return'
  /** What it adds to the debt; a payment takes away, so it is negative. */
  readonly cents: number
  readonly detail: Bought | Paid | null
}

/** Those of a day and before. */
export function movementsBy(movements: readonly Movement[], day: string): readonly Movement[] {
  return movements.filter((movement) => dayOf(movement.at) <= day)
}

/**
 * The standing with the movements in it. Nothing is owed beneath zero; a closed debt only gets smaller. `dueFor` says
 * when a balance is due that the terms alone would not have.
 */
export function withMovements(
  standing: Standing,
  movements: readonly Movement[],
  dueFor: (owedCents: number) => Payment | null,
): Standing {
  if (movements.length === 0) return standing
  const sum = movements.reduce((total, movement) => total + movement.cents, 0)
  const owedCents = Math.max(0, standing.owedCents + (standing.closedOn ? Math.min(0, sum) : sum))
  return {
    owedCents,
    closedOn: standing.closedOn,
    lastPayment: lastPaymentOf(standing, movements),
    nextPayment: owedCents > 0 && !standing.closedOn ? dueFor(owedCents) : null,
    disbursements: spread(standing.disbursements, standing.owedCents - owedCents),
  }
}

function lastPaymentOf({ lastPayment }: Standing, movements: readonly Movement[]): Payment | null {
  const returned = new Set(movements.filter(({ kind }) => kind === 'payment_return').map(referenceOf))
  const last = movements.findLast((movement) => movement.kind === 'payment' && !isBack(movement, returned))
  if (!last || (lastPayment && lastPayment.on > dayOf(last.at))) return lastPayment
  return { cents: -last.cents, on: dayOf(last.at) }
}

/** What was paid lowers the first disbursement that still owes, then the next. */
function spread(disbursements: readonly Disbursement[], paidCents: number): readonly Disbursement[] {
  let left = paidCents
  return disbursements.map((part) => {
    const taken = Math.min(left, part.balanceCents ?? 0)
    left -= taken
    return taken === 0 ? part : { ...part, balanceCents: (part.balanceCents ?? 0) - taken }
  })
}

function isBack(payment: Movement, returned: ReadonlySet<string | null>): boolean {
  const reference = referenceOf(payment)
  return reference !== null && returned.has(reference)
}

function referenceOf({ detail }: Movement): string | null {
  return detail && 'reference' in detail ? detail.reference : null
}
