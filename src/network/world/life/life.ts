/**
 * The door to the life of debts: what a debt's report says on a day, from its terms and from what moved
 * on it for other reasons. `standingAt` is the one place where the balance comes from.
 */
import type { LiabilityReport, LiabilityType } from '../../port.js'
import { daysBetween, lastMonthly, latest, startOf } from './calendar.js'
import { cardDue, cardFigures, cardStanding } from './cards.js'
import { loanStanding, payoffOn, studentStanding } from './loans.js'
import { type Movement, movementsBy, withMovements } from './movements.js'
import { billStanding, flatStanding } from './simple-debts.js'
import {
  type LoanTerms,
  NO_FIGURES,
  type Standing,
  type StudentTerms,
  type Terms,
  type UndatedReport,
} from './terms.js'

/** Where the debt stands on a day, whatever moved on it by then; before it began, as on its first day. */
export function standingAt(terms: Terms, day: string, movements: readonly Movement[]): Standing {
  const on = latest(day, terms.openedOn)
  const standing = standingOfTerms(terms, on)
  const { nextPayment } = standing
  return withMovements(standing, movementsBy(movements, on), (owedCents) => {
    if (terms.kind === 'card') return cardDue(terms, on, owedCents)
    return nextPayment && { ...nextPayment, cents: Math.min(nextPayment.cents, owedCents) }
  })
}

function standingOfTerms(terms: Terms, on: string): Standing {
  switch (terms.kind) {
    case 'card':
      return cardStanding(terms, on)
    case 'loan':
      return loanStanding(terms, on)
    case 'student':
      return studentStanding(terms, on)
    case 'bill':
      return billStanding(terms, on)
    case 'flat':
      return flatStanding(terms, on)
    case 'verbatim':
      return verbatimStanding(terms.report)
  }
}

/** The report of a day, with only the fields that belong to the debt's type. */
export function reportAt(terms: Terms, day: string, movements: readonly Movement[]): LiabilityReport {
  const standing = standingAt(terms, day, movements)
  const report: LiabilityReport = {
    ...NO_FIGURES,
    subType: terms.subType,
    openedOn: terms.openedOn,
    closedOn: standing.closedOn,
    balanceCents: standing.owedCents,
    lastPaymentCents: standing.lastPayment?.cents ?? null,
    lastPaymentOn: standing.lastPayment?.on ?? null,
    nextPaymentDueOn: standing.nextPayment?.on ?? null,
    nextPaymentMinimumCents: standing.nextPayment?.cents ?? null,
    disbursements: standing.disbursements,
    ...figures(terms, standing, latest(day, terms.openedOn)),
    asOf: startOf(day),
  }
  return onlyFieldsOf(terms.type, report)
}

/** The bureau's latest picture: it gets one each month, on a date that is the debt's own. */
export function snapshotAt(
  terms: Terms,
  { day, date, movements }: { day: string; date: number; movements: readonly Movement[] },
): LiabilityReport {
  const takenOn = latest(lastMonthly(date, day), terms.openedOn)
  return reportAt(terms, takenOn > day ? day : takenOn, movements)
}

/** How many days a payment has been missing: counted from a month after the last one was made, none if it was made. */
export function missingDays({ stoppedPayingOn }: Terms, day: string): number {
  return stoppedPayingOn === null ? 0 : Math.max(0, daysBetween(stoppedPayingOn, day) - 30)
}

/** Bureaus hear of a payment once it has been missing for so long. */
export const DELINQUENT_DAYS = 30

/** A payment has been missing for a month or longer although something is owed. */
export function isDelinquent(terms: Terms, day: string, movements: readonly Movement[]): boolean {
  return missingDays(terms, day) >= DELINQUENT_DAYS && standingAt(terms, day, movements).owedCents > 0
}

function figures(terms: Terms, standing: Standing, on: string): Partial<LiabilityReport> {
  switch (terms.kind) {
    case 'card':
      return cardFigures(terms, standing, on)
    case 'loan':
      return loanFigures(terms, standing)
    case 'student':
      return studentFigures(terms, standing)
    case 'bill':
    case 'flat':
      return {}
    case 'verbatim':
      return verbatimFigures(terms.report, standing)
  }
}

