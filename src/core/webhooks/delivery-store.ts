/** Every statement about deliveries and their attempts. */
import { sql } from 'kysely'
import { listOn, type Page } from '../../db/keyset.js'
import { onlyRow } from '../../db/rows.js'
import type { Ctx } from '../ctx.js'
import type { DeliveryId, EventId, TeamId, WebhookId } from '../ids.js'
import type { Health } from './health.js'

export interface NewDelivery {
  readonly id: DeliveryId
  readonly webhookId: WebhookId
  readonly eventId: EventId
  readonly resourceId: string
  readonly body: string
  readonly createdAt: string
}

/** They are due at once: stamps run ahead of a clock that stands still, so the second they were made in counts. */
export async function addDeliveries(ctx: Ctx<'tx' | 'team'>, deliveries: readonly NewDelivery[]): Promise<void> {
  await sql`
    insert into deliveries (team_id, id, webhook_id, event_id, resource_id, body, status, created_at, due_at)
    select ${ctx.team.id}, d.id, d."webhookId", d."eventId", d."resourceId", d.body, 'pending', d."createdAt",
           date_trunc('second', d."createdAt")
    from jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb) as d
      (id text, "webhookId" text, "eventId" text, "resourceId" text, body text, "createdAt" timestamptz)`.execute(
    ctx.tx,
  )
}

/** Where deliveries go, and what it takes to send them. */
export interface Target extends Health {
  readonly id: WebhookId
  readonly face: string
  readonly url: string
  readonly authTokenSealed: Buffer | null
  readonly hmacSecretSealed: Buffer | null
  /** While it is still valid. */
  readonly formerHmacSecretSealed: Buffer | null
}

/** Somebody's turn to send what waits at a webhook. */
export interface Turn {
  readonly teamId: TeamId
  readonly webhookId: WebhookId
  /** Whoever has it; nobody else may send until the lease ends. */
  readonly holder: string
}

type Whose = Omit<Turn, 'holder'>

/**
 * Takes a turn, or goes on with it, for as long as is meant for the webhook's face. Null when the webhook is gone or switched off, or another has the
 * turn.
 */
export async function holdTurn(
  ctx: Ctx<'tx'>,
  {
    teamId,
    webhookId,
    holder,
    now,
    leasesMs,
  }: Turn & {
    readonly now: string
    readonly leasesMs: Readonly<Record<string, number>>
  },
): Promise<Target | null> {
  const { rows } = await sql<Target>`
    with target as (
      select id, face, url, status, status_reason, exhausted_in_row, auth_token_sealed, hmac_secret_sealed,
             case when former_hmac_secret_until > ${now} then former_hmac_secret_sealed end as former_hmac_secret_sealed
      from webhooks
      where team_id = ${teamId} and id = ${webhookId} and deleted_at is null and status <> 'disabled'),
    held as (
      insert into webhook_turns as t (team_id, webhook_id, holder, leased_until)
      select ${teamId}, id, ${holder},
             ${now}::timestamptz + (${JSON.stringify(leasesMs)}::jsonb ->> face)::integer * interval '1 ms' from target
      on conflict (team_id, webhook_id) do update set holder = excluded.holder, leased_until = excluded.leased_until
        where t.holder = excluded.holder or t.leased_until <= ${now}
      returning webhook_id)
    select id, face, url, status, status_reason as "statusReason", exhausted_in_row as "exhaustedInRow",
           auth_token_sealed as "authTokenSealed", hmac_secret_sealed as "hmacSecretSealed",
           former_hmac_secret_sealed as "formerHmacSecretSealed"
    from target join held on held.webhook_id = target.id`.execute(ctx.tx)
  return rows[0] ?? null
}

/** The webhooks of a team whose turn somebody has. */
export async function listHeld(
  ctx: Ctx<'db'>,
  { teamId, now }: { readonly teamId: TeamId; readonly now: string },
): Promise<ReadonlySet<WebhookId>> {
  const { rows } = await sql<{ webhookId: WebhookId }>`
    select webhook_id as "webhookId" from webhook_turns where team_id = ${teamId} and leased_until > ${now}`.execute(
    ctx.db,
  )
  return new Set(rows.map(({ webhookId }) => webhookId))
}

