import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LIABILITY_TYPES, type LiabilityReport } from '../port.js'
import { creditReportOf } from './credit-file.js'
import { loadDirectory } from './directory.js'
import { inventDebts, type NewDebt } from './invent/debts.js'
import { inventProfile } from './invent/profile.js'
import { addDays, daysBetween } from './life/calendar.js'
import { REPORT_FIELDS, reportAt } from './life/life.js'
import { quizOf } from './quiz.js'

const inventor = { seed: 'seed', directory: await loadDirectory() }
const MET_ON = '2026-01-20'
const DAYS = [MET_ON, '2026-06-15', '2029-02-28']

function personOf(number: number) {
  const phone = `+1737555${String(number).padStart(4, '0')}`
  const profile = inventProfile(inventor.seed, phone)
  const debts = inventDebts(inventor, { phone, profile }, MET_ON)
  return {
    phone,
    profile,
    debts: debts.map((debt, index) => ({ ...debt, ref: String(index), movements: [], aroseAt: null })),
  }
}

const somebody = fc.integer({ min: 0, max: 9999 })

describe('the people of the world', () => {
  test('their figures add up on every day', () => {
    fc.assert(
      fc.property(somebody, fc.constantFrom(...DAYS), (number, on) => {
        for (const debt of personOf(number).debts) expectSound(debt, on)
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  test('nothing that a lender always knows of an open debt is missing from its report', () => {
    const people = Array.from({ length: 300 }, (_, number) => personOf(number))
    for (const { terms } of people.flatMap((person) => person.debts)) {
      const report = reportAt(terms, MET_ON, [])
      if (report.closedOn) continue
      const known = alwaysKnown(terms.kind).filter((field) =>
        (REPORT_FIELDS[terms.type] as readonly string[]).includes(field),
      )
      expect({ type: terms.type, missing: known.filter((field) => report[field] === null) }).toEqual({
        type: terms.type,
        missing: [],
      })
      const due = report.disbursements.reduce((sum, part) => sum + (part.nextPaymentMinimumCents ?? 0), 0)
      if (report.disbursements.length > 0) expect(due).toBe(report.nextPaymentMinimumCents)
    }
  })

  test('a loan in good standing never owes more than it did', () => {
    fc.assert(
      fc.property(somebody, (number) => {
        const { debts } = personOf(number)
        for (const { terms } of debts.filter((debt) => debt.terms.kind === 'loan' || debt.terms.kind === 'student')) {
          const balances = Array.from({ length: 24 }, (_, month) => balanceOn({ terms }, addDays(MET_ON, month * 30)))
          expect(balances).toEqual([...balances].sort((a, b) => b - a))
        }
      }),
      { numRuns: 100, seed: 2 },
    )
  })

  test('their score is between 300 and 850, with no more than four reasons, and three questions can be asked', () => {
    fc.assert(
      fc.property(somebody, fc.constantFrom(...DAYS), (number, day) => {
        const person = personOf(number)
        const file = { seed: inventor.seed, softInquiries: [], ...person }
        const report = creditReportOf(file, { day, asOf: day, directory: inventor.directory })
        expect(report === null).toBe(person.debts.length === 0)
        if (report) expect(report.score >= 300 && report.score <= 850 && report.factors.length <= 4).toBe(true)
        for (const { answers } of quizOf(file, day)) {
          expect(new Set(answers.map((answer) => answer.text)).size).toBe(5)
          expect(answers.filter((answer) => answer.isCorrect)).toHaveLength(1)
        }
      }),
      { numRuns: 300, seed: 3 },
    )
  })

  test('they are the same every time, and for everybody who meets them in a year', () => {
    const again = inventDebts(inventor, personOf(7), '2026-11-30')
    expect(personOf(7)).toEqual(personOf(7))
    expect(again.map((debt, index) => ({ ...debt, ref: String(index), movements: [], aroseAt: null }))).toEqual(
      personOf(7).debts,
    )
  })

  test('together they owe debts of every type; some owe none, some closed theirs, some are in trouble', () => {
    const people = Array.from({ length: 600 }, (_, number) => personOf(number))
    const debts = people.flatMap((person) => person.debts)
    const closed = debts.filter(({ terms }) => reportAt(terms, MET_ON, []).closedOn !== null)
    const files = people.map((person) => ({ seed: inventor.seed, softInquiries: [], ...person }))
    const at = { day: MET_ON, asOf: MET_ON, directory: inventor.directory }
    const reports = files.map((file) => creditReportOf(file, at)).filter((report) => report !== null)
    const scores = reports.map((report) => report.score).sort((a, b) => a - b)
    expect(new Set(debts.map(({ terms }) => terms.type))).toEqual(new Set(LIABILITY_TYPES))
    expect(people.filter((person) => person.debts.length === 0).length).toBeGreaterThan(20)
    expect(Math.max(...people.map((person) => person.debts.length))).toBe(14)
    expect(closed.length / debts.length).toBeGreaterThan(0.1)
    expect(closed.length / debts.length).toBeLessThan(0.35)
    expect(reports.filter((report) => report.derogatoryMarks > 0).length).toBeGreaterThan(30)
    // The middle of the country is near 700; the world's should not be far from it.
    expect(scores[Math.floor(scores.length / 2)]).toBeGreaterThan(660)
    expect(scores[Math.floor(scores.length / 2)]).toBeLessThan(780)
    expect(scores[0]).toBeLessThan(560)
    expect(scores.at(-1)).toBeGreaterThan(800)
  })
})

type Field = keyof LiabilityReport
const OF_ANY = ['openedOn', 'balanceCents'] as const satisfies readonly Field[]
const OF_CARDS = [
  ...OF_ANY,
  'subType',
  'interestRateType',
  'interestRatePercentMax',
  'interestRatePercentMin',
  'availableCreditCents',
  'creditLimitCents',
  'usagePattern',
] as const satisfies readonly Field[]
const OF_LOANS = [
  ...OF_ANY,
  'nextPaymentDueOn',
  'nextPaymentMinimumCents',
  'interestRateType',
  'interestRatePercent',
  'interestRateSource',
  'originalLoanCents',
  'termMonths',
] as const satisfies readonly Field[]

function alwaysKnown(kind: NewDebt['terms']['kind']): readonly Field[] {
  if (kind === 'card') return OF_CARDS
  return kind === 'loan' || kind === 'student' ? OF_LOANS : OF_ANY
}

function balanceOn({ terms }: Pick<NewDebt, 'terms'>, on: string): number {
  // A loan whose holder stopped paying does not fall, which is not rising either.
  return reportAt(terms, on, []).balanceCents ?? 0
}

function expectSound({ terms }: NewDebt, on: string): void {
  const report = reportAt(terms, on, [])
  const { balanceCents, nextPaymentDueOn, nextPaymentMinimumCents, lastPaymentOn, openedOn, closedOn } = report
  expect(Number.isInteger(balanceCents) && (balanceCents ?? -1) >= 0).toBe(true)
  if (terms.kind === 'card' && !closedOn) {
    expect((balanceCents ?? 0) + (report.availableCreditCents ?? 0)).toBe(report.creditLimitCents)
  }
  if (nextPaymentDueOn) {
    const days = daysBetween(on, nextPaymentDueOn)
    expect(days > 0 && days <= 35).toBe(true)
    expect(Number.isInteger(nextPaymentMinimumCents) && (nextPaymentMinimumCents ?? -1) >= 0).toBe(true)
  }
  if (closedOn) expect([nextPaymentDueOn, closedOn >= (openedOn ?? '') && closedOn <= on]).toEqual([null, true])
  if (lastPaymentOn) expect(lastPaymentOn <= on && lastPaymentOn >= (openedOn ?? '')).toBe(true)
  expectDisbursementsAddUp(report)
  expectOnlyFieldsOf(report, terms.type)
}

function expectDisbursementsAddUp({ disbursements, balanceCents, originalLoanCents }: LiabilityReport): void {
  if (disbursements.length === 0) return
  expect(disbursements.reduce((sum, part) => sum + (part.balanceCents ?? 0), 0)).toBe(balanceCents)
  expect(disbursements.reduce((sum, part) => sum + (part.originalLoanCents ?? 0), 0)).toBe(originalLoanCents)
}

function expectOnlyFieldsOf(report: LiabilityReport, type: keyof typeof REPORT_FIELDS): void {
  const allowed: readonly string[] = REPORT_FIELDS[type]
  const extra = Object.entries(report).filter(([field, value]) => !allowed.includes(field) && !isEmpty(value))
  expect(extra).toEqual([])
}

function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}
