/** How a debt is being held: what a bureau would say of its payments, and how much of its limit is used. */
import type { AccountHealth } from '../port.js'
import { minimumCents } from './life/cards.js'
import { isDelinquent, missingDays, reportAt } from './life/life.js'
import { pastDueCents } from './life/loans.js'
import type { Debt } from './store.js'

/** Bureaus count a missing payment in steps of thirty days, and four of them are the most. */
const STEP_DAYS = 30
const DELINQUENT_DAYS_MAX = 120

/** The health of a day. Written off is a debt that was closed unpaid, or handed to a collection agency. */
export function healthOf(debt: Pick<Debt, 'terms' | 'movements'>, day: string): Omit<AccountHealth, 'asOf'> {
  const { terms, movements } = debt
  const report = reportAt(terms, day, movements)
  const owedCents = report.balanceCents ?? 0
  const isWrittenOff = owedCents > 0 && (report.closedOn !== null || terms.type === 'collection')
  const held = { usagePattern: usageOf(debt, day), utilizationPercent: utilizationOf(debt, day) }
  if (isWrittenOff) {
    return {
      ...held,
      standing: 'charged_off',
      delinquentDays: DELINQUENT_DAYS_MAX,
      delinquentOutcome: 'charged_off',
      delinquentCents: owedCents,
    }
  }
  if (isDelinquent(terms, day, movements)) {
    const steps = Math.floor(missingDays(terms, day) / STEP_DAYS)
    const delinquentDays = Math.min(DELINQUENT_DAYS_MAX, steps * STEP_DAYS)
    const delinquentCents = Math.min(owedCents, missedCents(debt, { day, owedCents, steps }))
    return { ...held, standing: 'delinquent', delinquentDays, delinquentOutcome: null, delinquentCents }
  }
  const standing = report.closedOn ? 'closed' : 'current'
  return { ...held, standing, delinquentDays: null, delinquentOutcome: null, delinquentCents: null }
}

function missedCents(
  { terms }: Pick<Debt, 'terms'>,
  { day, owedCents, steps }: { day: string; owedCents: number; steps: number },
): number {
  switch (terms.kind) {
    case 'card':
      return minimumCents(terms, owedCents) * steps
    case 'loan':
      return pastDueCents([terms.schedule], terms, day)
    case 'student':
      return pastDueCents(terms.disbursements, terms, day)
    case 'bill':
    case 'flat':
    case 'verbatim':
      return owedCents
  }
}

/** A documented card that does not say is one whose holder carries a balance, or is not known. */
function usageOf({ terms, movements }: Pick<Debt, 'terms' | 'movements'>, day: string): AccountHealth['usagePattern'] {
  const { usagePattern, balanceCents } = reportAt(terms, day, movements)
  if (usagePattern !== null || terms.type !== 'credit_card') return usagePattern
  return (balanceCents ?? 0) > 0 ? 'revolver' : 'unknown'
}

function utilizationOf({ terms, movements }: Pick<Debt, 'terms' | 'movements'>, day: string): number | null {
  const { balanceCents, creditLimitCents, closedOn } = reportAt(terms, day, movements)
  const limitCents = creditLimitCents ?? (terms.kind === 'loan' ? terms.lineCents : null)
  if (closedOn || balanceCents === null || !limitCents) return null
  return Math.round((balanceCents * 1000) / limitCents) / 10
}
