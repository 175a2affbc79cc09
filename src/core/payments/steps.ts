/**
 * What each step of a payment changes: its statuses and due time, the transfers it posts and the entries it sends. Pure; the
 * order is that of a payment's life. Contract: method/payments §1.6, §1.8, §1.9.
 */

import {
  CUTOFF,
  DESTINATION_WINDOWS,
  instantOn,
  nextDestinationWindow,
  paymentDates,
  type SettlementOffsets,
} from '../calendar/calendar.js'
import { addMs, type Instant } from '../clock/clock.js'
import type { AccountId } from '../ids.js'
import { type LedgerEntry, type Transfer, undone } from '../ledger/ledger.js'
import { type NewEntry, referenceOf } from './entries.js'
import type { PaymentFailure } from './failures.js'
import type { Payment } from './payments.js'
import type { Reversal } from './reversals.js'
import type { PaymentChanges } from './store.js'

/** Where a payment goes, with everything that goes with it. */
export interface Step {
  readonly before: Payment
  readonly to: Partial<PaymentChanges>
  readonly transfers: readonly Transfer[]
  readonly entries: readonly NewEntry[]
}

/** What the destination gets. */
export function netCents({ amountCents, fee, operatorFeeCents }: Payment): number {
  return amountCents - (fee?.amountCents ?? 0) - (fee?.type === 'markup' ? operatorFeeCents : 0)
}

/** Whom money is pulled from, and given back to. */
export function sourceOf({ id, sourceId }: Payment): AccountId {
  if (sourceId === null) throw new Error(`Payment ${id} came from outside and has no source.`)
  return sourceId
}

export interface StepFacts extends SettlementOffsets {
  readonly now: Instant
}

/** The instant, or now when it has passed. */
function dueAt(at: Instant, { now }: Pick<StepFacts, 'now'>): Instant {
  return at > now ? at : now
}

/** The source window: the pull begins. Its dates are told anew, because a window may be missed. */
export function pull(before: Payment, facts: StepFacts, traceId: string): Step {
  const dates = paymentDates(facts.now, facts)
  return {
    before,
    to: {
      status: 'processing',
      fundStatus: 'requested',
      sourceStatus: 'processing',
      sourceTraceId: traceId,
      sourceSettlementOn: dates.sourceSettlementOn,
      destinationSettlementOn: dates.destinationSettlementOn,
      estimatedCompletionOn: dates.estimatedCompletionOn,
      dueAt: dueAt(instantOn(dates.sourceSettlementOn, CUTOFF), facts),
    },
    transfers: [{ paymentId: before.id, step: 'pull', entries: pulled(before) }],
    entries: [
      {
        reference: referenceOf('pull', before.id),
        paymentId: before.id,
        reversalId: null,
        leg: 'pull',
        direction: 'debit',
        accountId: sourceOf(before),
        amountCents: before.amountCents,
        description: before.description,
        traceId,
        effectiveOn: dates.sourceSettlementOn,
      },
    ],
  }
}

/** The source's settlement day is over without a return: the money is there, and waits for a destination window. */
export function clear(before: Payment, facts: StepFacts): Step {
  return {
    before,
    to: { fundStatus: 'clearing', sourceStatus: 'settled', dueAt: dueAt(nextDestinationWindow(facts.now), facts) },
    transfers: [clearing(before)],
    entries: [],
  }
}

/** The destination window: what the destination gets is handed over. */
export function push(before: Payment, facts: StepFacts, traceId: string): Step {
  const settlesAt = instantOn(before.destinationSettlementOn, DESTINATION_WINDOWS[0] ?? CUTOFF)
  return {
    before,
    to: {
      status: 'sent',
      fundStatus: 'sent',
      sourceStatus: 'settled',
      destinationStatus: 'sent',
      destinationTraceId: traceId,
      destinationMethod: 'electronic',
      sentAt: facts.now,
      dueAt: dueAt(settlesAt, facts),
    },
    transfers: [
      ...(before.fundStatus === 'clearing' ? [] : [clearing(before)]),
      { paymentId: before.id, step: 'push', entries: pushed(before) },
      ...invoiced(before),
    ],
    entries: [
      {
        reference: referenceOf('push', before.id),
        paymentId: before.id,
        reversalId: null,
        leg: 'push',
        direction: 'credit',
        accountId: before.destinationId,
        amountCents: netCents(before),
        description: before.description,
        traceId,
        effectiveOn: before.destinationSettlementOn,
      },
    ],
  }
}

