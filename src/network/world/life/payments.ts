/** What a debt's holder pays on it, payment by payment: the same that its reports speak of. */
import { addMonths, lastMonthly, monthNumber } from './calendar.js'
import { cycleOf } from './cards.js'
import { schedulePayments } from './loans.js'
import { billPayments } from './simple-debts.js'
import type { CardTerms, Payment, Terms } from './terms.js'

/** Both days included. */
export interface Span {
  readonly from: string
  readonly to: string
}

/** Regular payments in the span, oldest first. What ends a debt before its time, such as a refinancing, is not among them. */
export function paymentsOf(terms: Terms, span: Span): readonly Payment[] {
  switch (terms.kind) {
    case 'card':
      return cardPayments(terms, span)
    case 'loan':
      return schedulePayments([terms.schedule], terms, span)
    case 'student':
      return schedulePayments(terms.disbursements, terms, span)
    case 'bill':
      return billPayments(terms, span)
    case 'flat':
    case 'verbatim':
      return []
  }
}

function cardPayments(terms: CardTerms, { from, to }: Span): readonly Payment[] {
  // A statement is paid at most two months after it closed.
  const first = monthNumber(lastMonthly(terms.statementDate, addMonths(from, -2)))
  const last = monthNumber(to)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => cycleOf(terms, first + index).payment)
    .filter(({ cents, on }) => cents > 0 && on >= from && on <= to && on >= terms.openedOn)
    .filter(({ on }) => terms.closedOn === null || on <= terms.closedOn)
}
