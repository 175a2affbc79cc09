/** How a debt begins: terms for each liability type, drawn from what is usual for it, within what was asked for. */
import type { LiabilityType, Merchant, Ownership } from '../../port.js'
import { type Chance, chanceOf } from '../chance.js'
import { networkOf } from '../directory.js'
import { addMonths, dayIn, yearOf } from '../life/calendar.js'
import type { CardTerms, LoanTerms, RateSource, StudentTerms, Terms } from '../life/terms.js'

/** What is known of a debt before its terms are drawn. */
export interface Beginning {
  readonly merchant: Merchant
  readonly seed: string
  readonly openedOn: string
  readonly closedOn: string | null
  readonly closingBalanceCents: number
  readonly ownership: Ownership
  readonly latePayments: number
  readonly stoppedPayingOn: string | null
  /** 0 is the best borrower, 1 the worst: decides rates, limits and how much of a line is used. */
  readonly strain: number
  readonly wish: Wish
}

/** Figures somebody asked for; null leaves it to chance. */
export interface Wish {
  readonly balanceCents: number | null
  readonly limitCents: number | null
  readonly ratePercent: number | null
  /** The balance stays as it is for ever. */
  readonly isSteady: boolean
  /** For how long at least an instalment debt still runs at this day. */
  readonly termMonths: number | null
}

export const NO_WISH: Wish = {
  balanceCents: null,
  limitCents: null,
  ratePercent: null,
  isSteady: false,
  termMonths: null,
}

type Loanlike = Exclude<
  LiabilityType,
  'credit_card' | 'student_loans' | 'collection' | 'utility' | 'insurance' | 'medical'
>

interface LoanShape {
  readonly cents: readonly [number, number]
  readonly terms: readonly number[]
  readonly percent: readonly [number, number]
  readonly subTypes: readonly (string | null)[]
}

/** What is usual, by type: amounts in cents, terms in months, yearly rates from the best to the worst borrower. */
const LOAN_SHAPES = {
  auto_loan: {
    cents: [900_000, 6_500_000],
    terms: [36, 48, 60, 72, 84],
    percent: [2.9, 15.9],
    subTypes: ['loan', 'loan', 'loan', 'lease'],
  },
  bnpl: { cents: [6_000, 180_000], terms: [3, 6, 12, 24], percent: [0, 24.9], subTypes: [null] },
  credit_builder: { cents: [50_000, 180_000], terms: [12, 24], percent: [5.9, 15.9], subTypes: ['secured'] },
  fintech: { cents: [4_000, 60_000], terms: [3, 6, 12], percent: [0, 0], subTypes: [null] },
  loan: { cents: [60_000, 1_200_000], terms: [12, 24, 36, 48], percent: [7.9, 29.9], subTypes: ['note'] },
  mortgage: { cents: [9_000_000, 75_000_000], terms: [180, 360, 360], percent: [2.75, 7.75], subTypes: ['loan'] },
  personal_loan: {
    cents: [200_000, 3_500_000],
    terms: [24, 36, 48, 60],
    percent: [6.9, 28.9],
    subTypes: ['unsecured', 'unsecured', 'secured', 'note'],
  },
} as const satisfies Record<Loanlike, LoanShape>

const HELOC: LoanShape = {
  cents: [1_500_000, 12_000_000],
  terms: [180, 240],
  percent: [6.9, 10.9],
  subTypes: ['heloc'],
}

/** Terms for a debt at a merchant; the merchant's type decides the kind. */
export function originate(beginning: Beginning): Terms {
  const chance = chanceOf(beginning.seed, 'terms')
  const { type } = beginning.merchant
  switch (type) {
    case 'credit_card':
      return card(beginning, chance)
    case 'student_loans':
      return student(beginning, chance)
    case 'collection':
      return flat(beginning, chance, {
        cents: [6_000, 380_000],
        subTypes: ['credit_card', 'medical', 'utility', 'telecom'],
      })
    case 'medical':
      return flat(beginning, chance, { cents: [4_000, 650_000], subTypes: ['hospital', 'physician', 'laboratory'] })
    case 'utility':
      return bill(beginning, chance, { cents: [3_500, 26_000], subType: 'service' })
    case 'insurance':
      return bill(beginning, chance, { cents: [5_500, 32_000], subType: 'premium' })
    default:
      return loan(beginning, chance, isHomeEquity(beginning.merchant) ? HELOC : LOAN_SHAPES[type])
  }
}

