import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '../db/database.js'

const POLL_MS = 5
const POLL_MS_MAX = 100

export interface Wanted {
  /** The member of the payload, and its value, that tells which jobs are meant. */
  readonly payload: Readonly<Record<string, string>>
  /** Only jobs of these tasks. */
  readonly tasks: readonly string[]
  readonly timeoutMs: number
}

/**
 * Has waiting jobs run now, whatever their delay, and returns when they have ended: done, or failed once, which is tried again
 * later. Throws when a worker has not done them within the time limit. Jobs that those cause are waited for as well.
 */
export async function finishJobs(db: Db, wanted: Wanted): Promise<void> {
  const until = performance.now() + wanted.timeoutMs
  for (let pollMs = POLL_MS; (await hurry(db, wanted)) > 0; pollMs = Math.min(pollMs * 2, POLL_MS_MAX)) {
    if (performance.now() > until) throw new Error('Jobs were not done in time. Is a worker running?')
    await sleep(pollMs)
  }
}

/** How many there are; those that wait for a time are due from now on. */
async function hurry(db: Db, { payload, tasks }: Wanted): Promise<number> {
  const { rows } = await sql<{ count: number; later: string[] | null }>`
    select count(*) as count, array_agg(j.id::text) filter (where j.run_at > now()) as later
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where t.identifier = any(${tasks}) and j.payload::jsonb @> ${JSON.stringify(payload)}::jsonb
      and (j.last_error is null or j.locked_at is not null)`.execute(db)
  const [{ count, later } = { count: 0, later: null }] = rows
  if (later) await sql`select count(*) from graphile_worker.reschedule_jobs(${later}::bigint[], now())`.execute(db)
  return count
}