export async function giveBackTurn(ctx: Ctx<'db'>, { teamId, webhookId, holder }: Turn): Promise<void> {
  await sql`
    delete from webhook_turns where team_id = ${teamId} and webhook_id = ${webhookId} and holder = ${holder}`.execute(
    ctx.db,
  )
}

/** Until when somebody has the turn, as far as is known; null when nobody has. */
export async function findTurnEnd(ctx: Ctx<'db'>, { teamId, webhookId }: Whose): Promise<string | null> {
  const { rows } = await sql<{ leasedUntil: string }>`
    select leased_until as "leasedUntil" from webhook_turns
    where team_id = ${teamId} and webhook_id = ${webhookId}`.execute(ctx.db)
  return rows[0]?.leasedUntil ?? null
}

export interface DueDelivery {
  readonly id: DeliveryId
  readonly eventId: EventId
  readonly body: string
  readonly attempts: number
}

const waits = ({ teamId, webhookId }: Whose) => sql`
  d.team_id = ${teamId} and d.webhook_id = ${webhookId} and d.status = 'pending'`

// The oldest of its resource that waits at a webhook: no other may be sent before it is done with. Asked of one row at a time,
// so that a long queue is not read whole for the few that are sent next.
const isHead = sql`d.id = (
  select e.id from deliveries e
  where e.team_id = d.team_id and e.webhook_id = d.webhook_id and e.resource_id = d.resource_id and e.status = 'pending'
  order by e.created_at, e.id limit 1)`

/** What is due at a webhook, oldest first, at most one of each resource. For who has the turn. */
export async function listDue(
  ctx: Ctx<'tx'>,
  wanted: Whose & { readonly now: string; readonly limit: number },
): Promise<readonly DueDelivery[]> {
  const { rows } = await sql<DueDelivery>`
    select d.id, d.event_id as "eventId", d.body, d.attempts from deliveries d
    where ${waits(wanted)} and d.due_at <= ${wanted.now} and ${isHead}
    order by d.created_at, d.id limit ${wanted.limit}`.execute(ctx.tx)
  return rows
}

/** When something can next be sent to a webhook; null when nothing waits, or nothing may be sent. */
export async function nextDueAt(ctx: Ctx<'db'>, whose: Whose): Promise<string | null> {
  const { rows } = await sql<{ at: string | null }>`
    select min(h.due_at) as at from (
      select distinct on (d.resource_id) d.due_at from deliveries d
      where ${waits(whose)} order by d.resource_id, d.created_at, d.id) h
    where exists (
      select from webhooks w
      where w.team_id = ${whose.teamId} and w.id = ${whose.webhookId} and w.deleted_at is null and w.status <> 'disabled')`.execute(
    ctx.db,
  )
  return rows[0]?.at ?? null
}

/** How deliveries to a webhook ended that were made since an instant. */
export interface Day {
  readonly exhausted: number
  /** Counted no further than a share of `share` needs. */
  readonly ended: number
}

export async function dayOf(
  ctx: Ctx<'tx' | 'team'>,
  wanted: { readonly webhookId: WebhookId; readonly since: string; readonly share: number },
): Promise<Day> {
  const since = sql`d.team_id = ${ctx.team.id} and d.webhook_id = ${wanted.webhookId} and d.created_at >= ${wanted.since}`
  const { rows } = await sql<Day>`
    with failed as (select count(*) as exhausted from deliveries d where ${since} and d.status = 'exhausted')
    select exhausted, (
      select count(*) from (
        select from deliveries d where ${since} and d.status in ('delivered', 'exhausted')
        order by d.created_at desc, d.id desc limit (exhausted / ${wanted.share}::float8)::bigint + 1) e) as ended
    from failed`.execute(ctx.tx)
  return onlyRow(rows)
}

export interface Attempt {
  readonly deliveryId: DeliveryId
  readonly status: 'pending' | 'delivered' | 'exhausted'
  /** When it is tried again, if it is. */
  readonly dueAt: string
  readonly sentAt: string
  readonly tookMs: number
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly outcome: string
  readonly responseHead: string | null
}

