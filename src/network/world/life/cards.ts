/**
 * Cards: once a month a statement closes; 21 to 25 days later at least the minimum is due; purchases post
 * throughout. What each statement shows is drawn by itself from the card's seed and the month, and payment, interest
 * and purchases between two statements are what leads from one to the next, so figures of any day add up without
 * replaying the years before it.
 */
import type { LiabilityReport } from '../../port.js'
import { chanceOf } from '../chance.js'
import { addDays, dayIn, daysBetween, lastMonthly, latest, monthNumber, monthsBetween } from './calendar.js'
import { interestCents } from './loans.js'
import { type Purchase, postedCentsBy, purchasesIn, type Spending } from './purchases.js'
import type { CardTerms, Payment, Standing } from './terms.js'

export function cardStanding(terms: CardTerms, on: string): Standing {
  if (terms.closedOn && terms.closedOn <= on) {
    const lastPayment = lastPaymentBy(terms, terms.closedOn, currentCycle(terms, terms.closedOn))
    const owedCents = terms.closingBalanceCents
    return { owedCents, closedOn: terms.closedOn, lastPayment, nextPayment: null, disbursements: [] }
  }
  const current = currentCycle(terms, on)
  const owedCents = owedOn(terms, on, current)
  const lastPayment = lastPaymentBy(terms, on, current)
  const nextPayment = owedCents > 0 ? dueIn(terms, { on, owedCents, current }) : null
  return { owedCents, closedOn: null, lastPayment, nextPayment, disbursements: [] }
}

/** When a balance of a day is due, and the least of it. */
export function cardDue(terms: CardTerms, on: string, owedCents: number): Payment {
  return dueIn(terms, { on, owedCents, current: currentCycle(terms, on) })
}

type CardFigures = Pick<
  LiabilityReport,
  | 'interestRateType'
  | 'interestRatePercentMin'
  | 'interestRatePercentMax'
  | 'creditLimitCents'
  | 'availableCreditCents'
  | 'usagePattern'
>

/** Fields only a card has, given what is owed. */
export function cardFigures(terms: CardTerms, standing: Standing, on: string): CardFigures {
  return {
    interestRateType: 'variable',
    interestRatePercentMin: terms.aprMinPercent,
    interestRatePercentMax: terms.aprMaxPercent,
    creditLimitCents: terms.limitCents,
    availableCreditCents: standing.closedOn ? 0 : Math.max(0, terms.limitCents - standing.owedCents),
    usagePattern: monthsBetween(terms.openedOn, on) < PATTERN_MONTHS_MIN ? 'unknown' : terms.habit,
  }
}

/** Less history than this shows no pattern. */
const PATTERN_MONTHS_MIN = 3
/** Larger lines have a larger least payment. */
const LARGE_LIMIT_CENTS = 500_000
const MINIMUM_CENTS = 2_500
const LARGE_MINIMUM_CENTS = 3_500

/** The least to pay on a statement: one percent and the interest, at least $25 or $35, never more than is owed. */
export function minimumCents(terms: Pick<CardTerms, 'limitCents' | 'aprMinPercent'>, statementCents: number): number {
  const floor = terms.limitCents >= LARGE_LIMIT_CENTS ? LARGE_MINIMUM_CENTS : MINIMUM_CENTS
  const share = Math.round(statementCents / 100) + interestCents(statementCents, terms.aprMinPercent)
  return Math.min(statementCents, Math.max(floor, share))
}

/** A statement, numbered by its month, and what happens between it and the next one. */
export interface Cycle {
  readonly closesOn: string
  readonly dueOn: string
  readonly billedCents: number
  readonly payment: Payment
  /** Purchases until the next statement, less what was given back. */
  readonly spentCents: number
  /** Billed with the next statement. */
  readonly interestCents: number
}

