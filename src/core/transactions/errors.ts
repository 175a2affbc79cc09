import { refuser } from '../refuse.js'

export const transactionRefusals = {
  'transaction.not_found': 'No transaction of this account has this id. Check the ids and the API key.',
} as const

export type TransactionRefusal = keyof typeof transactionRefusals
export const refuse = refuser(transactionRefusals)
