/**
 * The debts of a person: how many, of which kinds, with whom. Everything but the dates follows from the seed and the
 * phone number; dates are counted back from the first day of the year in which the debts are first asked for, so that a
 * person is the same for all who meet them in that year and has a past behind them whenever that is.
 */
import type { LiabilityDraft, LiabilityType, Merchant, Ownership } from '../../port.js'
import { type Chance, chanceOf, refOf } from '../chance.js'
import type { WorldDirectory } from '../directory.js'
import { addDays, addMonths, dayIn, latest, monthsBetween, yearOf } from '../life/calendar.js'
import { standingAt } from '../life/life.js'
import type { Terms } from '../life/terms.js'
import { NO_WISH, originate, SCHOOL_MONTHS_MAX, usualTerms } from './origination.js'
import type { CreditHabit, Profile } from './profile.js'

/** A debt not yet written down. `accountNumber` null: invented from its ref. */
export interface NewDebt {
  readonly merchantNumber: number
  readonly terms: Terms
  readonly accountNumber: string | null
}

export interface Inventor {
  readonly seed: string
  readonly directory: WorldDirectory
}

/** The first day of the year of `day`: from here the past of newly met people is counted back. */
export function anchorOf(day: string): string {
  return dayIn(yearOf(day), 1, 1)
}

/** How common each type is among the debts of somebody with this habit. */
const MIX = {
  thin: {},
  careful: {
    credit_card: 44,
    auto_loan: 14,
    mortgage: 12,
    student_loans: 9,
    personal_loan: 7,
    bnpl: 4,
    utility: 4,
    insurance: 3,
    loan: 1,
    medical: 1,
    fintech: 1,
  },
  stretched: {
    credit_card: 40,
    auto_loan: 13,
    mortgage: 6,
    student_loans: 10,
    personal_loan: 12,
    bnpl: 6,
    utility: 3,
    insurance: 2,
    loan: 3,
    medical: 2,
    fintech: 2,
    credit_builder: 1,
  },
  troubled: {
    credit_card: 28,
    auto_loan: 11,
    mortgage: 2,
    student_loans: 10,
    personal_loan: 9,
    bnpl: 5,
    utility: 4,
    insurance: 2,
    loan: 5,
    medical: 7,
    fintech: 4,
    credit_builder: 5,
    collection: 14,
  },
} as const satisfies Record<CreditHabit, Partial<Record<LiabilityType, number>>>

const STRAIN = { thin: 0.4, careful: 0.1, stretched: 0.55, troubled: 0.9 } as const satisfies Record<
  CreditHabit,
  number
>
const COUNT = {
  thin: [0, 0],
  careful: [1, 14],
  stretched: [3, 14],
  troubled: [3, 13],
} as const satisfies Record<CreditHabit, readonly [number, number]>

/** The person's debts, in an order that stays. */
export function inventDebts(inventor: Inventor, person: { phone: string; profile: Profile }, day: string): NewDebt[] {
  const { phone, profile } = person
  const chance = chanceOf(inventor.seed, 'debts', phone)
  const merchants = merchantsFor(inventor.directory, profile.habit, chance)
  return merchants.map((merchant, position) => {
    const seed = refOf(inventor.seed, 'debt', phone, position)
    return {
      merchantNumber: merchant.number,
      terms: inventTerms(merchant, { seed, profile, day }),
      accountNumber: null,
    }
  })
}

/** The debts a caller drafted; what they left out is invented, and the balance stays as it begins. */
export function draftedDebts(inventor: Inventor, phone: string, drafts: readonly LiabilityDraft[]): NewDebt[] {
  return drafts.flatMap((draft, position) => {
    const merchant = inventor.directory.merchant(draft.merchantNumber)
    if (!merchant) return []
    const seed = refOf(inventor.seed, 'draft', phone, position, draft.merchantNumber)
    const accountNumber = draft.accountNumber ?? null
    return [{ merchantNumber: merchant.number, terms: draftedTerms(merchant, draft, seed), accountNumber }]
  })
}

const MORTGAGES_MAX = 2

function merchantsFor(directory: WorldDirectory, habit: CreditHabit, chance: Chance): Merchant[] {
  const [fewest, most] = COUNT[habit]
  const count = chance.between(fewest, most)
  const chosen: Merchant[] = []
  while (chosen.length < count) {
    const type = chance.weighted<LiabilityType>(MIX[habit] as Record<LiabilityType, number>)
    const merchant = popularOf(directory.merchantsOf(type), chance)
    const isTooMuch = type === 'mortgage' && chosen.filter((other) => other.type === 'mortgage').length >= MORTGAGES_MAX
    if (!isTooMuch && !chosen.includes(merchant)) chosen.push(merchant)
  }
  return chosen
}

/** The popular ones come up more often. */
function popularOf(ranked: readonly Merchant[], chance: Chance): Merchant {
  return chance.pick(ranked.slice(0, chance.between(1, ranked.length)))
}

interface Holder {
  readonly seed: string
  readonly profile: Profile
  readonly day: string
}

