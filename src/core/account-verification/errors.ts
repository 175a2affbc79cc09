import { refuser } from '../refuse.js'

export const accountVerificationRefusals = {
  'account_verification.not_found': 'No verification session of this account has this id.',
  'account_verification.account_inactive': 'Only an active account can be verified.',
  'account_verification.type_not_supported':
    'Accounts of this kind, or at this institution, cannot be verified this way.',
  'account_verification.already_verified': 'This is verified already; no further session is needed.',
  'account_verification.unfinished_session': 'The account has a session that is not finished. Finish that one.',
  'account_verification.too_many_attempts': 'The limit of wrong attempts is reached.',
  'account_verification.mismatch':
    'The body must have the member that the type of the session names, and nothing malformed in it.',
  'account_verification.not_ready': 'The deposits were not sent yet. Wait until the session is in_progress.',
  'account_verification.ended': 'The session has failed. Create a new one.',
  'account_verification.wrong_amounts': 'These are not the amounts that were deposited.',
  'account_verification.no_amounts': 'Only a session by micro_deposits has amounts.',
  'account_verification.network_unreachable': 'The card network cannot be reached at the moment. Try again shortly.',
} as const

export type AccountVerificationRefusal = keyof typeof accountVerificationRefusals
export const refuse = refuser(accountVerificationRefusals)
