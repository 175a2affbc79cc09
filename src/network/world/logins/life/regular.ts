/** What comes again on a household's account: pay, bills, and what is put into investments. */
import { chanceOf, refOf } from '../../chance.js'
import { addDays, daysBetween, monthNumber, startOf } from '../../life/calendar.js'
import type { Held, HeldDeposit, Holding } from '../held.js'
import type { Bill, Household } from '../terms.js'
import { type Line, postedLine } from './lines.js'
import { dateIn, lastOf } from './months.js'

interface Place {
  readonly holding: Holding
  readonly checking: HeldDeposit
  readonly month: string
}

const WORDS = {
  US: { credit: 'ACH CREDIT', debit: 'ACH DEBIT' },
  CA: { credit: 'DIRECT DEPOSIT', debit: 'PRE-AUTHORIZED DEBIT' },
  GB: { credit: 'BANK GIRO CREDIT', debit: 'DIRECT DEBIT' },
} as const
const EVENING = 'T18:00:00.000Z'

/** Pay is announced on the evening before. */
export function paid({ pay }: Household, { holding, checking, month }: Place): readonly Line[] {
  const { credit } = WORDS[holding.bank.point.country]
  return payDays(pay, month).map((on, index) => ({
    ...postedLine(
      { ref: refOf('pay', checking.ref, month, index), accountRef: checking.ref, at: startOf(on) },
      pay.cents,
      {
        rawDescription: `${credit} ${pay.employer.toUpperCase()} PAYROLL`,
        description: `${pay.employer} payroll`,
        counterparty: { name: pay.employer, categoryCode: null, domain: null },
        category: 'income',
        subcategory: 'employment_income',
        recurrence: pay.rhythm,
      },
    ),
    begunAt: `${addDays(on, -1)}${EVENING}`,
  }))
}

const FORTNIGHT = 14
const MONTHLY_PAY_DATE = 25
const MIDDLE = 15

function payDays({ rhythm, firstOn }: Household['pay'], month: string): readonly string[] {
  if (rhythm === 'monthly') return [workday(dateIn(month, MONTHLY_PAY_DATE))]
  if (rhythm === 'semimonthly') return [workday(dateIn(month, MIDDLE)), workday(lastOf(month))]
  const passed = Math.max(0, Math.ceil(daysBetween(firstOn, month) / FORTNIGHT))
  const first = addDays(firstOn, passed * FORTNIGHT)
  return [0, 1, 2]
    .map((count) => addDays(first, count * FORTNIGHT))
    .filter((day) => day >= month && day <= lastOf(month))
}

const SOME_SUNDAY = '2010-01-03'

/** The day, or the Friday before a weekend. */
function workday(day: string): string {
  const weekday = ((daysBetween(SOME_SUNDAY, day) % 7) + 7) % 7
  return weekday === 0 ? addDays(day, -2) : weekday === 6 ? addDays(day, -1) : day
}

const RECURRENCE = { 1: 'monthly', 3: 'quarterly', 12: 'yearly' } as const

/** What is paid with the card is pending for a day, the rest from the evening before. */
export function billLine(bill: Bill, { holding, checking, month }: Place): readonly Line[] {
  if (monthNumber(month) % bill.everyMonths !== bill.phase) return []
  const { payee, usualCents, spreadPercent, categoryCode, category, subcategory, everyMonths } = bill
  const on = dateIn(month, bill.date)
  const spread = chanceOf(holding.customer.terms.seed, 'bill', payee, month).between(-spreadPercent, spreadPercent)
  const cents = Math.round((usualCents * (100 + spread)) / 100)
  const { debit } = WORDS[holding.bank.point.country]
  const at = startOf(on)
  const line = postedLine({ ref: refOf('bill', checking.ref, payee, month), accountRef: checking.ref, at }, -cents, {
    rawDescription: categoryCode === null ? `${debit} ${bill.rawDescription}` : `RECURRING ${bill.rawDescription}`,
    description: payee,
    counterparty: { name: payee, categoryCode, domain: `${payee.toLowerCase().replaceAll(' ', '-')}.example` },
    category,
    subcategory,
    recurrence: RECURRENCE[everyMonths],
  })
  return [{ ...line, begunAt: categoryCode === null ? `${addDays(on, -1)}${EVENING}` : startOf(addDays(on, -1)) }]
}

export const INVESTING_DATE = 10

export function invested(
  { investingCents }: Household,
  {
    accounts,
    checking,
    month,
  }: { readonly accounts: readonly Held[]; readonly checking: HeldDeposit; readonly month: string },
): readonly Line[] {
  const portfolio = accounts.find(({ kind }) => kind === 'portfolio')
  if (!portfolio || investingCents === 0) return []
  const at = startOf(dateIn(month, INVESTING_DATE))
  return [
    postedLine({ ref: refOf('invested', checking.ref, month), accountRef: checking.ref, at }, -investingCents, {
      rawDescription: `TRANSFER TO INVESTMENT ACCT ${portfolio.number.slice(-4)}`,
      description: 'Transfer to investments',
      counterparty: null,
      category: 'pensions_savings_and_investments',
      subcategory: 'investments',
      recurrence: 'monthly',
    }),
  ]
}