/** Writes attempts down, and what they mean for their deliveries, in one statement. */
export async function recordAttempts(ctx: Ctx<'tx' | 'team'>, attempts: readonly Attempt[]): Promise<void> {
  await sql`
    with made as (
      select * from jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb) as a
        ("deliveryId" text, status text, "dueAt" timestamptz, "sentAt" timestamptz, "tookMs" integer,
         "requestHeaders" jsonb, outcome text, "responseHead" text)),
    logged as (
      insert into delivery_attempts (team_id, delivery_id, sent_at, took_ms, request_headers, outcome, response_head)
      select ${ctx.team.id}, "deliveryId", "sentAt", "tookMs", "requestHeaders", outcome, "responseHead" from made)
    update deliveries as d
    set status = made.status, attempts = d.attempts + 1, last_attempt_at = made."sentAt", last_outcome = made.outcome,
        due_at = made."dueAt"
    from made
    where d.team_id = ${ctx.team.id} and d.id = made."deliveryId" and d.status = 'pending'`.execute(ctx.tx)
}

/** What waits at a webhook is not sent any more. */
export async function dropWaiting(ctx: Ctx<'tx' | 'team'>, webhookId: WebhookId): Promise<void> {
  await sql`
    update deliveries set status = 'dropped'
    where team_id = ${ctx.team.id} and webhook_id = ${webhookId} and status = 'pending'`.execute(ctx.tx)
}

/** Which deliveries are meant; null leaves a filter out. */
export interface DeliveryFilter {
  readonly deliveryId: string | null
  readonly eventId: string | null
  readonly webhookId: string | null
  /** Made at or after this instant. */
  readonly since: string | null
  readonly statuses: readonly string[]
}

const matches = (ctx: Ctx<'team'>, filter: DeliveryFilter) => sql`
  d.team_id = ${ctx.team.id} and d.status = any(${filter.statuses})
  ${filter.deliveryId === null ? sql`` : sql`and d.id = ${filter.deliveryId}`}
  ${filter.eventId === null ? sql`` : sql`and d.event_id = ${filter.eventId}`}
  ${filter.webhookId === null ? sql`` : sql`and d.webhook_id = ${filter.webhookId}`}
  ${filter.since === null ? sql`` : sql`and d.created_at >= ${filter.since}`}`

/** Has deliveries sent anew, as if they never had been; returns the webhook of each. Those of webhooks that are off stay. */
export async function renew(
  ctx: Ctx<'tx' | 'team'>,
  filter: DeliveryFilter,
  now: string,
): Promise<readonly WebhookId[]> {
  const { rows } = await sql<{ webhookId: WebhookId }>`
    update deliveries as d set status = 'pending', attempts = 0, due_at = ${now}
    from webhooks w
    where ${matches(ctx, filter)} and w.team_id = d.team_id and w.id = d.webhook_id
      and w.deleted_at is null and w.status <> 'disabled'
    returning d.webhook_id as "webhookId"`.execute(ctx.tx)
  return rows.map(({ webhookId }) => webhookId)
}

/** A delivery as a list shows it. */
export interface DeliveryLine {
  readonly id: DeliveryId
  readonly webhookId: WebhookId
  readonly eventId: EventId
  readonly resourceId: string
  readonly status: string
  readonly attempts: number
  readonly lastAttemptAt: string | null
  readonly lastOutcome: string | null
  readonly createdAt: string
}

/** Of a webhook, newest first. */
export function listOfWebhook(
  ctx: Ctx<'db' | 'team'>,
  { webhookId, status }: { readonly webhookId: WebhookId; readonly status: string | null },
  page: { readonly cursor: string | null; readonly limit: number },
): Promise<Page<DeliveryLine>> {
  const columns = sql`t.id, t.webhook_id as "webhookId", t.event_id as "eventId", t.resource_id as "resourceId", t.status,
    t.attempts, t.last_attempt_at as "lastAttemptAt", t.last_outcome as "lastOutcome", t.created_at as "createdAt"`
  const where = sql`t.team_id = ${ctx.team.id} and t.webhook_id = ${webhookId}
    ${status === null ? sql`` : sql`and t.status = ${status}`}`
  return listOn<DeliveryLine>(ctx.db, { table: 'deliveries', columns, where, teamId: ctx.team.id }, page)
}

