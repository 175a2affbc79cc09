/** Debts that are paid from an account, in the amounts and on the days on which their own reports have them paid. */
import type { LiabilityType } from '../../../port.js'
import { refOf } from '../../chance.js'
import { startOf } from '../../life/calendar.js'
import { paymentsOf, type Span } from '../../life/payments.js'
import type { Terms } from '../../life/terms.js'
import type { Holding } from '../held.js'
import { type Line, postedLine } from './lines.js'

/** Something owed, with whom it is owed to. */
export interface Owed {
  readonly ref: string
  readonly terms: Terms
  /** As the payee calls itself, and as statements print it. */
  readonly payee: string
  readonly printed: string
}

/** What the person pays on: not what others pay for them. */
export function owedBy(
  { met, directory, bank }: Pick<Holding, 'met' | 'directory' | 'bank'>,
  ownCards: readonly Pick<Owed, 'ref' | 'terms'>[],
): readonly Owed[] {
  const filed = met.debts.map(({ ref, terms, merchantNumber }) => {
    const merchant = directory.merchant(merchantNumber)
    const payee = merchant ? directory.institutionName(merchant.institutionSlug) : terms.name
    return { ref, terms, payee, printed: merchant?.creditorName ?? payee.toUpperCase() }
  })
  const { name } = bank.point
  const own = ownCards.map((card) => ({ ...card, payee: name, printed: `${name.toUpperCase()} CARD` }))
  return [...filed, ...own].filter(({ terms }) => terms.ownership !== 'authorized')
}

export function debtPayments(accountRef: string, owed: readonly Owed[], span: Span): readonly Line[] {
  return owed.flatMap(({ ref, terms, payee, printed }) =>
    paymentsOf(terms, span).map(({ cents, on }) =>
      postedLine({ ref: refOf('paid', accountRef, ref, on), accountRef, at: startOf(on) }, -cents, {
        rawDescription: `${printed} AUTOPAY`,
        description: `${payee} payment`,
        counterparty: { name: payee, categoryCode: null, domain: null },
        ...CATEGORIES[terms.type],
        recurrence: 'monthly',
      }),
    ),
  )
}

const loan = (subcategory: string) => ({ category: 'borrowing_and_loans', subcategory })

export const CATEGORIES = {
  auto_loan: loan('car_payment'),
  bnpl: loan('buy_now_pay_later'),
  collection: loan('debt_management'),
  credit_builder: loan('loan_repayment'),
  credit_card: loan('credit_cards'),
  fintech: loan('loan_repayment'),
  insurance: { category: 'insurance', subcategory: 'other_insurance' },
  loan: loan('loan_repayment'),
  medical: { category: 'health_and_personal_care', subcategory: 'healthcare' },
  mortgage: { category: 'mortgage_and_rent', subcategory: 'mortgage' },
  personal_loan: loan('loan_repayment'),
  student_loans: loan('student_loan'),
  utility: { category: 'utilities', subcategory: 'other_utilities' },
} as const satisfies Record<LiabilityType, { category: string; subcategory: string }>
