/**
 * Instalment debts: a standard annuity in whole cents. Every month the rate's twelfth of the balance is interest and
 * the rest of the payment lowers the balance; the last payment is whatever is left. Payments are made on their due day.
 */
import type { Disbursement } from '../../port.js'
import { addMonths, monthsBetween } from './calendar.js'
import type { LoanTerms, Payment, Schedule, Standing, StudentTerms } from './terms.js'

/** The equal monthly payment, in cents. */
export function monthlyPaymentCents({ principalCents, aprPercent, termMonths }: Schedule): number {
  const rate = aprPercent / 1200
  if (rate === 0) return Math.ceil(principalCents / termMonths)
  return Math.round((principalCents * rate) / (1 - (1 + rate) ** -termMonths))
}

/** What is owed after so many payments, in cents. */
export function balanceAfterCents(schedule: Schedule, payments: number): number {
  const payment = monthlyPaymentCents(schedule)
  let balance = schedule.principalCents
  for (let made = 1; made <= payments && balance > 0; made += 1) {
    const isLast = made >= schedule.termMonths
    balance = isLast ? 0 : Math.max(0, balance + interestCents(balance, schedule.aprPercent) - payment)
  }
  return balance
}

/** A month's interest on a balance, in cents. */
export function interestCents(balanceCents: number, aprPercent: number): number {
  return Math.round((balanceCents * aprPercent) / 1200)
}

/** Cents that rounding may leave over after the last payment. */
const ROUNDING_CENTS_MAX = 1000
const MONTHS_LEFT_MAX = 720

/** The due day on which the balance will be gone, counting from the next one; null when payments never catch up. */
export function payoffOn(schedule: Schedule, owedCents: number, nextDueOn: string): string | null {
  const payment = monthlyPaymentCents(schedule)
  let balance = owedCents
  for (let month = 0; month < MONTHS_LEFT_MAX; month += 1) {
    balance += interestCents(balance, schedule.aprPercent) - payment
    if (balance <= ROUNDING_CENTS_MAX) return addMonths(nextDueOn, month)
  }
  return null
}

type Behaviour = Pick<LoanTerms, 'closedOn' | 'closingBalanceCents' | 'stoppedPayingOn' | 'steadyBalanceCents'>

export function loanStanding(terms: LoanTerms, on: string): Standing {
  return { ...scheduleStanding(terms.schedule, terms, on), disbursements: [] }
}

/** The loan as the sum of its disbursements. */
export function studentStanding(terms: StudentTerms, on: string): Standing {
  const principal = terms.disbursements.reduce((sum, part) => sum + part.principalCents, 0)
  const parts = terms.disbursements.map((part, index) => {
    const share = index === 0 ? null : part.principalCents / principal
    return { part, standing: scheduleStanding(part, { ...terms, ...sharedBehaviour(terms, share) }, on) }
  })
  const standings = parts.map(({ standing }) => standing)
  const isClosed = standings.every((standing) => standing.closedOn)
  return {
    owedCents: standings.reduce((sum, standing) => sum + standing.owedCents, 0),
    closedOn: isClosed
      ? (standings
          .map((standing) => standing.closedOn)
          .sort()
          .at(-1) ?? null)
      : null,
    lastPayment: summed(
      standings.map((standing) => standing.lastPayment),
      'latest',
    ),
    nextPayment: summed(
      standings.map((standing) => standing.nextPayment),
      'earliest',
    ),
    disbursements: parts.map(({ part, standing }, index) => disbursementOf(terms, part, standing, index + 1)),
  }
}

/** A disbursement's part of what is fixed for the whole loan; the first one takes what the others' rounding leaves. */
function sharedBehaviour(
  terms: StudentTerms,
  share: number | null,
): Pick<Behaviour, 'closingBalanceCents' | 'steadyBalanceCents'> {
  const principal = terms.disbursements.reduce((sum, part) => sum + part.principalCents, 0)
  const partOf = (cents: number) => {
    if (share !== null) return Math.floor(cents * share)
    const others = terms.disbursements.slice(1).map((part) => Math.floor(cents * (part.principalCents / principal)))
    return cents - others.reduce((sum, other) => sum + other, 0)
  }
  const { steadyBalanceCents, closingBalanceCents } = terms
  return {
    closingBalanceCents: partOf(closingBalanceCents),
    steadyBalanceCents: steadyBalanceCents === null ? null : partOf(steadyBalanceCents),
  }
}

type PlainStanding = Omit<Standing, 'disbursements'>

function scheduleStanding(schedule: Schedule, behaviour: Behaviour, on: string): PlainStanding {
  const { closedOn, closingBalanceCents, stoppedPayingOn, steadyBalanceCents } = behaviour
  const endedOn = naturalEnd(schedule, behaviour)
  if (closedOn && closedOn <= on && (!endedOn || closedOn < endedOn)) {
    const made = duePayments(schedule, earliest(closedOn, stoppedPayingOn))
    return closedEarly(schedule, { closingBalanceCents, closedOn, made })
  }
  if (endedOn && endedOn <= on) {
    return {
      owedCents: 0,
      closedOn: endedOn,
      lastPayment: paymentMade(schedule, schedule.termMonths),
      nextPayment: null,
    }
  }
  const isSteady = steadyBalanceCents !== null
  const due = duePayments(schedule, on)
  const made = duePayments(schedule, earliest(on, stoppedPayingOn))
  const owedCents = steadyBalanceCents ?? balanceAfterCents(schedule, made)
  return {
    owedCents,
    closedOn: null,
    lastPayment: isSteady ? steadyPayment(schedule, made) : paymentMade(schedule, made),
    nextPayment: owedCents > 0 ? nextDue(schedule, { owedCents, due, missed: due - made, isSteady }) : null,
  }
}

