/**
 * Who is alive. graphile-worker leaves the jobs of a killed worker locked for four hours. So every worker pool keeps a
 * heartbeat row, and every pool looks for jobs held by one that has been silent, and releases them. Measured in
 * PostgreSQL's time, so clocks of machines don't matter. A pool that was only paused may then see its job done twice,
 * which every task allows.
 */
import { hostname } from 'node:os'
import type pg from 'pg'
import type { Logger } from 'pino'

const BEAT_INTERVAL_MS = 5_000
const SILENCE_MAX_SECONDS = 20

export interface LivenessOptions {
  readonly pool: pg.Pool
  /** graphile-worker's id of the worker pool: what it writes into `locked_by`, also for jobs in its local queue. */
  readonly poolId: string
  readonly log: Logger
}

export interface Liveness {
  /** Says goodbye when the pool has ended: what it still holds is free at once, and its row goes. */
  stop(): Promise<void>
}

/** Beats and sweeps at once, and from then on every 5 seconds. */
export function startLiveness(options: LivenessOptions): Liveness {
  let beating = beatAndSweep(options)
  const timer = setInterval(() => {
    beating = beating.then(() => beatAndSweep(options))
  }, BEAT_INTERVAL_MS)
  return {
    async stop() {
      clearInterval(timer)
      await beating
      await sayGoodbye(options).catch((error: unknown) => options.log.warn({ err: error }, 'jobs.goodbye_failed'))
    },
  }
}

async function beatAndSweep({ pool, poolId, log }: LivenessOptions): Promise<void> {
  try {
    await beat(pool, poolId)
    const released = await releaseSilent(pool)
    if (released.length > 0) log.warn({ poolIds: released }, 'jobs.released_from_silent_process')
  } catch (error) {
    // The database is away: the next beat tries again.
    log.warn({ err: error }, 'jobs.heartbeat_failed')
  }
}

async function beat(pool: pg.Pool, poolId: string): Promise<void> {
  await pool.query(
    `insert into processes (pool_id, host, pid) values ($1, $2, $3)
     on conflict (pool_id) do update set beat_at = now()`,
    [poolId, hostname(), process.pid],
  )
}

async function sayGoodbye({ pool, poolId }: LivenessOptions): Promise<void> {
  await pool.query('select graphile_worker.force_unlock_workers(array[$1])', [poolId])
  await pool.query('delete from processes where pool_id = $1', [poolId])
}

/** Frees the jobs of pools that have been silent, or never had a row, and forgets those pools. Returns their ids. */
export async function releaseSilent(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ pool_id: string }>(
    `with forgotten as (
       delete from processes where beat_at < now() - make_interval(secs => $1)
     ), silent as (
       select distinct locked_by as pool_id
       from graphile_worker.jobs
       where locked_at < now() - make_interval(secs => $1)
         and not exists (
           select from processes
           where processes.pool_id = locked_by and beat_at >= now() - make_interval(secs => $1)
         )
     )
     select pool_id, graphile_worker.force_unlock_workers(array[pool_id]) from silent`,
    [SILENCE_MAX_SECONDS],
  )
  return rows.map((row) => row.pool_id)
}

/** Frees every locked job. Only for a process that knows it is the only one: the owner of a built-in database. */
export async function releaseAll(pool: pg.Pool): Promise<void> {
  await pool.query(
    `select graphile_worker.force_unlock_workers(array_agg(distinct locked_by))
     from graphile_worker.jobs where locked_by is not null`,
  )
  await pool.query('delete from processes')
}