/** Terms in months that a debt of this merchant may have; empty when it has no end. */
export function usualTerms(merchant: Merchant): readonly number[] {
  if (merchant.type === 'student_loans') return STUDENT_TERMS
  if (isHomeEquity(merchant)) return HELOC.terms
  return merchant.type in LOAN_SHAPES ? LOAN_SHAPES[merchant.type as Loanlike].terms : []
}

function isHomeEquity(merchant: Merchant): boolean {
  return merchant.type === 'personal_loan' && merchant.name.includes('Home Equity')
}

function common(beginning: Beginning) {
  const { merchant, seed, openedOn, closedOn, closingBalanceCents, ownership, latePayments, stoppedPayingOn } =
    beginning
  const { type, name } = merchant
  return { type, name, seed, openedOn, closedOn, closingBalanceCents, ownership, latePayments, stoppedPayingOn }
}

const LIMIT_STEP_CENTS = 50_000
const LIMIT_CENTS_MAX = 2_500_000

function card(beginning: Beginning, chance: Chance): CardTerms {
  const { wish, strain } = beginning
  const drawnLimit =
    chance.between(1, Math.round((LIMIT_CENTS_MAX / LIMIT_STEP_CENTS) * (1.05 - strain))) * LIMIT_STEP_CENTS
  const wishedRoom = wish.balanceCents === null ? 0 : roundedUp(wish.balanceCents * 1.25, LIMIT_STEP_CENTS)
  const limitCents = wish.limitCents ?? Math.max(drawnLimit, wishedRoom)
  const habit = chance.weighted(habitWeights(strain))
  const usualPercent = usualPercentOf(habit, strain, chance)
  const apr = wish.ratePercent ?? quarters(14 + strain * 12 + chance.between(0, 16) / 4)
  const steady = wish.balanceCents ?? Math.floor((limitCents * usualPercent) / 100)
  return {
    ...common(beginning),
    kind: 'card',
    subType: chance.weighted({ flexible_spending: 70, purchase: 12, unsecured: 8, secured: 6, charge: 4 }),
    network: networkOf(beginning.merchant),
    limitCents,
    aprMinPercent: apr,
    aprMaxPercent: wish.ratePercent ?? apr + chance.between(8, 32) / 4,
    statementDate: chance.between(1, 28),
    graceDays: chance.between(21, 25),
    habit: wish.isSteady && steady > 0 ? 'revolver' : habit,
    usualPercent,
    steadyBalanceCents: wish.isSteady ? steady : null,
  }
}

function habitWeights(strain: number): Record<CardTerms['habit'], number> {
  return { transactor: 60 * (1 - strain), revolver: 20 + 70 * strain, dormant: 12 }
}

function usualPercentOf(habit: CardTerms['habit'], strain: number, chance: Chance): number {
  if (habit === 'transactor') return chance.between(2, 16)
  return Math.round(14 + strain * 55 + chance.between(0, 18))
}

function loan(beginning: Beginning, chance: Chance, shape: LoanShape): LoanTerms {
  const { wish, strain, openedOn } = beginning
  const drawn = roundedUp(chance.between(...shape.cents), shape.cents[0] >= 50_000 ? 5_000 : 100)
  const principalCents = wish.balanceCents === null ? drawn : Math.max(drawn, roundedUp(wish.balanceCents * 1.2, 5_000))
  const isVariable = shape === HELOC || chance.isLikely(0.06)
  const lineCents = shape === HELOC ? (wish.limitCents ?? roundedUp(principalCents * 1.6, LIMIT_STEP_CENTS)) : null
  const steady = wish.balanceCents ?? roundedUp(principalCents * (chance.between(20, 90) / 100), 1)
  return {
    ...common(beginning),
    kind: 'loan',
    subType: chance.pick(shape.subTypes),
    schedule: {
      principalCents,
      aprPercent: wish.ratePercent ?? rateOf(shape.percent, strain, chance),
      termMonths: wish.termMonths ?? chance.pick(shape.terms),
      firstDueOn: firstDueOn(openedOn),
    },
    rateType: isVariable ? 'variable' : 'fixed',
    rateSource: rateSource(chance),
    lineCents,
    steadyBalanceCents: wish.isSteady ? steady : null,
  }
}

