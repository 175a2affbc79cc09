import type { Logger } from 'pino'
import { type DueParts, type Mover, runAllDue } from '../core/clock/clock.js'

// An expiry may be this late. When nothing is due, a look costs two statements, however many kinds of work there are.
const LOOK_EVERY_MS = 2000

export interface DuePieces {
  readonly due: DueParts
  readonly mover: Mover
  readonly readAchFiles: () => Promise<void>
}

/**
 * Looks for due work, for files of banks, and for clocks that nobody brings to their target any more, again and again until stopped; a failure
 * is logged and tried again at the next look. Clocks on a long way hold up nothing else.
 */
export function startDueLoop({ due, mover, readAchFiles }: DuePieces, log: Logger): { stop(): Promise<void> } {
  const loops = [
    repeat(() => runAllDue(due), 'due_work.failed', log),
    repeat(() => mover.resume(), 'clock.not_moved', log),
    repeat(readAchFiles, 'ach.inbox_not_read', log),
  ]
  return {
    async stop() {
      mover.stop()
      await Promise.all(loops.map((loop) => loop.stop()))
    },
  }
}

function repeat(look: () => Promise<void>, failure: string, log: Logger): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  let isStopped = false
  const next = () => {
    running = look()
      .catch((error: unknown) => log.error({ err: error }, failure))
      .then(() => {
        if (!isStopped) timer = setTimeout(next, LOOK_EVERY_MS)
      })
  }
  next()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}
