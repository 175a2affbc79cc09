import { sql } from 'kysely'
import { type Page, type PageRequest, readPage, totalsBy } from '../../db/pages.js'
import { idsHeldBy } from '../accounts/accounts.js'
import { type Instant, waitingIn } from '../clock/clock.js'
import type { Ctx, Reading } from '../ctx.js'
import { type AccountId, type PaymentId, readId } from '../ids.js'
import type { Payment, PaymentFilter } from './payments.js'
import { IN_PROGRESS, type PaymentStatus } from './transitions.js'

const columns = sql`t.id, t.source_id as "sourceId", t.source_holder_id as "sourceHolderId", t.destination_id as "destinationId",
  t.destination_holder_id as "destinationHolderId", t.destination_kind as "destinationKind", t.amount_cents as "amountCents",
  t.description, t.status, t.fund_status as "fundStatus", t.source_status as "sourceStatus",
  t.destination_status as "destinationStatus", t.estimated_completion_on as "estimatedCompletionOn",
  t.source_trace_id as "sourceTraceId", t.source_settlement_on as "sourceSettlementOn",
  t.destination_trace_id as "destinationTraceId", t.destination_settlement_on as "destinationSettlementOn",
  t.destination_method as "destinationMethod", t.reversal_id as "reversalId", t.reversal_account_id as "reversalAccountId",
  t.instrument_id as "instrumentId",
  case when t.fee_type is not null then jsonb_build_object('type', t.fee_type, 'amountCents', t.fee_cents) end as fee,
  t.operator_fee_cents as "operatorFeeCents", t.type, t.source_is_single_use as "isSourceSingleUse", t.failure, t.metadata, t.due_at as "dueAt", t.sent_at as "sentAt",
  t.failed_at as "failedAt", t.created_at as "createdAt", t.updated_at as "updatedAt"`

export async function addPayment(ctx: Ctx<'tx' | 'team'>, row: Payment): Promise<void> {
  await sql`
    insert into payments as t (team_id, id, source_id, source_holder_id, destination_id, destination_holder_id,
      destination_kind, amount_cents, description, status, fund_status, source_status, destination_status,
      estimated_completion_on, source_settlement_on, destination_settlement_on, instrument_id, reversal_account_id, fee_type, fee_cents,
      operator_fee_cents, type, source_is_single_use, metadata, due_at, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.sourceId}, ${row.sourceHolderId}, ${row.destinationId},
      ${row.destinationHolderId}, ${row.destinationKind}, ${row.amountCents}, ${row.description}, ${row.status},
      ${row.fundStatus}, ${row.sourceStatus}, ${row.destinationStatus}, ${row.estimatedCompletionOn},
      ${row.sourceSettlementOn}, ${row.destinationSettlementOn}, ${row.instrumentId}, ${row.reversalAccountId}, ${row.fee?.type ?? null},
      ${row.fee?.amountCents ?? null}, ${row.operatorFeeCents}, ${row.type}, ${row.isSourceSingleUse},
      ${row.metadata && JSON.stringify(row.metadata)}, ${row.dueAt}, ${row.createdAt}, ${row.createdAt})`.execute(
    ctx.tx,
  )
}

export async function findPayment(ctx: Ctx<Reading>, id: PaymentId): Promise<Payment | null> {
  const { rows } = await sql<Payment>`
    select ${columns} from payments t where t.team_id = ${ctx.team.id} and t.id = ${id}`.execute(ctx.db)
  return rows[0] ?? null
}

/** Locks payments for this transaction, in the order of their ids. */
export async function takePayments(ctx: Ctx<'tx' | 'team'>, ids: readonly string[]): Promise<readonly Payment[]> {
  const { rows } = await sql<Payment>`
    select ${columns} from payments t where t.team_id = ${ctx.team.id} and t.id = any(${ids})
    order by t.id for update`.execute(ctx.tx)
  return rows
}

