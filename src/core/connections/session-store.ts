/** Every statement about connect sessions. */
import { sql } from 'kysely'
import { onlyRow } from '../../db/rows.js'
import type { Waiting } from '../clock/clock.js'
import type { Ctx, Reading } from '../ctx.js'
import type { ConnectionId, ConnectSessionId } from '../ids.js'
import type { ConnectSession } from './sessions.js'

/** What a team asked for, as it is stored. */
export type StoredSettings = Pick<
  ConnectSession,
  'redirectUri' | 'providers' | 'countries' | 'products' | 'webhook' | 'tags' | 'features'
>

/** A session with what only its own capability may know. */
export interface HeldSession extends Omit<ConnectSession, keyof StoredSettings> {
  readonly settings: StoredSettings
  readonly privateSealed: Buffer | null
  readonly progressSealed: Buffer | null
  readonly step: number
  readonly tokenExpiresAt: string | null
}

const columns = sql`s.id, s.consumer_id as "consumerId", s.client_id as "clientId", s.settings,
  s.private_sealed as "privateSealed", s.is_renewal as "isRenewal", s.institution_slug as "institutionSlug",
  s.connection_id as "connectionId", s.status, s.progress_sealed as "progressSealed", s.step,
  s.token_expires_at as "tokenExpiresAt", s.expires_at as "expiresAt", s.created_at as "createdAt"`

export type NewSession = Omit<HeldSession, 'status' | 'progressSealed' | 'step' | 'tokenExpiresAt'>

