/** Months, named by their first day. */
import { addDays, addMonths, dayIn, monthNumber, yearOf } from '../../life/calendar.js'

/** From the month of one day to that of another. */
export function monthsFrom(first: string, until: string): readonly string[] {
  const count = Math.max(0, monthNumber(until) - monthNumber(first) + 1)
  return Array.from({ length: count }, (_, index) => addMonths(first, index))
}

export function lastOf(month: string): string {
  return addDays(addMonths(month, 1), -1)
}

export function dateIn(month: string, date: number): string {
  return dayIn(yearOf(month), Number(month.slice(5, 7)), date)
}
