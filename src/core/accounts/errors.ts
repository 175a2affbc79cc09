import { refuser } from '../refuse.js'

export const accountRefusals = {
  'account.not_found': 'No account has this id. Check the id and the API key.',
} as const

export type AccountRefusal = keyof typeof accountRefusals
export const refuse = refuser(accountRefusals)