const STUDENT_TERMS: readonly number[] = [120, 120, 180, 240]
const DRAWS_MAX = 6
const DRAW_MONTHS = 6
/** From the first draw until repayment has begun, at the longest. */
export const SCHOOL_MONTHS_MAX = DRAWS_MAX * DRAW_MONTHS

/** One draw a half-year while at school, or all at once; repayment of all begins after the last one. */
function student(beginning: Beginning, chance: Chance): StudentTerms {
  const { wish, openedOn } = beginning
  const count = chance.between(1, DRAWS_MAX)
  const termMonths = wish.termMonths ?? chance.pick(STUDENT_TERMS)
  const monthsApart = wish.isSteady ? 0 : DRAW_MONTHS
  const due = firstDueOn(addMonths(openedOn, (count - 1) * monthsApart))
  const drawn = Array.from({ length: count }, () => roundedUp(chance.between(175_000, 1_025_000), 5_000))
  const total = drawn.reduce((sum, cents) => sum + cents, 0)
  const scale = wish.balanceCents === null ? 1 : Math.max(1, (wish.balanceCents * 1.2) / total)
  const steady = wish.balanceCents ?? Math.round((total * chance.between(30, 95)) / 100)
  return {
    ...common(beginning),
    kind: 'student',
    subType: chance.isLikely(0.8) ? 'federal' : 'private',
    rateSource: rateSource(chance),
    disbursements: drawn.map((cents, index) => ({
      principalCents: roundedUp(cents * scale, 5_000),
      aprPercent: wish.ratePercent ?? chance.between(275, 705) / 100,
      termMonths,
      firstDueOn: due,
      disbursedOn: addMonths(openedOn, index * monthsApart),
    })),
    steadyBalanceCents: wish.isSteady ? steady : null,
  }
}

function flat(
  beginning: Beginning,
  chance: Chance,
  { cents, subTypes }: { cents: readonly [number, number]; subTypes: readonly string[] },
): Terms {
  const amountCents = beginning.wish.balanceCents ?? chance.between(...cents)
  return { ...common(beginning), kind: 'flat', subType: chance.pick(subTypes), amountCents, steadyBalanceCents: null }
}

function bill(
  beginning: Beginning,
  chance: Chance,
  { cents, subType }: { cents: readonly [number, number]; subType: string },
): Terms {
  const { wish } = beginning
  const usualCents = chance.between(...cents)
  return {
    ...common(beginning),
    kind: 'bill',
    subType,
    billDate: chance.between(1, 28),
    graceDays: chance.between(18, 21),
    usualCents,
    steadyBalanceCents: wish.isSteady ? (wish.balanceCents ?? usualCents) : null,
  }
}

/** A month after the beginning, on a date every month has. */
function firstDueOn(openedOn: string): string {
  const next = addMonths(openedOn, 1)
  return dayIn(yearOf(next), Number(next.slice(5, 7)), Math.min(28, Number(next.slice(8, 10))))
}

function rateOf([best, worst]: readonly [number, number], strain: number, chance: Chance): number {
  const spread = Math.min(1, Math.max(0, strain + chance.between(-15, 15) / 100))
  return Math.round((best + (worst - best) * spread) * 100) / 100
}

function rateSource(chance: Chance): RateSource {
  return chance.weighted({ financial_institution: 70, public_data: 15, method: 15 })
}

function quarters(percent: number): number {
  return Math.round(percent * 4) / 4
}

function roundedUp(cents: number, step: number): number {
  return Math.ceil(cents / step) * step
}
