/**
 * Tables of which each month is a table of its own, by the time of recording, so that an old month is forgotten at once and
 * without a trace. Months are made ahead; what finds none is kept in the default one meanwhile.
 */
import { type RawBuilder, sql } from 'kysely'
import { type Db, inTx, type Tx } from './database.js'

const MONTHS_AHEAD = 2
// What waits for a month's lock keeps others waiting behind it: rather give up and come back.
const LOCK_TIMEOUT_MS = 3_000
// Of a step before the lock, which may read a whole month.
const READ_TIMEOUT_MS = 600_000
const STRAYS_BATCH = 5_000

/** Makes the months that a table will need next. Does nothing when they are there. */
export async function makeMonths(db: Db, table: string): Promise<void> {
  // In a transaction, because it may wait for locks: no connection that reads share.
  await inTx(db, (tx) => sql`select make_months(${table}, ${sql.lit(MONTHS_AHEAD)})`.execute(tx))
}

/** What is to be forgotten: every month that was over so many days ago. */
export interface Forgetting {
  readonly table: string
  readonly keptDays: number
  readonly signal: AbortSignal
  /** What else a month's end means, in the transaction that drops it. */
  readonly onDrop?: (tx: Tx, month: string) => Promise<void>
  /** Deletes a batch of what has no month, and does what `onDrop` does for it; returns how many. */
  readonly deleteStrays?: (batch: Strays) => Promise<number>
}

/** Some of what was recorded so many days ago and has no month. */
export interface Strays {
  readonly keptDays: number
  readonly limit: number
}

/** Forgets months whole, each in a transaction, and then what has none, by the batch. */
export async function forgetMonths(db: Db, { table, keptDays, signal, onDrop, ...rest }: Forgetting): Promise<void> {
  const deleteBatch = rest.deleteStrays ?? ((batch: Strays) => deleteStrays(db, table, batch))
  for (const month of await listMonthsOver(db, table, keptDays)) {
    if (signal.aborted) return
    await inTx(db, async (tx) => {
      await sql`set local statement_timeout = ${sql.lit(READ_TIMEOUT_MS)}`.execute(tx)
      await onDrop?.(tx, month)
      await sql`set local lock_timeout = ${sql.lit(LOCK_TIMEOUT_MS)}`.execute(tx)
      await sql`drop table ${sql.table(month)}`.execute(tx)
    })
  }
  while (!signal.aborted && (await deleteBatch({ keptDays, limit: STRAYS_BATCH })) === STRAYS_BATCH);
}

/** The months of a table that were over so many days ago, oldest first. Their names end in the month. */
async function listMonthsOver(db: Db, table: string, keptDays: number): Promise<readonly string[]> {
  const { rows } = await sql<{ month: string }>`
    select relname::text as month from pg_inherits join pg_class on oid = inhrelid
    where inhparent = ${table}::text::regclass and relname ~ '_\\d{4}_\\d{2}$'
      and (to_date(right(relname, 7), 'YYYY_MM') + interval '1 month') at time zone 'UTC'
        <= ${longAgo(keptDays)}
    order by 1`.execute(db)
  return rows.map(({ month }) => month)
}

async function deleteStrays(db: Db, table: string, { keptDays, limit }: Strays): Promise<number> {
  const strays = sql.table(`${table}_default`)
  const { rows } = await sql`
    delete from ${strays}
    where ctid = any(array(select ctid from ${strays} where recorded_at < ${longAgo(keptDays)} limit ${limit}))
    returning 1`.execute(db)
  return rows.length
}

/** By the time that rows are recorded in: the database's own. */
export function longAgo(keptDays: number): RawBuilder<unknown> {
  return sql`now() - make_interval(days => ${keptDays}::integer)`
}
