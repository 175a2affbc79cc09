/**
 * What Kevin Doyle owes: three reports the test suites and documents fix word for word, and four debts with a life of
 * their own. All open; one per merchant. contract: method/dev-fixtures §5, dev-fixtures-accounts F.2, F.3
 */
import { refOf } from '../chance.js'
import { anchorOf, type Inventor, type NewDebt } from '../invent/debts.js'
import { NO_WISH, originate, type Wish } from '../invent/origination.js'
import { addMonths } from '../life/calendar.js'
import { NO_FIGURES, type UndatedReport, type VerbatimTerms } from '../life/terms.js'
import type { DocumentedDebt } from './persona.js'

// contract: method/dev-fixtures §6.1 [N113, N126, N211, P211]; there, too, balance and available credit miss the limit
const CHASE_REPORT: UndatedReport = {
  ...NO_FIGURES,
  subType: 'flexible_spending',
  openedOn: '2016-12-20',
  balanceCents: 1_866_688,
  lastPaymentCents: 100_000,
  lastPaymentOn: '2023-01-04',
  nextPaymentDueOn: '2023-02-09',
  nextPaymentMinimumCents: 51_060,
  interestRateType: 'variable',
  interestRatePercentMax: 27.5,
  interestRatePercentMin: 20.5,
  availableCreditCents: 930_000,
  creditLimitCents: 2_800_000,
}

// contract: method/dev-fixtures-accounts F.3 [D23]
const VOLVO_REPORT: UndatedReport = {
  ...NO_FIGURES,
  subType: 'loan',
  balanceCents: 6_083_960,
  lastPaymentCents: 88_800,
  lastPaymentOn: '2022-05-12',
  nextPaymentDueOn: '2022-06-01',
  nextPaymentMinimumCents: 88_883,
  termMonths: 84,
  interestRatePercent: 5.7,
  interestRateType: 'fixed',
  interestRateSource: 'financial_institution',
}

const verbatim = {
  kind: 'verbatim',
  ownership: 'primary',
  // Before any day the world can be asked about: the report says when it was opened, or that it is not known.
  openedOn: '1970-01-01',
  closedOn: null,
  closingBalanceCents: 0,
  latePayments: 0,
  stoppedPayingOn: null,
  steadyBalanceCents: null,
} as const

const chase: VerbatimTerms = {
  ...verbatim,
  type: 'credit_card',
  name: 'Chase Sapphire Reserve Credit Card',
  subType: CHASE_REPORT.subType,
  seed: 'chase',
  network: 'visa',
  report: CHASE_REPORT,
}

const volvo: VerbatimTerms = {
  ...verbatim,
  type: 'auto_loan',
  name: 'Volvo Cars Auto Loan',
  subType: VOLVO_REPORT.subType,
  seed: 'volvo',
  network: null,
  report: VOLVO_REPORT,
}

/** The debts, those of the fixtures first, as they are first asked for on `day`. */
export function kevinsDebts(inventor: Inventor, day: string): readonly NewDebt[] {
  return [
    { merchantNumber: 302086, terms: chase, accountNumber: '5555555555551580' },
    { merchantNumber: 2347, terms: volvo, accountNumber: '4400120966' },
    {
      merchantNumber: 311130,
      terms: { ...volvo, name: 'Ally Auto Loan', seed: 'ally' },
      accountNumber: '228005160966',
    },
    living(inventor, day, { merchantNumber: 311289, monthsAgo: 50, wish: { ...NO_WISH, limitCents: 1_200_000 } }),
    living(inventor, day, { merchantNumber: 309067, monthsAgo: 44, wish: { ...NO_WISH, termMonths: 360 } }),
    living(inventor, day, { merchantNumber: 304444, monthsAgo: 62, wish: { ...NO_WISH, termMonths: 240 } }),
    living(inventor, day, { merchantNumber: SOFI_PERSONAL_LOAN, monthsAgo: 14, wish: { ...NO_WISH, termMonths: 60 } }),
  ].flat()
}

const SOFI_PERSONAL_LOAN = 460001

interface LivingDebt {
  readonly merchantNumber: number
  readonly monthsAgo: number
  readonly wish: Wish
}

function living(inventor: Inventor, day: string, { merchantNumber, monthsAgo, wish }: LivingDebt): NewDebt[] {
  const merchant = inventor.directory.merchant(merchantNumber)
  if (!merchant) return []
  const terms = originate({
    merchant,
    seed: refOf(inventor.seed, 'kevin doyle', merchantNumber),
    openedOn: addMonths(anchorOf(day), -monthsAgo),
    closedOn: null,
    closingBalanceCents: 0,
    ownership: 'primary',
    latePayments: 0,
    stoppedPayingOn: null,
    strain: 0.3,
    wish,
  })
  return [{ merchantNumber, terms, accountNumber: null }]
}

const embossed = { billingZip: '78758', expYear: '2028' } as const
// contract: method/accounts §4; the amount covers the interest of its days
const payoff = { amountCents: 6_083_988, validDays: 15, perDiemCents: null } as const

/** By merchant. contract: method/dev-fixtures-accounts F.3 [N113, N126, N211, P211] */
export const documentedDebts: ReadonlyMap<number, DocumentedDebt> = new Map<number, DocumentedDebt>([
  [302086, { card: { ...embossed, expMonth: '03', cvv: '878' } }],
  [311289, { card: { ...embossed, expMonth: '09', cvv: '539' } }],
  [2347, { payoff }],
  [311130, { payoff }],
])
