import { type RawBuilder, sql } from 'kysely'
import type { Db } from './database.js'

/**
 * Pages of a list ordered newest first by (created_at, id). A cursor is the id of the row a page begins with, inclusive;
 * a number counts pages from 1, and is looked up in the index first. Either way a page is one index range.
 */
export interface PageRequest {
  /** First and last UTC day of creation, inclusive, as `YYYY-MM-DD`. */
  readonly fromDate: string | null
  readonly toDate: string | null
  readonly page: number
  readonly cursor: string | null
  readonly limit: number
}

export interface Page<T> {
  readonly items: readonly T[]
  /** The number of this page; with a cursor, of the page that contains it. */
  readonly number: number
  readonly pageCount: number
  readonly limit: number
  readonly total: number
  readonly previous: string | null
  readonly next: string | null
}

export interface List {
  /** The table, which is called `t` in the fragments below. */
  readonly table: string
  readonly columns: RawBuilder<unknown>
  /** The filters, team included. */
  readonly where: RawBuilder<unknown>
  /** How the rows that the filters leave are totalled. */
  readonly total: Total
  readonly teamId: string
}

/**
 * `counted`: by walking them, for lists that are small because of their filters (the records of one owner).
 * `kept`: by adding up `list_counts`; `facets` are the filters in the order in which the list's trigger writes them.
 * A range of days is always counted.
 */
export type Total = 'counted' | { readonly kept: string; readonly facets: readonly Facet[] }
/** Null for any value. */
export type Facet = string | { readonly oneOf: readonly string[] } | { readonly except: readonly string[] } | null

// How far back a cursor's page number is counted exactly; beyond, the number is a lower bound. A page costs no more than this.
const POSITION_ROWS_MAX = 150

/** One page, or null when the cursor names no row of the team. */
export async function readPage<Row extends { readonly id: string }>(
  db: Db,
  list: List,
  request: PageRequest,
): Promise<Page<Row> | null> {
  const { limit, cursor } = request
  const table = sql.table(list.table)
  const where = sql`${list.where} ${dates(request)}`
  const offset = cursor === null ? (request.page - 1) * limit : 0
  const start = cursor ?? (offset > 0 ? await idAt(db, { table, where, offset }) : null)
  // Beyond the end of the list there is no row to begin with.
  const isBeyond = start === null && offset > 0
  const anchor = sql`(select a.created_at, a.id from ${table} a where a.team_id = ${list.teamId} and a.id = ${start})`
  const { rows } = isBeyond
    ? { rows: [] }
    : await sql<Row>`
        select ${list.columns} from ${table} t
        where ${where} ${start === null ? sql`` : sql`and (t.created_at, t.id) <= ${anchor}`}
        order by t.created_at desc, t.id desc limit ${limit + 1}`.execute(db)
  const before = isBeyond
    ? sql`select t.id from ${table} t where ${where}
          order by t.created_at desc, t.id desc limit 1 offset ${offset - limit}`
    : sql`select id from (select t.id, t.created_at from ${table} t where ${where} and (t.created_at, t.id) > ${anchor}
            order by t.created_at, t.id limit ${limit}) p order by p.created_at desc, p.id desc limit 1`
  const position =
    cursor === null
      ? sql`${offset}::bigint`
      : sql`(select count(*) from (select 1 from ${table} t where ${where} and (t.created_at, t.id) > ${anchor}
              order by t.created_at, t.id limit ${POSITION_ROWS_MAX}) p)`
  const around = await sql<{ previous: string | null; position: number; total: number; isKnown: boolean }>`
    select (${start === null && !isBeyond ? sql`null` : before}) as previous, ${position} as position,
           (${totalOf(list, request)})::bigint as total,
           ${cursor === null ? sql`true` : sql`exists ${anchor}`} as "isKnown"`.execute(db)
  const facts = around.rows[0]
  if (!facts?.isKnown) return null
  return {
    items: rows.slice(0, limit),
    number: cursor === null ? request.page : Math.floor(facts.position / limit) + 1,
    pageCount: Math.max(1, Math.ceil(facts.total / limit)),
    limit,
    total: facts.total,
    previous: facts.previous,
    next: rows[limit]?.id ?? null,
  }
}

/** The row that so many precede, found in the index alone; rows are only read from there on. */
async function idAt(
  db: Db,
  { table, where, offset }: { table: RawBuilder<unknown>; where: RawBuilder<unknown>; offset: number },
): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select t.id from ${table} t where ${where}
    order by t.created_at desc, t.id desc limit 1 offset ${offset}`.execute(db)
  return rows[0]?.id ?? null
}

function dates(request: PageRequest): RawBuilder<unknown> {
  const from = request.fromDate === null ? sql`` : sql`and t.created_at >= ${`${request.fromDate}T00:00:00Z`}`
  const to =
    request.toDate === null
      ? sql``
      : sql`and t.created_at < ${`${request.toDate}T00:00:00Z`}::timestamptz + interval '1 day'`
  return sql`${from} ${to}`
}

function totalOf(list: List, request: PageRequest): RawBuilder<unknown> {
  if (list.total === 'counted' || request.fromDate !== null || request.toDate !== null) {
    return sql`select count(*) from ${sql.table(list.table)} t where ${list.where} ${dates(request)}`
  }
  const filters = list.total.facets.map((value, index) => facetIs(sql`c.facets[${sql.lit(index + 1)}]`, value))
  return sql`select coalesce(sum(c.total), 0) from list_counts c
    where c.team_id = ${list.teamId} and c.list = ${list.total.kept} ${sql.join(filters, sql` `)}`
}

function facetIs(facet: RawBuilder<unknown>, value: Facet): RawBuilder<unknown> {
  if (value === null) return sql``
  if (typeof value === 'object' && 'oneOf' in value) return sql`and ${facet} = any(${value.oneOf})`
  return typeof value === 'string' ? sql`and ${facet} = ${value}` : sql`and ${facet} <> all(${value.except})`
}

/** The kept totals of a list, by one of its facets. */
export async function totalsBy(
  db: Db,
  wanted: { readonly teamId: string; readonly list: string; readonly facet: number },
): Promise<Readonly<Record<string, number>>> {
  const { rows } = await sql<{ value: string; total: number }>`
    select c.facets[${sql.lit(wanted.facet)}] as value, sum(c.total)::bigint as total from list_counts c
    where c.team_id = ${wanted.teamId} and c.list = ${wanted.list} group by 1 having sum(c.total) > 0 order by 1`.execute(
    db,
  )
  return Object.fromEntries(rows.map(({ value, total }) => [value, total]))
}
