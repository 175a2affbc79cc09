/** Whoever is asked, on whatever day: what the world tells of one debt in several answers never contradicts itself. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  AccountHealth,
  Ask,
  LiabilityReport,
  Network,
  Outcome,
  PayoffQuote,
  Tradeline,
} from '../../src/network/port.js'
import { type OpenWorld, openWorld } from '../setup/world.js'

const PEOPLE = 500
const DAYS = ['2026-02-27', '2026-09-05', '2028-12-31'].map((day) => `${day}T15:30:00.000Z`)

let open: OpenWorld
let world: Network
beforeAll(async () => {
  open = await openWorld()
  world = open.world
})
afterAll(() => open.close())

test('balance, report, snapshot, payoff, health and credit file agree', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 9999 }), async (number) => {
      const personRef = await open.meet(
        { realm: 'team', at: DAYS[0] ?? '' },
        `+1737555${String(number).padStart(4, '0')}`,
      )
      const [first, ...later] = DAYS.map((at) => () => expectAgreement({ realm: 'team', at }, personRef))
      // Debts begin before the day on which they are first asked for, so the earliest day comes first.
      await first?.()
      await Promise.all(later.map((expectOnDay) => expectOnDay()))
    }),
    { numRuns: PEOPLE },
  )
})

interface Told {
  readonly line: Tradeline
  readonly balanceCents: number | null
  readonly report: LiabilityReport | null
  readonly health: AccountHealth
}

async function expectAgreement(ask: Ask, personRef: string): Promise<void> {
  const lines = await world.tradelines(ask, personRef)
  if (!lines.ok) throw new Error(lines.reason)
  const told = await Promise.all(lines.value.map((line) => tellOf(ask, line)))
  for (const debt of told) expectSound(debt, ask)
  const file = await world.creditReport(ask, personRef)
  if (!file.ok) return expect(told).toEqual([])
  const { value } = file
  const open = told.filter(({ line }) => !line.isClosed)
  const wrong = told.filter(({ health }) => health.standing === 'delinquent' || health.standing === 'charged_off')
  expect([value.totalAccounts, value.openAccounts]).toEqual([told.length, open.length])
  expect(value.derogatoryMarks).toBe(wrong.length)
  const refs = wrong.filter(({ line }) => line.type !== 'collection').map(({ line }) => line.accountRef)
  expect(value.delinquentAccountRefs).toEqual(refs)
  expectUsage(value.cardUsagePercent, open)
}

async function tellOf(ask: Ask, line: Tradeline): Promise<Told> {
  const [balance, report, health] = await Promise.all([
    world.balance(ask, line.accountRef),
    world.liabilityReport(ask, line.accountRef),
    world.accountHealth(ask, line.accountRef),
  ])
  const quote =
    line.type === 'auto_loan' || line.type === 'mortgage' ? await world.payoffQuote(ask, line.accountRef) : null
  if (!health.ok) throw new Error(health.reason)
  const balanceCents = balance.ok ? balance.value.amountCents : null
  if (quote) expectQuote(quote, { line, balanceCents, report: report.ok ? report.value : null }, ask)
  return { line, balanceCents, report: report.ok ? report.value : null, health: health.value }
}

function expectSound({ line, balanceCents, report, health }: Told, ask: Ask): void {
  const { snapshot } = line
  expect(balanceCents === null).toBe(line.isClosed)
  expect(report !== null).toBe(line.reportsDirectly)
  expect(snapshot.asOf <= ask.at).toBe(true)
  if (snapshot.closedOn) expect(line.isClosed).toBe(true)
  if (report === null) return
  if (balanceCents !== null) expect(report.balanceCents).toBe(balanceCents)
  const fixed = ({ openedOn, subType, creditLimitCents, originalLoanCents, termMonths }: LiabilityReport) => {
    return { openedOn, subType, creditLimitCents, originalLoanCents, termMonths }
  }
  expect(fixed(snapshot)).toEqual(fixed(report))
  expect(report.closedOn !== null).toBe(line.isClosed)
  const { creditLimitCents } = report
  if (creditLimitCents !== null && balanceCents !== null) {
    expect(health.utilizationPercent).toBe(Math.round((balanceCents * 1000) / creditLimitCents) / 10)
    expect(balanceCents + (report.availableCreditCents ?? 0)).toBe(creditLimitCents)
  }
}

/** The interest in a quote is that of the days since the last payment, and of those it holds when no per diem is told. */
function expectQuote(
  quote: Outcome<PayoffQuote>,
  { line, balanceCents, report }: Pick<Told, 'line' | 'balanceCents' | 'report'>,
  ask: Ask,
): void {
  expect(quote.ok).toBe(!line.isClosed)
  if (!quote.ok || balanceCents === null) return
  const { amountCents, validDays, perDiemCents } = quote.value
  expect(amountCents).toBeGreaterThanOrEqual(balanceCents)
  if (!report || report.interestRatePercent === null) return
  const since = report.lastPaymentOn ?? report.openedOn ?? ''
  const days =
    (Date.parse(ask.at.slice(0, 10)) - Date.parse(since)) / 86_400_000 + (perDiemCents === null ? validDays : 0)
  const interest = Math.round((balanceCents * report.interestRatePercent * days) / 36_500)
  expect(amountCents - interest).toBe(balanceCents)
}

/** Cards whose issuers do not report directly count too, so their balance is asked for and their limit is on file. */
function expectUsage(percent: number, open: readonly Told[]): void {
  const cards = open.filter(({ line }) => line.snapshot.creditLimitCents !== null)
  const owed = cards.reduce((sum, { balanceCents }) => sum + (balanceCents ?? 0), 0)
  const limits = cards.reduce((sum, { line }) => sum + (line.snapshot.creditLimitCents ?? 0), 0)
  expect(percent).toBe(limits > 0 ? Math.round((owed * 100) / limits) : 0)
}
