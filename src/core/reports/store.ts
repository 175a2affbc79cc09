import { sql } from 'kysely'
import { listOn, type Page } from '../../db/keyset.js'
import { jsonOrNull, onlyRow } from '../../db/rows.js'
import type { Ctx, Reading } from '../ctx.js'
import type { ReportId } from '../ids.js'
import type { Report } from './reports.js'

const columns = sql`t.id, t.kind, t.begins_at as "from", t.ends_before as "before", t.metadata,
  t.created_at as "createdAt", t.updated_at as "updatedAt"`

export async function addReport(ctx: Ctx<'tx' | 'team'>, row: Omit<Report, 'updatedAt'>): Promise<Report> {
  const { rows } = await sql<Report>`
    insert into reports as t (team_id, id, kind, begins_at, ends_before, metadata, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.kind}, ${row.from}, ${row.before}, ${jsonOrNull(row.metadata)},
            ${row.createdAt}, ${row.createdAt})
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function findReport(ctx: Ctx<Reading>, id: ReportId): Promise<Report | null> {
  const { rows } = await sql<Report>`
    select ${columns} from reports t where t.team_id = ${ctx.team.id} and t.id = ${id}`.execute(ctx.db)
  return rows[0] ?? null
}

export function listReports(
  ctx: Ctx<Reading>,
  page: { readonly cursor: string | null; readonly limit: number },
): Promise<Page<Report>> {
  const where = sql`t.team_id = ${ctx.team.id}`
  return listOn<Report>(ctx.db, { table: 'reports', columns, where, teamId: ctx.team.id }, page)
}
