import { sql } from 'kysely'
import type { Db } from '../../db/database.js'
import { onlyRow } from '../../db/rows.js'
import type { Instant } from '../clock/clock.js'
import type { Ctx, Reading } from '../ctx.js'
import type { AccountId, ElementId, RetrievalId, TeamId } from '../ids.js'
import type { ElementEvent } from './events.js'
import type { Element } from './sessions.js'

const columns = sql`t.id, t.type, t.consumer_id as "consumerId", t.session_id as "sessionId", t.detail,
  t.is_authenticated as "isAuthenticated", t.connect_id as "connectId", t.account_ids as "accountIds", t.events,
  t.expires_at as "expiresAt", t.opened_at as "openedAt", t.finished_at as "finishedAt", t.exited_at as "exitedAt",
  t.progress, t.created_at as "createdAt"`

export type NewElement = Pick<Element, 'id' | 'type' | 'consumerId' | 'sessionId' | 'detail' | 'expiresAt'> & {
  readonly createdAt: string
}

export async function addElement(ctx: Ctx<'tx' | 'team'>, row: NewElement, tokenHash: Buffer): Promise<Element> {
  const { rows } = await sql<Element>`
    insert into element_tokens as t (team_id, id, token_hash, type, consumer_id, session_id, detail, expires_at, created_at)
    values (${ctx.team.id}, ${row.id}, ${tokenHash}, ${row.type}, ${row.consumerId}, ${row.sessionId},
            ${JSON.stringify(row.detail)}, ${row.expiresAt}, ${row.createdAt})
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function findElement(ctx: Ctx<Reading>, tokenHash: Buffer): Promise<Element | null> {
  const { rows } = await sql<Element>`
    select ${columns} from element_tokens t
    where t.team_id = ${ctx.team.id} and t.token_hash = ${tokenHash}`.execute(ctx.db)
  return rows[0] ?? null
}

type Owned = Element & { readonly teamId: TeamId }

/** Uses the token, if it was not used and is in time; of several at once one gets the row. */
export async function useToken(
  ctx: Ctx<Reading>,
  use: { readonly tokenHash: Buffer; readonly pageHash: Buffer; readonly event: ElementEvent; readonly now: Instant },
): Promise<Element | null> {
  const { rows } = await sql<Element>`
    update element_tokens as t
    set opened_at = ${use.now}, page_hash = ${use.pageHash}, events = t.events || ${JSON.stringify([use.event])}::jsonb
    where t.team_id = ${ctx.team.id} and t.token_hash = ${use.tokenHash} and t.opened_at is null
      and t.expires_at > ${use.now}
    returning ${columns}`.execute(ctx.db)
  return rows[0] ?? null
}

/** Whose token it is; tokens name no team. */
export async function findTeamOfToken(db: Db, tokenHash: Buffer): Promise<TeamId | null> {
  const { rows } = await sql<{ teamId: TeamId }>`
    select t.team_id as "teamId" from element_tokens t where t.token_hash = ${tokenHash}`.execute(db)
  return rows[0]?.teamId ?? null
}

/** The element of an open page, which the token admitted; pages name no team. */
export async function findByPage(
  db: Db,
  { pageHash, tokenHash }: { readonly pageHash: Buffer; readonly tokenHash: Buffer },
): Promise<Owned | null> {
  const { rows } = await sql<Owned>`
    select ${columns}, t.team_id as "teamId" from element_tokens t
    where t.page_hash = ${pageHash} and t.token_hash = ${tokenHash}`.execute(db)
  return rows[0] ?? null
}

/** Locks the element for this transaction. */
export async function takeElement(ctx: Ctx<'tx' | 'team'>, id: ElementId): Promise<Element> {
  const { rows } = await sql<Element>`
    select ${columns} from element_tokens t
    where t.team_id = ${ctx.team.id} and t.id = ${id} for update`.execute(ctx.tx)
  return onlyRow(rows)
}

/** Where the person stands, and what the page tells of that. */
export async function saveProgress(
  ctx: Ctx<'tx' | 'team'>,
  id: ElementId,
  { progress, events }: Pick<Element, 'progress' | 'events'>,
): Promise<Element> {
  const { rows } = await sql<Element>`
    update element_tokens as t
    set progress = ${JSON.stringify(progress)}, events = t.events || ${JSON.stringify(events)}::jsonb
    where t.team_id = ${ctx.team.id} and t.id = ${id}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

/** Adds an event, unless the page was left or has told `most` already. */
export async function addEvent(
  ctx: Ctx<Reading>,
  id: ElementId,
  { event, most }: { readonly event: ElementEvent; readonly most: number },
): Promise<void> {
  await sql`
    update element_tokens
    set events = events || ${JSON.stringify([event])}::jsonb,
        exited_at = case when ${event.type} = 'exit' then ${event.at}::timestamptz end
    where team_id = ${ctx.team.id} and id = ${id} and opened_at is not null and exited_at is null
      and (jsonb_array_length(events) < ${most} or ${event.type} = 'exit')`.execute(ctx.db)
}

export async function markAuthenticated(
  ctx: Ctx<'tx' | 'team'>,
  id: ElementId,
  connectId: RetrievalId | null,
): Promise<Element> {
  const { rows } = await sql<Element>`
    update element_tokens as t
    set is_authenticated = true, connect_id = coalesce(${connectId}::text, t.connect_id)
    where t.team_id = ${ctx.team.id} and t.id = ${id}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

/** Null when it was finished before. */
export async function markFinished(
  ctx: Ctx<'tx' | 'team'>,
  id: ElementId,
  end: { readonly accountIds: readonly AccountId[]; readonly event: ElementEvent },
): Promise<Element | null> {
  const { rows } = await sql<Element>`
    update element_tokens as t
    set account_ids = ${end.accountIds}, finished_at = ${end.event.at},
        events = t.events || ${JSON.stringify([end.event])}::jsonb
    where t.team_id = ${ctx.team.id} and t.id = ${id} and t.finished_at is null and t.exited_at is null
    returning ${columns}`.execute(ctx.tx)
  return rows[0] ?? null
}

export async function getElement(ctx: Ctx<'tx' | 'team'>, id: ElementId): Promise<Element> {
  const { rows } = await sql<Element>`
    select ${columns} from element_tokens t where t.team_id = ${ctx.team.id} and t.id = ${id}`.execute(ctx.tx)
  return onlyRow(rows)
}
