/**
 * The credit file: a score from 300 to 850 that follows from the debts and inquiries of a day. It starts at the top and
 * every weakness takes points away, more the stronger it is; those that took most are the factors. So less owed on
 * cards, or an older file, is a better score the same day.
 */
import type { CreditReport, Inquiry } from '../port.js'
import { chanceOf } from './chance.js'
import type { WorldDirectory } from './directory.js'
import type { GivenCreditFile, Profile } from './invent/profile.js'
import { addDays, addMonths, dayIn, monthNumber, monthsBetween, yearOf } from './life/calendar.js'
import { isDelinquent, reportAt, standingAt } from './life/life.js'
import type { Terms } from './life/terms.js'
import type { Debt, SoftInquiry } from './store.js'

/** What a bureau knows of a person. */
export interface CreditFile {
  readonly seed: string
  readonly phone: string
  readonly profile: Profile
  readonly debts: readonly Pick<Debt, 'ref' | 'merchantNumber' | 'terms' | 'movements' | 'aroseAt'>[]
  /** Beside those that follow from the seed. */
  readonly softInquiries: readonly SoftInquiry[]
}

/** The report of a day; null when there is no debt to score. */
export function creditReportOf(
  file: CreditFile,
  { day, asOf, directory }: { day: string; asOf: string; directory: WorldDirectory },
): CreditReport | null {
  if (file.debts.length === 0) return null
  const hardInquiries = inquiriesOf(file, day, directory)
  const facts = factsOf(file, day, hardInquiries.length)
  const head = {
    asOf,
    bureau: 'equifax',
    model: 'vantage_4',
    hardInquiries,
    softInquiries: softInquiriesOf(file, day, directory),
    totalAccounts: facts.accounts,
    openAccounts: facts.openAccounts,
    cardUsagePercent: Math.round(facts.usagePercent),
    averageAgeMonths: Math.round(facts.averageMonths),
    onTimePaymentPercent: facts.onTimePercent,
    delinquentAccountRefs: file.debts
      .filter((debt) => isDelinquent(debt.terms, day, debt.movements))
      .map(({ ref }) => ref),
  } as const
  const given = file.profile.givenCreditFile
  if (given) return { ...head, ...withArisen(given, file, day) }
  const weaknesses = weaknessesOf(facts)
  const lost = weaknesses.reduce((sum, weakness) => sum + weakness.points, 0)
  return {
    ...head,
    score: Math.max(SCORE_MIN, Math.round(SCORE_MAX - lost)),
    factors: weaknesses.slice(0, FACTORS_MAX).map(({ code }) => ({ code, description: FACTORS[code] })),
    derogatoryMarks: facts.derogatoryMarks,
  }
}

/** What is given was true of the debts the person was met with; each that arose since adds to them. */
function withArisen(given: GivenCreditFile, { debts }: CreditFile, day: string): GivenCreditFile {
  const arisen = debts.filter(({ aroseAt }) => aroseAt !== null)
  const open = arisen.filter(({ terms, movements }) => standingAt(terms, day, movements).closedOn === null)
  return {
    ...given,
    totalAccounts: given.totalAccounts + arisen.length,
    openAccounts: given.openAccounts + open.length,
  }
}

const SCORE_MIN = 300
const SCORE_MAX = 850
const FACTORS_MAX = 4

/** Reasons by code. contract: method/dev-fixtures §4.1 has 00012, 00016, 00034, 00063; the rest is like them. */
const FACTORS = {
  '00007': 'You have too many delinquent or derogatory accounts',
  '00012': 'The date that you opened your oldest account is too recent',
  '00015': 'Lack of sufficient credit history',
  '00016': 'The total of all balances on your open accounts is too high',
  '00030': 'The time since your most recent account opening is too short',
  '00034': 'Total of all balances on bankcard or revolving accounts is too high',
  '00040': 'Your worst payment status on record is delinquent or derogatory',
  '00063': 'Lack of sufficient relevant real estate account information',
  '00085': 'You have too many inquiries on your credit report',
} as const
type FactorCode = keyof typeof FACTORS

interface Facts {
  /** Owed on open cards in percent of their limits. */
  readonly usagePercent: number
  /** Owed on open instalment debts in percent of what was borrowed. */
  readonly owedPercent: number
  readonly derogatoryMarks: number
  readonly latePayments: number
  readonly oldestMonths: number
  readonly newestMonths: number
  readonly averageMonths: number
  readonly accounts: number
  readonly openAccounts: number
  readonly onTimePercent: number
  readonly hasMortgage: boolean
  readonly inquiries: number
}