export async function addSession(ctx: Ctx<'tx' | 'team'>, row: NewSession): Promise<HeldSession> {
  const { rows } = await sql<HeldSession>`
    insert into connect_sessions as s (team_id, id, consumer_id, client_id, settings, private_sealed, is_renewal,
      institution_slug, connection_id, status, expires_at, created_at)
    values (${ctx.team.id}, ${row.id}, ${row.consumerId}, ${row.clientId}, ${JSON.stringify(row.settings)},
      ${row.privateSealed}, ${row.isRenewal}, ${row.institutionSlug}, ${row.connectionId}, 'open', ${row.expiresAt},
      ${row.createdAt})
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function findSession(ctx: Ctx<Reading>, id: ConnectSessionId): Promise<HeldSession | null> {
  const { rows } = await sql<HeldSession>`
    select ${columns} from connect_sessions s where s.team_id = ${ctx.team.id} and s.id = ${id}`.execute(ctx.db)
  return rows[0] ?? null
}

/** Locks an open session for this transaction, if it is still at the step; null when it has gone on. */
export async function takeAtStep(
  ctx: Ctx<'tx' | 'team'>,
  { id, step }: Pick<HeldSession, 'id' | 'step'>,
): Promise<HeldSession | null> {
  const { rows } = await sql<HeldSession>`
    select ${columns} from connect_sessions s
    where s.team_id = ${ctx.team.id} and s.id = ${id} and s.step = ${step} and s.status = 'open' for update`.execute(
    ctx.tx,
  )
  return rows[0] ?? null
}

/** Goes on to the next step. */
export async function advance(
  ctx: Ctx<'tx' | 'team'>,
  id: ConnectSessionId,
  to: Pick<HeldSession, 'institutionSlug' | 'connectionId' | 'progressSealed'>,
): Promise<HeldSession> {
  const { rows } = await sql<HeldSession>`
    update connect_sessions as s
    set institution_slug = ${to.institutionSlug}, connection_id = ${to.connectionId},
        progress_sealed = ${to.progressSealed}, step = s.step + 1
    where s.team_id = ${ctx.team.id} and s.id = ${id} returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

/** The consumer is done; what was private is forgotten. */
export async function complete(
  ctx: Ctx<'tx' | 'team'>,
  id: ConnectSessionId,
  token: { readonly hash: Buffer; readonly expiresAt: string } | null,
): Promise<void> {
  await sql`
    update connect_sessions
    set status = 'completed', token_hash = ${token?.hash ?? null}, token_expires_at = ${token?.expiresAt ?? null},
        private_sealed = null, progress_sealed = null, step = step + 1
    where team_id = ${ctx.team.id} and id = ${id}`.execute(ctx.tx)
}

/** Uses up a token that is still good; null for any other. */
export async function takeToken(
  ctx: Ctx<'tx' | 'team'>,
  wanted: { readonly hash: Buffer; readonly clientId: string | null; readonly now: string },
): Promise<HeldSession | null> {
  const { rows } = await sql<HeldSession>`
    update connect_sessions as s set token_hash = null, token_expires_at = null
    where s.team_id = ${ctx.team.id} and s.token_hash = ${wanted.hash} and s.token_expires_at > ${wanted.now}
      and (s.client_id is null or ${wanted.clientId}::text is null or s.client_id = ${wanted.clientId})
    returning ${columns}`.execute(ctx.tx)
  return rows[0] ?? null
}

/** Ends open sessions whose hour is over; what they were at is returned for the last time. */
export async function expireSessions(
  ctx: Ctx<'tx' | 'team'>,
  wanted: { readonly now: string; readonly limit: number },
): Promise<readonly HeldSession[]> {
  const { rows } = await sql<HeldSession>`
    with due as (
      select ${columns} from connect_sessions s
      where s.team_id = ${ctx.team.id} and s.status = 'open' and s.expires_at <= ${wanted.now}
      order by s.expires_at, s.id limit ${wanted.limit} for update skip locked),
    ended as (
      update connect_sessions s set status = 'expired', private_sealed = null, progress_sealed = null
      from due where s.team_id = ${ctx.team.id} and s.id = due.id)
    select * from due`.execute(ctx.tx)
  return rows
}

/** Takes back tokens that nobody exchanged in time; returns the connections that waited for it. */
export async function expireTokens(
  ctx: Ctx<'tx' | 'team'>,
  wanted: { readonly now: string; readonly limit: number },
): Promise<readonly { readonly connectionId: ConnectionId | null }[]> {
  const { rows } = await sql<{ connectionId: ConnectionId | null }>`
    with due as (
      select s.id from connect_sessions s
      where s.team_id = ${ctx.team.id} and s.token_expires_at <= ${wanted.now}
      order by s.token_expires_at, s.id limit ${wanted.limit} for update skip locked)
    update connect_sessions s set token_hash = null, token_expires_at = null
    from due where s.team_id = ${ctx.team.id} and s.id = due.id
    returning s.connection_id as "connectionId"`.execute(ctx.tx)
  return rows
}

/** Ends whatever was going on for a connection. */
export async function endSessionsOf(ctx: Ctx<'tx' | 'team'>, connectionId: ConnectionId): Promise<void> {
  await sql`
    update connect_sessions
    set status = case when status = 'open' then 'expired' else status end, token_hash = null, token_expires_at = null,
        private_sealed = null, progress_sealed = null, issues_sealed = null
    where team_id = ${ctx.team.id} and connection_id = ${connectionId}`.execute(ctx.tx)
}

/** Locks a session for this transaction; false when it is over. */
export async function takeOpen(ctx: Ctx<'tx' | 'team'>, id: ConnectSessionId): Promise<boolean> {
  const { rows } = await sql`
    select 1 from connect_sessions
    where team_id = ${ctx.team.id} and id = ${id} and status = 'open' for update`.execute(ctx.tx)
  return rows.length > 0
}

export async function findSealedIssues(ctx: Ctx<Reading>, id: ConnectSessionId): Promise<Buffer | null> {
  const { rows } = await sql<{ readonly sealed: Buffer | null }>`
    select issues_sealed as sealed from connect_sessions where team_id = ${ctx.team.id} and id = ${id}`.execute(ctx.db)
  return rows[0]?.sealed ?? null
}

export async function keepSealedIssues(ctx: Ctx<'tx' | 'team'>, id: ConnectSessionId, sealed: Buffer): Promise<void> {
  await sql`
    update connect_sessions set issues_sealed = ${sealed}
    where team_id = ${ctx.team.id} and id = ${id}`.execute(ctx.tx)
}

export const waitingSessions: Waiting = {
  table: sql`connect_sessions`,
  dueAt: sql`w.expires_at`,
  where: sql`w.status = 'open'`,
}

export const waitingTokens: Waiting = {
  table: sql`connect_sessions`,
  dueAt: sql`w.token_expires_at`,
  where: sql`w.token_expires_at is not null`,
}
