import { sql } from 'kysely'
import type { Db } from '../../db/database.js'
import type { Tables } from '../../db/schema.generated.js'
import type { TeamId } from '../ids.js'
import type { Stamp } from './time.js'

/** Tables with `team_id` and a `created_at` that a team's clock stamps. Their capabilities name them. */
export type StampedTables = readonly (keyof Tables)[]

/** The newest stamp that a team has in some tables, to the microsecond; null when it has nothing there. */
export async function newestStampIn(db: Db, tables: StampedTables, teamId: TeamId): Promise<Stamp | null> {
  const newest = tables.map(
    (table) => sql`(select max(t.created_at) from ${sql.table(table)} t where t.team_id = ${teamId})`,
  )
  const { rows } = await sql<{ stamp: Stamp | null }>`
    select to_char(greatest(${sql.join(newest)}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as stamp`.execute(
    db,
  )
  return rows[0]?.stamp ?? null
}
