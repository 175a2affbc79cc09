import { sql } from 'kysely'
import { type Page, type PageRequest, readPage } from '../../db/pages.js'
import { onlyRow } from '../../db/rows.js'
import type { Ctx, Reading } from '../ctx.js'
import type { ConsumerId, VerificationSessionId } from '../ids.js'
import type { SessionStatus } from './transitions.js'
import type { VerificationSession } from './verification.js'

const columns = sql`t.id, t.consumer_id as "consumerId", t.channel, t.method, t.status, t.status_reason as "statusReason",
  t.detail, t.expires_at as "expiresAt", t.created_at as "createdAt", t.updated_at as "updatedAt"`

export async function addSession(
  ctx: Ctx<'tx' | 'team'>,
  row: Omit<VerificationSession, 'updatedAt'> & { readonly answersSealed: Buffer | null },
): Promise<VerificationSession> {
  const { rows } = await sql<VerificationSession>`
    insert into verification_sessions as t (team_id, id, consumer_id, channel, method, status, status_reason, detail,
                                            answers_sealed, expires_at, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.consumerId}, ${row.channel}, ${row.method}, ${row.status},
            ${row.statusReason}, ${JSON.stringify(row.detail)}, ${row.answersSealed}, ${row.expiresAt},
            ${row.createdAt}, ${row.createdAt})
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
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
