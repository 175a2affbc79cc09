/**
 * What can be held: invented securities in the money of each country, with a price at the end of every working day. A price
 * is a trend with waves of many lengths on it, so the one of any day is found without walking through the days before.
 */
import type { Security } from '../../../port.js'
import { chanceOf, refOf } from '../../chance.js'
import { addDays, daysBetween } from '../../life/calendar.js'
import type { Currency } from '../terms.js'
import { isinOf, sedolOf } from './security-numbers.js'

export interface Listing {
  readonly ref: string
  readonly name: string
  readonly type: Exclude<Security['type'], 'cash'>
  readonly currency: Currency
  readonly ticker: string
  readonly isin: string
  readonly sedol: string | null
  /** On the first day of 2020. */
  readonly firstCents: number
  readonly growthPercent: number
  /** How far waves carry it from the trend. */
  readonly swingPercent: number
  /** A year, paid in quarters. */
  readonly dividendPercent: number
}

type Row = readonly [
  currency: Currency,
  type: Listing['type'],
  ticker: string,
  name: string,
  firstCents: number,
  growthPercent: number,
  swingPercent: number,
  dividendPercent: number,
]

// biome-ignore format: a table is easier to read in rows
const ROWS: readonly Row[] = [
  ['USD', 'etf', 'NLTM', 'Northern Lights Total Market ETF', 6_240, 8, 14, 1.4],
  ['USD', 'etf', 'BXWI', 'Beaconfield World Index ETF', 4_810, 7, 13, 1.8],
  ['USD', 'etf', 'GRBD', 'Granite Aggregate Bond ETF', 8_350, 1, 5, 3.2],
  ['USD', 'equity', 'CPHL', 'Copper Hill Mining Corp', 2_130, 4, 32, 2.6],
  ['USD', 'equity', 'CNYS', 'Canyon Software Inc', 11_420, 13, 30, 0],
  ['USD', 'equity', 'SLVF', 'Silverleaf Health Inc', 7_260, 6, 22, 1.1],
  ['USD', 'equity', 'TDWB', 'Tidewater Bancorp', 3_890, 3, 20, 3.4],
  ['USD', 'bond', 'PWE31', 'Prairie Wind Energy 4.25% 2031', 9_880, 0, 3, 4.3],
  ['USD', 'fund', 'ORTGX', 'Orchard Target 2050 Fund', 1_640, 7, 11, 1.6],
  ['CAD', 'etf', 'MCCX', 'Maple Crown Composite ETF', 3_120, 6, 13, 2.8],
  ['CAD', 'etf', 'MCBX', 'Maple Crown Bond ETF', 2_740, 1, 4, 3.1],
  ['CAD', 'equity', 'LRTP', 'Laurentide Paper Ltd', 1_980, 3, 26, 3.9],
  ['GBP', 'etf', 'ALBW', 'Albion World Tracker ETF', 5_460, 7, 13, 1.7],
  ['GBP', 'etf', 'ALBG', 'Albion Gilt ETF', 9_120, 0, 5, 2.4],
  ['GBP', 'equity', 'PNNR', 'Pennine Rail plc', 840, 4, 24, 4.1],
]

export const LISTINGS: readonly Listing[] = ROWS.map(
  ([currency, type, ticker, name, firstCents, growthPercent, swingPercent, dividendPercent]) => ({
    ref: refOf('security', ticker),
    name,
    type,
    currency,
    ticker,
    isin: isinOf(currency, ticker),
    sedol: currency === 'GBP' ? sedolOf(ticker) : null,
    firstCents,
    growthPercent,
    swingPercent,
    dividendPercent,
  }),
)

/** Cash is held like a security. */
export function cashRefOf(currency: Currency): string {
  return refOf('security', 'cash', currency)
}

const FIRST_DAY = '2020-01-01'
/** Lengths of waves in days, and what part of the swing each has. */
const WAVES = [
  [400, 0.45],
  [120, 0.28],
  [30, 0.15],
  [7, 0.08],
  [1, 0.04],
] as const
const YEAR_DAYS = 365

/** At the end of a working day, in cents. */
export function closeCents({ ticker, firstCents, growthPercent, swingPercent }: Listing, day: string): number {
  const days = daysBetween(FIRST_DAY, day)
  const trend = firstCents * (1 + growthPercent / 100) ** (days / YEAR_DAYS)
  const swing = WAVES.reduce((sum, [length, part]) => sum + part * wave(`${ticker}/${length}`, days / length), 0)
  return Math.max(1, Math.round(trend * (1 + (swing * swingPercent) / 100)))
}

/** Between -1 and 1, smoothly from one drawn point to the next. */
function wave(seed: string, position: number): number {
  const left = Math.floor(position)
  const passed = position - left
  const eased = passed * passed * (3 - 2 * passed)
  const point = (index: number) => chanceOf('price', seed, index).between(-1_000, 1_000) / 1_000
  return point(left) * (1 - eased) + (eased === 0 ? 0 : point(left + 1) * eased)
}

const CLOSING = 'T21:00:00.000Z'
const SOME_SUNDAY = '2010-01-03'

/** The last working day whose market has closed by an instant. */
export function lastCloseOn(at: string): string {
  const today = at.slice(0, 10)
  return lastWorkday(at >= `${today}${CLOSING}` ? today : addDays(today, -1))
}

/** The day itself, or the Friday before. */
export function lastWorkday(day: string): string {
  const weekday = ((daysBetween(SOME_SUNDAY, day) % 7) + 7) % 7
  return weekday === 0 ? addDays(day, -2) : weekday === 6 ? addDays(day, -1) : day
}

export function closedAt(day: string): string {
  return `${day}${CLOSING}`
}
