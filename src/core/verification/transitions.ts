/**
 * The life of a verification session. Contract: method/entities §2.1, §2.4, §2.6.
 *
 * - `in_progress` waits ten minutes for the consumer's answer.
 * - `verified` and `failed` are ends; after a failure a new session is made.
 */
export const SESSION_STATUSES = ['pending', 'in_progress', 'verified', 'failed'] as const
export type SessionStatus = (typeof SESSION_STATUSES)[number]

export const FAILURE_REASONS = ['expired', 'incorrect_code', 'phone_unconfirmed', 'invalid_answer'] as const
export type FailureReason = (typeof FAILURE_REASONS)[number]

export const transitions: Readonly<Record<SessionStatus, readonly SessionStatus[]>> = {
  pending: ['in_progress', 'failed'],
  in_progress: ['verified', 'failed'],
  verified: [],
  failed: [],
}

/** Throws for a move that the table does not have: a defect, since callers check first. */
export function assertMove(from: SessionStatus, to: SessionStatus): void {
  if (!transitions[from].includes(to)) throw new Error(`A verification session cannot go from ${from} to ${to}.`)
}

export const SESSION_LIFE_MS = 10 * 60_000 // contract: method/entities §2.6
