/**
 * The port to the financial world: everything `core` may ask of the people and firms outside (banks, bureaus, card
 * networks), in the words of banking. One folder beside this file is one adapter; `world/` is the simulated one.
 *
 * Answers are typed outcomes: what fails outside (an institution that is down, a person nobody knows) is a value, never
 * an exception. Money is integer US cents, dates are `YYYY-MM-DD`, instants ISO 8601 in UTC with milliseconds, rates plain
 * percent numbers (`23.5` is 23.5 %). A `*Ref` is the adapter's own name for a thing; `core` stores it and never reads it.
 */

import type {
  AccountHealth,
  AccountSecrets,
  BankAccount,
  CardBrandReport,
  CardCheck,
  CardClaim,
  CardNetwork,
  CardProduct,
  CardTransaction,
  DebitCardReport,
  DepositResult,
  MicroDeposits,
  PayoffQuote,
} from './port-accounts.js'
import type { AccessNetwork } from './port-connections.js'
import type { AchOrder, AchPosting, AchReturns } from './port-payments.js'
import type { Stage } from './port-rehearsal.js'

export type * from './port-accounts.js'
export { CARD_NETWORKS } from './port-accounts.js'
export type * from './port-connections.js'
export { ACCESS_PRODUCTS, COUNTRIES, LOGIN_REFUSALS } from './port-connections.js'
export type * from './port-payments.js'
export type * from './port-rehearsal.js'
export { PersonaRejected } from './port-rehearsal.js'

/** Who asks, and on which day it is for them. A realm is one team's world: nothing crosses from one to another. */
export interface Ask {
  readonly realm: string
  readonly at: string
}

/**
 * An answer from outside. `unreachable`: try again later. `not_supported`: this institution never answers that. `frozen`:
 * the person lets nobody look into their credit file.
 */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: 'unreachable' | 'not_supported' | 'not_found' | 'frozen' }

export const LIABILITY_TYPES = [
  'auto_loan',
  'bnpl',
  'collection',
  'credit_builder',
  'credit_card',
  'fintech',
  'insurance',
  'loan',
  'medical',
  'mortgage',
  'personal_loan',
  'student_loans',
  'utility',
] as const
export type LiabilityType = (typeof LIABILITY_TYPES)[number]

export const OWNERSHIPS = ['primary', 'authorized', 'joint', 'unknown'] as const
export type Ownership = (typeof OWNERSHIPS)[number]

// ---- the directory -------------------------------------------------------------------------------------------------

/** A bank, lender, servicer, utility or agency. `slug` is its name across every face. */
export interface Institution {
  readonly slug: string
  readonly name: string
  readonly url: string
  /** ABA routing numbers, the main one first; empty for firms that take no deposits. */
  readonly routingNumbers: readonly string[]
}

/** One product line of an institution: what a consumer owes money to. */
export interface Merchant {
  /** The catalogue number; stable for ever, the same in every installation. */
  readonly number: number
  readonly institutionSlug: string
  readonly name: string
  readonly type: LiabilityType
  readonly providerIds: {
    readonly plaid: readonly string[]
    readonly mx: readonly string[]
    readonly finicity: readonly string[]
    readonly dpp: readonly string[]
  }
  /** The creditor as a credit report prints it, for example `JPMCB CARD`. */
  readonly creditorName: string
  /** Patterns with `#` for a digit; advisory. */
  readonly accountNumberFormats: readonly string[]
  /** 1 is the most popular; decides the order of unfiltered lists. */
  readonly popularity: number
}

export interface Directory {
  /** Changes exactly when the content does. */
  readonly fingerprint: string
  readonly institutions: readonly Institution[]
  readonly merchants: readonly Merchant[]
}

// ---- people --------------------------------------------------------------------------------------------------------

export interface PostalAddress {
  readonly line1: string | null
  readonly line2: string | null
  readonly city: string | null
  readonly state: string | null
  readonly zip: string | null
}

/** What a consumer says about themself. `consumerRef` is the caller's id of the consumer, for worlds that give each its own copy. */
export interface IdentityClaim {
  readonly consumerRef: string
  readonly firstName: string | null
  readonly lastName: string | null
  /** E.164 */
  readonly phone: string | null
  readonly dob: string | null
  readonly ssn: string | null
  readonly ssn4: string | null
  readonly address: PostalAddress
}

/** Why a claim that fits one person is not believed: the SSN is another's, the details cannot be true, or a person has to look at it. */
export type IdentityDoubt = 'ssn_mismatch' | 'invalid_details' | 'pending_review'

/** `several`: the claim fits more than one person, so more has to be said. */
export type Identification =
  | { readonly found: 'one'; readonly personRef: string; readonly doubt?: IdentityDoubt }
  | { readonly found: 'several' }
  | { readonly found: 'none' }

