/** What is kept for a number of days, in a table for each month, because dropping a table costs less than deleting rows. */
import type { Db } from '../db/database.js'
import { type Forgetting, forgetMonths, makeMonths, type Strays } from '../db/months.js'
import type { Task } from '../jobs/task.js'
import type { Ctx } from './ctx.js'

export interface KeptMonths {
  readonly tables: readonly string[]
  /** The task's name, and its minute of the day, which no other such task has. */
  readonly task: string
  readonly schedule: string
  readonly onDrop?: NonNullable<Forgetting['onDrop']>
  readonly deleteStrays?: (db: Db, batch: Strays) => Promise<number>
  /** What else goes that old. */
  readonly forgetMore?: (db: Db, keptDays: number) => Promise<unknown>
}

/** Makes the months that something is kept in. Called before the first is recorded, and daily from then on. */
export async function makeKeptMonths({ db }: Ctx<'db'>, { tables }: KeptMonths): Promise<void> {
  for (const table of tables) await makeMonths(db, table)
}

/** Forgets a month at a time, once the last of the month is older than `keptDays`. */
export function forgetMonthsTask({ db }: Ctx<'db'>, kept: KeptMonths, keptDays: number): Task {
  const { tables, task, schedule, onDrop, deleteStrays, forgetMore } = kept
  const more = {
    ...(onDrop ? { onDrop } : {}),
    ...(deleteStrays ? { deleteStrays: (batch: Strays) => deleteStrays(db, batch) } : {}),
  }
  return {
    name: task,
    schedule,
    attemptsMax: 5,
    timeoutMs: 900_000,
    async run(_payload, signal) {
      await makeKeptMonths({ db }, kept)
      for (const table of tables) await forgetMonths(db, { table, keptDays, signal, ...more })
      await forgetMore?.(db, keptDays)
    },
  }
}
