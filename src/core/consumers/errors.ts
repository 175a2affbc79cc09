import { refuser } from '../refuse.js'

export const consumerRefusals = {
  'consumer.not_found': 'No entity has this id. Check the id and the API key.',
  'consumer.invalid_phone': 'The phone number must be a US number in E.164 form, such as +15125550123.',
  'consumer.invalid_email': 'The email address is not valid. Send one such as name@example.com.',
  'consumer.invalid_ssn': 'The provided SSN is invalid. Verify your request and try again.',
  'consumer.invalid_ssn4': 'The provided SSN4 is invalid. Verify your request and try again.',
  'consumer.invalid_details': 'A member of the request is not valid.',
  'consumer.duplicate_details': 'Another entity of the team has this phone number. Use that one.',
  'consumer.restricted_details': 'The team may not take on anybody with this phone number. Use one of its list.',
  'consumer.metadata_too_large': 'metadata must be smaller than 1 KB as JSON. Store less of it.',
  'consumer.already_set': 'A field that has a value cannot be changed.',
  'consumer.disabled': 'The entity is disabled and cannot be changed.',
  'consumer.awaits_consent':
    'The entity has accounts that wait for its consent, and cannot be changed before it was asked. Grant or withdraw it.',
  'consumer.wrong_kind': 'This part of the request does not fit the type of the entity.',
} as const

export type ConsumerRefusal = keyof typeof consumerRefusals
export const refuse = refuser(consumerRefusals)