/** Clear PII as a data source has it on file. */
export interface IdentityRecord {
  readonly firstName: string
  readonly lastName: string
  readonly phone: string
  readonly dob: string
  readonly ssn: string
  readonly address: PostalAddress
}

/** Knowledge-based authentication. `recognized`: the bureau needs no questions for this person. */
export type IdentityQuiz =
  | { readonly kind: 'recognized' }
  | { readonly kind: 'questions'; readonly questions: readonly QuizQuestion[] }

export interface QuizQuestion {
  readonly text: string
  /** Five, the last one a "none of these"; exactly one is correct. */
  readonly answers: readonly { readonly text: string; readonly isCorrect: boolean }[]
}

// ---- liabilities ---------------------------------------------------------------------------------------------------

/** One debt in a person's credit file, with the bureau's latest monthly picture of it. */
export interface Tradeline {
  readonly accountRef: string
  readonly merchantNumber: number
  readonly type: LiabilityType
  readonly name: string
  /** Clear; the asker hashes or encrypts it and never logs it. */
  readonly accountNumber: string
  readonly mask: string
  readonly ownership: Ownership
  readonly isClosed: boolean
  readonly cardNetwork: CardNetwork | null
  /** The institution answers in near real time; otherwise only the monthly snapshot exists. */
  readonly reportsDirectly: boolean
  readonly snapshot: LiabilityReport
}

export const INTEREST_RATE_SOURCES = ['financial_institution', 'public_data', 'method'] as const

/** The state of a debt on a day. A field that does not belong to the debt's type, or is not known, is null. */
export interface LiabilityReport {
  readonly asOf: string
  readonly subType: string | null
  readonly openedOn: string | null
  readonly closedOn: string | null
  readonly balanceCents: number | null
  readonly lastPaymentCents: number | null
  readonly lastPaymentOn: string | null
  readonly nextPaymentDueOn: string | null
  readonly nextPaymentMinimumCents: number | null
  readonly interestRateType: 'fixed' | 'variable' | null
  readonly interestRatePercent: number | null
  readonly interestRateSource: (typeof INTEREST_RATE_SOURCES)[number] | null
  readonly interestRatePercentMax: number | null
  readonly interestRatePercentMin: number | null
  readonly availableCreditCents: number | null
  readonly creditLimitCents: number | null
  readonly usagePattern: 'transactor' | 'revolver' | 'dormant' | 'unknown' | null
  readonly originalLoanCents: number | null
  readonly termMonths: number | null
  readonly expectedPayoffOn: string | null
  readonly disbursements: readonly Disbursement[]
}

/** One draw of a student loan; `sequence` counts from 1 within the loan. */
export interface Disbursement {
  readonly sequence: number
  readonly balanceCents: number | null
  readonly disbursedOn: string | null
  readonly closedOn: string | null
  readonly lastPaymentCents: number | null
  readonly lastPaymentOn: string | null
  readonly nextPaymentDueOn: string | null
  readonly nextPaymentMinimumCents: number | null
  readonly interestRatePercent: number | null
  readonly interestRateType: 'fixed' | 'variable' | null
  readonly interestRateSource: (typeof INTEREST_RATE_SOURCES)[number] | null
  readonly originalLoanCents: number | null
  readonly termMonths: number | null
}

export interface BalanceReport {
  readonly asOf: string
  readonly amountCents: number
}

/** A person's credit file at a bureau: the score follows from the tradelines and inquiries. */
export interface CreditReport {
  readonly asOf: string
  readonly bureau: 'equifax' | 'experian' | 'transunion'
  readonly model: 'vantage_4' | 'vantage_3'
  /** 300–850 */
  readonly score: number
  /** The strongest reason first. */
  readonly factors: readonly { readonly code: string; readonly description: string }[]
  /** Of the last 24 months, newest first, like the soft ones. */
  readonly hardInquiries: readonly Inquiry[]
  readonly softInquiries: readonly Inquiry[]
  readonly derogatoryMarks: number
  readonly totalAccounts: number
  readonly openAccounts: number
  /** What is owed on open cards, in percent of their limits. */
  readonly cardUsagePercent: number
  /** The average age of all accounts. */
  readonly averageAgeMonths: number
  /** Payments made on time, in percent of all that were due. */
  readonly onTimePaymentPercent: number
  readonly delinquentAccountRefs: readonly string[]
}

export interface Inquiry {
  readonly institutionName: string
  readonly on: string
}

/** A vehicle registered to a person. */
export interface Vehicle {
  readonly vin: string
  readonly year: number
  readonly make: string
  readonly model: string
  readonly series: string | null
  readonly majorColor: string | null
  readonly style: string | null
}

/** A liability as a caller describes it. */
export interface DebtClaim {
  /** The caller's id of the consumer, for worlds that give each its own copy. */
  readonly consumerRef: string
  /** Null for somebody nobody identified. */
  readonly personRef: string | null
  readonly merchantNumber: number
  readonly accountNumber: string
}

