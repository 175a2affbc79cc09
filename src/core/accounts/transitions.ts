/**
 * The life of an account. Contract: method/accounts §1.3.
 *
 * - `awaiting_consent` was found by a later connect of a team that asks first: it waits for its holder, and shows nothing.
 * - `active` may be used.
 * - `closed` is what the institution or the bureau says; a debt that reappears opens it again.
 * - `disabled` is the end; whoever disabled it says why. Consent may be withdrawn from a disabled one, which then is
 *   disabled for that reason.
 */
export const ACCOUNT_STATUSES = ['awaiting_consent', 'active', 'disabled', 'closed'] as const
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number]

export type AccountDisablingReason =
  | 'invalid_details'
  | 'bank_account_closed'
  | 'unauthorized_payment'
  | 'consent_withdrawn'
  | 'invalid_state'
  | 'holder_disabled'

export const transitions: Readonly<Record<AccountStatus, readonly AccountStatus[]>> = {
  awaiting_consent: ['active', 'disabled'],
  active: ['disabled', 'closed'],
  closed: ['active', 'disabled'],
  disabled: ['disabled'],
}

/** Throws for a move that the table does not have: a defect, since callers check first. */
export function assertMove(from: AccountStatus, to: AccountStatus): void {
  if (!transitions[from].includes(to)) throw new Error(`An account cannot go from ${from} to ${to}.`)
}
