/** Every statement about deliveries and their attempts. */
import { sql } from 'kysely'
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
}

interface Whose {
  readonly teamId: TeamId
  readonly webhookId: WebhookId
}

/** Null when the webhook is gone or switched off. */
export async function findTarget(ctx: Ctx<'db'>, { teamId, webhookId }: Whose): Promise<Target | null> {
  const { rows } = await sql<Target>`
    select id, face, url, status, status_reason as "statusReason", exhausted_in_row as "exhaustedInRow",
           auth_token_sealed as "authTokenSealed", hmac_secret_sealed as "hmacSecretSealed"
    from webhooks
    where team_id = ${teamId} and id = ${webhookId} and deleted_at is null and status <> 'disabled'`.execute(ctx.db)
  return rows[0] ?? null
}

export interface DueDelivery {
  readonly id: DeliveryId
  readonly eventId: EventId
  readonly body: string
  readonly attempts: number
}

// The oldest of each resource that waits at a webhook: no other may be sent before it is done with.
const heads = ({ teamId, webhookId }: Whose) => sql`
  select distinct on (d.resource_id) d.id, d.due_at, d.leased_until, d.created_at
  from deliveries d
  where d.team_id = ${teamId} and d.webhook_id = ${webhookId} and d.status = 'pending'
  order by d.resource_id, d.created_at, d.id`

/**
 * Takes what is due at a webhook, at most one of each resource, and none of those that others are sending: nobody else gets
 * these until `leasedUntil`. So many at most are being sent to one webhook at a time.
 */
export async function claimDue(
  ctx: Ctx<'db'>,
  wanted: Whose & { readonly now: string; readonly leasedUntil: string; readonly inFlightMax: number },
): Promise<readonly DueDelivery[]> {
  const { now } = wanted
  const { rows } = await sql<DueDelivery>`
    with heads as materialized (${heads(wanted)}),
    free as (
      select id from heads
      where due_at <= ${now} and (leased_until is null or leased_until <= ${now})
      order by created_at, id
      limit greatest(0, ${wanted.inFlightMax} - (select count(*) from heads where leased_until > ${now})))
    update deliveries as d set leased_until = ${wanted.leasedUntil}
    from free
    where d.team_id = ${wanted.teamId} and d.id = free.id and d.status = 'pending'
      and (d.leased_until is null or d.leased_until <= ${now})
    returning d.id, d.event_id as "eventId", d.body, d.attempts`.execute(ctx.db)
  return rows
}

/** When something can next be sent to a webhook, as far as is known; null when nothing waits. */
export async function nextDueAt(ctx: Ctx<'db'>, whose: Whose): Promise<string | null> {
  const { rows } = await sql<{ at: string | null }>`
    select min(greatest(h.due_at, coalesce(h.leased_until, h.due_at))) as at from (${heads(whose)}) h`.execute(ctx.db)
  return rows[0]?.at ?? null
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
        due_at = made."dueAt", leased_until = null
    from made
    where d.team_id = ${ctx.team.id} and d.id = made."deliveryId" and d.status = 'pending'`.execute(ctx.tx)
}

/** What waits at a webhook is not sent any more. */
export async function dropWaiting(ctx: Ctx<'tx' | 'team'>, webhookId: WebhookId): Promise<void> {
  await sql`
    update deliveries set status = 'dropped', leased_until = null
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
    update deliveries as d set status = 'pending', attempts = 0, due_at = ${now}, leased_until = null
    from webhooks w
    where ${matches(ctx, filter)} and w.team_id = d.team_id and w.id = d.webhook_id
      and w.deleted_at is null and w.status <> 'disabled'
    returning d.webhook_id as "webhookId"`.execute(ctx.tx)
  return rows.map(({ webhookId }) => webhookId)
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
