/**
 * The life of an account. Contract: method/accounts §1.3.
 *
 * - `active` may be used.
 * - `closed` is what the institution or the bureau says; a debt that reappears opens it again.
 * - `disabled` is the end; whoever disabled it says why. Consent may be withdrawn from a disabled one, which then is
 *   disabled for that reason.
 */
export const ACCOUNT_STATUSES = ['active', 'disabled', 'closed'] as const
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number]

export type AccountDisablingReason =
  | 'invalid_details'
  | 'bank_account_closed'
  | 'unauthorized_payment'
  | 'consent_withdrawn'

export const transitions: Readonly<Record<AccountStatus, readonly AccountStatus[]>> = {
  active: ['disabled', 'closed'],
  closed: ['active', 'disabled'],
  disabled: ['disabled'],
}
