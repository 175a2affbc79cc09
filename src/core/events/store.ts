import { type RawBuilder, sql } from 'kysely'
import { type Page, type PageRequest, readPage } from '../../db/pages.js'
import type { Ctx, Reading } from '../ctx.js'
import type { EventId } from '../ids.js'
import type { RecordedEvent } from '../recorded-event.js'
import { type EventFilter, READABLE } from './reading.js'

const columns = sql`t.id, t.topic, t.resource, t.resource_id as "resourceId", t.before, t.after, t.created_at as "createdAt"`
// Written out, so that the planner knows the partial indexes.
const isReadable = sql`t.resource in (${sql.join(READABLE.map((resource) => sql.lit(resource)))})`

export async function addEvents(ctx: Ctx<'tx' | 'team'>, events: readonly RecordedEvent[]): Promise<void> {
  await sql`
    insert into events (team_id, id, topic, resource, resource_id, before, after, created_at)
    select ${ctx.team.id}, e.id, e.topic, e.resource, e."resourceId", e.before, e.after, e."createdAt"
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as e
      (id text, topic text, resource text, "resourceId" text, before jsonb, after jsonb, "createdAt" timestamptz)
  `.execute(ctx.tx)
}

export async function listByResource(
  ctx: Ctx<Reading>,
  resourceId: string,
  limit: number,
): Promise<readonly RecordedEvent[]> {
  const { rows } = await sql<RecordedEvent>`
    select ${columns} from events t where t.team_id = ${ctx.team.id} and t.resource_id = ${resourceId}
    order by t.created_at desc, t.id desc limit ${limit}`.execute(ctx.db)
  return rows
}

export function listReadable(
  ctx: Ctx<Reading>,
  { topic, resource, resourceId }: EventFilter,
  request: PageRequest,
): Promise<Page<RecordedEvent> | null> {
  const where = sql`t.team_id = ${ctx.team.id} and ${isReadable}
    ${topic === null ? sql`` : sql`and t.topic = ${topic}`}
    ${resource === null ? sql`` : sql`and t.resource = ${resource}`}
    ${resourceId === null ? sql`` : sql`and t.resource_id = ${resourceId}`}`
  // A resource has few events; a team has many, whose totals are kept.
  const total = resourceId === null ? { kept: 'events', facets: [resource, topic] } : ('counted' as const)
  return readPage<RecordedEvent>(ctx.db, { table: 'events', columns, where, teamId: ctx.team.id, total }, request)
}

export async function findReadable(ctx: Ctx<Reading>, id: EventId): Promise<RecordedEvent | null> {
  const { rows } = await sql<RecordedEvent>`
    select ${columns} from events t where t.team_id = ${ctx.team.id} and t.id = ${id} and ${isReadable}`.execute(ctx.db)
  return rows[0] ?? null
}

export async function overwriteSnapshots(
  ctx: Ctx<'tx' | 'team'>,
  resourceIds: readonly string[],
  members: object,
): Promise<void> {
  const erased = sql`${JSON.stringify(members)}::jsonb`
  await sql`
    update events set before = before || ${erased}, after = after || ${erased}
    where team_id = ${ctx.team.id} and resource_id = any(${resourceIds})`.execute(ctx.tx)
}

/** Resources with an event of some topics in a stretch of time, each once, with the first one there: `resource_id`, `at`, `id`. */
export function firstOfEach(
  ctx: Ctx<'team'>,
  topics: readonly string[],
  { from, before }: { readonly from: string; readonly before: string },
): RawBuilder<unknown> {
  return sql`(
    select e.resource_id, e.created_at as at, e.id from events e
    where e.team_id = ${ctx.team.id} and e.topic = any(${topics})
      and e.created_at >= ${from}::timestamptz and e.created_at < ${before}::timestamptz
      and not exists (
        select from events earlier
        where earlier.team_id = e.team_id and earlier.resource_id = e.resource_id and earlier.topic = any(${topics})
          and earlier.created_at >= ${from}::timestamptz and (earlier.created_at, earlier.id) < (e.created_at, e.id)))`
}
