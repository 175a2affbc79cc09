/** Which rows wait for the domain's time, as each capability's `store.ts` says it of its own table. */
import { type RawBuilder, sql } from 'kysely'
import type { Tables } from '../../db/schema.generated.js'
import type { Ctx } from '../ctx.js'
import type { Instant } from './time.js'

/** Which rows wait, and until when; the table is `w`. The capability's `store.ts` has it, beside the statement that takes them. */
export interface Waiting {
  readonly table: RawBuilder<unknown>
  readonly dueAt: RawBuilder<unknown>
  readonly where: RawBuilder<unknown>
}

/** The rows of a table that has a column `due_at`, null where nothing is waited for. */
export function waitingIn(table: keyof Tables): Waiting {
  return { table: sql.table(table), dueAt: sql`w.due_at`, where: sql`w.due_at is not null` }
}

/** Lets what is due by an instant in a table of `waitingIn` wait until another one; returns how many that were. */
export async function postponeDue(
  ctx: Ctx<'db' | 'team'>,
  { table }: Waiting,
  wanted: { readonly by: Instant; readonly to: Instant },
): Promise<number> {
  const { rows } = await sql`
    update ${table} set due_at = ${wanted.to}
    where team_id = ${ctx.team.id} and due_at <= ${wanted.by} returning 1`.execute(ctx.db)
  return rows.length
}
