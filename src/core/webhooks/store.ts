import { sql } from 'kysely'
import { jsonOrNull, onlyRow } from '../../db/rows.js'
import type { Ctx, Reading } from '../ctx.js'
import type { DeliveryId, EventId, TeamId, WebhookId } from '../ids.js'
import type { Webhook } from './webhooks.js'

const webhookColumns = sql`w.id, w.face, w.wire_version as "wireVersion", w.wire_type as "wireType", w.topic, w.url,
  w.expand_event as "expandEvent", w.metadata, w.created_at as "createdAt", w.updated_at as "updatedAt"`

export interface NewWebhook extends Omit<Webhook, 'updatedAt'> {
  readonly authTokenSealed: Buffer | null
  readonly hmacSecretSealed: Buffer | null
}

export async function addWebhook(ctx: Ctx<'tx' | 'team'>, row: NewWebhook): Promise<Webhook> {
  const { rows } = await sql<Webhook>`
    insert into webhooks as w (team_id, id, face, wire_version, wire_type, topic, url, expand_event, metadata,
                               auth_token_sealed, hmac_secret_sealed, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.face}, ${row.wireVersion}, ${row.wireType}, ${row.topic}, ${row.url},
            ${row.expandEvent}, ${jsonOrNull(row.metadata)}, ${row.authTokenSealed}, ${row.hmacSecretSealed},
            ${row.createdAt}, ${row.createdAt})
    returning ${webhookColumns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function listWebhooks(ctx: Ctx<Reading>, face: string): Promise<readonly Webhook[]> {
  const { rows } = await sql<Webhook>`
    select ${webhookColumns} from webhooks w
    where w.team_id = ${ctx.team.id} and w.face = ${face} and w.deleted_at is null
    order by w.created_at desc, w.id desc`.execute(ctx.db)
  return rows
}

export async function findWebhook(ctx: Ctx<Reading>, wanted: { face: string; id: WebhookId }): Promise<Webhook | null> {
  const { rows } = await sql<Webhook>`
    select ${webhookColumns} from webhooks w
    where w.team_id = ${ctx.team.id} and w.id = ${wanted.id} and w.face = ${wanted.face} and w.deleted_at is null`.execute(
    ctx.db,
  )
  return rows[0] ?? null
}

/** True when there was one to delete. */
export async function deleteWebhook(
  ctx: Ctx<'tx' | 'team'>,
  wanted: { face: string; id: WebhookId; at: string },
): Promise<boolean> {
  const { rows } = await sql`
    update webhooks set deleted_at = ${wanted.at}, updated_at = ${wanted.at}
    where team_id = ${ctx.team.id} and id = ${wanted.id} and face = ${wanted.face} and deleted_at is null
    returning id`.execute(ctx.tx)
  return rows.length > 0
}

/** Live webhooks of any of the topics. */
export async function listSubscribed(ctx: Ctx<'tx' | 'team'>, topics: readonly string[]): Promise<readonly Webhook[]> {
  const { rows } = await sql<Webhook>`
    select ${webhookColumns} from webhooks w
    where w.team_id = ${ctx.team.id} and w.topic = any(${topics}) and w.deleted_at is null
    order by w.created_at, w.id`.execute(ctx.tx)
  return rows
}

export interface NewDelivery {
  readonly id: DeliveryId
  readonly webhookId: WebhookId
  readonly eventId: EventId
  readonly body: string
  readonly createdAt: string
}

export async function addDeliveries(ctx: Ctx<'tx' | 'team'>, deliveries: readonly NewDelivery[]): Promise<void> {
  await sql`
    insert into deliveries (team_id, id, webhook_id, event_id, body, status, created_at)
    select ${ctx.team.id}, d.id, d."webhookId", d."eventId", d.body, 'pending', d."createdAt"
    from jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb) as d
      (id text, "webhookId" text, "eventId" text, body text, "createdAt" timestamptz)`.execute(ctx.tx)
}

export interface DueDelivery {
  readonly id: DeliveryId
  readonly webhookId: WebhookId
  readonly face: string
  readonly url: string
  readonly body: string
  readonly attempts: number
  readonly authTokenSealed: Buffer | null
  readonly hmacSecretSealed: Buffer | null
}

/** The delivery with what it takes to send it; null when it is done with or its webhook is gone. */
export async function findDue(
  ctx: Ctx<'db'>,
  wanted: { teamId: TeamId; deliveryId: DeliveryId },
): Promise<DueDelivery | null> {
  const { rows } = await sql<DueDelivery>`
    select d.id, w.id as "webhookId", w.face, w.url, d.body, d.attempts,
           w.auth_token_sealed as "authTokenSealed", w.hmac_secret_sealed as "hmacSecretSealed"
    from deliveries d join webhooks w on w.team_id = d.team_id and w.id = d.webhook_id
    where d.team_id = ${wanted.teamId} and d.id = ${wanted.deliveryId} and d.status = 'pending' and w.deleted_at is null
  `.execute(ctx.db)
  return rows[0] ?? null
}

export interface Attempt {
  readonly deliveryId: DeliveryId
  readonly status: 'pending' | 'delivered' | 'exhausted'
  /** The HTTP status, or why there was none. */
  readonly outcome: string
  readonly at: string
}

export async function recordAttempt(ctx: Ctx<'tx' | 'team'>, attempt: Attempt): Promise<void> {
  await sql`
    update deliveries
    set status = ${attempt.status}, attempts = attempts + 1, last_attempt_at = ${attempt.at}, last_outcome = ${attempt.outcome}
    where team_id = ${ctx.team.id} and id = ${attempt.deliveryId} and status = 'pending'`.execute(ctx.tx)
}
