import { sql } from 'kysely'
import type { Db } from '../../db/database.js'
import { onlyRow } from '../../db/rows.js'
import type { Instant } from '../clock/clock.js'
import type { Ctx, Reading } from '../ctx.js'
import type { OpalSessionId, TeamId } from '../ids.js'
import type { OpalEvent, OpalOutcome, OpalSession } from './opal.js'

const columns = sql`t.id, t.consumer_id as "consumerId", t.config, t.outcome, t.events, t.completed_at as "completedAt",
  t.created_at as "createdAt", t.updated_at as "updatedAt"`

export async function addSession(
  ctx: Ctx<'tx' | 'team'>,
  row: Pick<OpalSession, 'id' | 'consumerId' | 'config' | 'createdAt'>,
): Promise<OpalSession> {
  const { rows } = await sql<OpalSession>`
    insert into opal_sessions as t (team_id, id, consumer_id, mode, config, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.consumerId}, ${row.config.mode}, ${JSON.stringify(row.config)},
            ${row.createdAt}, ${row.createdAt})
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function addToken(
  ctx: Ctx<'tx' | 'team'>,
  row: {
    readonly tokenHash: Buffer
    readonly sessionId: OpalSessionId
    readonly expiresAt: Instant
    readonly createdAt: string
  },
): Promise<void> {
  await sql`
    insert into opal_tokens (team_id, token_hash, session_id, expires_at, created_at)
    values (${ctx.team.id}, ${row.tokenHash}, ${row.sessionId}, ${row.expiresAt}, ${row.createdAt})`.execute(ctx.tx)
}

export async function findSession(ctx: Ctx<Reading>, id: OpalSessionId): Promise<OpalSession | null> {
  const { rows } = await sql<OpalSession>`
    select ${columns} from opal_sessions t where t.team_id = ${ctx.team.id} and t.id = ${id}`.execute(ctx.db)
  return rows[0] ?? null
}

interface Token {
  readonly teamId: TeamId
  readonly expiresAt: Instant
  readonly endedAt: Instant | null
}

/** The session of a token, valid or not, whoever's it is. */
export async function findByToken(db: Db, tokenHash: Buffer): Promise<(OpalSession & Token) | null> {
  const { rows } = await sql<OpalSession & Token>`
    select ${columns}, o.team_id as "teamId", o.expires_at as "expiresAt", o.ended_at as "endedAt"
    from opal_tokens o
    join opal_sessions t on t.team_id = o.team_id and t.id = o.session_id
    where o.token_hash = ${tokenHash}`.execute(db)
  return rows[0] ?? null
}

export async function endToken(ctx: Ctx<Reading>, tokenHash: Buffer, at: Instant): Promise<void> {
  await sql`
    update opal_tokens set ended_at = coalesce(ended_at, ${at})
    where team_id = ${ctx.team.id} and token_hash = ${tokenHash}`.execute(ctx.db)
}

/** Null when it had started. */
export async function markStarted(ctx: Ctx<Reading>, id: OpalSessionId, event: OpalEvent): Promise<OpalSession | null> {
  const { rows } = await sql<OpalSession>`
    update opal_sessions as t
    set started_at = ${event.at}, events = t.events || ${JSON.stringify([event])}::jsonb, updated_at = ${event.at}
    where t.team_id = ${ctx.team.id} and t.id = ${id} and t.started_at is null
    returning ${columns}`.execute(ctx.db)
  return rows[0] ?? null
}

/** Adds an event, unless the session has `most` already. */
export async function addEvent(
  ctx: Ctx<Reading>,
  id: OpalSessionId,
  { event, most }: { readonly event: OpalEvent; readonly most: number },
): Promise<void> {
  await sql`
    update opal_sessions set events = events || ${JSON.stringify([event])}::jsonb, updated_at = ${event.at}
    where team_id = ${ctx.team.id} and id = ${id} and jsonb_array_length(events) < ${most}`.execute(ctx.db)
}

/** Null when it was completed. */
export async function markCompleted(
  ctx: Ctx<Reading>,
  id: OpalSessionId,
  { outcome, event }: { readonly outcome: OpalOutcome; readonly event: OpalEvent },
): Promise<OpalSession | null> {
  const { rows } = await sql<OpalSession>`
    update opal_sessions as t
    set completed_at = ${event.at}, outcome = ${JSON.stringify(outcome)},
        events = t.events || ${JSON.stringify([event])}::jsonb, updated_at = ${event.at}
    where t.team_id = ${ctx.team.id} and t.id = ${id} and t.completed_at is null
    returning ${columns}`.execute(ctx.db)
  return rows[0] ?? null
}
