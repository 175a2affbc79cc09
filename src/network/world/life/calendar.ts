/** Days as `YYYY-MM-DD`, counted in UTC, without a clock: everything follows from the day it is given. */

const DAY_MS = 86_400_000

/** The day of an instant or of a day. */
export function dayOf(at: string): string {
  return at.slice(0, 10)
}

/** The instant a day begins, for places that say when rather than on which day. */
export function startOf(day: string): string {
  return `${day}T00:00:00.000Z`
}

export function isRealDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const ms = Date.parse(startOf(text))
  return !Number.isNaN(ms) && dayFromMs(ms) === text
}

export function addDays(day: string, count: number): string {
  return dayFromMs(Date.parse(startOf(day)) + count * DAY_MS)
}

/** The same day of another month, or that month's last day when it is shorter. */
export function addMonths(day: string, count: number): string {
  const { year, month, date } = partsOf(day)
  const index = year * 12 + (month - 1) + count
  return dayIn(Math.floor(index / 12), (index % 12) + 1, date)
}

/** From `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(startOf(to)) - Date.parse(startOf(from))) / DAY_MS)
}

/** Whole months from `from` to `to`, rounded down. */
export function monthsBetween(from: string, to: string): number {
  const a = partsOf(from)
  const b = partsOf(to)
  const months = (b.year - a.year) * 12 + (b.month - a.month)
  return addMonths(from, months) > to ? months - 1 : months
}

/** The latest `date` of a month that is not after `day`: the last statement day, for example. `date` is 1 to 28. */
export function lastMonthly(date: number, day: string): string {
  const { year, month } = partsOf(day)
  const thisMonth = dayIn(year, month, date)
  return thisMonth <= day ? thisMonth : addMonths(thisMonth, -1)
}

export function yearOf(day: string): number {
  return partsOf(day).year
}

/** A month as one number, so that cycles can be counted whatever day an account began. */
export function monthNumber(day: string): number {
  const { year, month } = partsOf(day)
  return year * 12 + month - 1
}

export function latest(a: string, b: string): string {
  return a > b ? a : b
}

/** `date` is cut to the month's last day. */
export function dayIn(year: number, month: number, date: number): string {
  const lastDate = Number(dayFromMs(Date.UTC(year, month, 0)).slice(8))
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(Math.min(date, lastDate))}`
}

function partsOf(day: string): { year: number; month: number; date: number } {
  return { year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)), date: Number(day.slice(8, 10)) }
}

function dayFromMs(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
