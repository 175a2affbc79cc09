import { sql } from 'kysely'
import { csvLines } from '../../db/csv.js'
import type { Ctx, Reading } from '../ctx.js'
import type { Column, Lines, Span } from '../export.js'

const fields = {
  date: { value: sql`to_char(t.at at time zone 'America/Chicago', 'YYYY-MM-DD')`, kind: 'plain' },
  balanceCents: { value: sql`t.cents`, kind: 'plain' },
} as const
export type BalanceField = keyof typeof fields

/** One row: what the clearing account held at the end of a stretch of time, in cents, under the day of its beginning. */
export function exportBalance(ctx: Ctx<Reading>, span: Span, columns: readonly Column<BalanceField>[]): Lines {
  const sum = sql`select coalesce(sum(e.cents), 0)::bigint from ledger_entries e
    where e.team_id = ${ctx.team.id} and e.account = 'clearing' and e.at < ${span.before}::timestamptz`
  return csvLines(
    ctx.db,
    columns.map((column) => ({ ...column, ...fields[column.field] })),
    {
      from: sql`(select ${span.from}::timestamptz as at, (${sum}) as cents, 'balance' as id) t`,
      where: sql`true`,
      at: sql`t.at`,
      id: sql`t.id`,
      span,
    },
  )
}
