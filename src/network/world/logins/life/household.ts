/**
 * How a customer lives, drawn once: what they must pay, what they like to buy, and an employer who pays enough for both.
 * Somebody is paid in full where they came first; elsewhere a part of the pay arrives, and only small things are paid.
 */
import { type Chance, chanceOf } from '../../chance.js'
import type { Profile } from '../../invent/profile.js'
import { addDays, addMonths } from '../../life/calendar.js'
import { paymentsOf } from '../../life/payments.js'
import type { AccountTerms, Bill, CustomerTerms, Household, Pay } from '../terms.js'
import { inventBills } from './bills.js'
import type { Owed } from './debt-payments.js'
import { spendingIn } from './spending.js'

/** `main`: paid and paying here. `side`: elsewhere. `busy`: buys something all the time. */
export type Role = 'main' | 'side' | 'busy'

export interface Living {
  readonly role: Role
  readonly profile: Pick<Profile, 'employer'>
  readonly owed: readonly Owed[]
}

/** The terms with a life in them, and enough in the account to begin it; the same where the first account is not for paying. */
export function withHousehold(terms: CustomerTerms, living: Living): CustomerTerms {
  const [first, ...others] = terms.accounts
  if (first?.kind !== 'deposit' || first.type !== 'depository.checking') return terms
  const chance = chanceOf(terms.seed, 'household')
  const household = inventHousehold(chance, terms, living)
  const openingCents = Math.round((household.cushionCents * chance.between(14, 24)) / 1_000) * 100
  return { ...terms, household, accounts: [{ ...first, openingCents }, ...others] }
}

const MONTHS = 24
/** More comes in than goes out, in percent. */
const PAY_PERCENT = 104
const CUSHION_PERCENT = 110

function inventHousehold(chance: Chance, { seed, openedOn, accounts }: CustomerTerms, living: Living): Household {
  const { role, owed } = living
  const paysDebts = role === 'main'
  const ownsRoof = paysDebts && owed.some(({ terms }) => terms.type === 'mortgage')
  const bills = inventBills(chance, role === 'side' ? 'small things' : ownsRoof ? 'own roof' : 'rent')
  const habits = {
    purchasesPerMonth: chance.between(...PURCHASES[role]),
    ticketPercent: role === 'busy' ? 20 : chance.between(50, 110),
    withdrawalsPerMonth: chance.between(0, role === 'side' ? 1 : 3),
  }
  const debtCents = paysDebts ? monthlyOn(owed, openedOn) : 0
  const spentCents = usualSpending(seed, { openedOn, habits })
  const livingCents = billCents(bills) + debtCents + spentCents
  const savingCents = accounts.some(isSavings) ? rounded((livingCents * chance.between(4, 11)) / 100) : 0
  const hasPortfolio = accounts.some(({ kind }) => kind === 'portfolio')
  const investingCents = hasPortfolio && role !== 'side' ? chance.between(2, 12) * 2_500 : 0
  const monthlyCents = livingCents + savingCents + investingCents
  return {
    pay: payOf(chance, { employer: living.profile.employer, openedOn, monthlyCents }),
    paysDebts,
    bills,
    ...habits,
    savingCents,
    investingCents,
    cushionCents: rounded((monthlyCents * CUSHION_PERCENT) / 100),
  }
}

const PURCHASES: Readonly<Record<Role, readonly [number, number]>> = {
  main: [18, 45],
  side: [5, 14],
  busy: [860, 900],
}

export function isSavings({ kind, ...terms }: AccountTerms): boolean {
  return kind === 'deposit' && 'type' in terms && terms.type === 'depository.savings'
}

function monthlyOn(owed: readonly Owed[], openedOn: string): number {
  const span = { from: openedOn, to: addDays(addMonths(openedOn, MONTHS), -1) }
  const paid = owed.flatMap(({ terms }) => paymentsOf(terms, span)).reduce((sum, { cents }) => sum + cents, 0)
  return Math.round(paid / MONTHS)
}

function billCents(bills: readonly Bill[]): number {
  return Math.round(bills.reduce((sum, { usualCents, everyMonths }) => sum + usualCents / everyMonths, 0))
}

const SAMPLE_MONTHS = 3

function usualSpending(
  seed: string,
  { openedOn, habits }: { readonly openedOn: string; readonly habits: Parameters<typeof spendingIn>[0]['household'] },
): number {
  const spender = { seed, accountRef: '', household: habits, place: '' }
  const lines = Array.from({ length: SAMPLE_MONTHS }, (_, index) => spendingIn(spender, addMonths(openedOn, index)))
  return Math.round(lines.flat().reduce((sum, { cents }) => sum + cents, 0) / SAMPLE_MONTHS)
}

const PAYS_IN_YEAR = { biweekly: 26, semimonthly: 24, monthly: 12 } as const satisfies Record<Pay['rhythm'], number>

function payOf(
  chance: Chance,
  {
    employer,
    openedOn,
    monthlyCents,
  }: { readonly employer: string; readonly openedOn: string; readonly monthlyCents: number },
): Pay {
  const rhythm = chance.weighted({ biweekly: 55, semimonthly: 30, monthly: 15 })
  const cents = Math.round((monthlyCents * 12 * PAY_PERCENT) / 100 / PAYS_IN_YEAR[rhythm])
  return { employer, cents, rhythm, firstOn: addDays(firstFriday(openedOn), 7 * chance.between(0, 1)) }
}

// A Friday.
const SOME_FRIDAY = '2010-01-01'

function firstFriday(day: string): string {
  const since = Math.round((Date.parse(day) - Date.parse(SOME_FRIDAY)) / 86_400_000)
  return addDays(day, (7 - (((since % 7) + 7) % 7)) % 7)
}

function rounded(cents: number): number {
  return Math.round(cents / 500) * 500
}