/** The destination's institution confirms that the money is there. */
export function confirm(before: Payment, facts: StepFacts): Step {
  return quiet(before, {
    status: 'posted',
    fundStatus: 'posted',
    destinationStatus: 'posted',
    dueAt: dueAt(instantOn(before.destinationSettlementOn, CUTOFF), facts),
  })
}

export function settle(before: Payment): Step {
  return quiet(before, { status: 'settled', fundStatus: 'posted', destinationStatus: 'settled', dueAt: null })
}

/** A check was cashed; only rehearsals know of paper. */
export function cash(before: Payment): Step {
  const to = { fundStatus: 'cashed', destinationStatus: 'cashed', destinationMethod: 'paper' } as const
  return quiet(before, { status: 'cashed', ...to, dueAt: null })
}

/** The caller's wish, or for too little money at the source. */
export function cancel(before: Payment, failure: 'unfunded' | null): Step {
  const to = { sourceStatus: 'canceled', destinationStatus: 'canceled', dueAt: null } as const
  return quiet(before, { status: 'canceled', failure, ...to })
}

/** Nothing is pushed: the pull came back, or never was because an account can't be used any more. */
export function failBeforePush(before: Payment, failure: PaymentFailure, now: Instant): Step {
  const back: readonly LedgerEntry[] = [
    { account: before.fundStatus === 'clearing' ? 'clearing' : 'source_in_transit', cents: -before.amountCents },
    { account: 'holder', accountId: sourceOf(before), cents: before.amountCents },
  ]
  return {
    before,
    to: {
      status: 'failed',
      fundStatus: 'failed',
      sourceStatus: 'failed',
      destinationStatus: 'canceled',
      failure,
      failedAt: now,
      dueAt: null,
    },
    transfers: before.status === 'pending' ? [] : [{ paymentId: before.id, step: 'pull_returned', entries: back }],
    entries: [],
  }
}

/** Money came in from outside, and waits for a destination window. */
export function receipt({ id, amountCents }: Payment): Transfer {
  return {
    paymentId: id,
    step: 'received',
    entries: [
      { account: 'senders', cents: -amountCents },
      { account: 'clearing', cents: amountCents },
    ],
  }
}

/** The push came back: `refund` gives the source its money again. Without one it goes back to whoever outside has sent it. */
export function refusePush(before: Payment, failure: PaymentFailure, refund: Reversal | null, now: Instant): Step {
  return {
    before,
    to: {
      status: 'failed',
      fundStatus: 'failed',
      destinationStatus: 'failed',
      failure,
      failedAt: now,
      reversalId: refund?.id ?? null,
      dueAt: null,
    },
    transfers: [
      pushReturnOf(before),
      ...(refund ? [] : [{ ...receipt(before), step: 'sent_back', entries: undone(receipt(before).entries) }]),
    ],
    entries: [],
  }
}

/** The pull came back after the push: `reversal` is to have the money again. */
export function takeBack(before: Payment, failure: PaymentFailure, reversal: Reversal, now: Instant): Step {
  return {
    before,
    to: {
      status: reversal.status === 'pending' ? 'reversal_processing' : 'reversal_required',
      fundStatus: 'failed',
      sourceStatus: 'failed',
      failure,
      failedAt: now,
      reversalId: reversal.id,
      dueAt: null,
    },
    transfers: [lateReturnOf(before)],
    entries: [],
  }
}

export function approve(before: Payment): Step {
  return quiet(before, { status: 'reversal_processing' })
}

/**
 * The reversal is done: taken back from a deposit account, which got no more than was pushed, so that what was kept back goes back
 * too while the push stands; or had again for a debt, which stays paid.
 */
