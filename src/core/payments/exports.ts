/** Payments, what they send and what reverses them, as tables for downloading; oldest first. */
import { type RawBuilder, sql } from 'kysely'
import { type CsvColumn, csvLines } from '../../db/csv.js'
import type { Ctx, Reading } from '../ctx.js'
import { touchedWithin } from '../events/events.js'
import type { Column, Lines, Span } from '../export.js'

type Fields = Readonly<Record<string, Pick<CsvColumn, 'value' | 'kind'>>>
const plain = (value: RawBuilder<unknown>) => ({ value, kind: 'plain' }) as const
const instant = (value: RawBuilder<unknown>) => ({ value, kind: 'instant' }) as const
const text = (value: RawBuilder<unknown>) => ({ value, kind: 'text' }) as const

const paymentFields = {
  id: plain(sql`t.id`),
  createdAt: instant(sql`t.created_at`),
  updatedAt: instant(sql`t.updated_at`),
  type: plain(sql`t.type`),
  status: plain(sql`t.status`),
  sourceId: plain(sql`t.source_id`),
  sourceHolderId: plain(sql`t.source_holder_id`),
  destinationId: plain(sql`t.destination_id`),
  destinationHolderId: plain(sql`t.destination_holder_id`),
  amountCents: plain(sql`t.amount_cents`),
  feeType: plain(sql`t.fee_type`),
  feeCents: plain(sql`t.fee_cents`),
  description: text(sql`t.description`),
  estimatedCompletionOn: plain(sql`t.estimated_completion_on`),
  sourceSettlementOn: plain(sql`t.source_settlement_on`),
  sourceStatus: plain(sql`t.source_status`),
  sourceTraceId: plain(sql`t.source_trace_id`),
  destinationSettlementOn: plain(sql`t.destination_settlement_on`),
  destinationStatus: plain(sql`t.destination_status`),
  destinationTraceId: plain(sql`t.destination_trace_id`),
  reversalId: plain(sql`t.reversal_id`),
  failure: plain(sql`t.failure`),
} as const satisfies Fields
export type PaymentField = keyof typeof paymentFields

/** Payments that were made, changed, or failed in a stretch of time. */
export function exportPayments(
  ctx: Ctx<Reading>,
  { by, span }: { readonly by: 'created' | 'updated' | 'failed'; readonly span: Span },
  columns: readonly Column<PaymentField>[],
): Lines {
  const where = sql`t.team_id = ${ctx.team.id}`
  const shown = withValues(columns, paymentFields)
  switch (by) {
    case 'created':
      return csvLines(ctx.db, shown, { from: sql`payments t`, where, at: sql`t.created_at`, id: sql`t.id`, span })
    case 'failed':
      return csvLines(ctx.db, shown, { from: sql`payments t`, where, at: sql`t.failed_at`, id: sql`t.id`, span })
    case 'updated': {
      const from = sql`${touchedWithin(ctx, 'payment', span)} c join payments t on t.id = c.resource_id`
      return csvLines(ctx.db, shown, { from, where, at: sql`c.at`, id: sql`c.id`, span })
    }
  }
}

const entryFields = {
  paymentId: plain(sql`t.payment_id`),
  accountId: plain(sql`t.account_id`),
  holderId: plain(sql`a.consumer_id`),
  routingNumber: plain(sql`a.routing_number`),
  accountMask: plain(sql`a.mask`),
  amountCents: plain(sql`t.amount_cents`),
  description: text(sql`t.description`),
  effectiveOn: plain(sql`t.effective_on`),
  windowAt: instant(sql`t.window_at`),
  traceId: plain(sql`t.trace_id`),
  status: plain(sql`t.status`),
} as const satisfies Fields
export type EntryField = keyof typeof entryFields

/** Pulls that were handed over in a stretch of time. */
export function exportPulls(ctx: Ctx<Reading>, span: Span, columns: readonly Column<EntryField>[]): Lines {
  return exportEntries(ctx, span, columns, sql`t.leg = 'pull'`)
}

/** Everything that was taken from accounts in a stretch of time: pulls, and reversals that debit. */
export function exportDebits(ctx: Ctx<Reading>, span: Span, columns: readonly Column<EntryField>[]): Lines {
  return exportEntries(ctx, span, columns, sql`t.direction = 'debit'`)
}

function exportEntries(
  ctx: Ctx<Reading>,
  span: Span,
  columns: readonly Column<EntryField>[],
  which: RawBuilder<unknown>,
): Lines {
  return csvLines(ctx.db, withValues(columns, entryFields), {
    from: sql`ach_entries t join accounts a on a.team_id = t.team_id and a.id = t.account_id`,
    where: sql`t.team_id = ${ctx.team.id} and ${which}`,
    at: sql`t.window_at`,
    id: sql`t.reference`,
    span,
  })
}

const waitingFields = {
  ...entryFields,
  paymentId: plain(sql`t.id`),
  accountId: plain(sql`t.source_id`),
  effectiveOn: plain(sql`t.source_settlement_on`),
  windowAt: instant(sql`t.due_at`),
  traceId: plain(sql`t.source_trace_id`),
} as const satisfies Record<EntryField, Fields[string]>

/** Payments whose pull is due in a stretch of time, as the entries that they will send. */
export function exportWaitingPulls(ctx: Ctx<Reading>, span: Span, columns: readonly Column<EntryField>[]): Lines {
  return csvLines(ctx.db, withValues(columns, waitingFields), {
    from: sql`payments t join accounts a on a.team_id = t.team_id and a.id = t.source_id`,
    where: sql`t.team_id = ${ctx.team.id} and t.status = 'pending'`,
    at: sql`t.due_at`,
    id: sql`t.id`,
    span,
  })
}

const reversalFields = {
  id: plain(sql`t.id`),
  paymentId: plain(sql`t.payment_id`),
  targetId: plain(sql`t.target_id`),
  direction: plain(sql`t.direction`),
  amountCents: plain(sql`t.amount_cents`),
  description: text(sql`t.description`),
  status: plain(sql`t.status`),
  traceId: plain(sql`t.trace_id`),
  failure: plain(sql`t.failure`),
  createdAt: instant(sql`t.created_at`),
  updatedAt: instant(sql`t.updated_at`),
} as const satisfies Fields
export type ReversalField = keyof typeof reversalFields

/** Reversals that were made or changed in a stretch of time. */
export function exportReversals(ctx: Ctx<Reading>, span: Span, columns: readonly Column<ReversalField>[]): Lines {
  return csvLines(ctx.db, withValues(columns, reversalFields), {
    from: sql`${touchedWithin(ctx, 'payment_reversal', span)} c join payment_reversals t on t.id = c.resource_id`,
    where: sql`t.team_id = ${ctx.team.id}`,
    at: sql`c.at`,
    id: sql`c.id`,
    span,
  })
}

function withValues<Field extends string>(
  columns: readonly Column<Field>[],
  fields: Readonly<Record<Field, Fields[string]>>,
): readonly CsvColumn[] {
  return columns.map((column) => ({ ...column, ...fields[column.field] }))
}
