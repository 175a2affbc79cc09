/** Every statement about widgets: their sessions, what is noted of the users in front of them, and what those wrote. */
import { sql } from 'kysely'
import { onlyRow } from '../../db/rows.js'
import type { Ctx, Reading } from '../ctx.js'
import type { ConsumerId, SupportTicketId, WidgetSessionId } from '../ids.js'
import type { SupportTicket, UserNotes, WidgetSession } from './widgets.js'

const sessionColumns = sql`s.id, s.consumer_id as "consumerId", s.settings, s.expires_at as "expiresAt",
  s.created_at as "createdAt"`

export async function addSession(ctx: Ctx<'tx' | 'team'>, row: WidgetSession): Promise<WidgetSession> {
  const { rows } = await sql<WidgetSession>`
    insert into widget_sessions as s (team_id, id, consumer_id, settings, expires_at, created_at)
    values (${ctx.team.id}, ${row.id}, ${row.consumerId}, ${JSON.stringify(row.settings)}, ${row.expiresAt},
      ${row.createdAt})
    returning ${sessionColumns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function findSession(ctx: Ctx<Reading>, id: WidgetSessionId): Promise<WidgetSession | null> {
  const { rows } = await sql<WidgetSession>`
    select ${sessionColumns} from widget_sessions s where s.team_id = ${ctx.team.id} and s.id = ${id}`.execute(ctx.db)
  return rows[0] ?? null
}

/** Forgets sessions that ended long ago. */
export async function forgetSessions(ctx: Ctx<'tx' | 'team'>, endedBefore: string): Promise<void> {
  await sql`
    delete from widget_sessions s where s.team_id = ${ctx.team.id} and s.expires_at < ${endedBefore}`.execute(ctx.tx)
}

const noteColumns = sql`n.consumer_id as "consumerId", n.email, n.note, n.is_disabled as "isDisabled",
  n.small_screen_noted_at as "smallScreenNotedAt", n.deleted_at as "deletedAt"`

export async function findNotes(ctx: Ctx<Reading>, ids: readonly ConsumerId[]): Promise<readonly UserNotes[]> {
  const { rows } = await sql<UserNotes>`
    select ${noteColumns} from user_notes n
    where n.team_id = ${ctx.team.id} and n.consumer_id = any(${ids})`.execute(ctx.db)
  return rows
}

/** The ids of users, newest last, after one; those that were deleted are left out. */
export async function listUserIds(
  ctx: Ctx<Reading>,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly ids: readonly ConsumerId[]; readonly total: number }> {
  const { rows } = await sql<{ id: ConsumerId; total: number }>`
    select n.consumer_id as id, count(*) over () as total from user_notes n
    where n.team_id = ${ctx.team.id} and n.deleted_at is null
    order by n.created_at, n.consumer_id offset ${page.offset} limit ${page.limit}`.execute(ctx.db)
  return { ids: rows.map(({ id }) => id), total: Number(rows[0]?.total ?? 0) }
}

/** Adds what is noted of a user, or replaces it. */
export async function putNotes(ctx: Ctx<'tx' | 'team'>, row: UserNotes, at: string): Promise<UserNotes> {
  const { rows } = await sql<UserNotes>`
    insert into user_notes as n (team_id, consumer_id, email, note, is_disabled, small_screen_noted_at, deleted_at,
      created_at, updated_at)
    values (${ctx.team.id}, ${row.consumerId}, ${row.email}, ${row.note}, ${row.isDisabled}, ${row.smallScreenNotedAt},
      ${row.deletedAt}, ${at}, ${at})
    on conflict (team_id, consumer_id) do update
    set email = excluded.email, note = excluded.note, is_disabled = excluded.is_disabled,
        small_screen_noted_at = excluded.small_screen_noted_at, deleted_at = excluded.deleted_at,
        updated_at = excluded.updated_at
    returning ${noteColumns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function addTicket(
  ctx: Ctx<'tx' | 'team'>,
  row: Omit<SupportTicket, 'email' | 'title' | 'message'> & { readonly sealed: Buffer },
): Promise<Pick<SupportTicket, 'createdAt'>> {
  const { rows } = await sql<Pick<SupportTicket, 'createdAt'>>`
    insert into support_tickets (team_id, id, consumer_id, sealed, created_at)
    values (${ctx.team.id}, ${row.id}, ${row.consumerId}, ${row.sealed}, ${row.createdAt})
    returning created_at as "createdAt"`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function listTickets(
  ctx: Ctx<Reading>,
  consumerId: ConsumerId,
): Promise<readonly { readonly id: SupportTicketId; readonly sealed: Buffer; readonly createdAt: string }[]> {
  const { rows } = await sql<{ id: SupportTicketId; sealed: Buffer; createdAt: string }>`
    select t.id, t.sealed, t.created_at as "createdAt" from support_tickets t
    where t.team_id = ${ctx.team.id} and t.consumer_id = ${consumerId} order by t.created_at, t.id limit 100`.execute(
    ctx.db,
  )
  return rows
}
