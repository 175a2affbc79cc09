/**
 * The life of a login. Contract: mx-connect/states §1, §4.
 *
 * - `new` and `renewed` wait for a run, or are in one, with credentials nobody has tried.
 * - `reconnected` waits for a run, or is in one, with an access that was opened anew.
 * - `challenged` is in a run that waits for the consumer's answers, five minutes.
 * - `resumed` is in a run that has them.
 * - `connected` can be read; runs read it anew.
 * - `failed` waits for a run, for other credentials, or for another visit; its reason says what makes sense. A wrong answer
 *   that the institution asks for again can be given again.
 */
import type { FailureReason } from '../connections/connections.js'

export const LOGIN_STATUSES = ['new', 'renewed', 'reconnected', 'challenged', 'resumed', 'connected', 'failed'] as const
export type LoginStatus = (typeof LOGIN_STATUSES)[number]

/** How logins stand that a provider keeps for long, whatever one attempt said. Contract: mx-connect/states §1 */
export type StandingFailure =
  | 'repeated_failures'
  | 'reading_impossible'
  | 'institution_discontinued'
  | 'access_closed'
  | 'delayed'
  | 'imported_without_credentials'
  | 'reauthorization_required'

/** What the network says, what only a run can find, and what lasts. */
export type LoginFailure = FailureReason | 'no_eligible_accounts' | 'asked_again' | StandingFailure

type Moves = Readonly<Partial<Record<LoginStatus, LoginStatus>>>

/** What can happen to a login, and where it leads from each status it can happen in. */
export const transitions = {
  begun: {
    new: 'new',
    renewed: 'renewed',
    reconnected: 'reconnected',
    resumed: 'new',
    challenged: 'new',
    connected: 'connected',
    failed: 'new',
  },
  asked: {
    new: 'challenged',
    renewed: 'challenged',
    reconnected: 'challenged',
    resumed: 'challenged',
    connected: 'challenged',
  },
  answered: { challenged: 'resumed', failed: 'resumed' },
  opened: {
    new: 'connected',
    renewed: 'connected',
    reconnected: 'connected',
    resumed: 'connected',
    connected: 'connected',
  },
  failed: { new: 'failed', renewed: 'failed', reconnected: 'failed', resumed: 'failed', connected: 'failed' },
  renewed: {
    new: 'renewed',
    renewed: 'renewed',
    reconnected: 'renewed',
    challenged: 'renewed',
    resumed: 'renewed',
    connected: 'renewed',
    failed: 'renewed',
  },
  /** The consumer came back from the pages of the institution. */
  returned: {
    new: 'new',
    renewed: 'new',
    reconnected: 'new',
    challenged: 'new',
    resumed: 'new',
    connected: 'new',
    failed: 'new',
  },
} as const satisfies Readonly<Record<string, Moves>>
export type LoginCause = keyof typeof transitions

/** Throws for a cause that cannot happen: a defect, since callers look first. */
export function statusAfter(from: LoginStatus, cause: LoginCause): LoginStatus {
  const moves: Moves = transitions[cause]
  const to = moves[from]
  if (!to) throw new Error(`A login that is ${from} cannot be ${cause}.`)
  return to
}

/** How a run goes: it waits for the one before it, is asked for, waits for answers, and ends. */
export const RUN_STATUSES = ['waiting', 'asked', 'challenged', 'completed', 'failed', 'halted'] as const
export type RunStatus = (typeof RUN_STATUSES)[number]

export const CHALLENGE_MS = 5 * 60_000 // contract: mx-connect/states §4
export const VISIT_MS = 30 * 60_000 // contract: mx-connect/states §5
/** So many times in a row credentials may be refused before only others make sense. */
export const REFUSALS_MAX = 3 // contract: mx-connect/states §8.2