function loanFigures(terms: LoanTerms, standing: Standing): Partial<LiabilityReport> {
  const { schedule, lineCents } = terms
  const next = standing.nextPayment
  return {
    interestRateType: terms.rateType,
    interestRatePercent: schedule.aprPercent,
    interestRateSource: terms.rateSource,
    originalLoanCents: schedule.principalCents,
    termMonths: schedule.termMonths,
    expectedPayoffOn: next && !terms.stoppedPayingOn ? payoffOn(schedule, standing.owedCents, next.on) : null,
    availableCreditCents: lineCents === null || standing.closedOn ? null : Math.max(0, lineCents - standing.owedCents),
  }
}

/** Servicers tell one rate of several draws: each counts by what is owed on it, or was lent once nothing is. */
function studentFigures(terms: StudentTerms, standing: Standing): Partial<LiabilityReport> {
  const { disbursements } = terms
  const isOwed = standing.disbursements.some(({ balanceCents }) => balanceCents)
  const weights = isOwed
    ? standing.disbursements.map(({ balanceCents }) => balanceCents ?? 0)
    : disbursements.map(({ principalCents }) => principalCents)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const weighted = disbursements.reduce((sum, { aprPercent }, index) => sum + aprPercent * (weights[index] ?? 0), 0)
  return {
    interestRateType: 'fixed',
    interestRatePercent: Math.round((weighted * 100) / total) / 100,
    interestRateSource: terms.rateSource,
    originalLoanCents: disbursements.reduce((sum, part) => sum + part.principalCents, 0),
    termMonths: Math.max(...disbursements.map((part) => part.termMonths)),
  }
}

/** The report, with what moved since in its place. */
function verbatimFigures(report: UndatedReport, standing: Standing): Partial<LiabilityReport> {
  const movedCents = standing.owedCents - (report.balanceCents ?? 0)
  const { availableCreditCents } = report
  return {
    ...report,
    balanceCents: standing.owedCents,
    lastPaymentCents: standing.lastPayment?.cents ?? null,
    lastPaymentOn: standing.lastPayment?.on ?? null,
    nextPaymentDueOn: standing.nextPayment?.on ?? null,
    nextPaymentMinimumCents: standing.nextPayment?.cents ?? null,
    availableCreditCents: availableCreditCents === null ? null : Math.max(0, availableCreditCents - movedCents),
  }
}

function verbatimStanding(report: UndatedReport): Standing {
  const payment = (cents: number | null, on: string | null) => (cents === null || on === null ? null : { cents, on })
  return {
    owedCents: report.balanceCents ?? 0,
    closedOn: report.closedOn,
    lastPayment: payment(report.lastPaymentCents, report.lastPaymentOn),
    nextPayment: payment(report.nextPaymentMinimumCents, report.nextPaymentDueOn),
    disbursements: report.disbursements,
  }
}

type Field = keyof LiabilityReport

const SHORT = ['asOf', 'balanceCents', 'openedOn', 'closedOn'] as const satisfies readonly Field[]
const BASE = [
  ...SHORT,
  'subType',
  'lastPaymentCents',
  'lastPaymentOn',
  'nextPaymentDueOn',
  'nextPaymentMinimumCents',
] as const satisfies readonly Field[]
const CARD = [
  ...BASE,
  'interestRateType',
  'interestRatePercentMax',
  'interestRatePercentMin',
  'availableCreditCents',
  'creditLimitCents',
  'usagePattern',
] as const satisfies readonly Field[]
const LOAN = [
  ...BASE,
  'interestRateType',
  'interestRatePercent',
  'interestRateSource',
  'originalLoanCents',
  'termMonths',
] as const satisfies readonly Field[]

/** contract: method/accounts §6.2 [N113], spelled in the port's words */
export const REPORT_FIELDS = {
  auto_loan: [...LOAN, 'expectedPayoffOn'],
  bnpl: SHORT,
  collection: BASE,
  credit_builder: BASE,
  credit_card: CARD,
  fintech: SHORT,
  insurance: BASE,
  loan: BASE,
  medical: BASE,
  mortgage: [...LOAN, 'expectedPayoffOn'],
  personal_loan: [...LOAN, 'availableCreditCents'],
  student_loans: [...LOAN, 'disbursements'],
  utility: BASE,
} as const satisfies Record<LiabilityType, readonly Field[]>

function onlyFieldsOf(type: LiabilityType, report: LiabilityReport): LiabilityReport {
  const kept = REPORT_FIELDS[type].map((field) => [field, report[field]])
  return { asOf: report.asOf, ...NO_FIGURES, ...Object.fromEntries(kept) }
}
