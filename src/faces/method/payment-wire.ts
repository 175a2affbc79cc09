/** The wire objects of payments and reversals, in the newest shape. Contract: method/payments §1.1, §2.1. */
import { Type } from 'typebox'
import {
  FUND_STATUSES,
  PAYMENT_STATUSES,
  PAYMENT_TYPES,
  type Payment,
  REVERSAL_STATUSES,
  type Reversal,
} from '../../core/payments/payments.js'
import { spellId, spellIdOrNull } from './ids.js'
import { paymentErrors, reversalErrors } from './resource-errors.js'
import {
  AnyObject,
  Cents,
  Day,
  expandable,
  Metadata,
  nullable,
  oneOf,
  ResourceError,
  Text,
  Timestamp,
} from './schema.js'
import { type Wire, withFormer } from './versions/versions.js'

/** Members that some versions lack are optional. */
export const PaymentWire = Type.Object({
  id: Text,
  source: expandable('acc_… of the source; null for what was sent to a payment instrument'),
  destination: expandable('acc_… of the destination'),
  amount: Cents,
  description: Text,
  status: oneOf(PAYMENT_STATUSES),
  fund_status: Type.Optional(oneOf(FUND_STATUSES)),
  estimated_completion_date: nullable(Day),
  source_trace_id: nullable(Text),
  source_settlement_date: nullable(Day),
  source_status: oneOf(PAYMENT_STATUSES),
  destination_trace_id: nullable(Text),
  destination_settlement_date: nullable(Day),
  destination_status: oneOf(PAYMENT_STATUSES),
  destination_payment_method: Type.Optional(nullable(oneOf(['paper', 'electronic']))),
  reversal_id: nullable(Text),
  reversal_account: Type.Optional(nullable(Text)),
  payment_instrument: Type.Optional(nullable(Text)),
  fee: nullable(AnyObject),
  type: oneOf(PAYMENT_TYPES),
  error: ResourceError,
  metadata: Metadata,
  created_at: Timestamp,
  updated_at: Timestamp,
})

export function paymentWire(payment: Payment): Wire {
  return {
    id: spellId('payment', payment.id),
    source: spellIdOrNull('account', payment.sourceId),
    destination: spellId('account', payment.destinationId),
    amount: payment.amountCents,
    description: payment.description,
    status: payment.status,
    fund_status: payment.fundStatus,
    estimated_completion_date: payment.estimatedCompletionOn,
    source_trace_id: payment.sourceTraceId,
    source_settlement_date: payment.sourceSettlementOn,
    source_status: payment.sourceStatus,
    destination_trace_id: payment.destinationTraceId,
    destination_settlement_date: payment.destinationSettlementOn,
    destination_status: payment.destinationStatus,
    destination_payment_method: payment.destinationMethod,
    reversal_id: spellIdOrNull('payment_reversal', payment.reversalId),
    reversal_account: spellIdOrNull('account', payment.reversalAccountId),
    payment_instrument: spellIdOrNull('payment_instrument', payment.instrumentId),
    fee: payment.fee && { type: payment.fee.type, amount: payment.fee.amountCents },
    type: payment.type,
    error: payment.failure && paymentErrors[payment.failure],
    metadata: payment.metadata,
    created_at: payment.createdAt,
    updated_at: payment.updatedAt,
  }
}

/** As it is retrieved: only there did older versions tell where the money is. */
export function retrievedPaymentWire(payment: Payment): Wire {
  const wire = paymentWire(payment)
  return withFormer(wire, { fund_status: wire.fund_status })
}

export const ReversalWire = Type.Object({
  id: Text,
  pmt_id: Text,
  target_account: nullable(Text),
  trace_id: nullable(Text),
  direction: oneOf(['debit', 'credit']),
  description: Text,
  amount: Cents,
  status: oneOf(REVERSAL_STATUSES),
  fee: Type.Optional(nullable(AnyObject)),
  error: ResourceError,
  created_at: Timestamp,
  updated_at: Timestamp,
})

export function reversalWire(reversal: Reversal): Wire {
  return {
    id: spellId('payment_reversal', reversal.id),
    pmt_id: spellId('payment', reversal.paymentId),
    target_account: spellId('account', reversal.targetId),
    trace_id: reversal.traceId,
    direction: reversal.direction,
    description: reversal.description,
    amount: reversal.amountCents,
    status: reversal.status,
    fee: null,
    error: reversal.failure && reversalErrors[reversal.failure],
    created_at: reversal.createdAt,
    updated_at: reversal.updatedAt,
  }
}
