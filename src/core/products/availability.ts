/** That an answer is there to be read: told beside the change that brought it, where somebody asked for it. */
import type { Change, Implication } from '../events/events.js'

const TOLD: readonly string[] = ['connect', 'credit_score'] // contract: method/entities §3.2, §4.2

/** `connect.available` and `credit_score.available` when one completes, also one that was complete as it was made. */
export const availability: Implication = {
  topics: TOLD.map((resource) => `${resource}.available`),
  of(change: Change) {
    const hasCompleted = isCompleted(change.after) && !isCompleted(change.before)
    const isItself = change.op === 'created' || change.op === 'updated'
    return TOLD.includes(change.resource) && isItself && hasCompleted ? [{ ...change, op: 'available' }] : []
  },
}

function isCompleted(retrieval: object | null): boolean {
  return retrieval !== null && 'status' in retrieval && retrieval.status === 'completed'
}
