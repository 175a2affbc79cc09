/** The columns of reports as this face spells them. Contract: method/payments §3.4. */
import type { Columns } from '../../core/reports/reports.js'
import { PREFIXES } from './ids.js'
import { paymentErrors, reversalErrors, type WireResourceError } from './resource-errors.js'

const prefix = (kind: keyof typeof PREFIXES) => ({ prefix: `${PREFIXES[kind]}_` })
const words = <T extends string | number>(
  errors: Readonly<Record<string, WireResourceError>>,
  member: (error: WireResourceError) => T,
) => ({ words: Object.fromEntries(Object.entries(errors).map(([reason, error]) => [reason, member(error)])) })

export const columns: Columns = {
  payments: [
    { heading: 'id', field: 'id', ...prefix('payment') },
    { heading: 'created_at', field: 'createdAt' },
    { heading: 'updated_at', field: 'updatedAt' },
    { heading: 'type', field: 'type' },
    { heading: 'status', field: 'status' },
    { heading: 'source', field: 'sourceId', ...prefix('account') },
    { heading: 'source_holder_id', field: 'sourceHolderId', ...prefix('consumer') },
    { heading: 'destination', field: 'destinationId', ...prefix('account') },
    { heading: 'destination_holder_id', field: 'destinationHolderId', ...prefix('consumer') },
    { heading: 'amount', field: 'amountCents' },
    { heading: 'fee_type', field: 'feeType' },
    { heading: 'fee_amount', field: 'feeCents' },
    { heading: 'description', field: 'description' },
    { heading: 'estimated_completion_date', field: 'estimatedCompletionOn' },
    { heading: 'source_settlement_date', field: 'sourceSettlementOn' },
    { heading: 'source_status', field: 'sourceStatus' },
    { heading: 'source_trace_id', field: 'sourceTraceId' },
    { heading: 'destination_settlement_date', field: 'destinationSettlementOn' },
    { heading: 'destination_status', field: 'destinationStatus' },
    { heading: 'destination_trace_id', field: 'destinationTraceId' },
    { heading: 'reversal_id', field: 'reversalId', ...prefix('payment_reversal') },
    { heading: 'error_code', field: 'failure', ...words(paymentErrors, ({ code }) => code) },
    { heading: 'error_sub_type', field: 'failure', ...words(paymentErrors, ({ sub_type }) => sub_type) },
  ],
  entries: [
    { heading: 'payment_id', field: 'paymentId', ...prefix('payment') },
    { heading: 'account_id', field: 'accountId', ...prefix('account') },
    { heading: 'holder_id', field: 'holderId', ...prefix('consumer') },
    { heading: 'routing', field: 'routingNumber' },
    { heading: 'account_mask', field: 'accountMask' },
    { heading: 'amount', field: 'amountCents' },
    { heading: 'description', field: 'description' },
    { heading: 'effective_date', field: 'effectiveOn' },
    { heading: 'window', field: 'windowAt' },
    { heading: 'trace_id', field: 'traceId' },
    { heading: 'status', field: 'status' },
  ],
  reversals: [
    { heading: 'reversal_id', field: 'id', ...prefix('payment_reversal') },
    { heading: 'payment_id', field: 'paymentId', ...prefix('payment') },
    { heading: 'target_account', field: 'targetId', ...prefix('account') },
    { heading: 'direction', field: 'direction' },
    { heading: 'amount', field: 'amountCents' },
    { heading: 'description', field: 'description' },
    { heading: 'status', field: 'status' },
    { heading: 'trace_id', field: 'traceId' },
    { heading: 'error_code', field: 'failure', ...words(reversalErrors, ({ code }) => code) },
    { heading: 'created_at', field: 'createdAt' },
    { heading: 'updated_at', field: 'updatedAt' },
  ],
  consumers: [
    { heading: 'id', field: 'id', ...prefix('consumer') },
    { heading: 'type', field: 'kind' },
    { heading: 'status', field: 'status' },
    { heading: 'created_at', field: 'createdAt' },
  ],
  balance: [
    { heading: 'date', field: 'date' },
    { heading: 'balance', field: 'balanceCents' },
  ],
}
