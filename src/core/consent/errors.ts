import { refuser } from '../refuse.js'

export const consentRefusals = {
  'consent.already_withdrawn': 'Consent was already withdrawn for this entity.',
  'consent.already_granted': 'This entity has given its consent; there is nothing to grant.',
  'consent.account_already_withdrawn': 'Consent was already withdrawn for this account.',
} as const

export type ConsentRefusal = keyof typeof consentRefusals
export const refuse = refuser(consentRefusals)