export function reversed(before: Payment, { isPushed }: { readonly isPushed: boolean }): Step {
  if (before.destinationKind !== 'ach') {
    const to = { fundStatus: 'sent', sourceStatus: 'settled', destinationStatus: 'settled' } as const
    return quiet(before, { status: 'settled', ...to })
  }
  const kept = undone(keptBack(before))
  const keptCents = kept.reduce((sum, { cents }) => sum - cents, 0)
  const entries: readonly LedgerEntry[] = [...kept, { account: 'returns_receivable', cents: keptCents }]
  return {
    ...quiet(before, { status: 'reversed', destinationStatus: 'reversed' }),
    transfers: isPushed && keptCents > 0 ? [{ paymentId: before.id, step: 'fees_returned', entries }] : [],
  }
}

/** The push came back although its pull had, before the reversal began: there is nothing to reverse any more. */
export function refuseReversal(before: Payment): Step {
  const to = { status: 'failed', destinationStatus: 'failed' } as const
  return { ...quiet(before, to), transfers: [pushReturnOf(before)] }
}

/** The reversal failed, so the money is lost. */
export function unreversed(before: Payment): Step {
  return quiet(before, { status: 'failed' })
}

/** For how long after the push a pull may come back. */
export function acceptsReturnUntil({ sentAt }: Payment): Instant | null {
  return sentAt && addMs(sentAt, LATE_RETURN_DAYS * 86_400_000)
}

const LATE_RETURN_DAYS = 60 // contract: method/payments §1.6

function quiet(before: Payment, to: Partial<PaymentChanges>): Step {
  return { before, to, transfers: [], entries: [] }
}

function pulled(payment: Payment): readonly LedgerEntry[] {
  return [
    { account: 'holder', accountId: sourceOf(payment), cents: -payment.amountCents },
    { account: 'source_in_transit', cents: payment.amountCents },
  ]
}

function clearing({ id, amountCents }: Payment): Transfer {
  return {
    paymentId: id,
    step: 'clear',
    entries: [
      { account: 'source_in_transit', cents: -amountCents },
      { account: 'clearing', cents: amountCents },
    ],
  }
}

function pushed(payment: Payment): readonly LedgerEntry[] {
  return [
    { account: 'clearing', cents: -payment.amountCents },
    { account: 'holder', accountId: payment.destinationId, cents: netCents(payment) },
    ...keptBack(payment),
  ]
}

/** Undoes a pull that came back when the payment could not be moved any more: somebody owes it. */
export function lateReturnOf(payment: Payment): Transfer {
  const { id: paymentId, amountCents } = payment
  return {
    paymentId,
    step: 'pull_returned_late',
    entries: [
      { account: 'returns_receivable', cents: -amountCents },
      { account: 'holder', accountId: sourceOf(payment), cents: amountCents },
    ],
  }
}

/** Undoes a push. What was kept back has gone back already where it was reversed. */
export function pushReturnOf(payment: Payment): Transfer {
  const { id: paymentId, status, destinationId: accountId } = payment
  const entries: readonly LedgerEntry[] =
    status === 'reversed'
      ? [
          { account: 'holder', accountId, cents: -netCents(payment) },
          { account: 'clearing', cents: netCents(payment) },
        ]
      : undone(pushed(payment))
  return { paymentId, step: 'push_returned', entries }
}

/** What stays with the team and the operator; entries of nothing are not posted. */
function keptBack({ fee, operatorFeeCents }: Payment): readonly LedgerEntry[] {
  return [
    { account: 'team_fees', cents: fee?.amountCents ?? 0 },
    { account: 'operator_fees', cents: fee?.type === 'markup' ? operatorFeeCents : 0 },
  ]
}

/** The operator's fee, where the payment itself does not cover it. */
function invoiced({ id, fee, operatorFeeCents }: Payment): readonly Transfer[] {
  if (fee?.type === 'markup' || operatorFeeCents === 0) return []
  return [
    {
      paymentId: id,
      step: 'invoice',
      entries: [
        { account: 'operator_invoices', cents: -operatorFeeCents },
        { account: 'operator_fees', cents: operatorFeeCents },
      ],
    },
  ]
}
