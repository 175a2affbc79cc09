import { forgetMonths, makeMonths } from '../../db/months.js'
import type { Task } from '../../jobs/task.js'
import type { Ctx } from '../ctx.js'
import * as store from './store.js'

const TABLE = 'events'

/** Makes the months that events are kept in. Called before the first is recorded, and daily from then on. */
export function makeEventMonths(ctx: Ctx<'db'>): Promise<void> {
  return makeMonths(ctx.db, TABLE)
}

/** Forgets events a month at a time, once the last of the month is older than `keptDays`, and takes them off the totals. */
export function forgetEventsTask(ctx: Ctx<'db'>, keptDays: number): Task {
  return {
    name: 'events.forget',
    schedule: '41 3 * * *',
    attemptsMax: 5,
    timeoutMs: 900_000,
    async run(_payload, signal) {
      await makeEventMonths(ctx)
      await forgetMonths(ctx.db, {
        table: TABLE,
        keptDays,
        signal,
        onDrop: store.takeOffTotals,
        deleteStrays: (batch) => store.deleteStrays(ctx.db, batch),
      })
    },
  }
}
