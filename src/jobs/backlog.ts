import { sql } from 'kysely'
import type { Db } from '../db/database.js'

/** How the jobs of one task stand, of all teams. */
export interface TaskBacklog {
  readonly task: string
  /** Due now or later. */
  readonly waiting: number
  readonly running: number
  /** Tried as often as their task allows, and given up. */
  readonly failed: number
  /** For how long the one that has been due longest has been waiting; 0 when none is due. */
  readonly lagSeconds: number
}

/** Every task that ever had a job. */
export async function readBacklog(db: Db): Promise<readonly TaskBacklog[]> {
  const { rows } = await sql<TaskBacklog>`
    select t.identifier as task,
      count(*) filter (where j.attempts < j.max_attempts and j.locked_at is null) as waiting,
      count(*) filter (where j.locked_at is not null) as running,
      count(*) filter (where j.attempts >= j.max_attempts and j.locked_at is null) as failed,
      coalesce(greatest(extract(epoch from max(now() - j.run_at)
        filter (where j.attempts < j.max_attempts and j.locked_at is null)), 0), 0)::float8 as "lagSeconds"
    from graphile_worker._private_tasks t left join graphile_worker._private_jobs j on j.task_id = t.id
    group by 1 order by 1`.execute(db)
  return rows
}