/** Payments due by `now`, oldest first, locked for this transaction and skipping ones another worker holds. */
export async function takeDuePayments(
  ctx: Ctx<'tx' | 'team'>,
  wanted: { readonly now: Instant; readonly limit: number },
): Promise<readonly Payment[]> {
  const { rows } = await sql<Payment>`
    select ${columns} from payments t
    where t.team_id = ${ctx.team.id} and t.due_at <= ${wanted.now}
    order by t.due_at, t.id limit ${wanted.limit} for update skip locked`.execute(ctx.tx)
  return rows
}

export function listPayments(
  ctx: Ctx<Reading>,
  filter: PaymentFilter,
  request: PageRequest,
): Promise<Page<Payment> | null> {
  const { status, type } = filter
  const is = (column: string, id: string | null) =>
    id === null ? sql`` : sql`and t.${sql.ref(column)} = ${readId(id) ?? ''}`
  const either = (a: string, b: string, id: string | null) =>
    id === null ? sql`` : sql`and (t.${sql.ref(a)} = ${readId(id) ?? ''} or t.${sql.ref(b)} = ${readId(id) ?? ''})`
  // A holder's payments are those of its accounts, which never change hands.
  const held = (column: string, id: string | null) =>
    id === null ? sql`` : sql`and t.${sql.ref(column)} = any(${idsHeldBy(ctx, readId(id) ?? '')})`
  const heldEither = (id: string | null) => {
    if (id === null) return sql``
    const ids = idsHeldBy(ctx, readId(id) ?? '')
    return sql`and (t.source_id = any(${ids}) or t.destination_id = any(${ids}))`
  }
  const where = sql`t.team_id = ${ctx.team.id}
    ${status === null ? sql`` : sql`and t.status = ${status}`}
    ${type === null ? sql`` : sql`and t.type = ${type}`}
    ${is('source_id', filter.sourceId)} ${is('destination_id', filter.destinationId)}
    ${is('reversal_id', filter.reversalId)} ${held('source_id', filter.sourceHolderId)}
    ${held('destination_id', filter.destinationHolderId)}
    ${either('source_id', 'destination_id', filter.accountId)} ${heldEither(filter.holderId)}`
  // An account has few payments, and so has a holder; a team has many, whose totals are kept.
  const { sourceId, destinationId, reversalId, sourceHolderId, destinationHolderId, accountId, holderId } = filter
  const isNarrow = [sourceId, destinationId, reversalId, sourceHolderId, destinationHolderId, accountId, holderId].some(
    (id) => id !== null,
  )
  const total = isNarrow ? ('counted' as const) : { kept: 'payments', facets: [status, type] }
  return readPage<Payment>(ctx.db, { table: 'payments', columns, where, teamId: ctx.team.id, total }, request)
}

