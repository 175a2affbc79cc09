/**
 * What happens on a card or a loan, as its institution shows it to the holder: purchases as the card network tells of them,
 * payments and interest as the statements have them, and what others paid.
 */

import type { CardTransaction } from '../../../port.js'
import { boughtBetween } from '../../cards/transactions.js'
import { refOf } from '../../chance.js'
import { addMonths, monthNumber, startOf } from '../../life/calendar.js'
import { cycleOf } from '../../life/cards.js'
import type { Movement } from '../../life/movements.js'
import { paymentsOf, type Span } from '../../life/payments.js'
import type { HeldDebt } from '../held.js'
import { categoryOf } from './categories.js'
import { CATEGORIES } from './debt-payments.js'
import { type Line, postedLine, type Wording } from './lines.js'

export function debtLines({ ref: accountRef, debt }: HeldDebt, span: Span): readonly Line[] {
  const { terms } = debt
  const payments = paymentsOf(terms, span).map(({ cents, on }) =>
    postedLine({ ref: refOf('payment', accountRef, on), accountRef, at: startOf(on) }, cents, received(terms.type)),
  )
  const moved = debt.movements.flatMap((movement) => movedLine(accountRef, terms.type, movement))
  if (terms.kind !== 'card') return [...payments, ...moved]
  const bought = boughtBetween(debt, span).map((each) => purchaseLine(accountRef, each))
  return [...payments, ...moved, ...bought, ...interestLines(accountRef, terms, span)]
}

type DebtType = HeldDebt['debt']['terms']['type']

const received = (type: DebtType): Wording => ({
  rawDescription: 'PAYMENT RECEIVED - THANK YOU',
  description: 'Payment',
  counterparty: null,
  ...CATEGORIES[type],
  recurrence: 'monthly',
})

/** What was bought in a rehearsal is among the purchases. */
function movedLine(accountRef: string, type: DebtType, { kind, number, at, cents }: Movement): readonly Line[] {
  if (kind === 'purchase') return []
  const wording = { ...received(type), recurrence: null }
  const returned = { ...wording, rawDescription: 'RETURNED PAYMENT', description: 'Returned payment' }
  const line = postedLine(
    { ref: refOf('moved', accountRef, number), accountRef, at },
    -cents,
    kind === 'payment' ? wording : returned,
  )
  return [{ ...line, isRecorded: true }]
}

function purchaseLine(accountRef: string, told: CardTransaction): Line {
  const { ref, kind, descriptor, merchant, transactedAt, postedAt, voidedAt, amountCents, authorizedCents } = told
  return {
    ref: refOf('bought', accountRef, ref),
    accountRef,
    begunAt: transactedAt,
    postedAt,
    goneAt: voidedAt,
    cents: amountCents,
    pendingCents: authorizedCents,
    direction: kind === 'refund' ? 'credit' : 'debit',
    isTimed: true,
    // A rehearsed purchase is posted as it is made.
    isRecorded: postedAt === transactedAt,
    rawDescription: descriptor,
    description: merchant.name,
    counterparty: { name: merchant.name, categoryCode: merchant.categoryCode, domain: null },
    ...(kind === 'refund'
      ? { category: 'banking', subcategory: 'refunds_and_reversals' }
      : categoryOf(merchant.categoryCode)),
    recurrence: null,
  }
}

/** Interest of a statement is billed with the next one. */
function interestLines(
  accountRef: string,
  terms: Extract<HeldDebt['debt']['terms'], { kind: 'card' }>,
  { from, to }: Span,
): readonly Line[] {
  const first = monthNumber(addMonths(from, -1))
  const months = Array.from({ length: monthNumber(to) - first + 1 }, (_, index) => first + index)
  return months.flatMap((month) => {
    const { interestCents } = cycleOf(terms, month)
    const { closesOn } = cycleOf(terms, month + 1)
    const isBilled = interestCents > 0 && closesOn >= from && closesOn <= to && closesOn > terms.openedOn
    if (!isBilled || (terms.closedOn !== null && closesOn >= terms.closedOn)) return []
    const where = { ref: refOf('card interest', accountRef, month), accountRef, at: startOf(closesOn) }
    return [
      postedLine(where, -interestCents, {
        rawDescription: 'INTEREST CHARGE ON PURCHASES',
        description: 'Interest',
        counterparty: null,
        category: 'banking',
        subcategory: 'interest',
        recurrence: 'monthly',
      }),
    ]
  })
}
