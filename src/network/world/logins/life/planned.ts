/**
 * What happens by itself on a customer's deposit accounts, month by month from the first: pay comes in, bills, debts and
 * purchases go out, something is saved. A month that ends with too little is helped out of the savings, one with too much
 * fills them. All of it follows from the terms, so a month looks the same whenever it is asked for; what others move on
 * an account changes no plan.
 */
import { addMonths } from '../../life/calendar.js'
import type { Held, HeldDeposit, Holding } from '../held.js'
import type { Household } from '../terms.js'
import { debtPayments, type Owed } from './debt-payments.js'
import { isSavings } from './household.js'
import type { Line } from './lines.js'
import { dateIn, lastOf, monthsFrom } from './months.js'
import { billLine, invested, paid } from './regular.js'
import { type Spender, spendingIn } from './spending.js'
import { interestLine, interestOn, openingLine, transfer } from './transfers.js'

export interface Plan {
  readonly holding: Holding
  readonly deposits: readonly HeldDeposit[]
  readonly accounts: readonly Held[]
  readonly owed: readonly Owed[]
}

/** Every line that begins by a day, and some that begin soon after. */
export function plannedLines(plan: Plan, until: string): readonly Line[] {
  const { terms } = plan.holding.customer
  const months = monthsFrom(terms.openedOn, addMonths(until, 1))
  const opening = plan.deposits.map((account) => openingLine(account, terms.openedOn))
  const { household } = terms
  const [checking] = plan.deposits
  const quiet = plan.deposits.filter((account) => !household || (account !== checking && !isSavings(account.terms)))
  const still = quiet.flatMap((account) => interestOn(account, months))
  if (!household || !checking) return [...opening, ...still]
  return [...opening, ...still, ...livedLines(plan, { household, checking, months })]
}

interface Lived {
  readonly household: Household
  readonly checking: HeldDeposit
  readonly months: readonly string[]
}

function livedLines(plan: Plan, { household, checking, months }: Lived): readonly Line[] {
  const savings = plan.deposits.find((account) => account !== checking && isSavings(account.terms)) ?? null
  let checkingCents = checking.terms.openingCents
  let savingsCents = savings?.terms.openingCents ?? 0
  const span = { from: months[0] ?? '', to: lastOf(months.at(-1) ?? '') }
  const debts = household.paysDebts ? debtPayments(checking.ref, plan.owed, span) : []
  return months.flatMap((month) => {
    const inMonth = debts.filter(({ begunAt }) => begunAt.startsWith(month.slice(0, 7)))
    const lines = [...inMonth, ...monthOf(plan, { household, checking, month })]
    const earned = savings ? interestLine(savings, { month, balanceCents: savingsCents }) : null
    checkingCents += sumOf(lines) - household.savingCents
    savingsCents += household.savingCents + (earned?.cents ?? 0)
    const { ownCents, othersCents } = evenedOut(household, { checkingCents, savingsCents: savings && savingsCents })
    checkingCents += ownCents + othersCents
    savingsCents -= ownCents
    const sides = { month, checking, savings }
    return [
      ...lines,
      ...(earned ? [earned] : []),
      ...transfer({ ...sides, on: dateIn(month, SAVING_DATE) }, -household.savingCents, 'saving'),
      ...transfer({ ...sides, on: lastOf(month) }, ownCents, 'evening'),
      ...transfer({ ...sides, savings: null, on: lastOf(month) }, othersCents, 'helping'),
    ]
  })
}

/** All of a month but debts, and what goes to and from the savings. */
function monthOf(
  { holding, accounts }: Plan,
  {
    household,
    checking,
    month,
  }: { readonly household: Household; readonly checking: HeldDeposit; readonly month: string },
): readonly Line[] {
  const { address } = holding.met.person.profile
  const place = [address.city, address.state].filter((part) => part !== null).join(' ')
  const spender: Spender = { seed: holding.customer.terms.seed, accountRef: checking.ref, household, place }
  return [
    ...paid(household, { holding, checking, month }),
    ...household.bills.flatMap((bill) => billLine(bill, { holding, checking, month })),
    ...invested(household, { accounts, checking, month }),
    ...spendingIn(spender, month),
  ]
}

const SAVING_DATE = 6
const STEP_CENTS = 5_000

interface Evened {
  /** From the savings; below nothing, to them. */
  readonly ownCents: number
  /** From others, or to an account elsewhere. */
  readonly othersCents: number
}

/** What has to come to the checking account so that it ends the month neither poor nor idle. */
function evenedOut(
  { cushionCents }: Household,
  { checkingCents, savingsCents }: { readonly checkingCents: number; readonly savingsCents: number | null },
): Evened {
  const isIdle = checkingCents > cushionCents * 3
  if (!isIdle && checkingCents >= cushionCents) return { ownCents: 0, othersCents: 0 }
  const needed = isIdle
    ? -steps(Math.floor, checkingCents - cushionCents * 2)
    : steps(Math.ceil, cushionCents * 1.5 - checkingCents)
  if (savingsCents === null) return { ownCents: 0, othersCents: needed }
  const ownCents = Math.min(needed, steps(Math.floor, Math.max(0, savingsCents)))
  return { ownCents, othersCents: needed - ownCents }
}

function steps(round: (value: number) => number, cents: number): number {
  return round(cents / STEP_CENTS) * STEP_CENTS
}

/** What is never posted counts for nothing. */
function sumOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { direction, cents, goneAt }) => {
    if (goneAt !== null) return sum
    return sum + (direction === 'credit' ? cents : -cents)
  }, 0)
}
