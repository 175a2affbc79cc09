import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../db/database.js'
import { type Page, type PageRequest, readPage } from '../../db/pages.js'
import { onlyRow } from '../../db/rows.js'
import type { Waiting } from '../clock/clock.js'
import type { Ctx, Reading } from '../ctx.js'
import type { ConsumerId, TeamId, VerificationSessionId } from '../ids.js'
import type { SnaDetail } from './methods/sna.js'
import type { VerificationSession } from './sessions.js'
import { assertMove, type SessionStatus } from './transitions.js'

const columns = sql`t.id, t.consumer_id as "consumerId", t.channel, t.method, t.status, t.status_reason as "statusReason",
  t.detail, t.expires_at as "expiresAt", t.created_at as "createdAt", t.updated_at as "updatedAt"`

export async function addSession(
  ctx: Ctx<'tx' | 'team'>,
  row: Omit<VerificationSession, 'updatedAt'> & {
    readonly answersSealed: Buffer | null
    readonly phoneHash: string | null
  },
): Promise<VerificationSession> {
  const { rows } = await sql<VerificationSession>`
    insert into verification_sessions as t (team_id, id, consumer_id, channel, method, status, status_reason, detail,
                                            answers_sealed, phone_hash, expires_at, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.consumerId}, ${row.channel}, ${row.method}, ${row.status},
            ${row.statusReason}, ${JSON.stringify(row.detail)}, ${row.answersSealed}, ${row.phoneHash},
            ${row.expiresAt}, ${row.createdAt}, ${row.createdAt})
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

// A person has few entities in one team; the newest proofs are enough to find one that still counts.
const PROVEN_MAX = 20

/** Whose phone this was proven to be, the newest proof first. */
export async function listProvenByPhone(ctx: Ctx<Reading>, phoneHash: string): Promise<readonly ConsumerId[]> {
  const { rows } = await sql<{ consumerId: ConsumerId }>`
    select t.consumer_id as "consumerId" from verification_sessions t
    where t.team_id = ${ctx.team.id} and t.phone_hash = ${phoneHash} and t.status = 'verified'
    order by t.created_at desc limit ${PROVEN_MAX}`.execute(ctx.db)
  return rows.map(({ consumerId }) => consumerId)
}

interface Wanted {
  readonly consumerId: ConsumerId
  readonly sessionId: VerificationSessionId
}

export async function findSession(ctx: Ctx<Reading>, wanted: Wanted): Promise<VerificationSession | null> {
  const { rows } = await sql<VerificationSession>`
    select ${columns} from verification_sessions t
    where t.team_id = ${ctx.team.id} and t.id = ${wanted.sessionId} and t.consumer_id = ${wanted.consumerId}
  `.execute(ctx.db)
  return rows[0] ?? null
}

export async function findSessions(
  ctx: Ctx<Reading>,
  ids: readonly VerificationSessionId[],
): Promise<readonly VerificationSession[]> {
  const { rows } = await sql<VerificationSession>`
    select ${columns} from verification_sessions t where t.team_id = ${ctx.team.id} and t.id = any(${ids})`.execute(
    ctx.db,
  )
  return rows
}

/** Locks the session for this transaction. */
export async function takeSession(
  ctx: Ctx<'tx' | 'team'>,
  wanted: Wanted,
): Promise<{ readonly session: VerificationSession; readonly answersSealed: Buffer | null } | null> {
  const { rows } = await sql<VerificationSession & { answersSealed: Buffer | null }>`
    select ${columns}, t.answers_sealed as "answersSealed" from verification_sessions t
    where t.team_id = ${ctx.team.id} and t.id = ${wanted.sessionId} and t.consumer_id = ${wanted.consumerId}
    for update`.execute(ctx.tx)
  const [row] = rows
  if (!row) return null
  const { answersSealed, ...session } = row
  return { session, answersSealed }
}

export async function updateSession(
  ctx: Ctx<'tx' | 'team'>,
  row: Pick<VerificationSession, 'id' | 'status' | 'statusReason' | 'detail' | 'updatedAt'> & {
    readonly from: SessionStatus
  },
): Promise<VerificationSession> {
  const { rows } = await sql<VerificationSession>`
    update verification_sessions as t
    set status = ${row.status}, status_reason = ${row.statusReason}, detail = ${JSON.stringify(row.detail)},
        answers_sealed = null, updated_at = ${row.updatedAt}
    where t.team_id = ${ctx.team.id} and t.id = ${row.id} and t.status = ${row.from}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export function listSessions(
  ctx: Ctx<Reading>,
  consumerId: ConsumerId,
  request: PageRequest,
): Promise<Page<VerificationSession> | null> {
  const where = sql`t.team_id = ${ctx.team.id} and t.consumer_id = ${consumerId}`
  return readPage(
    ctx.db,
    { table: 'verification_sessions', columns, where, teamId: ctx.team.id, total: 'counted' },
    request,
  )
}

/** How many sessions a phone has had since then, whoever's phone it was said to be. */
export async function countPhoneSessions(
  ctx: Ctx<Reading>,
  wanted: { readonly phoneHash: string; readonly since: string },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from verification_sessions t
    where t.team_id = ${ctx.team.id} and t.phone_hash = ${wanted.phoneHash} and t.created_at > ${wanted.since}
  `.execute(ctx.db)
  return onlyRow(rows).count
}

/** Holds a phone until the end of this transaction. */
export async function takePhone(ctx: Ctx<'tx' | 'team'>, phoneHash: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.team.id}:${phoneHash}`}, 0))`.execute(ctx.tx)
}

export async function findSealed(ctx: Ctx<Reading>, id: VerificationSessionId): Promise<Buffer | null> {
  const { rows } = await sql<{ answersSealed: Buffer | null }>`
    select t.answers_sealed as "answersSealed" from verification_sessions t
    where t.team_id = ${ctx.team.id} and t.id = ${id}`.execute(ctx.db)
  return rows[0]?.answersSealed ?? null
}

/** Locks the session behind a link; links name no team. */
export async function takeLinked(
  tx: Tx,
  id: VerificationSessionId,
): Promise<{ readonly teamId: TeamId; readonly session: VerificationSession } | null> {
  const { rows } = await sql<VerificationSession & { teamId: TeamId }>`
    select ${columns}, t.team_id as "teamId" from verification_sessions t
    where t.id = ${id} and t.method = 'sna' for update`.execute(tx)
  const [row] = rows
  if (!row) return null
  const { teamId, ...session } = row
  return { teamId, session }
}

/** Nothing that a session shows changes, so its update time stays. */
export async function noteOpening(
  ctx: Ctx<'tx' | 'team'>,
  id: VerificationSessionId,
  detail: SnaDetail,
): Promise<void> {
  await sql`
    update verification_sessions set detail = ${JSON.stringify(detail)}
    where team_id = ${ctx.team.id} and id = ${id}`.execute(ctx.tx)
}

export type ExpiredSession = VerificationSession & { readonly previousUpdatedAt: string }

const withoutQuestions = sql`
  case when jsonb_exists(t.detail, 'questions') then t.detail || '{"questions": []}' else t.detail end`

export const waiting: Waiting = {
  table: sql`verification_sessions`,
  dueAt: sql`w.expires_at`,
  where: sql`w.status = 'in_progress'`,
}

/** Fails the team's overdue ones, oldest first; sessions that somebody is answering are skipped. */
export function expireSessions(
  ctx: Ctx<'tx' | 'team'>,
  due: { readonly now: string; readonly at: string; readonly limit: number },
): Promise<readonly ExpiredSession[]> {
  const overdue = sql`
    select d.team_id, d.id, d.updated_at from verification_sessions d
    where d.team_id = ${ctx.team.id} and d.status = 'in_progress' and d.expires_at <= ${due.now}
    order by d.expires_at, d.id limit ${due.limit} for update skip locked`
  return expire(ctx.tx, overdue, due.at)
}

/** Fails one session if it is overdue. */
export function expireSession(
  ctx: Ctx<'tx' | 'team'>,
  due: { readonly now: string; readonly at: string; readonly only: Wanted },
): Promise<readonly ExpiredSession[]> {
  const { consumerId, sessionId } = due.only
  const overdue = sql`
    select d.team_id, d.id, d.updated_at from verification_sessions d
    where d.team_id = ${ctx.team.id} and d.id = ${sessionId} and d.consumer_id = ${consumerId}
      and d.status = 'in_progress' and d.expires_at <= ${due.now} for update`
  return expire(ctx.tx, overdue, due.at)
}

async function expire(tx: Tx, overdue: RawBuilder<unknown>, at: string): Promise<readonly ExpiredSession[]> {
  assertMove('in_progress', 'failed')
  const { rows } = await sql<ExpiredSession>`
    with overdue as (${overdue})
    update verification_sessions as t
    set status = 'failed', status_reason = 'expired', detail = ${withoutQuestions}, answers_sealed = null,
        updated_at = ${at}
    from overdue d where t.team_id = d.team_id and t.id = d.id
    returning d.updated_at as "previousUpdatedAt", ${columns}`.execute(tx)
  return rows
}

export async function eraseSessions(ctx: Ctx<'tx' | 'team'>, consumerId: ConsumerId): Promise<void> {
  await sql`
    update verification_sessions as t set detail = ${withoutQuestions}, answers_sealed = null
    where t.team_id = ${ctx.team.id} and t.consumer_id = ${consumerId}`.execute(ctx.tx)
}
