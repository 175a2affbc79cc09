import { sql } from 'kysely'
import { type Instant, waitingIn } from '../clock/clock.js'
import type { Ctx, Reading } from '../ctx.js'
import type { PaymentId, ReversalId } from '../ids.js'
import type { Reversal } from './reversals.js'
import type { ReversalStatus } from './transitions.js'

const columns = sql`t.id, t.payment_id as "paymentId", t.target_id as "targetId", t.trace_id as "traceId", t.direction,
  t.description, t.amount_cents as "amountCents", t.status, t.failure, t.due_at as "dueAt",
  t.created_at as "createdAt", t.updated_at as "updatedAt"`

/** Stores reversals in one statement; returns them in the order in which they were made. */
export async function addReversals(
  ctx: Ctx<'tx' | 'team'>,
  reversals: readonly Reversal[],
): Promise<readonly Reversal[]> {
  const { rows } = await sql<Reversal>`
    with added as (
      insert into payment_reversals (team_id, id, payment_id, target_id, direction, description, amount_cents, status,
                                     due_at, created_at, updated_at)
      select ${ctx.team.id}, r.id, r."paymentId", r."targetId", r.direction, r.description, r."amountCents", r.status,
             r."dueAt", r."createdAt", r."createdAt"
      from jsonb_to_recordset(${JSON.stringify(reversals)}::jsonb) as r
        (id text, "paymentId" text, "targetId" text, direction text, description text, "amountCents" bigint, status text,
         "dueAt" timestamptz, "createdAt" timestamptz)
      returning *)
    select ${columns} from added t order by t.created_at`.execute(ctx.tx)
  return rows
}

export async function findReversal(ctx: Ctx<Reading>, id: ReversalId): Promise<Reversal | null> {
  const { rows } = await sql<Reversal>`
    select ${columns} from payment_reversals t where t.team_id = ${ctx.team.id} and t.id = ${id}`.execute(ctx.db)
  return rows[0] ?? null
}

export async function listReversals(ctx: Ctx<Reading>, paymentId: PaymentId): Promise<readonly Reversal[]> {
  const { rows } = await sql<Reversal>`
    select ${columns} from payment_reversals t where t.team_id = ${ctx.team.id} and t.payment_id = ${paymentId}
    order by t.created_at desc, t.id desc`.execute(ctx.db)
  return rows
}

export async function findReversals(ctx: Ctx<Reading>, paymentIds: readonly string[]): Promise<readonly Reversal[]> {
  const { rows } = await sql<Reversal>`
    select ${columns} from payment_reversals t
    where t.team_id = ${ctx.team.id} and t.payment_id = any(${paymentIds})
    order by t.created_at, t.id`.execute(ctx.db)
  return rows
}

/** Locks reversals for this transaction, in the order of their ids. */
export async function takeReversals(ctx: Ctx<'tx' | 'team'>, ids: readonly string[]): Promise<readonly Reversal[]> {
  const { rows } = await sql<Reversal>`
    select ${columns} from payment_reversals t where t.team_id = ${ctx.team.id} and t.id = any(${ids})
    order by t.id for update`.execute(ctx.tx)
  return rows
}

/** The payments whose reversals are due by `now`, oldest first; not locked. */
export async function listDue(
  ctx: Ctx<Reading>,
  wanted: { readonly now: Instant; readonly limit: number },
): Promise<readonly { readonly id: ReversalId; readonly paymentId: PaymentId }[]> {
  const { rows } = await sql<{ id: ReversalId; paymentId: PaymentId }>`
    select t.id, t.payment_id as "paymentId" from payment_reversals t
    where t.team_id = ${ctx.team.id} and t.due_at <= ${wanted.now}
    order by t.due_at, t.id limit ${wanted.limit}`.execute(ctx.db)
  return rows
}

export type ReversalChanges = Pick<Reversal, 'status' | 'description' | 'traceId' | 'failure' | 'dueAt'>

export interface ChangedReversal extends ReversalChanges {
  readonly id: ReversalId
  /** It is changed only where it is still in this status. */
  readonly from: ReversalStatus
  readonly updatedAt: string
}

export async function updateReversals(
  ctx: Ctx<'tx' | 'team'>,
  changed: readonly ChangedReversal[],
): Promise<readonly Reversal[]> {
  const { rows } = await sql<Reversal>`
    update payment_reversals as t
    set status = c.status, description = c.description, trace_id = c."traceId", failure = c.failure, due_at = c."dueAt",
        updated_at = c."updatedAt"
    from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as c
      (id text, "from" text, status text, description text, "traceId" text, failure text, "dueAt" timestamptz,
       "updatedAt" timestamptz)
    where t.team_id = ${ctx.team.id} and t.id = c.id and t.status = c."from"
    returning ${columns}`.execute(ctx.tx)
  return rows
}

export const waiting = waitingIn('payment_reversals')
