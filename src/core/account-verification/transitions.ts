/**
 * The life of an account's verification session. Contract: method/accounts §12.3.
 *
 * - `pending` waits for the deposits to be sent, or for the holder's details where none are.
 * - `in_progress` waits for the amounts of deposits that were sent.
 * - `verified` and `failed` are ends.
 */
export const ACCOUNT_SESSION_STATUSES = ['pending', 'in_progress', 'verified', 'failed'] as const
export type AccountSessionStatus = (typeof ACCOUNT_SESSION_STATUSES)[number]

export const ACCOUNT_FAILURE_REASONS = [
  'type_not_supported',
  'invalid_details',
  'deposits_failed',
  'too_many_attempts',
] as const
export type AccountFailureReason = (typeof ACCOUNT_FAILURE_REASONS)[number]

export const transitions: Readonly<Record<AccountSessionStatus, readonly AccountSessionStatus[]>> = {
  pending: ['in_progress', 'verified', 'failed'],
  in_progress: ['verified', 'failed'],
  verified: [],
  failed: [],
}

/** Throws for a move that the table does not have: a defect, since callers check first. */
export function assertMove(from: AccountSessionStatus, to: AccountSessionStatus): void {
  if (!transitions[from].includes(to)) throw new Error(`An account's session cannot go from ${from} to ${to}.`)
}

/** After so many failed sessions an account has no more. */
export const FAILED_SESSIONS_MAX = 5 // contract: method/accounts §12.4, "too many sessions"; the number is ours
