/** Words of the port about money that is moved through the ACH. */
import type { BankAccount } from './port-accounts.js'

/**
 * Whom an entry takes from or gives to: a deposit account, one behind a debit card, a debt by the adapter's name of it, or a debt
 * known by number only.
 */
export type AchParty =
  | { readonly kind: 'deposit'; readonly account: BankAccount }
  | { readonly kind: 'debit_card'; readonly number: string }
  | { readonly kind: 'debt'; readonly accountRef: string }
  | { readonly kind: 'unknown_debt'; readonly merchantNumber: number; readonly accountNumber: string }

/** Whose the account is. */
export interface AchHolder {
  /** Null once it is nobody's business any more. */
  readonly name: string | null
  readonly isCompany: boolean
}

/** One movement that is to be made. Handed over again under the same reference, it is the same movement. */
export interface AchOrder {
  readonly reference: string
  /** A debit takes from the party, a credit gives to it. */
  readonly direction: 'debit' | 'credit'
  readonly party: AchParty
  /** Left out where nobody asked whose it is. */
  readonly holder?: AchHolder
  readonly amountCents: number
  readonly description: string
  /** Fifteen digits, as in an ACH file. */
  readonly traceId: string
  /** The day on which it settles. */
  readonly effectiveOn: string
}

/** An entry that a bank sent back. */
export interface AchReturn {
  readonly reference: string
  /** Nacha's, such as `R01`. */
  readonly code: string
  /** When it came in. */
  readonly at: string
}

export interface AchReturns {
  readonly returns: readonly AchReturn[]
  /** Ask from here on the next time. */
  readonly until: number
  /** When there may be more; null when nothing is out that could come back. */
  readonly lookAgainAt: string | null
}

/** What the network has posted of an entry. */
export interface AchPosting {
  readonly reference: string
  readonly direction: 'debit' | 'credit'
  readonly amountCents: number
  /** When it came back, why; null while it stands. */
  readonly returnCode: string | null
}
