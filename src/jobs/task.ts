/** A kind of work the queue can do. It may run twice, and on any process. */
export interface Task {
  readonly name: string
  /** Tries before a job is given up; the wait between them grows from 3 seconds to 6 hours. */
  readonly attemptsMax: number
  /** A run that takes longer counts as failed. */
  readonly timeoutMs: number
  /** When it starts by itself, as a cron expression in UTC; default: only when it is asked for. */
  readonly schedule?: string
  /**
   * Throws to be tried again, except of its last try. `signal` fires at the time limit and when the process shuts down.
   */
  run(payload: Readonly<Record<string, string>>, signal: AbortSignal, isLastTry: boolean): Promise<void>
}