export interface TextMessage {
  /** E.164 */
  readonly to: string
  readonly text: string
}

// ---- the port ------------------------------------------------------------------------------------------------------

export interface Network extends AccessNetwork {
  /** How long an institution takes to answer an asynchronous question; a caller waits that long before it asks. */
  readonly answerDelayMs: number
  directory(): Promise<Directory>
  /** Who the claim points to. Asked again with more facts, it may get from `none` or `several` to `one`, and never changes the person. */
  identify(ask: Ask, claim: IdentityClaim): Promise<Identification>
  /** Every record the claim could mean, in clear; empty when nobody is known. Needs no verification. */
  identityRecords(ask: Ask, claim: IdentityClaim): Promise<readonly IdentityRecord[]>
  identityQuiz(ask: Ask, personRef: string): Promise<IdentityQuiz>
  /** Every debt on file, open and closed, in a stable order. An empty list is a thin file. */
  tradelines(ask: Ask, personRef: string): Promise<Outcome<readonly Tradeline[]>>
  creditReport(ask: Ask, personRef: string): Promise<Outcome<CreditReport>>
  /** What is registered to the person; an empty list for one who has none. */
  vehicles(ask: Ask, personRef: string): Promise<Outcome<readonly Vehicle[]>>
  balance(ask: Ask, accountRef: string): Promise<Outcome<BalanceReport>>
  liabilityReport(ask: Ask, accountRef: string): Promise<Outcome<LiabilityReport>>
  /** The bureau's newest picture of a debt, a new one each month; also of debts whose institution never answers. */
  liabilitySnapshot(ask: Ask, accountRef: string): Promise<Outcome<LiabilityReport>>
  /** The debt behind a number that the caller knows already; `not_found` when nobody outside tells of it. */
  locateDebt(ask: Ask, claim: DebtClaim): Promise<Outcome<Tradeline>>
  /** Only for loans with an end. */
  payoffQuote(ask: Ask, accountRef: string): Promise<Outcome<PayoffQuote>>
  cardBrand(ask: Ask, accountRef: string): Promise<Outcome<CardBrandReport>>
  /** Null for a number no product has. */
  cardProduct(number: number): Promise<CardProduct | null>
  /** The image of a card face as SVG; null where there is none. */
  cardArt(productNumber: number, brandNumber: number): Promise<string | null>
  accountSecrets(ask: Ask, accountRef: string): Promise<Outcome<AccountSecrets>>
  /** Holds a claim about a card against the card. */
  checkCard(ask: Ask, accountRef: string, claim: CardClaim): Promise<Outcome<CardCheck>>
  /** A card network's stand-in for a card's number. */
  networkToken(ask: Ask, accountRef: string): Promise<Outcome<{ readonly token: string }>>
  /** A deposit account whose money goes to the liability. */
  inboundAccount(
    ask: Ask,
    accountRef: string,
  ): Promise<Outcome<{ readonly routingNumber: string; readonly number: string }>>
  accountHealth(ask: Ask, accountRef: string): Promise<Outcome<AccountHealth>>
  /** What was authorized, posted or voided on a card after `since` and not after the asking, oldest first. */
  cardTransactions(ask: Ask, accountRef: string, since: string): Promise<Outcome<readonly CardTransaction[]>>
  /** Sends small credits, and says what became of them. */
  sendMicroDeposits(ask: Ask, deposits: MicroDeposits): Promise<Outcome<DepositResult>>
  /**
   * Opens an empty account at the bank that originates entries, from which nothing can be taken that has not come in; asked
   * for by the same reference again, it is the same account.
   */
  openClearingAccount(ask: Ask, reference: string): Promise<Outcome<BankAccount>>
  /** Holds a claim about a debit card against the card; `not_found` for a number that no network has. */
  debitCard(ask: Ask, claim: CardClaim & { readonly number: string }): Promise<Outcome<DebitCardReport>>
  /** Moves money, all of it or none; a reference that was handed over before is left alone. Says when returns may come. */
  originate(ask: Ask, orders: readonly AchOrder[]): Promise<Outcome<Pick<AchReturns, 'lookAgainAt'>>>
  /** What came back after `since` and by the time of asking, in the order in which it came; `since` 0 is the beginning. */
  achReturns(ask: Ask, since: number): Promise<Outcome<AchReturns>>
  /** What is posted of the entries that were handed over, in the order of their references and after one of them. */
  achPostings(
    ask: Ask,
    page: { readonly after: string; readonly limit: number },
  ): Promise<Outcome<readonly AchPosting[]>>
  /** Sends a text message to a phone. */
  sendText(ask: Ask, message: TextMessage): Promise<Outcome<null>>
  /** What only a rehearsal can do; absent on a real network. */
  readonly stage?: Stage
}
