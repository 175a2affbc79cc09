/**
 * What a card's holder buys between two statements: drawn from the card's seed and the month, adding up to exactly what
 * the statements say was spent. A purchase is authorized some time of a day and posts one to three days later, when the
 * day begins, as banks post in one run at night; so a balance of a day holds whatever posted by that day. Some are
 * voided and never count, some are given back before the next statement.
 */
import { type Chance, chanceOf } from '../chance.js'
import { addDays, daysBetween } from './calendar.js'
import { SHOPS, type Shop } from './shops.js'

export interface Purchase {
  /** Counts from 1 within the cycle. */
  readonly number: number
  readonly kind: 'purchase' | 'refund'
  readonly shop: Shop
  /** Given back, for a refund. */
  readonly cents: number
  readonly authorizedAt: string
  /** Exactly one of these two is set. */
  readonly postedOn: string | null
  readonly voidedOn: string | null
  /** The purchase that a refund gives back. */
  readonly refundOf: number | null
}

/** The time between two statements, as far as purchases are concerned. */
export interface Spending {
  readonly seed: string
  readonly month: number
  /** Purchases post after this day, and until `to`. */
  readonly from: string
  readonly to: string
  readonly spentCents: number
  /** What may still be bought before the payment is made. */
  readonly roomCents: number
  readonly paidOn: string
}

const USUAL_TICKET_CENTS = 5_500
const PURCHASES_MAX = 40
const POSTING_DAYS_MAX = 3
const VOIDED_SHARE = 0.25
const REFUNDED_SHARE = 0.2
/** Under this nothing is given back. */
const REFUND_SPENT_CENTS_MIN = 10_000
const REFUND_DAYS_MIN = 4

/** The purchases and refunds of a cycle, in the order in which they were drawn; none where nothing was spent. */
export function purchasesIn(spending: Spending): readonly Purchase[] {
  const { from } = spending
  return drawnIn(spending).map(({ kind, shop, cents, isVoided, after, lead, second }, index) => {
    const number = index + 1
    const on = addDays(from, after)
    return {
      number,
      kind,
      shop,
      cents,
      authorizedAt: instantOn(addDays(from, Math.max(0, after - lead)), second),
      postedOn: isVoided ? null : on,
      voidedOn: isVoided ? on : null,
      refundOf: kind === 'refund' ? number - 1 : null,
    }
  })
}

/** What purchases and refunds have added to the balance by a day, in cents. */
export function postedCentsBy(spending: Spending, day: string): number {
  const days = daysBetween(spending.from, day)
  return drawnIn(spending)
    .filter(({ after, isVoided }) => !isVoided && after <= days)
    .reduce((sum, { kind, cents }) => sum + (kind === 'refund' ? -cents : cents), 0)
}

/** Days are counted from the first, because most askers only want to know what has posted. */
interface Drawn {
  readonly kind: Purchase['kind']
  readonly shop: Shop
  readonly cents: number
  readonly isVoided: boolean
  /** Posts, or is voided, so many days after the first. */
  readonly after: number
  /** Authorized so many days before that, but not before the first day. */
  readonly lead: number
  /** Of the day of its authorization. */
  readonly second: number
}

function drawnIn(spending: Spending): readonly Drawn[] {
  const { from, to, spentCents } = spending
  const days = daysBetween(from, to)
  if (spentCents <= 0 || days < 1) return []
  const chance = chanceOf(spending.seed, 'purchases', spending.month)
  // A refund follows its purchase, which is how it knows what it gives back.
  return [...boughtIn(spending, days, chance), ...voidedIn(days, chance), ...refundedIn(spending, days, chance)]
}

function boughtIn({ from, spentCents, roomCents, paidOn }: Spending, days: number, chance: Chance): Drawn[] {
  const paidAfter = daysBetween(from, paidOn)
  let boughtCents = 0
  const baskets = basketsOf(spentCents, chance).map((basket) => ({ ...basket, wished: chance.between(1, days) }))
  return baskets
    .sort((a, b) => a.wished - b.wished)
    .map(({ shop, cents, wished }) => {
      // A full card is used again once it has been paid.
      const mustWait = wished < paidAfter && boughtCents + cents > roomCents
      if (!mustWait) boughtCents += cents
      const after = mustWait ? chance.between(paidAfter, Math.max(paidAfter, days)) : wished
      return { kind: 'purchase', shop, cents, isVoided: false, after, ...authorization(chance) }
    })
}

/** Shops with what was paid in each, adding up to the whole; nobody is charged nothing. */
function basketsOf(spentCents: number, chance: Chance): { shop: Shop; cents: number }[] {
  const count = Math.min(PURCHASES_MAX, Math.ceil(spentCents / USUAL_TICKET_CENTS))
  const wished = Array.from({ length: count }, () => {
    const shop = chance.pick(SHOPS)
    return { shop, wish: ticketOf(shop, chance) }
  })
  const total = wished.reduce((sum, { wish }) => sum + wish, 0)
  const baskets = wished.map(({ shop, wish }) => ({ shop, cents: Math.floor((spentCents * wish) / total) }))
  const left = spentCents - baskets.reduce((sum, { cents }) => sum + cents, 0)
  return baskets
    .map((basket, index) => (index === 0 ? { ...basket, cents: basket.cents + left } : basket))
    .filter(({ cents }) => cents > 0)
}

/** Small tickets are the more common ones. */
function ticketOf({ ticketCents: [low, high] }: Shop, chance: Chance): number {
  return chance.between(low, chance.between(low, high))
}

function voidedIn(days: number, chance: Chance): Drawn[] {
  if (!chance.isLikely(VOIDED_SHARE)) return []
  const shop = chance.pick(SHOPS)
  const cents = ticketOf(shop, chance)
  const after = chance.between(1, days)
  return [{ kind: 'purchase', shop, cents, isVoided: true, after, ...authorization(chance) }]
}

/** Something more that was bought and given back, both before the next statement. */
function refundedIn({ spentCents, roomCents }: Spending, days: number, chance: Chance): Drawn[] {
  const shop = chance.pick(SHOPS)
  const cents = Math.min(ticketOf(shop, chance), Math.floor(spentCents / 2))
  const lastDay = days - REFUND_DAYS_MIN
  const isPossible = spentCents >= REFUND_SPENT_CENTS_MIN && spentCents + cents <= roomCents && lastDay >= 1
  if (!chance.isLikely(REFUNDED_SHARE) || !isPossible) return []
  const boughtAfter = chance.between(1, lastDay)
  const backAfter = chance.between(boughtAfter + REFUND_DAYS_MIN, days)
  const common = { shop, cents, isVoided: false }
  return [
    { ...common, kind: 'purchase', after: boughtAfter, ...authorization(chance) },
    { ...common, kind: 'refund', after: backAfter, ...authorization(chance) },
  ]
}

const OPENING_SECOND = 6 * 3600
const CLOSING_SECOND = 24 * 3600 - 1

function authorization(chance: Chance): Pick<Drawn, 'lead' | 'second'> {
  return { lead: chance.between(1, POSTING_DAYS_MAX), second: chance.between(OPENING_SECOND, CLOSING_SECOND) }
}

function instantOn(day: string, second: number): string {
  const parts = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60]
  return `${day}T${parts.map((part) => String(part).padStart(2, '0')).join(':')}.000Z`
}
