import { refuser } from '../refuse.js'

export const verificationRefusals = {
  'verification.not_found': 'No verification session of this entity has this id.',
  'verification.individuals_only': 'Only an individual can be verified.',
  'verification.method_not_allowed': 'This method is not enabled, or it verifies something else than the given type.',
  'verification.already_verified': 'This type is already verified; no further session is needed.',
  'verification.phone_first': 'Verify the phone before the identity.',
  'verification.no_match': 'The details on file do not point to one person yet. Add more of them to the entity.',
  'verification.no_phone': 'The entity has no phone number. Update the entity with one first.',
  'verification.future_timestamp': 'byo_sms.timestamp must be in the past.',
  'verification.mismatch': 'type and method must be those of the session.',
  'verification.expired': 'The verification session has expired. Create a new one.',
  'verification.too_many_attempts': 'Too many sessions were begun for this phone number. Try again in 24 hours.',
  'verification.text_not_sent': 'The code could not be sent to the phone. Try again shortly.',
  'verification.no_code': 'No code is known: only a session by sms has one, while it is in progress.',
  'verification.links_used_up': 'The links of this session were opened too often. Create a new session.',
  'verification.failed_code': 'The code was wrong. Create a new session.',
  'verification.failed_sna': 'The phone could not be confirmed. Create a new session.',
  'verification.failed_answer': 'An answer was missing or wrong. Create a new session.',
} as const

export type VerificationRefusal = keyof typeof verificationRefusals
export const refuse = refuser(verificationRefusals)
