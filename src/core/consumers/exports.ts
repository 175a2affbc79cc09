import { sql } from 'kysely'
import { type CsvColumn, csvLines } from '../../db/csv.js'
import type { Ctx, Reading } from '../ctx.js'
import type { Column, Lines, Span } from '../export.js'

const fields = {
  id: { value: sql`t.id`, kind: 'plain' },
  kind: { value: sql`coalesce(t.kind, t.withdrawn_kind)`, kind: 'plain' },
  status: { value: sql`t.status`, kind: 'plain' },
  createdAt: { value: sql`t.created_at`, kind: 'instant' },
} as const satisfies Record<string, Pick<CsvColumn, 'value' | 'kind'>>
export type ConsumerField = keyof typeof fields

/** Consumers made in a stretch of time, oldest first, as a table without personal details. */
export function exportConsumers(ctx: Ctx<Reading>, span: Span, columns: readonly Column<ConsumerField>[]): Lines {
  return csvLines(
    ctx.db,
    columns.map((column) => ({ ...column, ...fields[column.field] })),
    {
      from: sql`consumers t`,
      where: sql`t.team_id = ${ctx.team.id}`,
      at: sql`t.created_at`,
      id: sql`t.id`,
      span,
    },
  )
}
