import { type Job, Logger as QueueLogger } from 'graphile-worker'
import type { Logger } from 'pino'

/** graphile-worker's own messages in our log: a failed job by name, its everyday chatter as debug. */
export function queueLogger(log: Logger): QueueLogger {
  return new QueueLogger(() => (level, message, meta) => {
    const job = meta?.job as Job | undefined
    const error = meta?.error ?? meta?.fatalError
    if (meta?.failure && job) log.warn(failureOf(job, error), 'jobs.job_failed')
    else if (level === 'error') log.error({ err: error, detail: message }, 'jobs.queue_error')
    else if (level === 'warning' && !isPoolAdvice(meta)) log.warn({ detail: message }, 'jobs.queue_warning')
    else log.debug({ detail: message }, 'jobs.queue')
  })
}

export const silentLogger = new QueueLogger(() => () => {})

function failureOf(job: Job, error: unknown): object {
  return { task: job.task_identifier, jobId: job.id, attempt: job.attempts, attemptsMax: job.max_attempts, err: error }
}

/** It would like a connection per job at a time; ours are fetched and completed in batches by two. */
function isPoolAdvice(meta: Readonly<Record<string, unknown>> | undefined): boolean {
  return meta?.max !== undefined && meta.concurrency !== undefined
}
