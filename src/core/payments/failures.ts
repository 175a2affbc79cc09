/** Why payments fail, and what that does to the accounts and their holders. Contract: method/payments §1.6, §1.11, §2.4. */
import type { AccountDisablingReason } from '../accounts/accounts.js'

/** In the order of the contract's codes. `unfunded` is found out before anything is pulled, and cancels. */
export const PAYMENT_FAILURES = [
  'insufficient_funds',
  'unauthorized',
  'invalid_account',
  'unfunded',
  'unauthorized_source',
  'unauthorized_destination',
  'invalid_source_account',
  'invalid_destination_account',
  'rejected_by_destination',
  'rejected_amount',
] as const
export type PaymentFailure = (typeof PAYMENT_FAILURES)[number]

export const REVERSAL_FAILURES = ['insufficient_funds', 'unauthorized', 'invalid_account'] as const
export type ReversalFailure = (typeof REVERSAL_FAILURES)[number]

/** What a pull, or a debit that reverses, can come back for. */
const PULL_FAILURES: Readonly<Record<string, PaymentFailure>> = {
  R01: 'insufficient_funds',
  R02: 'invalid_source_account',
  R03: 'invalid_source_account',
  R04: 'invalid_source_account',
  R05: 'unauthorized_source',
  R07: 'unauthorized_source',
  R08: 'unauthorized_source',
  R09: 'insufficient_funds',
  R10: 'unauthorized_source',
  R11: 'unauthorized_source',
  R12: 'invalid_source_account',
  R13: 'invalid_source_account',
  R14: 'unauthorized_source',
  R15: 'invalid_source_account',
  R16: 'invalid_source_account',
  R20: 'invalid_source_account',
  R29: 'unauthorized_source',
  R51: 'unauthorized_source',
}

/** What a push can come back for. */
const PUSH_FAILURES: Readonly<Record<string, PaymentFailure>> = {
  R02: 'invalid_destination_account',
  R03: 'invalid_destination_account',
  R04: 'invalid_destination_account',
  R10: 'unauthorized_destination',
  R12: 'invalid_destination_account',
  R13: 'invalid_destination_account',
  R14: 'unauthorized_destination',
  R15: 'invalid_destination_account',
  R16: 'rejected_by_destination',
  R20: 'invalid_destination_account',
  // Nacha: a receiver refuses a credit among others because it is not the exact amount that was required.
  R23: 'rejected_amount',
}

/** The failure behind a return code; a code of no other meaning is a rejection, or an unusable account. */
export function failureOf(leg: 'pull' | 'push', code: string): PaymentFailure {
  return leg === 'pull'
    ? (PULL_FAILURES[code] ?? 'invalid_source_account')
    : (PUSH_FAILURES[code] ?? 'rejected_by_destination')
}

/** As `failureOf`, of a reversal's entry. */
export function reversalFailureOf(code: string): ReversalFailure {
  const failure = failureOf('pull', code)
  if (failure === 'insufficient_funds') return 'insufficient_funds'
  return failure === 'unauthorized_source' ? 'unauthorized' : 'invalid_account'
}

/** A code by which a bank would send a leg back for this; for rehearsals. */
export function codeFor(failure: PaymentFailure): string {
  return CODES[failure]
}

const CODES: Readonly<Record<PaymentFailure, string>> = {
  insufficient_funds: 'R01',
  unauthorized: 'R10',
  invalid_account: 'R03',
  unfunded: 'R01',
  unauthorized_source: 'R10',
  unauthorized_destination: 'R10',
  invalid_source_account: 'R03',
  invalid_destination_account: 'R03',
  rejected_by_destination: 'R16',
  rejected_amount: 'R23',
}

export interface Consequence {
  readonly side: 'source' | 'destination'
  readonly account: Exclude<AccountDisablingReason, 'consent_withdrawn'>
  /** Whether the holder is disabled too. */
  readonly holder: boolean
}

const unauthorized = (side: Consequence['side']): Consequence => ({
  side,
  account: 'unauthorized_payment',
  holder: true,
})
const invalid = (side: Consequence['side'], code: string | null): Consequence => ({
  side,
  account: UNUSABLE[code ?? ''] ?? 'invalid_details',
  holder: false,
})

/** What is wrong with an account whose details are right. Nacha: R02 closed, R16 frozen, R20 takes no such entries. */
const UNUSABLE: Readonly<Record<string, Consequence['account']>> = {
  R02: 'bank_account_closed',
  R16: 'invalid_state',
  R20: 'invalid_state',
}

/** Who is disabled for it, and why; null for nobody. Where the side is not known it is the source. */
export function consequenceOf(failure: PaymentFailure, code: string | null): Consequence | null {
  switch (failure) {
    case 'unauthorized':
    case 'unauthorized_source':
      return unauthorized('source')
    case 'unauthorized_destination':
      return unauthorized('destination')
    case 'invalid_account':
    case 'invalid_source_account':
      return invalid('source', code)
    case 'invalid_destination_account':
      return invalid('destination', code)
    case 'insufficient_funds':
    case 'unfunded':
    case 'rejected_by_destination':
    case 'rejected_amount':
      return null
  }
}

/** A source that had too little money so often in so many days is disabled. The numbers are ours; D23 says "repeated". */
export const EMPTY_SOURCE_TIMES = 3
export const EMPTY_SOURCE_DAYS = 60
