import { sql } from 'kysely'
import { type Instant, type Waiting, waitingIn } from '../clock/clock.js'
import type { Ctx, Reading } from '../ctx.js'
import type { AccountId, TeamId } from '../ids.js'
import type { AchEntry, NewEntry, Returned } from './entries.js'

const columns = sql`t.reference, t.payment_id as "paymentId", t.reversal_id as "reversalId", t.leg, t.direction,
  t.account_id as "accountId", t.amount_cents as "amountCents", t.description, t.trace_id as "traceId",
  t.effective_on as "effectiveOn", t.status, t.window_at as "windowAt", t.sent_at as "sentAt",
  t.return_code as "returnCode", t.returned_at as "returnedAt"`

export async function takeTraceNumbers(ctx: Ctx<'tx'>, count: number): Promise<readonly number[]> {
  const { rows } = await sql<{ number: number }>`
    select nextval('ach_traces') % 10000000 as number from generate_series(1, ${count}::integer)`.execute(ctx.tx)
  return rows.map(({ number }) => number)
}

export async function addEntries(
  ctx: Ctx<'tx' | 'team'>,
  entries: readonly NewEntry[],
  windowAt: Instant,
): Promise<void> {
  await sql`
    insert into ach_entries (team_id, reference, payment_id, reversal_id, leg, direction, account_id, amount_cents,
                             description, trace_id, effective_on, status, window_at)
    select ${ctx.team.id}, e.reference, e."paymentId", e."reversalId", e.leg, e.direction, e."accountId", e."amountCents",
           e.description, e."traceId", e."effectiveOn", 'waiting', ${windowAt}
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as e
      (reference text, "paymentId" text, "reversalId" text, leg text, direction text, "accountId" text,
       "amountCents" bigint, description text, "traceId" text, "effectiveOn" date)`.execute(ctx.tx)
}

export const waiting: Waiting = {
  table: sql`ach_entries`,
  dueAt: sql`w.window_at`,
  where: sql`w.status = 'waiting'`,
}

/** What has not been handed to the network, oldest first; of one payment only, where one is named. */
export async function listWaiting(
  ctx: Ctx<Reading>,
  wanted: { readonly paymentId: string | null; readonly limit: number },
): Promise<readonly AchEntry[]> {
  const { paymentId } = wanted
  const { rows } = await sql<AchEntry>`
    select ${columns} from ach_entries t
    where t.team_id = ${ctx.team.id} and t.status = 'waiting'
      ${paymentId === null ? sql`` : sql`and t.payment_id = ${paymentId}`}
    order by t.window_at, t.reference limit ${wanted.limit}`.execute(ctx.db)
  return rows
}

export async function noteSent(ctx: Ctx<'db' | 'team'>, references: readonly string[], at: Instant): Promise<void> {
  await sql`
    update ach_entries set status = 'sent', sent_at = ${at}
    where team_id = ${ctx.team.id} and reference = any(${references}) and status = 'waiting'`.execute(ctx.db)
}

/** Notes that entries came back; returns those that had not yet. */
export async function noteReturned(
  ctx: Ctx<'tx' | 'team'>,
  returned: readonly Returned[],
  at: Instant,
): Promise<readonly AchEntry[]> {
  const { rows } = await sql<AchEntry>`
    update ach_entries as t set status = 'returned', return_code = r.code, returned_at = ${at},
      sent_at = coalesce(t.sent_at, ${at})
    from jsonb_to_recordset(${JSON.stringify(returned)}::jsonb) as r (reference text, code text)
    where t.team_id = ${ctx.team.id} and t.reference = r.reference and t.status <> 'returned'
    returning ${columns}`.execute(ctx.tx)
  return rows
}

export async function findEntries(ctx: Ctx<Reading>, references: readonly string[]): Promise<readonly AchEntry[]> {
  const { rows } = await sql<AchEntry>`
    select ${columns} from ach_entries t
    where t.team_id = ${ctx.team.id} and t.reference = any(${references})`.execute(ctx.db)
  return rows
}