/** The day of the last payment of a loan that is paid as agreed. */
function naturalEnd(schedule: Schedule, { stoppedPayingOn, steadyBalanceCents }: Behaviour): string | null {
  const lastDueOn = addMonths(schedule.firstDueOn, schedule.termMonths - 1)
  const isPaidOff = steadyBalanceCents === null && !(stoppedPayingOn && stoppedPayingOn < lastDueOn)
  return isPaidOff ? lastDueOn : null
}

/** Refinanced, sold or charged off: what was left went away in one payment, save for what was written off. */
function closedEarly(
  schedule: Schedule,
  { closingBalanceCents, closedOn, made }: { closingBalanceCents: number; closedOn: string; made: number },
): PlainStanding {
  const leftCents = balanceAfterCents(schedule, made)
  const isPaidOff = closingBalanceCents === 0 && leftCents > 0
  const lastPayment = isPaidOff ? { cents: leftCents, on: closedOn } : paymentMade(schedule, made)
  return { owedCents: closingBalanceCents, closedOn, lastPayment, nextPayment: null }
}

/** Regular payments on days of a span, of all schedules together, oldest first. */
export function schedulePayments(
  schedules: readonly Schedule[],
  { closedOn, stoppedPayingOn, steadyBalanceCents }: Behaviour,
  { from, to }: { readonly from: string; readonly to: string },
): readonly Payment[] {
  const byDay = new Map<string, number>()
  for (const schedule of schedules) {
    const last = Math.min(schedule.termMonths, duePayments(schedule, earliest(to, stoppedPayingOn)))
    for (let number = duePayments(schedule, from); number <= last; number += 1) {
      const payment = steadyBalanceCents === null ? paymentMade(schedule, number) : steadyPayment(schedule, number)
      if (!payment || payment.on < from || (closedOn && payment.on > closedOn)) continue
      byDay.set(payment.on, (byDay.get(payment.on) ?? 0) + payment.cents)
    }
  }
  return [...byDay]
    .map(([on, cents]) => ({ on, cents }))
    .filter(({ cents }) => cents > 0)
    .sort((a, b) => (a.on < b.on ? -1 : 1))
}

function earliest(on: string, stoppedOn: string | null): string {
  return stoppedOn && stoppedOn < on ? stoppedOn : on
}

function duePayments(schedule: Schedule, on: string): number {
  return on < schedule.firstDueOn ? 0 : monthsBetween(schedule.firstDueOn, on) + 1
}

/** The payments that should have been made by a day and were not, in cents; never more than is owed. */
export function pastDueCents(
  schedules: readonly Schedule[],
  { stoppedPayingOn }: Pick<LoanTerms, 'stoppedPayingOn'>,
  on: string,
): number {
  const cents = schedules.map((schedule) => {
    const made = duePayments(schedule, earliest(on, stoppedPayingOn))
    const missed = Math.min(schedule.termMonths, duePayments(schedule, on)) - made
    return Math.min(balanceAfterCents(schedule, made), missed * monthlyPaymentCents(schedule))
  })
  return cents.reduce((sum, each) => sum + each, 0)
}

function paymentMade(schedule: Schedule, number: number): Payment | null {
  if (number === 0) return null
  const before = balanceAfterCents(schedule, number - 1)
  const after = balanceAfterCents(schedule, number)
  return {
    cents: before + interestCents(before, schedule.aprPercent) - after,
    on: addMonths(schedule.firstDueOn, number - 1),
  }
}

function steadyPayment(schedule: Schedule, number: number): Payment | null {
  return number === 0 ? null : { cents: monthlyPaymentCents(schedule), on: addMonths(schedule.firstDueOn, number - 1) }
}

interface Due {
  readonly owedCents: number
  readonly due: number
  readonly missed: number
  readonly isSteady: boolean
}

function nextDue(schedule: Schedule, state: Due): Payment {
  const withInterest = state.owedCents + interestCents(state.owedCents, schedule.aprPercent)
  const isLast = state.due + 1 >= schedule.termMonths && state.missed === 0 && !state.isSteady
  const regular = isLast ? withInterest : Math.min(withInterest, monthlyPaymentCents(schedule))
  return {
    cents: Math.min(withInterest, regular + state.missed * monthlyPaymentCents(schedule)),
    on: addMonths(schedule.firstDueOn, state.due),
  }
}

function disbursementOf(
  terms: StudentTerms,
  part: StudentTerms['disbursements'][number],
  standing: PlainStanding,
  sequence: number,
): Disbursement {
  return {
    sequence,
    balanceCents: standing.owedCents,
    disbursedOn: part.disbursedOn,
    closedOn: standing.closedOn,
    lastPaymentCents: standing.lastPayment?.cents ?? null,
    lastPaymentOn: standing.lastPayment?.on ?? null,
    nextPaymentDueOn: standing.nextPayment?.on ?? null,
    nextPaymentMinimumCents: standing.nextPayment?.cents ?? null,
    interestRatePercent: part.aprPercent,
    interestRateType: 'fixed',
    interestRateSource: terms.rateSource,
    originalLoanCents: part.principalCents,
    termMonths: part.termMonths,
  }
}

/** The payments of one day added up: those of the latest or of the earliest day on which there is one. */
function summed(payments: readonly (Payment | null)[], which: 'latest' | 'earliest'): Payment | null {
  const made = payments.filter((payment) => payment !== null)
  const days = made.map((payment) => payment.on).sort()
  const on = which === 'latest' ? days.at(-1) : days[0]
  if (on === undefined) return null
  return { on, cents: made.filter((payment) => payment.on === on).reduce((sum, payment) => sum + payment.cents, 0) }
}
