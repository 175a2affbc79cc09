import type { Task } from '../../jobs/task.js'
import { addMs } from '../clock/clock.js'
import type { Ctx } from '../ctx.js'
import * as store from './store.js'

// Contract: method/conventions §10, "at least 24 hours".
const KEPT_MS = 48 * 3600 * 1000
const BATCH = 5000

/** Forgets keys nobody will repeat any more, in batches. */
export function forgetTask(ctx: Ctx<'db' | 'realClock'>): Task {
  return {
    name: 'requests.forget',
    schedule: '17 * * * *',
    attemptsMax: 3,
    timeoutMs: 60_000,
    async run(_payload, signal) {
      const before = addMs(ctx.realClock.now(), -KEPT_MS)
      while (!signal.aborted && (await store.forgetKeys(ctx.db, { before, limit: BATCH })) === BATCH);
    },
  }
}
