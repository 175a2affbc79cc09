/** Every statement about visits to the pages of institutions. */
import { sql } from 'kysely'
import { onlyRow } from '../../db/rows.js'
import type { Ctx, Reading } from '../ctx.js'
import type { ConnectionId, ConnectSessionId, ConsumerId, TeamId } from '../ids.js'
import type { LoginFailure } from './transitions.js'

export interface VisitRow {
  readonly id: ConnectSessionId
  readonly connectionId: ConnectionId
  readonly consumerId: ConsumerId
  readonly status: 'pending' | 'succeeded' | 'failed'
  readonly reason: LoginFailure | null
  readonly url: string
  readonly wishes: Readonly<Record<string, unknown>>
  readonly startedAt: string | null
  readonly firstReadAt: string | null
  readonly expiresAt: string
  readonly createdAt: string
  readonly updatedAt: string
}

const columns = sql`v.id, v.connection_id as "connectionId",
  (select l.consumer_id from logins l where l.team_id = v.team_id and l.connection_id = v.connection_id) as "consumerId",
  v.status, v.reason, v.url, v.wishes, v.started_at as "startedAt", v.first_read_at as "firstReadAt",
  v.expires_at as "expiresAt", v.created_at as "createdAt", v.updated_at as "updatedAt"`

export async function addVisit(
  ctx: Ctx<'tx' | 'team'>,
  row: Pick<VisitRow, 'id' | 'connectionId' | 'url' | 'wishes' | 'expiresAt' | 'createdAt'>,
): Promise<VisitRow> {
  const { rows } = await sql<VisitRow>`
    insert into login_visits as v (team_id, id, connection_id, status, url, wishes, expires_at, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.connectionId}, 'pending', ${row.url}, ${JSON.stringify(row.wishes)},
      ${row.expiresAt}, ${row.createdAt}, ${row.createdAt})
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function findVisit(ctx: Ctx<Reading>, id: ConnectSessionId): Promise<VisitRow | null> {
  const { rows } = await sql<VisitRow>`
    select ${columns} from login_visits v where v.team_id = ${ctx.team.id} and v.id = ${id}`.execute(ctx.db)
  return rows[0] ?? null
}

export async function takeVisit(ctx: Ctx<'tx' | 'team'>, id: ConnectSessionId): Promise<VisitRow | null> {
  const { rows } = await sql<VisitRow>`
    select ${columns} from login_visits v where v.team_id = ${ctx.team.id} and v.id = ${id} for update of v`.execute(
    ctx.tx,
  )
  return rows[0] ?? null
}

/** Whose visit it is: somebody who comes back from an institution knows nothing but its id. */
export async function findTeamOf(ctx: Ctx<'db'>, id: ConnectSessionId): Promise<TeamId | null> {
  const { rows } = await sql<{ teamId: TeamId }>`
    select v.team_id as "teamId" from login_visits v where v.id = ${id}`.execute(ctx.db)
  return rows[0]?.teamId ?? null
}

/** Newest first. */
export async function listVisits(ctx: Ctx<Reading>, connectionId: ConnectionId): Promise<readonly VisitRow[]> {
  const { rows } = await sql<VisitRow>`
    select ${columns} from login_visits v where v.team_id = ${ctx.team.id} and v.connection_id = ${connectionId}
    order by v.created_at desc, v.id desc limit 100`.execute(ctx.db)
  return rows
}

/** Ends visits that nobody came back from, because another one begins. */
export async function endPending(ctx: Ctx<'tx' | 'team'>, connectionId: ConnectionId, at: string): Promise<void> {
  await sql`
    update login_visits set status = 'failed', reason = 'challenge_expired', updated_at = ${at}
    where team_id = ${ctx.team.id} and connection_id = ${connectionId} and status = 'pending'`.execute(ctx.tx)
}

export async function setOutcome(
  ctx: Ctx<'tx' | 'team'>,
  id: ConnectSessionId,
  { reason, at }: { readonly reason: LoginFailure | null; readonly at: string },
): Promise<VisitRow> {
  const { rows } = await sql<VisitRow>`
    update login_visits as v
    set status = ${reason === null ? 'succeeded' : 'failed'}, reason = ${reason}, updated_at = ${at}
    where v.team_id = ${ctx.team.id} and v.id = ${id} and v.status = 'pending' returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

/** Keeps when somebody first looked at it. */
export async function noteRead(ctx: Ctx<Reading>, id: ConnectSessionId, at: string): Promise<void> {
  await sql`
    update login_visits set first_read_at = ${at}
    where team_id = ${ctx.team.id} and id = ${id} and first_read_at is null`.execute(ctx.db)
}

/** Keeps when the consumer set out for the page of the newest one. */
export async function noteStart(ctx: Ctx<'tx' | 'team'>, connectionId: ConnectionId, at: string): Promise<void> {
  await sql`
    update login_visits set started_at = ${at}
    where team_id = ${ctx.team.id} and status = 'pending' and started_at is null and id = (
      select v.id from login_visits v where v.team_id = ${ctx.team.id} and v.connection_id = ${connectionId}
      order by v.created_at desc, v.id desc limit 1)`.execute(ctx.tx)
}