function factsOf(file: CreditFile, day: string, inquiries: number): Facts {
  const known = file.debts.map(({ terms, movements }) => ({
    terms,
    movements,
    report: reportAt(terms, day, movements),
  }))
  const open = known.filter(({ report }) => !report.closedOn)
  const cards = open.filter(({ report }) => report.creditLimitCents !== null)
  const loans = open.filter(({ report }) => report.originalLoanCents !== null)
  const ages = known.map(({ terms }) => Math.max(0, monthsBetween(openedOn(terms), day)))
  const sum = (values: readonly (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0)
  return {
    usagePercent: percent(
      sum(cards.map((c) => c.report.balanceCents)),
      sum(cards.map((c) => c.report.creditLimitCents)),
    ),
    owedPercent: percent(
      sum(loans.map((l) => l.report.balanceCents)),
      sum(loans.map((l) => l.report.originalLoanCents)),
    ),
    derogatoryMarks: known.filter((debt) => isDerogatory(debt, day)).length,
    latePayments: sum(known.map(({ terms }) => terms.latePayments)),
    oldestMonths: Math.max(...ages),
    newestMonths: Math.min(...ages),
    averageMonths: sum(ages) / ages.length,
    accounts: known.length,
    openAccounts: open.length,
    onTimePercent: onTimePercentOf(sum(known.map(({ terms }) => terms.latePayments)), sum(ages)),
    hasMortgage: known.some(({ terms }) => terms.type === 'mortgage'),
    inquiries,
  }
}

/** To a tenth. One payment was due in each month of each account's life. */
function onTimePercentOf(late: number, due: number): number {
  return due === 0 ? 100 : Math.max(0, Math.round(1000 * (1 - late / due)) / 10)
}

function openedOn(terms: Terms): string {
  return terms.kind === 'verbatim' ? (terms.report.openedOn ?? terms.openedOn) : terms.openedOn
}

function percent(part: number, whole: number): number {
  return whole > 0 ? (part * 100) / whole : 0
}

/** A collection that is not settled, a debt nobody pays any more, or one that was written off. */
function isDerogatory({ terms, movements }: Pick<Debt, 'terms' | 'movements'>, day: string): boolean {
  const standing = standingAt(terms, day, movements)
  const isUnpaidCollection = terms.type === 'collection' && standing.owedCents > 0
  const isWrittenOff = standing.closedOn !== null && standing.owedCents > 0
  return isUnpaidCollection || isWrittenOff || isDelinquent(terms, day, movements)
}

interface Weakness {
  readonly code: FactorCode
  readonly points: number
}

/** Points lost, most first. Weighted as bureaus say they do: payment history before usage and age, new credit last. */
function weaknessesOf(facts: Facts): Weakness[] {
  const all: Weakness[] = [
    { code: '00007', points: Math.min(190, facts.derogatoryMarks * 62) },
    { code: '00040', points: Math.min(80, facts.latePayments * 14) },
    { code: '00034', points: Math.min(140, facts.usagePercent * 1.45) },
    { code: '00012', points: 70 * shortfall(facts.oldestMonths, 180) },
    { code: '00015', points: 40 * shortfall(facts.accounts, 6) },
    { code: '00016', points: Math.min(30, facts.owedPercent * 0.3) },
    { code: '00063', points: facts.hasMortgage ? 0 : 18 },
    { code: '00030', points: 16 * shortfall(facts.newestMonths, 12) },
    { code: '00085', points: Math.min(40, facts.inquiries * 6) },
  ]
  return all.filter((weakness) => weakness.points > 0).sort((a, b) => b.points - a.points)
}

/** 1 when there is nothing, 0 when there is enough. */
function shortfall(value: number, enough: number): number {
  return Math.max(0, 1 - value / enough)
}

const INQUIRY_MONTHS = 24
const SHOPPING_CHANCE = 0.12

/** Hard inquiries of the last two years, the latest first: one before each debt, and some shopping around. */
function inquiriesOf(file: CreditFile, day: string, directory: WorldDirectory): readonly Inquiry[] {
  const since = addMonths(day, -INQUIRY_MONTHS)
  if (file.profile.givenCreditFile) {
    const on = dayIn(yearOf(day) - 1, 11, 4)
    return [{ institutionName: directory.institutionName('alliant'), on }]
  }
  const applications = file.debts.flatMap(({ merchantNumber, terms }) => {
    const merchant = BORROWED.has(terms.type) ? directory.merchant(merchantNumber) : null
    return merchant ? [{ slug: merchant.institutionSlug, on: addDays(terms.openedOn, -3) }] : []
  })
  return [...applications, ...shopping(file, day, directory)]
    .filter(({ on }) => on > since && on <= day)
    .sort((a, b) => (a.on < b.on ? 1 : -1))
    .map(({ slug, on }) => ({ institutionName: directory.institutionName(slug), on }))
}

const SOFT_CHANCE = 0.2

/** Soft inquiries of the last two years, the latest first: card issuers who looked before making an offer. */
function softInquiriesOf(file: CreditFile, day: string, directory: WorldDirectory): readonly Inquiry[] {
  const cards = directory.merchantsOf('credit_card')
  const months = Array.from({ length: INQUIRY_MONTHS }, (_, back) => monthNumber(day) - back)
  const usual = months.flatMap((month) => {
    const chance = chanceOf(file.seed, 'soft inquiry', file.phone, month)
    if (!chance.isLikely(SOFT_CHANCE)) return []
    const on = dayIn(Math.floor(month / 12), (month % 12) + 1, chance.between(1, 28))
    return [{ slug: chance.pick(cards).institutionSlug, on }]
  })
  const since = addMonths(day, -INQUIRY_MONTHS)
  return [...usual, ...file.softInquiries.filter(({ on }) => on > since)]
    .filter(({ on }) => on <= day)
    .sort((a, b) => (a.on < b.on ? 1 : -1))
    .map(({ slug, on }) => ({ institutionName: directory.institutionName(slug), on }))
}

const BORROWED = new Set(['auto_loan', 'credit_card', 'loan', 'mortgage', 'personal_loan', 'student_loans'])

function shopping(file: CreditFile, day: string, directory: WorldDirectory): { slug: string; on: string }[] {
  const cards = directory.merchantsOf('credit_card')
  return Array.from({ length: INQUIRY_MONTHS + 1 }, (_, back) => monthNumber(day) - back).flatMap((month) => {
    const chance = chanceOf(file.seed, 'inquiry', file.phone, month)
    if (!chance.isLikely(SHOPPING_CHANCE)) return []
    const on = dayIn(Math.floor(month / 12), (month % 12) + 1, chance.between(1, 28))
    return [{ slug: chance.pick(cards).institutionSlug, on }]
  })
}
