import { type RawBuilder, sql } from 'kysely'
import { jsonOrNull, onlyRow } from '../../db/rows.js'
import type { Ctx, Reading } from '../ctx.js'
import type { TeamId, WebhookId } from '../ids.js'
import type { Health } from './health.js'
import type { Webhook } from './webhooks.js'

const webhookColumns = sql`w.id, w.face, w.wire_version as "wireVersion", w.wire_type as "wireType", w.topic, w.url,
  w.resource_id as "resourceId", w.expand_event as "expandEvent", w.metadata, w.status, w.status_reason as "statusReason", w.created_at as "createdAt", w.updated_at as "updatedAt"`

export interface NewWebhook extends Omit<Webhook, 'updatedAt' | 'status' | 'statusReason'> {
  readonly authTokenSealed: Buffer | null
  readonly hmacSecretSealed: Buffer | null
}

export async function addWebhook(ctx: Ctx<'tx' | 'team'>, row: NewWebhook): Promise<Webhook> {
  const { rows } = await sql<Webhook>`
    insert into webhooks as w (team_id, id, face, wire_version, wire_type, topic, url, resource_id, expand_event,
                               metadata, auth_token_sealed, hmac_secret_sealed, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.face}, ${row.wireVersion}, ${row.wireType}, ${row.topic}, ${row.url},
            ${row.resourceId}, ${row.expandEvent}, ${jsonOrNull(row.metadata)}, ${row.authTokenSealed}, ${row.hmacSecretSealed},
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

/** Those of every face that were not deleted, newest first. */
export async function listAllWebhooks(ctx: Ctx<Reading>): Promise<readonly Webhook[]> {
  const { rows } = await sql<Webhook>`
    select ${webhookColumns} from webhooks w where w.team_id = ${ctx.team.id} and w.deleted_at is null
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

/** Live webhooks of any of the topics: the team's, and those of the resources. */
export async function listSubscribed(
  ctx: Ctx<'tx' | 'team'>,
  topics: readonly string[],
  resourceIds: readonly string[],
): Promise<readonly Webhook[]> {
  const { rows } = await sql<Webhook>`
    select * from (
      select ${webhookColumns} from webhooks w
      where w.team_id = ${ctx.team.id} and w.topic = any(${topics}) and w.deleted_at is null and w.status <> 'disabled'
        and w.resource_id is null
      union all
      select ${webhookColumns} from webhooks w
      where w.team_id = ${ctx.team.id} and w.resource_id = any(${resourceIds}) and w.topic = any(${topics})
        and w.deleted_at is null and w.retired_at is null and w.status <> 'disabled' and w.resource_id is not null) w
    order by w."createdAt", w.id`.execute(ctx.tx)
  return rows
}

export async function listSubscribedTeams(ctx: Ctx<'tx'>, topics: readonly string[]): Promise<readonly TeamId[]> {
  const { rows } = await sql<{ teamId: TeamId }>`
    select distinct w.team_id as "teamId" from webhooks w
    where w.topic = any(${topics}) and w.deleted_at is null and w.status <> 'disabled' and w.resource_id is null
    order by 1`.execute(ctx.tx)
  return rows.map(({ teamId }) => teamId)
}

/** A resource's own webhooks are told nothing more; what is queued for them stays queued. */
export async function retireWebhooksOf(ctx: Ctx<'tx' | 'team'>, resourceId: string, at: string): Promise<void> {
  await sql`
    update webhooks set retired_at = ${at}, updated_at = ${at}
    where team_id = ${ctx.team.id} and resource_id = ${resourceId} and deleted_at is null and retired_at is null`.execute(
    ctx.tx,
  )
}

/** A webhook with what it is judged by. */
export type Judged = Webhook & Health & { readonly judgedFrom: string | null }

/** Locks a webhook that was not deleted. */
export function takeWebhook(ctx: Ctx<'tx' | 'team'>, id: WebhookId): Promise<Judged | null> {
  return take(ctx, sql`w.id = ${id}`)
}

/** Locks a webhook that was not deleted and whose last delivery was given up; null when it is another. */
export function takeFailing(ctx: Ctx<'tx' | 'team'>, id: WebhookId): Promise<Judged | null> {
  return take(ctx, sql`w.id = ${id} and w.exhausted_in_row > 0`)
}

async function take(ctx: Ctx<'tx' | 'team'>, which: RawBuilder<unknown>): Promise<Judged | null> {
  const { rows } = await sql<Judged>`
    select ${webhookColumns}, w.exhausted_in_row as "exhaustedInRow", w.judged_from as "judgedFrom" from webhooks w
    where w.team_id = ${ctx.team.id} and ${which} and w.deleted_at is null for no key update`.execute(ctx.tx)
  return rows[0] ?? null
}

/** From now on only what happens after `from` counts against it. */
export async function forgive(ctx: Ctx<'tx' | 'team'>, id: WebhookId, from: string): Promise<void> {
  await sql`update webhooks set judged_from = ${from} where team_id = ${ctx.team.id} and id = ${id}`.execute(ctx.tx)
}

/**
 * Gives a webhook another secret. The one it had, if any, stays valid until `formerUntil`, and one before that no longer;
 * returns until when.
 */
export async function replaceSecret(
  ctx: Ctx<'tx' | 'team'>,
  wanted: { readonly id: WebhookId; readonly sealed: Buffer; readonly formerUntil: string | null; readonly at: string },
): Promise<string | null> {
  const until = sql`${wanted.formerUntil}::timestamptz`
  const { rows } = await sql<{ until: string | null }>`
    update webhooks
    set hmac_secret_sealed = ${wanted.sealed}, updated_at = ${wanted.at},
        former_hmac_secret_sealed = case when ${until} is not null then hmac_secret_sealed end,
        former_hmac_secret_until = case when hmac_secret_sealed is not null then ${until} end
    where team_id = ${ctx.team.id} and id = ${wanted.id}
    returning former_hmac_secret_until as until`.execute(ctx.tx)
  return onlyRow(rows).until
}

export async function changeHealth(
  ctx: Ctx<'tx' | 'team'>,
  { id, health, at }: { readonly id: WebhookId; readonly health: Health; readonly at: string },
): Promise<Webhook> {
  const { rows } = await sql<Webhook>`
    update webhooks as w
    set status = ${health.status}, status_reason = ${health.statusReason}, exhausted_in_row = ${health.exhaustedInRow},
        updated_at = ${at}
    where w.team_id = ${ctx.team.id} and w.id = ${id}
    returning ${webhookColumns}`.execute(ctx.tx)
  return onlyRow(rows)
}
