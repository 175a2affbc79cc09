import { forgetMonths, makeMonths } from '../../db/months.js'
import type { Task } from '../../jobs/task.js'
import type { Ctx } from '../ctx.js'
import * as store from './store.js'

const TABLE = 'request_log'

/** Makes the months that requests are kept in. Called before the first is recorded, and daily from then on. */
export function makeRequestMonths(ctx: Ctx<'db'>): Promise<void> {
  return makeMonths(ctx.db, TABLE)
}

/** Forgets requests a month at a time, once the last of the month is older than `keptDays`, and how many there were. */
export function forgetRequestsTask(ctx: Ctx<'db'>, keptDays: number): Task {
  return {
    name: 'request_log.forget',
    schedule: '31 3 * * *',
    attemptsMax: 5,
    timeoutMs: 900_000,
    async run(_payload, signal) {
      await makeRequestMonths(ctx)
      await forgetMonths(ctx.db, { table: TABLE, keptDays, signal })
      await store.deleteCounts(ctx.db, keptDays)
    },
  }
}
