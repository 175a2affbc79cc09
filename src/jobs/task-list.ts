import type { JobHelpers, TaskList } from 'graphile-worker'
import type { Task } from './task.js'
import { runWithinLimit } from './time-limit.js'

/** The tasks as graphile-worker wants them: each under its time limit and with its own number of tries. */
export function taskList(tasks: readonly Task[]): TaskList {
  return Object.fromEntries(tasks.map((task) => [task.name, (payload, helpers) => runJob(task, payload, helpers)]))
}

async function runJob(task: Task, payload: unknown, helpers: JobHelpers): Promise<void> {
  const { attempts, max_attempts } = helpers.job
  const isLastTry = attempts >= Math.min(task.attemptsMax, max_attempts)
  try {
    const stopping = helpers.abortSignal
    await runWithinLimit(task, payload as Readonly<Record<string, string>>, { stopping, isLastTry })
  } catch (error) {
    if (isLastTry) await giveUp(helpers)
    throw error
  }
}

/** The queue counts tries per job; a task's own, lower number is told to it when it is reached. */
async function giveUp({ job, withPgClient }: JobHelpers): Promise<void> {
  if (job.attempts >= job.max_attempts) return
  await withPgClient((client) =>
    client.query('update graphile_worker._private_jobs set max_attempts = attempts where id = $1', [job.id]),
  )
}
