import { refuser } from '../refuse.js'

export const consentRefusals = {
  'consent.already_withdrawn': 'Consent was already withdrawn for this entity.',
  'consent.already_granted': 'This entity has given its consent; there is nothing to grant.',
  'consent.account_already_granted': 'The holder of this account has given consent; there is nothing to grant.',
  'consent.account_erased':
    'Consent was withdrawn for this account and its details were erased. Create it again with the consent of its holder.',
  'consent.account_already_withdrawn': 'Consent was already withdrawn for this account.',
  'consent.payments_in_progress':
    'Money still moves to or from an account of this entity. Wait until its payments have ended.',
  'consent.account_payment_in_progress':
    'Money still moves to or from this account. Wait until its payments have ended.',
} as const

export type ConsentRefusal = keyof typeof consentRefusals
export const refuse = refuser(consentRefusals)
