/**
 * What was agreed when a debt began, and how its holder behaves. Terms are stored once and never change; every later
 * figure is computed from them and a day. Dates of the month are 1 to 28, so that every month has them.
 */
import type {
  CardNetwork,
  Disbursement,
  INTEREST_RATE_SOURCES,
  LiabilityReport,
  LiabilityType,
  Ownership,
} from '../../port.js'

interface CommonTerms {
  readonly type: LiabilityType
  readonly subType: string | null
  readonly name: string
  readonly ownership: Ownership
  readonly openedOn: string
  /** Closed before its time, or for good; a loan also closes with its last payment. */
  readonly closedOn: string | null
  /** Still owed when it was closed: above nothing, it was charged off. */
  readonly closingBalanceCents: number
  /** Chance of the life of this debt; nothing secret follows from it. */
  readonly seed: string
  /** Payments in the past that came 30 days late or later. */
  readonly latePayments: number
  /** From this day on nothing more is paid. */
  readonly stoppedPayingOn: string | null
  /** The balance a caller asked for: it stays, and only the calendar moves. */
  readonly steadyBalanceCents: number | null
}

export interface CardTerms extends CommonTerms {
  readonly kind: 'card'
  readonly network: CardNetwork
  readonly limitCents: number
  readonly aprMinPercent: number
  readonly aprMaxPercent: number
  /** Date of the month on which the statement closes. */
  readonly statementDate: number
  /** From statement to due day: 21 to 25 days. */
  readonly graceDays: number
  readonly habit: 'transactor' | 'revolver' | 'dormant'
  /** What a usual statement shows, in percent of the limit. */
  readonly usualPercent: number
}

export interface Schedule {
  readonly principalCents: number
  readonly aprPercent: number
  readonly termMonths: number
  readonly firstDueOn: string
}

export type RateSource = (typeof INTEREST_RATE_SOURCES)[number]

export interface LoanTerms extends CommonTerms {
  readonly kind: 'loan'
  readonly schedule: Schedule
  readonly rateType: 'fixed' | 'variable'
  readonly rateSource: RateSource
  /** What may be drawn in all, for a line of credit. */
  readonly lineCents: number | null
}

/** The disbursements share the due day; each amortizes by itself. */
export interface StudentTerms extends CommonTerms {
  readonly kind: 'student'
  readonly rateSource: RateSource
  readonly disbursements: readonly (Schedule & { readonly disbursedOn: string })[]
}

/** A bill each month, paid in full: utilities, premiums. */
export interface BillTerms extends CommonTerms {
  readonly kind: 'bill'
  readonly billDate: number
  readonly graceDays: number
  readonly usualCents: number
}

/** A sum that just stands there: collections, medical bills. */
export interface FlatTerms extends CommonTerms {
  readonly kind: 'flat'
  readonly amountCents: number
}

/** A report of no day in particular. */
export type UndatedReport = Omit<LiabilityReport, 'asOf'>

/** A published fixture: the report is given word for word. */
export interface VerbatimTerms extends CommonTerms {
  readonly kind: 'verbatim'
  readonly network: CardNetwork | null
  readonly report: UndatedReport
}

export type Terms = CardTerms | LoanTerms | StudentTerms | BillTerms | FlatTerms | VerbatimTerms

export interface Payment {
  readonly cents: number
  readonly on: string
}

/** Where a debt stands on a day, whatever kind it is. */
export interface Standing {
  readonly owedCents: number
  readonly closedOn: string | null
  readonly lastPayment: Payment | null
  /** The next day something is due, and the least that is; null when nothing is owed. */
  readonly nextPayment: Payment | null
  /** One entry per draw of a student loan. */
  readonly disbursements: readonly Disbursement[]
}

/** A report that says nothing, for filling in what a debt has. */
export const NO_FIGURES: UndatedReport = {
  subType: null,
  openedOn: null,
  closedOn: null,
  balanceCents: null,
  lastPaymentCents: null,
  lastPaymentOn: null,
  nextPaymentDueOn: null,
  nextPaymentMinimumCents: null,
  interestRateType: null,
  interestRatePercent: null,
  interestRateSource: null,
  interestRatePercentMax: null,
  interestRatePercentMin: null,
  availableCreditCents: null,
  creditLimitCents: null,
  usagePattern: null,
  originalLoanCents: null,
  termMonths: null,
  expectedPayoffOn: null,
  disbursements: [],
}
