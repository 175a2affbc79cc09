/**
 * The holidays of the Federal Reserve Banks, on which no ACH entry settles. A fixed one that falls on a Sunday is kept on
 * the Monday after; one that falls on a Saturday is not moved, and the Friday before it is an ordinary day.
 * contract: method/payments §1.8
 */
import type { Temporal } from 'temporal-polyfill'

const MONDAY = 1
const THURSDAY = 4

interface FixedHoliday {
  readonly name: string
  readonly month: number
  readonly day: number
  readonly firstYear?: number
}

interface FloatingHoliday {
  readonly name: string
  readonly month: number
  readonly weekday: number
  /** The first is 1. */
  readonly nth: number | 'last'
}

const FIXED: readonly FixedHoliday[] = [
  { name: 'New Year’s Day', month: 1, day: 1 },
  { name: 'Juneteenth', month: 6, day: 19, firstYear: 2021 }, // Public Law 117-17
  { name: 'Independence Day', month: 7, day: 4 },
  { name: 'Veterans Day', month: 11, day: 11 },
  { name: 'Christmas Day', month: 12, day: 25 },
]

const FLOATING: readonly FloatingHoliday[] = [
  { name: 'Martin Luther King Jr. Day', month: 1, weekday: MONDAY, nth: 3 },
  { name: 'Washington’s Birthday', month: 2, weekday: MONDAY, nth: 3 },
  { name: 'Memorial Day', month: 5, weekday: MONDAY, nth: 'last' },
  { name: 'Labor Day', month: 9, weekday: MONDAY, nth: 1 },
  { name: 'Columbus Day', month: 10, weekday: MONDAY, nth: 2 },
  { name: 'Thanksgiving', month: 11, weekday: THURSDAY, nth: 4 },
]

/** The holiday on whose account banks are closed on this day, or null. A Saturday holiday is named: it is one that moves nothing. */
export function holidayOn(date: Temporal.PlainDate): string | null {
  const kept = FIXED.find(
    (holiday) => isOn(date, holiday) || (isMonday(date) && isOn(date.subtract({ days: 1 }), holiday)),
  )
  return (kept ?? FLOATING.find((holiday) => isNth(date, holiday)))?.name ?? null
}

function isOn(date: Temporal.PlainDate, { month, day, firstYear }: FixedHoliday): boolean {
  return date.month === month && date.day === day && date.year >= (firstYear ?? 0)
}

function isMonday(date: Temporal.PlainDate): boolean {
  return date.dayOfWeek === MONDAY
}

function isNth(date: Temporal.PlainDate, { month, weekday, nth }: FloatingHoliday): boolean {
  if (date.month !== month || date.dayOfWeek !== weekday) return false
  return nth === 'last' ? date.day + 7 > date.daysInMonth : Math.ceil(date.day / 7) === nth
}
