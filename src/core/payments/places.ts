import type { Account } from '../accounts/accounts.js'
import type { Payment } from './payments.js'

/** Whether an account is one where money is, or a debt: they differ in what becomes of money that has to be had back. */
export function placeOf({ kind }: Account): Payment['destinationKind'] {
  return kind === 'liability' ? 'liability' : 'ach'
}
