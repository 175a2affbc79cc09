import type { Logger } from 'pino'
import { type DueWork, runAllDue } from '../core/clock/due.js'

// An expiry may be this late. When nothing is due, a look costs one indexed statement for each kind of work.
const LOOK_EVERY_MS = 2000

/** Looks for due work again and again until stopped; a failure is logged and tried again at the next look. */
export function startDueLoop(works: readonly DueWork[], log: Logger): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  let isStopped = false
  const look = () => {
    running = runAllDue(works)
      .catch((error: unknown) => log.error({ err: error }, 'due_work.failed'))
      .then(() => {
        if (!isStopped) timer = setTimeout(look, LOOK_EVERY_MS)
      })
  }
  look()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}
