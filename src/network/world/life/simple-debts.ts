/** Debts without a schedule of their own: monthly bills paid in full, and sums that just stand there. */
import { chanceOf } from '../chance.js'
import { addDays, addMonths, lastMonthly, monthNumber } from './calendar.js'
import type { BillTerms, FlatTerms, Payment, Standing } from './terms.js'

/** A bill each month, open until it is paid a few days before it is due. */
export function billStanding(terms: BillTerms, on: string): Standing {
  const until = terms.closedOn && terms.closedOn <= on ? terms.closedOn : on
  const bill = billOf(terms, lastMonthly(terms.billDate, until))
  const previous = billOf(terms, addMonths(bill.issuedOn, -1))
  const lastPayment = [bill.payment, previous.payment].find((payment) => payment && payment.on <= until) ?? null
  if (until !== on || terms.closedOn === on) {
    const owedCents = terms.closingBalanceCents
    return { owedCents, closedOn: until, lastPayment, nextPayment: null, disbursements: [] }
  }
  const isPaid = bill.payment !== null && bill.payment.on <= on
  const owedCents = terms.steadyBalanceCents ?? (isPaid ? 0 : bill.cents)
  const dueOn = bill.dueOn > on ? bill.dueOn : billOf(terms, addMonths(bill.issuedOn, 1)).dueOn
  const nextPayment = owedCents > 0 ? { cents: owedCents, on: dueOn } : null
  return { owedCents, closedOn: null, lastPayment, nextPayment, disbursements: [] }
}

/** What is paid on bills on days of a span, oldest first. */
export function billPayments(
  terms: BillTerms,
  { from, to }: { readonly from: string; readonly to: string },
): readonly Payment[] {
  const payments: Payment[] = []
  // A bill is due, and so paid, within two months.
  for (let day = lastMonthly(terms.billDate, addMonths(from, -2)); day <= to; day = addMonths(day, 1)) {
    const { payment } = billOf(terms, day)
    const isPaid = payment && payment.on >= from && payment.on <= to
    if (isPaid && !(terms.closedOn && payment.on > terms.closedOn)) payments.push(payment)
  }
  return payments
}

/** Nothing is paid on it; it is settled all at once when it closes. */
export function flatStanding(terms: FlatTerms, on: string): Standing {
  const isClosed = terms.closedOn !== null && terms.closedOn <= on
  return {
    owedCents: isClosed ? terms.closingBalanceCents : (terms.steadyBalanceCents ?? terms.amountCents),
    closedOn: isClosed ? terms.closedOn : null,
    lastPayment: isClosed && terms.closedOn ? { cents: terms.amountCents, on: terms.closedOn } : null,
    nextPayment: null,
    disbursements: [],
  }
}

interface Bill {
  readonly issuedOn: string
  readonly dueOn: string
  readonly cents: number
  /** Null: never paid. */
  readonly payment: Payment | null
}

function billOf(terms: BillTerms, issuedOn: string): Bill {
  const chance = chanceOf(terms.seed, 'bill', monthNumber(issuedOn))
  const cents = issuedOn < terms.openedOn ? 0 : Math.round((terms.usualCents * chance.between(700, 1300)) / 1000)
  const dueOn = addDays(issuedOn, terms.graceDays)
  const payOn = addDays(dueOn, -chance.between(0, 6))
  const isPaid = cents > 0 && !(terms.stoppedPayingOn && payOn > terms.stoppedPayingOn)
  return { issuedOn, dueOn, cents, payment: isPaid ? { cents, on: payOn } : null }
}
