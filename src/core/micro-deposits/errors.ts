import { refuser } from '../refuse.js'

export const microDepositRefusals = {
  'micro_deposit.not_found': 'No micro-deposit has this id.',
  'micro_deposit.invalid': 'What was said of the account or its holder is not valid.',
  'micro_deposit.already_open': 'Deposits to this account are on their way, or have proven it.',
  'micro_deposit.too_many': 'So many accounts have been proven with this e-mail address that no more may be.',
  'micro_deposit.not_begun': 'Only a micro-deposit that waits for its account can be given one.',
  'micro_deposit.not_verifiable': 'Nobody waits for the amounts of this micro-deposit.',
  'micro_deposit.cannot_become': 'A micro-deposit does not get there from where this one is.',
} as const

export type MicroDepositRefusal = keyof typeof microDepositRefusals
export const refuse = refuser(microDepositRefusals)
