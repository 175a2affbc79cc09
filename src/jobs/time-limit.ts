import { setMaxListeners } from 'node:events'
import type { Task } from './task.js'

/**
 * Runs a task under its time limit. The signal asks it to end; a task that doesn't listen is left behind, and its job
 * counts as failed all the same.
 */
export async function runWithinLimit(
  task: Task,
  payload: Readonly<Record<string, string>>,
  { stopping, isLastTry }: { readonly stopping: AbortSignal | undefined; readonly isLastTry: boolean },
): Promise<void> {
  const ending = new AbortController()
  const onStop = () => ending.abort(new Error(`${task.name} was cut short by a shutdown`))
  const onLimit = () => ending.abort(new Error(`${task.name} took longer than ${task.timeoutMs} ms`))
  const timer = setTimeout(onLimit, task.timeoutMs)
  // One signal for all jobs of a process: as many listeners as jobs run at once.
  if (stopping) setMaxListeners(0, stopping)
  stopping?.addEventListener('abort', onStop, { once: true })
  try {
    await Promise.race([task.run(payload, ending.signal, isLastTry), abortOf(ending.signal)])
  } finally {
    clearTimeout(timer)
    stopping?.removeEventListener('abort', onStop)
  }
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
