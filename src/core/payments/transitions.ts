/**
 * The life of a payment and of a reversal. Contract: method/payments §1.6, §2.3.
 *
 * A payment:
 * - `pending` waits for a source window and may still be canceled.
 * - `canceled` is an end: the caller changed their mind, or the source turned out to have too little.
 * - `processing` is being pulled. It clears on the source's settlement day and then waits for a destination window.
 * - `failed` is an end: the pull came back before the push, the push was refused, or money could not be had back.
 * - `sent` is handed over; the destination's institution confirms it on the settlement day.
 * - `posted` waits for the end of the settlement day.
 * - `settled` is the ordinary end; the pull may still come back for sixty days.
 * - `cashed` is the end of one that went out on paper.
 * - `reversal_required` waits for the team to approve a reversal, the pull having come back after the push.
 * - `reversal_processing` waits for that reversal, which ends in `reversed` (taken back from a deposit account), in
 *   `settled` (had again from the source) or in `failed`.
 *
 * A reversal waits for approval (`pending_approval`) or for a source window (`pending`), runs (`processing`), and ends `sent` or
 * `failed`.
 */
export const PAYMENT_STATUSES = [
  'pending',
  'canceled',
  'processing',
  'failed',
  'sent',
  'posted',
  'settled',
  'cashed',
  'reversal_required',
  'reversal_processing',
  'reversed',
] as const
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

export const FUND_STATUSES = [
  'hold',
  'pending',
  'requested',
  'clearing',
  'failed',
  'sent',
  'posted',
  'cashed',
  'unknown',
] as const
export type FundStatus = (typeof FUND_STATUSES)[number]

export const REVERSAL_STATUSES = ['pending_approval', 'pending', 'processing', 'sent', 'failed'] as const
export type ReversalStatus = (typeof REVERSAL_STATUSES)[number]

export const transitions: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  pending: ['canceled', 'processing', 'failed'],
  canceled: [],
  processing: ['failed', 'sent'],
  failed: [],
  sent: ['failed', 'posted', 'cashed', 'reversal_required', 'reversal_processing'],
  // A bank may still send back what it has confirmed, so these can fail too.
  posted: ['settled', 'failed', 'reversal_required', 'reversal_processing'],
  settled: ['failed', 'reversal_required', 'reversal_processing'],
  cashed: [],
  // When the push comes back as well, there is nothing to reverse.
  reversal_required: ['reversal_processing', 'failed'],
  reversal_processing: ['reversed', 'settled', 'failed'],
  reversed: [],
}

export const reversalTransitions: Readonly<Record<ReversalStatus, readonly ReversalStatus[]>> = {
  pending_approval: ['pending', 'failed'],
  pending: ['processing', 'failed'],
  processing: ['sent', 'failed'],
  sent: [],
  failed: [],
}

/** A payment may not lose its accounts while it is one of these. Contract: method/accounts §1.8. */
export const IN_PROGRESS: readonly PaymentStatus[] = [
  'pending',
  'processing',
  'sent',
  'reversal_required',
  'reversal_processing',
]

/** Throws for a move that the table does not have: a defect, since callers look first. */
export function assertMove(from: PaymentStatus, to: PaymentStatus): void {
  if (from !== to && !transitions[from].includes(to)) throw new Error(`A payment cannot go from ${from} to ${to}.`)
}

/** As `assertMove`, of a reversal. */
export function assertReversalMove(from: ReversalStatus, to: ReversalStatus): void {
  if (!reversalTransitions[from].includes(to)) throw new Error(`A reversal cannot go from ${from} to ${to}.`)
}
