/**
 * What is bought with an account's own card in a month, and drawn from machines: pending from the moment on, posted at the
 * beginning of one of the next two days. Fuel is pending with a token amount, a meal without the tip; and some of what is
 * pending vanishes.
 */
import { type Chance, chanceOf, refOf } from '../../chance.js'
import { addDays, addMonths, daysBetween, startOf } from '../../life/calendar.js'
import { SHOPS, type Shop } from '../../life/shops.js'
import type { Household } from '../terms.js'
import { categoryOf } from './categories.js'
import type { Line, Wording } from './lines.js'

export interface Spender {
  readonly seed: string
  readonly accountRef: string
  readonly household: Pick<Household, 'purchasesPerMonth' | 'ticketPercent' | 'withdrawalsPerMonth'>
  /** Where they live. */
  readonly place: string
}

/** Of a month, by its first day. */
export function spendingIn(spender: Spender, month: string): readonly Line[] {
  const { seed, household } = spender
  const chance = chanceOf(seed, 'spending', month)
  const days = daysOf(month)
  const purchases = Array.from({ length: household.purchasesPerMonth }, (_, index) =>
    purchase(spender, { chance, days, key: `${month}/${index}` }),
  )
  const withdrawals = Array.from({ length: household.withdrawalsPerMonth }, (_, index) =>
    withdrawal(spender, { chance, days, key: `${month}/${index}` }),
  )
  return [...purchases, ...withdrawals]
}

interface Occasion {
  readonly chance: Chance
  /** Of the month, and two more. */
  readonly days: readonly string[]
  readonly key: string
}

const POSTING_DAYS_MAX = 2

function daysOf(month: string): readonly string[] {
  const count = daysBetween(month, addMonths(month, 1)) + POSTING_DAYS_MAX
  return Array.from({ length: count }, (_, index) => addDays(month, index))
}

const EVERYDAY_CODES = new Set(['5411', '5499', '5462', '5812', '5814', '5541', '5542', '5912', '5331', '4111', '7523'])
const EVERYDAY_SHOPS = SHOPS.filter(({ categoryCode }) => EVERYDAY_CODES.has(categoryCode))
const EVERYDAY_SHARE = 0.88
const FUEL = new Set(['5541', '5542'])
const TIPPED = new Set(['5812', '5813'])
const FUEL_TOKEN_CENTS = 100
const TIP_PERCENT = [12, 24] as const
const TIP_SHARE = 0.5
const VANISHING_SHARE = 0.035
const CENTS_MIN = 99

function purchase({ accountRef, household, place }: Spender, { chance, days, key }: Occasion): Line {
  const shop = chance.pick(chance.isLikely(EVERYDAY_SHARE) ? EVERYDAY_SHOPS : SHOPS)
  const asked = Math.max(CENTS_MIN, Math.round((ticketOf(shop, chance) * household.ticketPercent) / 100))
  const isTipped = TIPPED.has(shop.categoryCode) && chance.isLikely(TIP_SHARE)
  const cents = isTipped ? Math.round((asked * (100 + chance.between(...TIP_PERCENT))) / 100) : asked
  const { begunAt, settlesAt } = moments(chance, days)
  const vanishes = chance.isLikely(VANISHING_SHARE)
  return {
    ref: refOf('spent', accountRef, key),
    accountRef,
    begunAt,
    postedAt: vanishes ? null : settlesAt,
    goneAt: vanishes ? settlesAt : null,
    cents,
    pendingCents: FUEL.has(shop.categoryCode) ? FUEL_TOKEN_CENTS : asked,
    direction: 'debit',
    isTimed: true,
    isRecorded: false,
    ...wordingOf(shop, place),
  }
}

const NOTE_CENTS = 2_000
const NOTES = [1, 10] as const

function withdrawal({ accountRef, place }: Spender, { chance, days, key }: Occasion): Line {
  const cents = chance.between(...NOTES) * NOTE_CENTS
  const { begunAt, settlesAt } = moments(chance, days)
  return {
    ref: refOf('drawn', accountRef, key),
    accountRef,
    begunAt,
    postedAt: settlesAt,
    goneAt: null,
    cents,
    pendingCents: cents,
    direction: 'debit',
    isTimed: true,
    isRecorded: false,
    rawDescription: `ATM WITHDRAWAL ${place}`.toUpperCase(),
    description: 'ATM withdrawal',
    counterparty: null,
    category: 'banking',
    subcategory: 'cash_withdrawals',
    recurrence: null,
  }
}

function wordingOf({ name, categoryCode }: Shop, place: string): Wording {
  const title = TITLES.get(name) ?? name
  return {
    rawDescription: `POS PURCHASE ${name} ${place}`.toUpperCase(),
    description: title,
    counterparty: { name: title, categoryCode, domain: null },
    ...categoryOf(categoryCode),
    recurrence: null,
  }
}

/** Small tickets are the more common ones. */
function ticketOf({ ticketCents: [low, high] }: Shop, chance: Chance): number {
  return chance.between(low, chance.between(low, high))
}

const OPENING_SECOND = 6 * 3600
const CLOSING_SECOND = 24 * 3600 - 1

function moments(chance: Chance, days: readonly string[]): { readonly begunAt: string; readonly settlesAt: string } {
  const on = chance.between(0, days.length - POSTING_DAYS_MAX - 1)
  const second = chance.between(OPENING_SECOND, CLOSING_SECOND)
  const parts = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60]
  const time = parts.map((part) => String(part).padStart(2, '0')).join(':')
  const settlesOn = days[on + chance.between(1, POSTING_DAYS_MAX)] ?? ''
  return { begunAt: `${days[on]}T${time}.000Z`, settlesAt: startOf(settlesOn) }
}

const TITLES = new Map(SHOPS.map(({ name }) => [name, titled(name)]))

function titled(name: string): string {
  return name.toLowerCase().replaceAll(/(^|\s)\S/g, (letter) => letter.toUpperCase())
}