function inventTerms(merchant: Merchant, { seed, profile, day }: Holder): Terms {
  const chance = chanceOf(seed, 'beginning')
  const anchor = anchorOf(day)
  const strain = STRAIN[profile.habit]
  const adultMonths = Math.max(6, monthsBetween(addMonths(profile.dob, 18 * 12), anchor))
  const usual = usualTerms(merchant)
  const termMonths = usual.length > 0 ? chance.pick(usual) : null
  const isOver = chance.isLikely(0.2)
  const monthsAgo = Math.min(adultMonths, monthsSinceBeginning(chance, { termMonths, isOver, type: merchant.type }))
  const monthsAgoMin = merchant.type === 'student_loans' ? SCHOOL_MONTHS_MAX : 2
  const openedOn = addMonths(dayIn(yearOf(anchor), 1, chance.between(1, 28)), -Math.max(monthsAgoMin, monthsAgo))
  const stoppedPayingOn = stopOf(chance, { profile, merchant, openedOn, anchor })
  const terms = originate({
    merchant,
    seed,
    openedOn,
    closedOn: isOver && !stoppedPayingOn ? dayAfter(openedOn, anchor, chance) : null,
    closingBalanceCents: 0,
    ownership: ownershipOf(merchant.type, chance),
    latePayments: chance.isLikely(strain / 2) ? chance.between(1, Math.ceil(strain * 6)) : 0,
    stoppedPayingOn,
    strain,
    wish: { ...NO_WISH, termMonths },
  })
  return chargedOff(terms, anchor)
}

/** How long ago it began: still running when it is open, and longer ago when it is over. */
function monthsSinceBeginning(
  chance: Chance,
  { termMonths, isOver, type }: { termMonths: number | null; isOver: boolean; type: LiabilityType },
): number {
  if (termMonths !== null && type === 'student_loans') {
    return SCHOOL_MONTHS_MAX + (isOver ? termMonths : chance.between(0, termMonths - SCHOOL_MONTHS_MAX))
  }
  if (termMonths !== null)
    return isOver ? chance.between(termMonths, termMonths + 60) : chance.between(1, termMonths - 1)
  return chance.between(isOver ? 24 : 3, type === 'credit_card' ? 220 : 60)
}

/** The day on which some of those in trouble stopped paying; the year that follows has not healed it. */
function stopOf(
  chance: Chance,
  at: { profile: Profile; merchant: Merchant; openedOn: string; anchor: string },
): string | null {
  const isPaid = at.merchant.type !== 'collection' && at.merchant.type !== 'medical'
  if (at.profile.habit !== 'troubled' || !isPaid || !chance.isLikely(0.25)) return null
  return latest(addDays(at.anchor, -chance.between(45, 500)), addDays(at.openedOn, 35))
}

/** Banks write a card off after 180 days without a payment, and close it. */
const CHARGE_OFF_DAYS = 180

/** The same terms, closed with what was owed if that happened before the anchor. */
function chargedOff(terms: Terms, anchor: string): Terms {
  const closedOn = terms.stoppedPayingOn ? addDays(terms.stoppedPayingOn, CHARGE_OFF_DAYS) : anchor
  if (terms.kind !== 'card' || closedOn >= anchor) return terms
  return { ...terms, closedOn, closingBalanceCents: standingAt(terms, closedOn, []).owedCents }
}

/** A day between the beginning and the anchor, nearer to the anchor. */
function dayAfter(openedOn: string, anchor: string, chance: Chance): string {
  const months = monthsBetween(openedOn, anchor)
  return addMonths(openedOn, chance.between(Math.ceil(months / 2), Math.max(Math.ceil(months / 2), months - 1)))
}

function ownershipOf(type: LiabilityType, chance: Chance): Ownership {
  if (type === 'mortgage') return chance.isLikely(0.45) ? 'joint' : 'primary'
  if (type === 'credit_card') return chance.isLikely(0.07) ? 'authorized' : 'primary'
  return chance.isLikely(0.04) ? 'joint' : 'primary'
}

const DRAFT_STRAIN = 0.3

function draftedTerms(merchant: Merchant, draft: LiabilityDraft, seed: string): Terms {
  const chance = chanceOf(seed, 'beginning')
  const openedOn = draft.openedOn ?? dayIn(chance.between(2015, 2021), chance.between(1, 12), chance.between(1, 28))
  const closedOn = draft.isClosed ? (draft.openedOn ?? addMonths(openedOn, chance.between(12, 24))) : null
  return originate({
    merchant,
    seed,
    openedOn,
    closedOn,
    closingBalanceCents: closedOn ? (draft.balanceCents ?? 0) : 0,
    ownership: 'primary',
    latePayments: 0,
    stoppedPayingOn: null,
    strain: DRAFT_STRAIN,
    wish: {
      balanceCents: draft.balanceCents ?? null,
      limitCents: draft.creditLimitCents ?? null,
      ratePercent: draft.interestRatePercent ?? null,
      isSteady: !draft.isClosed,
      termMonths: null,
    },
  })
}
