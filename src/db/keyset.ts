/** Lists newest first by (created_at, id) that are read on from where the last page ended, and never counted. */
import { type RawBuilder, sql } from 'kysely'
import type { Db } from './database.js'

export interface KeysetList {
  /** The table, which is called `t` in the fragments below. */
  readonly table: string
  readonly columns: RawBuilder<unknown>
  /** The filters, team included. */
  readonly where: RawBuilder<unknown>
  readonly teamId: string
}

export interface Page<T> {
  readonly items: readonly T[]
  /** The id of the last row of this page, where the next one goes on; null on the last page. */
  readonly next: string | null
}

/** What comes after the row that the cursor names; nothing when there is no such row. */
export async function listOn<Row extends { readonly id: string }>(
  db: Db,
  { table, columns, where, teamId }: KeysetList,
  { cursor, limit }: { readonly cursor: string | null; readonly limit: number },
): Promise<Page<Row>> {
  const from = sql.table(table)
  const rest =
    cursor === null
      ? sql``
      : sql`and (t.created_at, t.id) <
          (select a.created_at, a.id from ${from} a where a.team_id = ${teamId} and a.id = ${cursor} limit 1)`
  const { rows } = await sql<Row>`
    select ${columns} from ${from} t where ${where} ${rest}
    order by t.created_at desc, t.id desc limit ${limit + 1}`.execute(db)
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}
