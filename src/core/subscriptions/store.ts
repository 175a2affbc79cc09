import { sql } from 'kysely'
import type { Instant, Waiting } from '../clock/clock.js'
import type { Ctx, Reading } from '../ctx.js'
import type { RetrievalId, SubscriptionId } from '../ids.js'
import type { OwnerKind, RecordId, Subscription } from './subscriptions.js'

const columns = sql`t.id, t.owner_kind as "ownerKind", t.owner_id as "ownerId", t.name, t.status, t.payload,
  t.latest_retrieval_id as "latestRecordId", t.created_at as "createdAt", t.updated_at as "updatedAt"`

export type NewSubscription = Pick<Subscription, 'id' | 'ownerKind' | 'ownerId' | 'name' | 'payload' | 'createdAt'> & {
  readonly dueAt: Instant
}

/** Stores enrolments in one statement; returns them in order. */
export async function addSubscriptions(
  ctx: Ctx<'tx' | 'team'>,
  subscriptions: readonly NewSubscription[],
): Promise<readonly Subscription[]> {
  const { rows } = await sql<Subscription>`
    with added as (
      insert into subscriptions (team_id, id, owner_kind, owner_id, name, status, payload, due_at, created_at, updated_at)
      select ${ctx.team.id}, s.id, s."ownerKind", s."ownerId", s.name, 'active', s.payload, s."dueAt", s."createdAt", s."createdAt"
      from jsonb_to_recordset(${JSON.stringify(subscriptions)}::jsonb) as s
        (id text, "ownerKind" text, "ownerId" text, name text, payload jsonb, "dueAt" timestamptz, "createdAt" timestamptz)
      returning *)
    select ${columns} from added t order by t.created_at`.execute(ctx.tx)
  return rows
}

export async function findSubscription(
  ctx: Ctx<Reading>,
  wanted: { readonly id: SubscriptionId; readonly ownerKind: OwnerKind; readonly ownerId: string },
): Promise<Subscription | null> {
  const { rows } = await sql<Subscription>`
    select ${columns} from subscriptions t
    where t.team_id = ${ctx.team.id} and t.id = ${wanted.id} and t.owner_kind = ${wanted.ownerKind}
      and t.owner_id = ${wanted.ownerId}`.execute(ctx.db)
  return rows[0] ?? null
}

export async function listActive(ctx: Ctx<Reading>, ownerIds: readonly string[]): Promise<readonly Subscription[]> {
  const { rows } = await sql<Subscription>`
    select ${columns} from subscriptions t
    where t.team_id = ${ctx.team.id} and t.owner_id = any(${ownerIds}) and t.status = 'active'
    order by t.created_at`.execute(ctx.db)
  return rows
}

export async function endSubscriptions(
  ctx: Ctx<'tx' | 'team'>,
  ended: { readonly ids: readonly SubscriptionId[]; readonly at: string },
): Promise<readonly Subscription[]> {
  const { rows } = await sql<Subscription>`
    update subscriptions as t set status = 'inactive', due_at = null, updated_at = ${ended.at}
    where t.team_id = ${ctx.team.id} and t.id = any(${ended.ids}) and t.status = 'active'
    returning ${columns}`.execute(ctx.tx)
  return rows
}

export const waiting: Waiting = {
  table: sql`subscriptions`,
  dueAt: sql`w.due_at`,
  where: sql`w.status = 'active'`,
}

/** Locks the team's due ones for this transaction, oldest first, skipping those another process holds. */
export async function takeDue(
  ctx: Ctx<'tx' | 'team'>,
  wanted: { readonly now: Instant; readonly limit: number },
): Promise<readonly Subscription[]> {
  const { rows } = await sql<Subscription>`
    select ${columns} from subscriptions t
    where t.team_id = ${ctx.team.id} and t.status = 'active' and t.due_at <= ${wanted.now}
    order by t.due_at, t.id limit ${wanted.limit} for update skip locked`.execute(ctx.tx)
  return rows
}

/** A subscription that is told of news, with how far it was told; null for one that has ended. */
export async function findListening(
  ctx: Ctx<Reading>,
  id: SubscriptionId,
): Promise<(Subscription & { readonly fetchedUntil: Instant | null }) | null> {
  const { rows } = await sql<Subscription & { fetchedUntil: Instant | null }>`
    select ${columns}, t.fetched_until as "fetchedUntil" from subscriptions t
    where t.team_id = ${ctx.team.id} and t.id = ${id} and t.status = 'active'`.execute(ctx.db)
  return rows[0] ?? null
}

/** Notes how far the news were told, if it is active and nobody else noted as much; false otherwise. */
export async function noteFetched(
  ctx: Ctx<'tx' | 'team'>,
  note: { readonly id: SubscriptionId; readonly since: Instant | null; readonly until: Instant },
): Promise<boolean> {
  const { rows } = await sql`
    update subscriptions set fetched_until = ${note.until}
    where team_id = ${ctx.team.id} and id = ${note.id} and status = 'active'
      and fetched_until is not distinct from ${note.since}::timestamptz
    returning id`.execute(ctx.tx)
  return rows.length > 0
}

/** Points a subscription to the newest record it made. */
export async function noteLatest(
  ctx: Ctx<'tx' | 'team'>,
  note: { readonly id: SubscriptionId; readonly recordId: RecordId },
): Promise<void> {
  await sql`
    update subscriptions set latest_retrieval_id = ${note.recordId}
    where team_id = ${ctx.team.id} and id = ${note.id}`.execute(ctx.tx)
}

/** What the ticks made, and when each is due next. A tick alone changes nothing that is told. */
export async function noteTicks(
  ctx: Ctx<'tx' | 'team'>,
  ticked: readonly { readonly id: SubscriptionId; readonly retrievalId: RetrievalId | null; readonly dueAt: Instant }[],
): Promise<void> {
  if (ticked.length === 0) return
  await sql`
    update subscriptions as t
    set latest_retrieval_id = coalesce(k."retrievalId", t.latest_retrieval_id), due_at = k."dueAt"
    from jsonb_to_recordset(${JSON.stringify(ticked)}::jsonb) as k (id text, "retrievalId" text, "dueAt" timestamptz)
    where t.team_id = ${ctx.team.id} and t.id = k.id`.execute(ctx.tx)
}