/** The next statement shows: what this one does, less the payment, and what was spent and the interest. */
export function cycleOf(terms: CardTerms, month: number): Cycle {
  const closesOn = statementDay(terms, month)
  const dueOn = addDays(closesOn, terms.graceDays)
  const billedCents = billedIn(terms, month)
  const nextCents = billedIn(terms, month + 1)
  const statement = { closesOn, dueOn, billedCents }
  const chance = chanceOf(terms.seed, 'payment', month)
  const payOn = addDays(dueOn, -chance.between(0, 8))
  if (terms.stoppedPayingOn && payOn > terms.stoppedPayingOn) {
    return { ...statement, payment: { cents: 0, on: payOn }, spentCents: 0, interestCents: 0 }
  }
  if (terms.habit === 'transactor') {
    return { ...statement, payment: { cents: billedCents, on: payOn }, spentCents: nextCents, interestCents: 0 }
  }
  const interest = interestCents(billedCents, terms.aprMinPercent)
  const wished = Math.max(minimumCents(terms, billedCents), Math.round((billedCents * chance.between(3, 12)) / 100))
  const needed = billedCents + interest - nextCents
  const cents = Math.max(Math.min(wished, billedCents), needed, 0)
  const spentCents = Math.max(0, nextCents - (billedCents - cents) - interest)
  return { ...statement, payment: { cents, on: payOn }, spentCents, interestCents: interest }
}

/** What is bought between a month's statement and the next; nothing with a card whose balance is fixed. */
export function purchasesOf(terms: CardTerms, month: number): readonly Purchase[] {
  return terms.steadyBalanceCents === null ? purchasesIn(spendingOf(terms, month, cycleOf(terms, month))) : []
}

function spendingOf(terms: CardTerms, month: number, cycle: Cycle): Spending {
  return {
    seed: terms.seed,
    month,
    from: latest(cycle.closesOn, terms.openedOn),
    to: statementDay(terms, month + 1),
    spentCents: cycle.spentCents,
    roomCents: terms.limitCents - cycle.billedCents,
    paidOn: cycle.payment.on,
  }
}

function statementDay(terms: CardTerms, month: number): string {
  return dayIn(Math.floor(month / 12), (month % 12) + 1, terms.statementDate)
}

/** What a month's statement shows, in cents; nothing before the card is three weeks old. */
function billedIn(terms: CardTerms, month: number): number {
  if (terms.habit === 'dormant' || daysBetween(terms.openedOn, statementDay(terms, month)) < 21) return 0
  if (terms.steadyBalanceCents !== null) return terms.steadyBalanceCents
  const frozen = terms.stoppedPayingOn
    ? Math.min(month, monthNumber(lastStatement(terms, terms.stoppedPayingOn)))
    : month
  const chance = chanceOf(terms.seed, 'statement', frozen)
  if (terms.habit === 'transactor') {
    return Math.round((terms.limitCents * terms.usualPercent * chance.between(600, 1400)) / 100_000)
  }
  const wave = 8 * Math.sin((frozen * Math.PI) / 9)
  const percent = terms.usualPercent + wave + chance.between(-300, 300) / 100
  return Math.round((terms.limitCents * Math.min(97, Math.max(4, percent))) / 100)
}

function lastStatement(terms: CardTerms, on: string): string {
  return lastMonthly(terms.statementDate, on)
}

interface CurrentCycle {
  readonly month: number
  readonly cycle: Cycle
}

function currentCycle(terms: CardTerms, on: string): CurrentCycle {
  const month = monthNumber(lastStatement(terms, on))
  return { month, cycle: cycleOf(terms, month) }
}

function owedOn(terms: CardTerms, on: string, { month, cycle }: CurrentCycle): number {
  if (terms.steadyBalanceCents !== null) return terms.steadyBalanceCents
  const carried = cycle.billedCents - (cycle.payment.on <= on ? cycle.payment.cents : 0)
  return carried + postedCentsBy(spendingOf(terms, month, cycle), on)
}

/** How far back a last payment is looked for. */
const MONTHS_BACK_MAX = 24

function lastPaymentBy(terms: CardTerms, on: string, { month, cycle }: CurrentCycle): Payment | null {
  for (let back = 0; back <= MONTHS_BACK_MAX; back += 1) {
    const { payment } = back === 0 ? cycle : cycleOf(terms, month - back)
    if (payment.cents > 0 && payment.on <= on) return payment
  }
  return null
}

/** This statement's due day until it has passed, then the next one's with an estimate. */
function dueIn(
  terms: CardTerms,
  { on, owedCents, current }: { on: string; owedCents: number; current: CurrentCycle },
): Payment {
  const { month, cycle } = current
  if (cycle.dueOn <= on) {
    return { cents: minimumCents(terms, owedCents), on: cycleOf(terms, month + 1).dueOn }
  }
  const isPaid = cycle.payment.cents > 0 && cycle.payment.on <= on
  return { cents: isPaid ? 0 : Math.min(owedCents, minimumCents(terms, cycle.billedCents)), on: cycle.dueOn }
}