/** How webhooks of all teams stand, and how many deliveries wait to be made or made again. */
export interface WebhookTotals {
  readonly webhooks: readonly { readonly status: string; readonly count: number }[]
  readonly deliveriesPending: number
}

export async function countAll(ctx: Ctx<'db'>): Promise<WebhookTotals> {
  const { rows } = await sql<WebhookTotals>`
    select (select count(*) from deliveries where status = 'pending') as "deliveriesPending",
      (select coalesce(jsonb_agg(jsonb_build_object('status', w.status, 'count', w.count)), '[]')
       from (select status, count(*) from webhooks where deleted_at is null and retired_at is null group by 1) w) as webhooks`.execute(
    ctx.db,
  )
  return onlyRow(rows)
}

/** How the newest deliveries of each webhook stand, `limit` of each at most. */
export interface RecentDeliveries {
  readonly webhookId: WebhookId
  readonly status: string
  readonly count: number
}

export async function countRecent(ctx: Ctx<'db' | 'team'>, limit: number): Promise<readonly RecentDeliveries[]> {
  const { rows } = await sql<RecentDeliveries>`
    select w.id as "webhookId", d.status, count(*) as count
    from webhooks w cross join lateral (
      select d.status from deliveries d where d.team_id = w.team_id and d.webhook_id = w.id
      order by d.created_at desc, d.id desc limit ${limit}) d
    where w.team_id = ${ctx.team.id} and w.deleted_at is null
    group by 1, 2 order by 1, 2`.execute(ctx.db)
  return rows
}

/** A text that changes whenever a webhook does, or one of its newest deliveries; `limit` of each. */
export async function markRecent(ctx: Ctx<'db' | 'team'>, limit: number): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select md5(coalesce(string_agg(concat_ws(' ', w.id, w.status, d.mark), ',' order by w.id), '')) as mark
    from webhooks w cross join lateral (
      select string_agg(concat_ws(' ', n.id, n.status, n.attempts, n.last_attempt_at), ',') as mark from (
        select d.id, d.status, d.attempts, d.last_attempt_at from deliveries d
        where d.team_id = w.team_id and d.webhook_id = w.id
        order by d.created_at desc, d.id desc limit ${limit}) n) d
    where w.team_id = ${ctx.team.id} and w.deleted_at is null`.execute(ctx.db)
  return onlyRow(rows).mark
}

/** A delivery as its log shows it. */
export interface LoggedDelivery {
  readonly id: DeliveryId
  readonly webhookId: WebhookId
  readonly eventId: EventId
  readonly wireType: string
  readonly url: string
  readonly status: string
  readonly body: string
  readonly createdAt: string
  readonly attempts: readonly Pick<Attempt, 'sentAt' | 'tookMs' | 'outcome' | 'responseHead' | 'requestHeaders'>[]
}

/** Newest first, with their attempts, oldest first. */
export async function listDeliveries(
  ctx: Ctx<'db' | 'team'>,
  filter: DeliveryFilter,
  limit: number,
): Promise<readonly LoggedDelivery[]> {
  const { rows } = await sql<LoggedDelivery>`
    select d.id, d.webhook_id as "webhookId", d.event_id as "eventId", w.wire_type as "wireType", w.url, d.status, d.body,
           d.created_at as "createdAt",
           coalesce((
             select jsonb_agg(jsonb_build_object('sentAt', a.sent_at, 'tookMs', a.took_ms, 'outcome', a.outcome,
                      'responseHead', a.response_head, 'requestHeaders', a.request_headers) order by a.sent_at)
             from delivery_attempts a where a.team_id = d.team_id and a.delivery_id = d.id), '[]') as attempts
    from deliveries d join webhooks w on w.team_id = d.team_id and w.id = d.webhook_id
    where ${matches(ctx, filter)} order by d.created_at desc, d.id desc limit ${limit}`.execute(ctx.db)
  return rows
}