/** Entries in the order of their references, for looking at every one. */
export async function listAfter(ctx: Ctx<Reading>, after: string, limit: number): Promise<readonly AchEntry[]> {
  const { rows } = await sql<AchEntry>`
    select ${columns} from ach_entries t
    where t.team_id = ${ctx.team.id} and t.reference > ${after} order by t.reference limit ${limit}`.execute(ctx.db)
  return rows
}

export async function listOfPayments(ctx: Ctx<Reading>, paymentIds: readonly string[]): Promise<readonly AchEntry[]> {
  const { rows } = await sql<AchEntry>`
    select ${columns} from ach_entries t
    where t.team_id = ${ctx.team.id} and t.payment_id = any(${paymentIds}) order by t.reference`.execute(ctx.db)
  return rows
}

/** What was taken from accounts since an instant and has not come back. */
export async function sumPulled(
  ctx: Ctx<Reading>,
  wanted: readonly { readonly accountId: AccountId; readonly since: Instant }[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ accountId: string; cents: number }>`
    select w."accountId", sum(t.amount_cents)::bigint as cents
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w ("accountId" text, since timestamptz)
    join ach_entries t on t.team_id = ${ctx.team.id} and t.account_id = w."accountId" and t.window_at >= w.since
      and t.direction = 'debit' and t.status <> 'returned'
    group by 1`.execute(ctx.db)
  return new Map(rows.map(({ accountId, cents }) => [accountId, cents]))
}

export const waitingReturns = waitingIn('ach_returns_read')

export interface ReturnsRead {
  readonly until: number
  readonly dueAt: Instant | null
}

/** How far returns were read. */
export async function findReturnsRead(ctx: Ctx<Reading>): Promise<ReturnsRead | null> {
  const { rows } = await sql<ReturnsRead>`
    select until, due_at as "dueAt" from ach_returns_read where team_id = ${ctx.team.id}`.execute(ctx.db)
  return rows[0] ?? null
}

/** Returns have been read further, if nobody read or expected any meanwhile; false otherwise. */
export async function noteReturnsRead(
  ctx: Ctx<'tx' | 'team'>,
  before: ReturnsRead,
  after: ReturnsRead,
): Promise<boolean> {
  const { rows } = await sql`
    update ach_returns_read set until = ${after.until}, due_at = ${after.dueAt}
    where team_id = ${ctx.team.id} and until = ${before.until}
      and date_trunc('milliseconds', due_at) is not distinct from ${before.dueAt}::timestamptz
    returning team_id`.execute(ctx.tx)
  return rows.length > 0
}

/** The network says that there may be returns from an instant on. */
export async function expectReturns(ctx: Ctx<'db' | 'team'>, from: Instant): Promise<void> {
  await sql`
    insert into ach_returns_read as r (team_id, due_at) values (${ctx.team.id}, ${from})
    on conflict (team_id) do update set due_at = least(r.due_at, excluded.due_at)`.execute(ctx.db)
}

export interface TracedEntry {
  readonly teamId: TeamId
  readonly reference: string
  readonly traceNumber: string
  readonly amountCents: number
}

/** The newest entry of any team under each trace number, of that amount where one is given: after ten million, numbers repeat. */
export async function findTraced(
  ctx: Ctx<'db'>,
  wanted: readonly { readonly traceNumber: string; readonly amountCents: number | null }[],
): Promise<readonly TracedEntry[]> {
  const { rows } = await sql<TracedEntry>`
    select distinct on (w."traceNumber", w."amountCents") t.team_id as "teamId", t.reference,
      t.trace_id as "traceNumber", t.amount_cents as "amountCents"
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w ("traceNumber" text, "amountCents" bigint)
    join ach_entries t on t.trace_id = w."traceNumber" and t.amount_cents = coalesce(w."amountCents", t.amount_cents)
    order by w."traceNumber", w."amountCents", t.window_at desc`.execute(ctx.db)
  return rows
}
