/**
 * Runs jobs on graphile-worker: woken by NOTIFY, polling once a second as a safety net, several jobs at a time, fetched
 * and completed in batches. A runner outlives its database: when the queue breaks it starts again until it is stopped.
 */
import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseCronItems, type Runner as Queue, type RunnerOptions as QueueOptions, run, runOnce } from 'graphile-worker'
import type pg from 'pg'
import type { Logger } from 'pino'
import { releaseAll, startLiveness } from './liveness.js'
import { queueLogger, silentLogger } from './queue-log.js'
import type { Task } from './task.js'
import { taskList } from './task-list.js'

const POLL_INTERVAL_MS = 1_000
const RESTART_DELAY_MS = 1_000
// A stop lets running jobs finish for a while, then tells them to end, then leaves them to be run again.
const STOP_PATIENCE_MS = 5_000
const STOP_LIMIT_MS = 9_000
// Results wait this long for company, so that many jobs are completed by one statement.
const COMPLETE_BATCH_DELAY_MS = 5
const CATCH_UP_MS = 3_600_000
// Jobs fetched ahead, per job run at a time. They are locked meanwhile, so they go back when they wait too long.
const FETCHED_AHEAD = 5
const FETCHED_AHEAD_TTL_MS = 5_000

export interface RunnerOptions {
  /** Three connections are enough: one listens, the others fetch and complete. */
  readonly pool: pg.Pool
  readonly tasks: readonly Task[]
  readonly log: Logger
  /** Jobs run at the same time. */
  readonly concurrency: number
  /** No other process works on this database: every job locked at the start belongs to a dead one and is free at once. */
  readonly isAlone: boolean
  /** How often it looks for jobs that no NOTIFY told of; a second unless told otherwise. */
  readonly pollIntervalMs?: number
}

export interface Runner {
  /** Takes no more jobs and returns when the running ones have ended, within 10 seconds. */
  stop(): Promise<void>
}

/** Starts to run jobs; returns when the queue listens for new ones. */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  if (options.isAlone) await releaseAll(options.pool)
  const running = new RestartingQueue(options)
  await running.start()
  return running
}

class RestartingQueue implements Runner {
  readonly #options: RunnerOptions
  #queue: Queue | undefined
  #loop: Promise<void> | undefined
  #isStopping = false

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const first = await this.#open()
    this.#loop = this.#keepRunning(first)
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    const queue = this.#queue
    const limit = new AbortController()
    const ended = (queue?.stop() ?? Promise.resolve()).catch(() => {})
    const late = sleep(STOP_LIMIT_MS, 'late' as const, { signal: limit.signal }).catch(() => 'cancelled' as const)
    if ((await Promise.race([ended, late])) === 'late') await queue?.kill('shutdown took too long').catch(() => {})
    limit.abort()
    await this.#loop
  }

  /** Waits for the queue to end; as long as nobody asked for that, opens a new one. */
  async #keepRunning(first: RunningQueue): Promise<void> {
    let current: RunningQueue | undefined = first
    while (current) {
      await current.ended
      if (this.#isStopping) return
      this.#options.log.error('jobs.queue_broke')
      current = await this.#reopen()
    }
  }

  async #reopen(): Promise<RunningQueue | undefined> {
    while (!this.#isStopping) {
      await sleep(RESTART_DELAY_MS)
      const queue = await this.#open().catch((error: unknown) => {
        this.#options.log.warn({ err: error }, 'jobs.queue_not_started')
        return undefined
      })
      if (queue) return queue
    }
    return undefined
  }

  async #open(): Promise<RunningQueue> {
    const { pool, tasks, log } = this.#options
    const events = new EventEmitter()
    const created = new Promise<string>((resolve) => {
      events.once('pool:create', ({ workerPool }: { workerPool: { id: string } }) => resolve(workerPool.id))
    })
    const listening = untilListening(events)
    const queue = await run({ ...queueOptions(this.#options), events }, taskList(tasks))
    this.#queue = queue
    const liveness = startLiveness({ pool, poolId: await created, log })
    const ended = queue.promise.catch((error: unknown) => log.error({ err: error }, 'jobs.queue_failed'))
    await Promise.race([listening, ended])
    return { ended: ended.then(() => liveness.stop()) }
  }
}

/**
 * Settles when the queue has sent its LISTEN, or could not: a job added before would wait for the next poll. The event
 * comes just before the LISTEN is sent, so a query behind it tells when the database has taken it.
 */
function untilListening(events: EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    events.once('pool:listen:error', () => resolve())
    events.once('pool:listen:success', ({ client }: { client: pg.PoolClient }) => {
      setImmediate(() =>
        client.query('select').then(
          () => resolve(),
          () => resolve(),
        ),
      )
    })
  })
}

interface RunningQueue {
  readonly ended: Promise<void>
}

function queueOptions(options: RunnerOptions): QueueOptions {
  const { pool, log, concurrency, tasks, pollIntervalMs = POLL_INTERVAL_MS } = options
  return {
    pgPool: pool,
    noHandleSignals: true,
    parsedCronItems: scheduledOf(tasks),
    preset: {
      worker: {
        logger: queueLogger(log),
        concurrentJobs: concurrency,
        pollInterval: pollIntervalMs,
        preparedStatements: true,
        gracefulShutdownAbortTimeout: STOP_PATIENCE_MS,
        localQueue: { size: concurrency * FETCHED_AHEAD, ttl: FETCHED_AHEAD_TTL_MS },
        completeJobBatchDelay: COMPLETE_BATCH_DELAY_MS,
        failJobBatchDelay: COMPLETE_BATCH_DELAY_MS,
      },
    },
  }
}

/** Those that start by themselves; one that was missed while nobody ran is caught up within the hour. */
function scheduledOf(tasks: readonly Task[]) {
  return parseCronItems(
    tasks.flatMap(({ name, schedule }) =>
      schedule === undefined ? [] : [{ task: name, match: schedule, options: { backfillPeriod: CATCH_UP_MS } }],
    ),
  )
}

/**
 * Runs every job that is due now, one after the other, and those they cause, until none is left: how a test waits.
 * Throws what the first failing job threw, after the others have run.
 */
export async function drain(pool: pg.Pool, tasks: readonly Task[]): Promise<void> {
  const failures: unknown[] = []
  const events = new EventEmitter()
  events.on('job:error', ({ error }: { error: unknown }) => failures.push(error))
  // Without batches the last results would still be on their way when it returns.
  const worker = { logger: silentLogger, concurrentJobs: 1, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
  await runOnce({ pgPool: pool, noHandleSignals: true, preset: { worker }, events }, taskList(tasks))
  if (failures.length > 0) throw failures[0]
}
