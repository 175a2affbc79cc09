/** What each step of a reversal changes. Pure. Contract: method/payments §2.3. */
import { addBusinessDays, CUTOFF, dateIn, instantOn } from '../calendar/calendar.js'
import { type LedgerEntry, type Transfer, undone } from '../ledger/ledger.js'
import type { ReversalStep } from './advance.js'
import { referenceOf } from './entries.js'
import type { ReversalFailure } from './failures.js'
import type { Payment } from './payments.js'
import type { Reversal } from './reversals.js'
import type { StepFacts } from './steps.js'

/** The source window: the money is asked for, or given back. It is done when the settlement day is over without a return. */
export function startReversal(
  payment: Payment,
  before: Reversal,
  facts: StepFacts & { traceId: string },
): ReversalStep {
  const effectiveOn = addBusinessDays(dateIn(facts.now), facts.sourceDays)
  const { id, targetId, direction, amountCents, description } = before
  return {
    before,
    to: { status: 'processing', traceId: facts.traceId, dueAt: instantOn(effectiveOn, CUTOFF) },
    transfers: [transferOf(payment, before)],
    entries: [
      {
        reference: referenceOf('reversal', id),
        paymentId: payment.id,
        reversalId: id,
        leg: 'reversal',
        direction,
        accountId: targetId,
        amountCents,
        description,
        traceId: facts.traceId,
        effectiveOn,
      },
    ],
  }
}

export function finishReversal(before: Reversal): ReversalStep {
  return { before, to: { status: 'sent', dueAt: null } }
}

/** It came back, or could not even begin. */
export function failReversal(before: Reversal, failure: ReversalFailure, back: Transfer | null): ReversalStep {
  return { before, to: { status: 'failed', failure, dueAt: null }, transfers: back ? [back] : [] }
}

/** Undoes what a reversal moved. */
export function reversalReturnOf(payment: Payment, reversal: Reversal): Transfer {
  const { entries, ...rest } = transferOf(payment, reversal)
  return { ...rest, step: 'reversal_returned', entries: undone(entries) }
}

function transferOf({ id: paymentId }: Payment, { targetId, direction, amountCents }: Reversal): Transfer {
  const holder = { account: 'holder', accountId: targetId } as const
  const entries: readonly LedgerEntry[] =
    direction === 'credit'
      ? [
          { account: 'clearing', cents: -amountCents },
          { ...holder, cents: amountCents },
        ]
      : [
          { ...holder, cents: -amountCents },
          { account: 'returns_receivable', cents: amountCents },
        ]
  return { paymentId, step: 'reversal', entries }
}
