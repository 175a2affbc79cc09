/**
 * What ends a loan at once: the principal of the day and the simple interest since the last payment. Some servicers say
 * what each further day costs; the others put the interest of all days of the quote into the amount.
 */
import type { PayoffQuote } from '../port.js'
import { chanceOf } from './chance.js'
import { daysBetween, latest } from './life/calendar.js'
import { standingAt } from './life/life.js'
import { documentedDebt } from './personas/personas.js'
import type { HeldDebt } from './store.js'

const QUOTED = new Set(['auto_loan', 'mortgage'])
const VALID_DAYS = [10, 15, 30] as const
const TELLS_PER_DIEM = 0.6

/** The quote of a day; null for a debt that is closed, has no end, or is no loan for a car or a home. */
export function payoffOf(debt: HeldDebt, day: string): Omit<PayoffQuote, 'asOf'> | null {
  const documented = documentedDebt(debt)?.payoff
  if (documented) return documented
  const { terms, merchantNumber, movements } = debt
  const standing = standingAt(terms, day, movements)
  if (terms.kind !== 'loan' || !QUOTED.has(terms.type) || standing.closedOn) return null
  const since = standing.lastPayment?.on ?? terms.openedOn
  const days = Math.max(0, daysBetween(since, latest(day, since)))
  const interest = (count: number) => simpleInterestCents(standing.owedCents, terms.schedule.aprPercent, count)
  const servicer = chanceOf('payoff', merchantNumber)
  const validDays = servicer.pick(VALID_DAYS)
  return servicer.isLikely(TELLS_PER_DIEM)
    ? { amountCents: standing.owedCents + interest(days), validDays, perDiemCents: interest(1) }
    : { amountCents: standing.owedCents + interest(days + validDays), validDays, perDiemCents: null }
}

const DAYS_OF_A_YEAR = 365

/** Interest of some days on a principal, in cents. */
export function simpleInterestCents(principalCents: number, aprPercent: number, days: number): number {
  return Math.round((principalCents * aprPercent * days) / (100 * DAYS_OF_A_YEAR))
}
