import { sql } from 'kysely'
import type { Db, Tx } from '../db/database.js'

/** Work to be done once this transaction has committed. */
export interface JobRequest {
  /** The name of a `Task`. */
  readonly task: string
  /** Ids only: whoever runs it loads the rest, and looks whether there is still something to do. */
  readonly payload: Readonly<Record<string, string>>
  /**
   * At most one waiting job per key: a newer request replaces one that waits, and one that is already running gets a
   * successor, because what it read may be outdated.
   */
  readonly key?: string
  /** How long to wait, in real time; default: not at all. */
  readonly delayMs?: number
  /** Instead of a delay: an ISO instant, in real time. */
  readonly runAt?: string
  /** Tries before the job is given up. Default: what the task declares. */
  readonly attemptsMax?: number
}

/**
 * Adds jobs in one statement. They exist exactly when the transaction commits. With `keepsTimes`, one that replaces a waiting
 * one runs when that one would have.
 */
export async function enqueue(
  tx: Tx,
  jobs: readonly JobRequest[],
  { keepsTimes = false }: { readonly keepsTimes?: boolean } = {},
): Promise<void> {
  if (jobs.length === 0) return
  await sql`
    select count(*) from graphile_worker.add_jobs(array(
      select row(
        job->>'task', job->'payload', null,
        coalesce((job->>'runAt')::timestamptz, now() + (job->>'delayMs')::float8 * interval '1 ms'),
        (job->>'attemptsMax')::smallint, job->>'key', null, null
      )::graphile_worker.job_spec
      from json_array_elements(${JSON.stringify(jobs)}::json) as job
    ), ${keepsTimes})`.execute(tx)
}

/** Those of the keys for which a job waits that is due and that nobody has begun. */
export async function listDueKeys(db: Db, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ key: string }>`
    select key from graphile_worker._private_jobs
    where key = any(${keys}) and locked_at is null and run_at <= now() and attempts < max_attempts`.execute(db)
  return new Set(rows.map(({ key }) => key))
}
