import { sql } from 'kysely'
import type { Db } from '../../db/database.js'
import { listOn, type Page } from '../../db/keyset.js'
import { longAgo } from '../../db/months.js'
import { onlyRow } from '../../db/rows.js'
import type { Ctx, Reading } from '../ctx.js'
import type { RequestLogId } from '../ids.js'

/** A request as a list shows it. */
export interface RequestLine {
  readonly id: RequestLogId
  /** Empty for a request of nobody. */
  readonly teamId: string
  readonly face: string
  readonly method: string
  readonly path: string
  readonly route: string | null
  readonly version: string | null
  readonly status: number
  readonly tookUs: number
  readonly requestId: string | null
  readonly createdAt: string
}

/** With everything that secrets and people were masked in. */
export interface LoggedRequest extends RequestLine {
  readonly query: unknown
  readonly requestBody: unknown
  readonly responseBody: unknown
}

export type NewRequest = LoggedRequest

/** How many requests there were in an hour, and how long they took together. */
export interface NewTotal extends Omit<RequestCount, 'total' | 'tookUs'> {
  readonly teamId: string
  total: number
  tookUs: number
}

/** Adds requests, and adds to the totals of their hours. */
export async function addRequests(db: Db, rows: readonly NewRequest[], totals: readonly NewTotal[]): Promise<void> {
  await sql`
    with counted as (
      insert into request_counts as c (team_id, hour, face, status_class, total, took_us)
      select "teamId", hour, face, "statusClass", total, "tookUs"
      from jsonb_to_recordset(${JSON.stringify(totals)}::jsonb) as n
        ("teamId" text, hour timestamptz, face text, "statusClass" smallint, total bigint, "tookUs" bigint)
      order by 1, 2, 3, 4
      on conflict (team_id, hour, face, status_class)
        do update set total = c.total + excluded.total, took_us = c.took_us + excluded.took_us)
    insert into request_log (team_id, id, face, method, path, route, version, status, took_us, request_id, query,
      request_body, response_body, created_at)
    select "teamId", id, face, method, path, route, version, status, "tookUs", "requestId", query, "requestBody",
           "responseBody", "createdAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r
      ("teamId" text, id text, face text, method text, path text, route text, version text, status smallint,
       "tookUs" integer, "requestId" text, query jsonb, "requestBody" jsonb, "responseBody" jsonb,
       "createdAt" timestamptz)`.execute(db)
}

/** Filters combine with and; null leaves a filter out. */
export interface RequestFilter {
  readonly face: string | null
  readonly method: string | null
  /** Only those that failed. */
  readonly isFailed: boolean
  /** Those without a valid key, instead of the team's own. */
  readonly isNobodys: boolean
}

const lineColumns = sql`t.id, t.team_id as "teamId", t.face, t.method, t.path, t.route, t.version, t.status,
  t.took_us as "tookUs", t.request_id as "requestId", t.created_at as "createdAt"`

export function listRequests(
  ctx: Ctx<Reading>,
  { face, method, isFailed, isNobodys }: RequestFilter,
  page: { readonly cursor: string | null; readonly limit: number },
): Promise<Page<RequestLine>> {
  const teamId = isNobodys ? '' : ctx.team.id
  const where = sql`t.team_id = ${teamId}
    ${face === null ? sql`` : sql`and t.face = ${face}`}
    ${method === null ? sql`` : sql`and t.method = ${method}`}
    ${isFailed ? sql`and t.status >= 400` : sql``}`
  return listOn<RequestLine>(ctx.db, { table: 'request_log', columns: lineColumns, where, teamId }, page)
}

/** Also one of nobody. */
export async function findRequest(
  ctx: Ctx<Reading>,
  wanted: { readonly id: RequestLogId | null; readonly requestId: string },
): Promise<LoggedRequest | null> {
  const { rows } = await sql<LoggedRequest>`
    select ${lineColumns}, t.query, t.request_body as "requestBody", t.response_body as "responseBody"
    from request_log t
    where t.team_id in (${ctx.team.id}, '') and (t.id = ${wanted.id} or t.request_id = ${wanted.requestId})
    order by t.created_at desc limit 1`.execute(ctx.db)
  return rows[0] ?? null
}

export interface RequestCount {
  readonly hour: string
  readonly face: string
  readonly statusClass: number
  readonly total: number
  readonly tookUs: number
}

export async function listCounts(ctx: Ctx<Reading>, since: string): Promise<readonly RequestCount[]> {
  const { rows } = await sql<RequestCount>`
    select c.hour, c.face, c.status_class as "statusClass", c.total, c.took_us as "tookUs"
    from request_counts c where c.team_id = ${ctx.team.id} and c.hour >= ${since}
    order by c.hour, c.face, c.status_class`.execute(ctx.db)
  return rows
}

/** Forgets how many there were so many days ago; returns how many hours that were. */
export async function deleteCounts(db: Db, keptDays: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with gone as (delete from request_counts where hour < ${longAgo(keptDays)} returning 1)
    select count(*) from gone`.execute(db)
  return onlyRow(rows).count
}
