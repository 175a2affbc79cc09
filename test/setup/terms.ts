/** Terms for tests that are about something else than how debts begin. */
import type { BillTerms, CardTerms, LoanTerms, Schedule, StudentTerms } from '../../src/network/world/life/terms.js'

/** What all debts have: this one began on a day in January 2023 and is paid as agreed. */
export const ordinary = {
  subType: null,
  name: 'A debt',
  ownership: 'primary',
  openedOn: '2023-01-15',
  closedOn: null,
  closingBalanceCents: 0,
  seed: 'seed',
  latePayments: 0,
  stoppedPayingOn: null,
  steadyBalanceCents: null,
} as const

/** A card of $3,000 whose statements close on the 5th. */
export function aCard(more: Partial<CardTerms>): CardTerms {
  return {
    ...ordinary,
    kind: 'card',
    type: 'credit_card',
    network: 'visa',
    limitCents: 300_000,
    aprMinPercent: 24,
    aprMaxPercent: 30,
    statementDate: 5,
    graceDays: 25,
    habit: 'revolver',
    usualPercent: 50,
    ...more,
  }
}

/** A car for $20,000 at 6 %, over five years unless said otherwise. */
export function aLoan({
  termMonths = 60,
  ...more
}: Partial<LoanTerms> & Partial<Pick<Schedule, 'termMonths'>>): LoanTerms {
  return {
    ...ordinary,
    kind: 'loan',
    type: 'auto_loan',
    schedule: { principalCents: 2_000_000, aprPercent: 6, termMonths, firstDueOn: '2023-02-15' },
    rateType: 'fixed',
    rateSource: 'financial_institution',
    lineCents: null,
    ...more,
  }
}

/** Two draws of ten years each. */
export function aStudentLoan(more: Partial<StudentTerms>): StudentTerms {
  const draw = { aprPercent: 5, termMonths: 120, firstDueOn: '2023-06-10' }
  return {
    ...ordinary,
    kind: 'student',
    type: 'student_loans',
    rateSource: 'financial_institution',
    disbursements: [
      { ...draw, principalCents: 1_200_000, disbursedOn: '2021-09-01' },
      { ...draw, principalCents: 900_000, disbursedOn: '2022-09-01' },
    ],
    ...more,
  }
}

/** About $120 a month, billed on the 12th. */
export function aBill(more: Partial<BillTerms>): BillTerms {
  return { ...ordinary, kind: 'bill', type: 'utility', billDate: 12, graceDays: 20, usualCents: 12_000, ...more }
}
