import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../db/database.js'
import { type Page as KeysetPage, listOn } from '../../db/keyset.js'
import { longAgo, type Strays } from '../../db/months.js'
import { type Page, type PageRequest, readPage } from '../../db/pages.js'
import type { Ctx, Reading } from '../ctx.js'
import type { EventId } from '../ids.js'
import type { RecordedEvent } from '../recorded-event.js'
import { type EventFilter, READABLE } from './reading.js'

const columns = sql`t.id, t.topic, t.resource, t.resource_id as "resourceId",
  case when t.is_before_partial then t.after || t.before else t.before end as before, t.after, t.created_at as "createdAt"`
// Written out, so that the planner knows the partial indexes.
const isReadable = sql`t.resource in (${sql.join(READABLE.map((resource) => sql.lit(resource)))})`

export async function addEvents(ctx: Ctx<'tx' | 'team'>, events: readonly RecordedEvent[]): Promise<void> {
  await sql`
    insert into events (team_id, id, topic, resource, resource_id, before, is_before_partial, after, created_at)
    select ${ctx.team.id}, e.id, e.topic, e.resource, e."resourceId", e.before, e."isBeforePartial", e.after, e."createdAt"
    from jsonb_to_recordset(${JSON.stringify(events.map(condensed))}::jsonb) as e
      (id text, topic text, resource text, "resourceId" text, before jsonb, "isBeforePartial" boolean, after jsonb,
       "createdAt" timestamptz)
  `.execute(ctx.tx)
}

/** Most of what was before still is, so only the members that changed are kept of it, where the others can be told from what is. */
function condensed(event: RecordedEvent): RecordedEvent & { readonly isBeforePartial: boolean } {
  const { before, after } = event
  const whole = { ...event, isBeforePartial: false }
  if (before === null) return whole
  const members = Object.entries(before)
  const now = after as Readonly<Record<string, unknown>>
  // A member that is undefined is not written, so it is absent.
  const isSameShape =
    members.length === Object.keys(after).length &&
    members.every(([name, value]) => value !== undefined && now[name] !== undefined)
  if (!isSameShape) return whole
  const changed = members.filter(([name, value]) => !isSame(value, now[name]))
  return { ...event, before: Object.fromEntries(changed), isBeforePartial: true }
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  const areObjects = typeof one === 'object' && typeof other === 'object' && one !== null && other !== null
  return areObjects && JSON.stringify(one) === JSON.stringify(other)
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
  { topic, exceptTopics, resource, resourceId }: EventFilter,
  request: PageRequest,
): Promise<Page<RecordedEvent> | null> {
  const where = sql`t.team_id = ${ctx.team.id} and ${isReadable}
    ${topic !== null ? sql`and t.topic = ${topic}` : exceptTopics.length > 0 ? sql`and t.topic <> all(${exceptTopics})` : sql``}
    ${resource === null ? sql`` : sql`and t.resource = ${resource}`}
    ${resourceId === null ? sql`` : sql`and t.resource_id = ${resourceId}`}`
  // A resource has few events; a team has many, whose totals are kept.
  const total =
    resourceId === null
      ? { kept: 'events', facets: [resource, topic ?? { except: exceptTopics }] }
      : ('counted' as const)
  return readPage<RecordedEvent>(ctx.db, { table: 'events', columns, where, teamId: ctx.team.id, total }, request)
}

export async function findReadable(ctx: Ctx<Reading>, id: EventId): Promise<RecordedEvent | null> {
  const { rows } = await sql<RecordedEvent>`
    select ${columns} from events t where t.team_id = ${ctx.team.id} and t.id = ${id} and ${isReadable}`.execute(ctx.db)
  return rows[0] ?? null
}

export function listRecorded(
  ctx: Ctx<Reading>,
  { topic, resourceId }: { readonly topic: string | null; readonly resourceId: string | null },
  page: { readonly cursor: string | null; readonly limit: number },
): Promise<KeysetPage<RecordedEvent>> {
  const where = sql`t.team_id = ${ctx.team.id}
    ${topic === null ? sql`` : sql`and t.topic = ${topic}`}
    ${resourceId === null ? sql`` : sql`and t.resource_id = ${resourceId}`}`
  return listOn<RecordedEvent>(ctx.db, { table: 'events', columns, where, teamId: ctx.team.id }, page)
}

export async function findRecorded(ctx: Ctx<Reading>, id: EventId): Promise<RecordedEvent | null> {
  const { rows } = await sql<RecordedEvent>`
    select ${columns} from events t where t.team_id = ${ctx.team.id} and t.id = ${id}`.execute(ctx.db)
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

const takenOff = (rows: RawBuilder<unknown>) => sql`
  insert into list_counts as c (team_id, list, facets, slot, total)
  select t.team_id, 'events', array[t.resource, t.topic], 0, -count(*) from ${rows} t where ${isReadable}
  group by t.team_id, t.resource, t.topic order by t.team_id, t.resource, t.topic
  on conflict (team_id, list, facets, slot) do update set total = c.total + excluded.total`

/** Takes what is in a month off the totals that its recording added it to. */
export async function takeOffTotals(tx: Tx, month: string): Promise<void> {
  await takenOff(sql.table(month)).execute(tx)
}

/** Deletes events that have no month; returns how many. */
export async function deleteStrays(db: Db, { keptDays, limit }: Strays): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with gone as (
      delete from events_default
      where ctid = any(array(select ctid from events_default where recorded_at < ${longAgo(keptDays)} limit ${limit}))
      returning team_id, resource, topic),
    taken_off as (${takenOff(sql`gone`)})
    select count(*) from gone`.execute(db)
  return rows[0]?.count ?? 0
}
