import { refuser } from '../refuse.js'

export const accountRefusals = {
  'account.not_found': 'No account has this id. Check the id and the API key.',
  'account.unknown_holder': 'holder_id must be the id of an entity of yours.',
  'account.holder_disabled': 'The holder is disabled, so nothing can be added to it.',
  'account.unknown_merchant': 'No merchant has this id. Search for one with GET /merchants.',
  'account.invalid_bank_account': 'The routing number, the account number or the type is not one that a bank has.',
  'account.invalid_number':
    'The account number must have 1 to 32 letters and digits; that of a card, a right check digit.',
  'account.invalid_details': 'These details do not fit the account.',
  'account.metadata_too_large': 'metadata must be smaller than 1 KB as JSON.',
  'account.existing_disabled': 'The holder has this account already, and it is disabled.',
  'account.disabled': 'The account is disabled and cannot be changed any more.',
  'account.debts_not_allowed': 'Your team may not handle full numbers of cards and loans here.',
  'account.network_unreachable': 'The institution cannot be reached at the moment. Try again shortly.',
} as const

export type AccountRefusal = keyof typeof accountRefusals
export const refuse = refuser(accountRefusals)
