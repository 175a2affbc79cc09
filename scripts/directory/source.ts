/**
 * How the source lists of the directory are written: one row per institution, with the product lines it has. A
 * merchant's catalogue number comes from the base of its list, the place of its row and the place of its line, so rows
 * and lines are only ever appended, never moved or removed.
 */
import type { LiabilityType } from '../../src/network/port.js'

/**
 * slug, name, domain, name in FedACH (empty: takes no deposits), name on credit reports, lines. A name in FedACH is how it starts, with
 * `@XX` for a state, alternatives parted by `|`, the better one first.
 */
export type Row = readonly [
  slug: string,
  name: string,
  domain: string,
  fedachName: string,
  creditorName: string,
  lines: string,
  ownLines?: readonly OwnLine[],
]

/** A line with a name of its own: a store card, a brand. */
export interface OwnLine {
  readonly line: LineName
  readonly name: string
  readonly creditorName: string
}

export interface SourceList {
  /** The numbers of the list's merchants are above this one. */
  readonly numbersFrom: number
  readonly rows: readonly Row[]
}

interface Line {
  readonly type: LiabilityType
  readonly label: string
  /** Follows the institution's name on credit reports. */
  readonly creditorSuffix: string
  readonly accountNumberFormats: readonly string[]
}

const digits = (count: number) => '#'.repeat(count)

/** The product lines a row may name. */
export const LINES = {
  card: { type: 'credit_card', label: 'Credit Card', creditorSuffix: ' CARD', accountNumberFormats: [digits(16)] },
  auto: { type: 'auto_loan', label: 'Auto Loan', creditorSuffix: ' AUTO', accountNumberFormats: [digits(10)] },
  mortgage: { type: 'mortgage', label: 'Mortgage', creditorSuffix: ' MTG', accountNumberFormats: [digits(10)] },
  heloc: {
    type: 'personal_loan',
    label: 'Home Equity Line of Credit',
    creditorSuffix: ' HELOC',
    accountNumberFormats: [digits(12)],
  },
  personal: { type: 'personal_loan', label: 'Personal Loan', creditorSuffix: '', accountNumberFormats: [digits(11)] },
  student: { type: 'student_loans', label: 'Student Loans', creditorSuffix: '', accountNumberFormats: [digits(10)] },
  builder: { type: 'credit_builder', label: 'Credit Builder', creditorSuffix: '', accountNumberFormats: [digits(9)] },
  loan: { type: 'loan', label: 'Loan', creditorSuffix: ' LOAN', accountNumberFormats: [digits(12)] },
  bnpl: { type: 'bnpl', label: 'Pay Later', creditorSuffix: '', accountNumberFormats: [] },
  fintech: { type: 'fintech', label: 'Advance', creditorSuffix: '', accountNumberFormats: [] },
  collection: { type: 'collection', label: 'Collections', creditorSuffix: '', accountNumberFormats: [digits(9)] },
  medical: { type: 'medical', label: 'Medical Bills', creditorSuffix: '', accountNumberFormats: [digits(9)] },
  insurance: { type: 'insurance', label: 'Premiums', creditorSuffix: '', accountNumberFormats: [digits(10)] },
  utility: { type: 'utility', label: 'Utility Bills', creditorSuffix: '', accountNumberFormats: [digits(11)] },
} as const satisfies Record<string, Line>

export type LineName = keyof typeof LINES