/** Until the transaction ends, nobody else gets past here for that source. */
export async function waitForSource(ctx: Ctx<'tx' | 'team'>, sourceId: AccountId): Promise<void> {
  const key = `payments.source/${ctx.team.id}/${sourceId}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(ctx.tx)
}

/** Whether a payment was made from the account that took its money, or still may. */
export async function isSourceUsed(ctx: Ctx<'tx' | 'team'>, sourceId: AccountId): Promise<boolean> {
  const { rows } = await sql`
    select 1 from payments t
    where t.team_id = ${ctx.team.id} and t.source_id = ${sourceId} and t.source_is_single_use
      and t.status not in ('canceled', 'failed')`.execute(ctx.tx)
  return rows.length > 0
}

/** One payment of the month more, or false when none is left; null is no limit. */
export async function takeQuota(
  ctx: Ctx<'tx' | 'team'>,
  { month, quota }: { readonly month: string; readonly quota: number },
): Promise<boolean> {
  if (quota === 0) return false
  const { rows } = await sql`
    insert into payment_quotas as q (team_id, month, used) values (${ctx.team.id}, ${month}, 1)
    on conflict (team_id, month) do update set used = q.used + 1 where q.used < ${quota}
    returning used`.execute(ctx.tx)
  return rows.length > 0
}

export async function usedQuota(ctx: Ctx<Reading>, month: string): Promise<number> {
  const { rows } = await sql<{ used: number }>`
    select used from payment_quotas where team_id = ${ctx.team.id} and month = ${month}`.execute(ctx.db)
  return rows[0]?.used ?? 0
}

/** What may change of a payment. */
export type PaymentChanges = Pick<
  Payment,
  | 'status'
  | 'fundStatus'
  | 'sourceStatus'
  | 'destinationStatus'
  | 'estimatedCompletionOn'
  | 'sourceTraceId'
  | 'sourceSettlementOn'
  | 'destinationTraceId'
  | 'destinationSettlementOn'
  | 'destinationMethod'
  | 'reversalId'
  | 'failure'
  | 'dueAt'
  | 'sentAt'
  | 'failedAt'
>

export interface ChangedPayment extends PaymentChanges {
  readonly id: PaymentId
  /** It is changed only where it is still in this status. */
  readonly from: PaymentStatus
  readonly updatedAt: string
}

/** Returns how many were still where they were. */
export async function updatePayments(ctx: Ctx<'tx' | 'team'>, changed: readonly ChangedPayment[]): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update payments as t
    set status = c.status, fund_status = c."fundStatus", source_status = c."sourceStatus",
        destination_status = c."destinationStatus", estimated_completion_on = c."estimatedCompletionOn",
        source_trace_id = c."sourceTraceId", source_settlement_on = c."sourceSettlementOn",
        destination_trace_id = c."destinationTraceId", destination_settlement_on = c."destinationSettlementOn",
        destination_method = c."destinationMethod", reversal_id = c."reversalId", failure = c.failure, due_at = c."dueAt",
        sent_at = c."sentAt", failed_at = c."failedAt", updated_at = c."updatedAt"
    from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as c
      (id text, "from" text, status text, "fundStatus" text, "sourceStatus" text, "destinationStatus" text,
       "estimatedCompletionOn" date, "sourceTraceId" text, "sourceSettlementOn" date, "destinationTraceId" text,
       "destinationSettlementOn" date, "destinationMethod" text, "reversalId" text, failure text, "dueAt" timestamptz,
       "sentAt" timestamptz, "failedAt" timestamptz, "updatedAt" timestamptz)
    where t.team_id = ${ctx.team.id} and t.id = c.id and t.status = c."from"`.execute(ctx.tx)
  return Number(numAffectedRows)
}

/** Whether any of the accounts is source or destination of a payment that has not come to rest. */
export async function isInProgress(ctx: Ctx<Reading>, accountIds: readonly AccountId[]): Promise<boolean> {
  const { rows } = await sql`
    select 1 from payments t
    where t.team_id = ${ctx.team.id} and t.source_id = any(${accountIds}) and t.status = any(${IN_PROGRESS})
    union all
    select 1 from payments t
    where t.team_id = ${ctx.team.id} and t.destination_id = any(${accountIds}) and t.status = any(${IN_PROGRESS})
    limit 1`.execute(ctx.db)
  return rows.length > 0
}

/** How often each source had too little money for a payment since an instant. */
export async function countEmpty(
  ctx: Ctx<Reading>,
  wanted: { readonly sourceIds: readonly AccountId[]; readonly since: Instant },
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ sourceId: string; times: number }>`
    select t.source_id as "sourceId", count(*) as times from payments t
    where t.team_id = ${ctx.team.id} and t.source_id = any(${wanted.sourceIds}) and t.failed_at >= ${wanted.since}
      and t.failure = 'insufficient_funds'
    group by 1`.execute(ctx.db)
  return new Map(rows.map(({ sourceId, times }) => [sourceId, times]))
}

/** Payments in the order of their ids, for looking at every one. */
export async function listAfter(ctx: Ctx<Reading>, after: string, limit: number): Promise<readonly Payment[]> {
  const { rows } = await sql<Payment>`
    select ${columns} from payments t where t.team_id = ${ctx.team.id} and t.id > ${after}
    order by t.id limit ${limit}`.execute(ctx.db)
  return rows
}

export const waiting = waitingIn('payments')

export function totals(ctx: Ctx<Reading>): Promise<Readonly<Record<string, number>>> {
  return totalsBy(ctx.db, { teamId: ctx.team.id, list: 'payments', facet: 1 })
}
