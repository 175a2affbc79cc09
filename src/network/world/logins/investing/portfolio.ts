/**
 * The life of a portfolio, trade by trade: what is brought in is put to work in whole units, dividends come in quarters, now
 * and then something is sold, and once a year there is a fee. Cash and units are never below nothing, and holdings are what
 * the trades add up to.
 */
import { type Chance, chanceOf, refOf } from '../../chance.js'
import { monthNumber, startOf } from '../../life/calendar.js'
import type { HeldPortfolio } from '../held.js'
import { dateIn, monthsFrom } from '../life/months.js'
import { INVESTING_DATE } from '../life/regular.js'
import type { CustomerTerms } from '../terms.js'
import { closeCents, LISTINGS, type Listing, lastWorkday } from './securities.js'

/** Something that happened. `cents` is what leaves the cash, fees included; below nothing it comes in. */
export interface Deed {
  readonly ref: string
  readonly at: string
  readonly kind: 'deposit' | 'buy' | 'sell' | 'dividend' | 'fee'
  readonly listing: Listing | null
  /** Below nothing for what is sold. */
  readonly units: number
  readonly priceCents: number | null
  readonly feeCents: number
  readonly cents: number
}

export interface Portfolio {
  readonly account: HeldPortfolio
  readonly terms: Pick<CustomerTerms, 'seed' | 'currency' | 'openedOn'>
  /** Brought in each month from the household's account. */
  readonly monthlyCents: number
}

const TRADE_DATE = 12
const DIVIDEND_DATE = 20
const FEE_DATE = 27
const FEE_CENTS = 2_500
const FEE_MONTH = 12
const TRADE_TIME = 'T15:30:00.000Z'
const SALES_SHARE = 0.07
const COMMISSIONS = [0, 0, 495, 995]

/** Everything until the end of a day's month, in order. */
export function deedsOf(portfolio: Portfolio, until: string): readonly Deed[] {
  const { account, terms, monthlyCents } = portfolio
  const chance = chanceOf(terms.seed, 'portfolio', account.ref)
  const chosen = chosenFrom(chance, terms.currency)
  const book = openBook(account.ref, chance.pick(COMMISSIONS))
  book.bring(startOf(terms.openedOn), account.terms.openingCents)
  for (const month of monthsFrom(terms.openedOn, until)) {
    const draw = chanceOf(terms.seed, 'portfolio', account.ref, month)
    const number = monthNumber(month)
    if (monthlyCents > 0) book.bring(startOf(dateIn(month, INVESTING_DATE)), monthlyCents)
    // The first time, a bit of everything.
    const wanted = month === terms.openedOn ? chosen : [draw.pick(chosen)]
    wanted.forEach((listing, done) => {
      book.buy(tradeOn(month), listing, 1 / (wanted.length - done))
    })
    if (number % 3 === 2) for (const listing of chosen) book.payDividend(startOf(dateIn(month, DIVIDEND_DATE)), listing)
    if (draw.isLikely(SALES_SHARE)) book.sell(tradeOn(month, FEE_DATE - 4), draw.pick(chosen), draw.between(10, 30))
    if ((number % 12) + 1 === FEE_MONTH) book.charge(startOf(dateIn(month, FEE_DATE)), FEE_CENTS)
  }
  return book.deeds
}

const HELD = [3, 5] as const

function chosenFrom(chance: Chance, currency: CustomerTerms['currency']): readonly Listing[] {
  const offered = LISTINGS.filter((listing) => listing.currency === currency)
  return chance.shuffled(offered).slice(0, chance.between(...HELD))
}

function tradeOn(month: string, date = TRADE_DATE): string {
  return `${lastWorkday(dateIn(month, date))}${TRADE_TIME}`
}

/** The deeds so far, and what can be done next: whatever there is no cash or are no units for is left undone. */
function openBook(accountRef: string, commissionCents: number) {
  const deeds: Deed[] = []
  const units = new Map<string, number>()
  let cashCents = 0
  const add = (at: string, deed: Omit<Deed, 'ref' | 'at'>) => {
    deeds.push({ ...deed, ref: refOf('deed', accountRef, deeds.length), at })
    cashCents -= deed.cents
    if (deed.listing) units.set(deed.listing.ref, (units.get(deed.listing.ref) ?? 0) + deed.units)
  }
  const plain = { listing: null, units: 0, priceCents: null, feeCents: 0 }
  return {
    deeds,
    bring: (at: string, cents: number) => add(at, { ...plain, kind: 'deposit', cents: -cents }),
    charge: (at: string, cents: number) => {
      if (cashCents >= cents) add(at, { ...plain, kind: 'fee', cents })
    },
    /** For a part of the cash. */
    buy: (at: string, listing: Listing, part: number) => {
      const priceCents = closeCents(listing, at.slice(0, 10))
      const count = Math.floor((cashCents * part - commissionCents) / priceCents)
      if (count < 1) return
      const cents = count * priceCents + commissionCents
      add(at, { kind: 'buy', listing, units: count, priceCents, feeCents: commissionCents, cents })
    },
    sell: (at: string, listing: Listing, percent: number) => {
      const priceCents = closeCents(listing, at.slice(0, 10))
      const count = Math.floor(((units.get(listing.ref) ?? 0) * percent) / 100)
      if (count * priceCents <= commissionCents) return
      const cents = commissionCents - count * priceCents
      add(at, { kind: 'sell', listing, units: -count, priceCents, feeCents: commissionCents, cents })
    },
    payDividend: (at: string, listing: Listing) => {
      const held = units.get(listing.ref) ?? 0
      const yearly = (held * closeCents(listing, at.slice(0, 10)) * listing.dividendPercent) / 100
      const cents = Math.round(yearly / 4)
      if (cents > 0) add(at, { ...plain, listing, kind: 'dividend', cents: -cents })
    },
  }
}
