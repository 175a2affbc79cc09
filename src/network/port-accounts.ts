/** Words of the port about single accounts: cards and what is bought with them, payoffs, deposit accounts. */

export const CARD_NETWORKS = ['visa', 'mastercard', 'amex', 'discover'] as const
export type CardNetwork = (typeof CARD_NETWORKS)[number]

// ---- payoffs -------------------------------------------------------------------------------------------------------

/** What ends an instalment debt at once. */
export interface PayoffQuote {
  readonly asOf: string
  /** Principal and the interest of the days until it lapses, unless a per diem is given. */
  readonly amountCents: number
  /** How many days the quote holds. */
  readonly validDays: number
  /** Interest of one more day; null where the servicer does not say. */
  readonly perDiemCents: number | null
}

// ---- cards ---------------------------------------------------------------------------------------------------------

/** A card as issuers offer it. The number is stable for ever, the same in every installation. */
export interface CardProduct {
  readonly number: number
  readonly name: string
  readonly issuerName: string
  readonly network: CardNetwork
  /** `generic`: only the issuer's plain card is known. `in_review`: not looked at yet. */
  readonly kind: 'specific' | 'generic' | 'in_review'
  readonly brands: readonly CardBrand[]
}

/** One face of a card product. */
export interface CardBrand {
  readonly productNumber: number
  /** Counts from 1 within the product. */
  readonly number: number
  readonly name: string
  readonly description: string
  readonly issuerName: string
  readonly network: CardNetwork
  readonly kind: CardProduct['kind']
  /** Where its image is published; null where `cardArt` draws it. */
  readonly imageUrl: string | null
}

/** The product behind one card. */
export interface CardBrandReport {
  readonly network: CardNetwork
  readonly issuerName: string
  readonly lastFour: string
  /** False: the issuer was not asked with the whole card, so `brands` are those it could be. */
  readonly isExact: boolean
  /** Never empty. */
  readonly brands: readonly CardBrand[]
}

/** What only a verified asker may know of an account, in clear; what is not known, or not the account's, is null. */
export interface AccountSecrets {
  readonly number: string
  /** Two digits. */
  readonly expMonth: string | null
  /** Four digits. */
  readonly expYear: string | null
  readonly cvv: string | null
  readonly billingZip: string | null
}

/** What a holder says about a card; null: not said. */
export interface CardClaim {
  readonly number: string | null
  readonly expMonth: string | null
  readonly expYear: string | null
  readonly cvv: string | null
  readonly billingZip: string | null
}

export type CardCheckResult = 'pass' | 'fail' | 'unavailable'

/** A card network's answer to a claim. `unavailable`: this card's issuer does not check that. */
export interface CardCheck {
  readonly number: CardCheckResult
  readonly expiry: CardCheckResult
  readonly cvv: CardCheckResult
  readonly billingZip: CardCheckResult
}

/** What the issuer of a debit card answers to a claim about it. */
export interface DebitCardReport {
  readonly network: CardNetwork
  readonly check: CardCheck
}

/** How an account is being held. */
export interface AccountHealth {
  readonly asOf: string
  readonly usagePattern: 'transactor' | 'revolver' | 'dormant' | 'unknown' | null
  readonly standing: 'current' | 'delinquent' | 'charged_off' | 'closed'
  /** How long a payment has been missing, in days, as bureaus count: 30, 60, 90, 120; null when none is. */
  readonly delinquentDays: number | null
  /** How it ended, where it did. */
  readonly delinquentOutcome: 'charged_off' | null
  readonly delinquentCents: number | null
  /** Owed in percent of the limit, to a tenth; null where there is no limit. */
  readonly utilizationPercent: number | null
}

/** Something bought with a card, or given back; it changes until it is posted or voided. Amounts in cents of US dollars. */
export interface CardTransaction {
  readonly ref: string
  readonly kind: 'purchase' | 'refund'
  readonly status: 'pending' | 'posted' | 'voided'
  /** What the statement will say. */
  readonly descriptor: string
  readonly merchant: {
    readonly name: string
    /** ISO 18245, four digits. */
    readonly categoryCode: string
    readonly city: string
    readonly state: string
    /** ISO 3166-1 alpha-3 */
    readonly country: string
    /** Six digits. */
    readonly acquirerBin: string
    /** Fifteen characters. */
    readonly acceptorId: string
  }
  readonly network: CardNetwork
  readonly amountCents: number
  readonly authorizedCents: number
  readonly transactedAt: string
  readonly postedAt: string | null
  readonly voidedAt: string | null
  /** The purchase that a refund gives back. */
  readonly originalRef: string | null
}

// ---- deposit accounts ----------------------------------------------------------------------------------------------

export interface BankAccount {
  /** ABA */
  readonly routingNumber: string
  readonly accountNumber: string
  readonly type: 'checking' | 'savings'
}

/** Small credits that prove an account. Sent again under the same reference, nothing more arrives. */
export interface MicroDeposits {
  readonly reference: string
  readonly to: BankAccount
  readonly amountsCents: readonly number[]
}

/** `returnCode`: Nacha's, such as `R03`, when the bank sent them back. */
export interface DepositResult {
  readonly returnCode: string | null
}
