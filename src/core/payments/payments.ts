/**
 * Payments: money pulled from a deposit account and pushed to a debt or another deposit account. Contract: method/payments §1, §2.
 */
import type { Page, PageRequest } from '../../db/pages.js'
import type { Ctx, Reading } from '../ctx.js'
import { type AccountId, type ConsumerId, type PaymentId, type RetrievalId, type ReversalId, readId } from '../ids.js'
import type { Metadata } from '../metadata.js'
import { pageRefusal } from '../pages.js'
import { refuse } from './errors.js'
import type { PaymentFailure } from './failures.js'
import * as store from './store.js'
import type { FundStatus, PaymentStatus } from './transitions.js'

export { checkLedger, type LedgerFinding, type LedgerProof } from './audit.js'
export { cancelPayment } from './cancel.js'
export { AMOUNT_CENTS_MAX, createPayment, type PaymentDraft } from './create.js'
export {
  type EntryField,
  exportDebits,
  exportPayments,
  exportPulls,
  exportReversals,
  exportWaitingPulls,
  type PaymentField,
  type ReversalField,
} from './exports.js'
export { PAYMENT_FAILURES, type PaymentFailure, type ReversalFailure } from './failures.js'
export { hasPaymentsInProgress } from './in-progress.js'
export { checkInstrument, receivePayment } from './inbound.js'
export { approveReversal, getReversal, listReversals, type Reversal } from './reversals.js'
export { sendingTask } from './sending.js'
export { prepareSimulation, type SimulatedMove, simulatePayment } from './simulating.js'
export { applyTracedReturns, findUntraced } from './traced.js'
export { FUND_STATUSES, PAYMENT_STATUSES, type PaymentStatus, REVERSAL_STATUSES } from './transitions.js'
export { paymentWorks } from './windows.js'

export const PAYMENT_TYPES = ['standard', 'clearing'] as const
export type PaymentType = (typeof PAYMENT_TYPES)[number]

export const FEE_TYPES = ['total', 'markup'] as const

/** What is kept back from the destination. With `markup` the operator's own fee is kept back too, instead of invoiced. */
export interface Fee {
  readonly type: (typeof FEE_TYPES)[number]
  readonly amountCents: number
}

export interface Payment {
  readonly id: PaymentId
  /** Null for money that others sent to a payment instrument. */
  readonly sourceId: AccountId | null
  readonly sourceHolderId: ConsumerId | null
  readonly destinationId: AccountId
  readonly destinationHolderId: ConsumerId
  /** `ach`: where money is, whatever kind of account that is. */
  readonly destinationKind: 'ach' | 'liability'
  /** What the source gives. */
  readonly amountCents: number
  readonly description: string
  readonly status: PaymentStatus
  readonly fundStatus: FundStatus
  readonly sourceStatus: PaymentStatus
  readonly destinationStatus: PaymentStatus
  readonly estimatedCompletionOn: string
  readonly sourceTraceId: string | null
  readonly sourceSettlementOn: string
  readonly destinationTraceId: string | null
  readonly destinationSettlementOn: string
  /** How it was pushed; null before. */
  readonly destinationMethod: 'electronic' | 'paper' | null
  readonly reversalId: ReversalId | null
  /** The payment instrument that the money was sent to; null for what was pulled. */
  readonly instrumentId: RetrievalId | null
  /** Whom a reversal would act on, where the caller said so. */
  readonly reversalAccountId: AccountId | null
  readonly fee: Fee | null
  /** What the operator takes, as it was when the payment was made. */
  readonly operatorFeeCents: number
  /** `clearing`: paid from a clearing account. */
  readonly type: PaymentType
  /** Its source may be paid from only this once. */
  readonly isSourceSingleUse: boolean
  readonly failure: PaymentFailure | null
  readonly metadata: Metadata | null
  /** When it moves on by itself; null when it waits for somebody or has ended. */
  readonly dueAt: string | null
  readonly sentAt: string | null
  readonly failedAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** Refuses `payment.not_found`. */
export async function getPayment(ctx: Ctx<Reading>, id: string): Promise<Payment> {
  const wanted = readId<PaymentId>(id)
  const payment = wanted && (await store.findPayment(ctx, wanted))
  if (!payment) throw refuse('payment.not_found')
  return payment
}

/** Filters combine with and; null leaves a filter out. Ids are the callers' texts: one of nothing leaves nothing. */
export interface PaymentFilter {
  readonly status: PaymentStatus | null
  readonly type: PaymentType | null
  readonly sourceId: string | null
  readonly destinationId: string | null
  readonly reversalId: string | null
  readonly sourceHolderId: string | null
  readonly destinationHolderId: string | null
  /** Source or destination. */
  readonly accountId: string | null
  readonly holderId: string | null
}

/** How many payments there are of each status. */
export function paymentTotals(ctx: Ctx<Reading>): Promise<Readonly<Record<string, number>>> {
  return store.totals(ctx)
}

/** Newest first. Refuses `request.unknown_cursor`. */
export async function listPayments(
  ctx: Ctx<Reading>,
  filter: PaymentFilter,
  request: PageRequest,
): Promise<Page<Payment>> {
  const page = await store.listPayments(ctx, filter, request)
  if (!page) throw pageRefusal()
  return page
}
