/**
 * Banking time. ACH entries leave in processing windows, at fixed hours of US Central time (daylight saving included) on
 * business days: Monday to Friday without the holidays of the Federal Reserve. What is there at or before the instant of a
 * window goes with it. Whatever waits for money asks here for its instant; everything here is a pure function of its
 * arguments, with ISO strings on the outside.
 *
 * contract: method/payments §1.8
 */
import { Temporal } from 'temporal-polyfill'
import type { Instant } from '../clock/clock.js'
import { holidayOn } from './holidays.js'
import { remembering } from './remembering.js'

/** A day without a zone: `2024-08-19`. */
export type CalendarDate = string
/** An hour of a business day, US Central time: `16:30`. */
export type WindowTime = string

export const SOURCE_WINDOWS: readonly WindowTime[] = ['10:30', '13:30', '16:30']
export const DESTINATION_WINDOWS: readonly WindowTime[] = ['13:30']
/** The last window of a business day closes it: what comes later belongs to the next one. */
export const CUTOFF: WindowTime = '16:30'
const CLOSE: readonly WindowTime[] = [CUTOFF]

const ZONE = 'America/Chicago'
const SATURDAY = 6

/** Days between the processing day of a payment and its settlements. */
export interface SettlementOffsets {
  readonly sourceDays: number
  readonly destinationDays: number
}

export interface PaymentDates {
  /** The business day whose windows the payment can still reach. */
  readonly processingOn: CalendarDate
  readonly sourceSettlementOn: CalendarDate
  readonly destinationSettlementOn: CalendarDate
  readonly estimatedCompletionOn: CalendarDate
}

/** A stretch of time that begins after `after` and ends with `through`, which is still in it. */
export interface Cycle {
  readonly after: Instant
  readonly through: Instant
}

/** A stretch of time that begins with `from` and ends before `before`. */
export interface Day {
  readonly from: Instant
  readonly before: Instant
}

/** The settlement dates of a payment made at `createdAt`, by the team's offsets. */
export function paymentDates(createdAt: Instant, offsets: SettlementOffsets): PaymentDates {
  const processingOn = dateOfWindow(nextWindow(createdAt, CLOSE))
  const destinationSettlementOn = addBusinessDays(processingOn, offsets.destinationDays)
  return {
    processingOn,
    sourceSettlementOn: addBusinessDays(processingOn, offsets.sourceDays),
    destinationSettlementOn,
    estimatedCompletionOn: destinationSettlementOn,
  }
}

/** The window that takes what waits for a pull at `at`: `at` itself when that is a window's instant. */
export function nextSourceWindow(at: Instant): Instant {
  return nextWindow(at, SOURCE_WINDOWS)
}

/** The window that takes what waits for a push at `at`: `at` itself when that is a window's instant. */
export function nextDestinationWindow(at: Instant): Instant {
  return nextWindow(at, DESTINATION_WINDOWS)
}

/** The last source window that has opened by `at`, the one of that very instant included. */
export function previousSourceWindow(at: Instant): Instant {
  return previousWindow(at, SOURCE_WINDOWS)
}

/** The last destination window that has opened by `at`, the one of that very instant included. */
export function previousDestinationWindow(at: Instant): Instant {
  return previousWindow(at, DESTINATION_WINDOWS)
}

/** The cutoff cycle that `at` lies in: from one 16:30 close of a business day to the next. */
export function cutoffCycle(at: Instant): Cycle {
  const through = nextWindow(at, CLOSE)
  return { after: closeBefore(through), through }
}

/** The cutoff cycle before the one that `at` lies in. */
export function previousCutoffCycle(at: Instant): Cycle {
  const through = cutoffCycle(at).after
  return { after: closeBefore(through), through }
}

/** The calendar day of US Central time that `date` names: 23 or 25 hours long when the clocks change. */
export function dayOf(date: CalendarDate): Day {
  const day = Temporal.PlainDate.from(date)
  return { from: startOf(day), before: startOf(day.add({ days: 1 })) }
}

/** The day it is in US Central time. */
export function dateIn(at: Instant): CalendarDate {
  return local(at).toPlainDate().toString()
}

const dateOfWindow = remembering((window: Instant) => dateIn(window))

/** The instant of an hour of US Central time on a day: `instantOn('2026-01-13', '10:30')`. */
export const instantOn = remembering((date: CalendarDate, time: WindowTime) =>
  toInstant(Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: ZONE, plainTime: time })),
)

export function isBusinessDay(date: CalendarDate): boolean {
  return isOpen(Temporal.PlainDate.from(date))
}

/** The business day `count` after `date`, which may be any day; none after is `date` itself when that is one, or the next. */
export const addBusinessDays = remembering((date: CalendarDate, count: number) => {
  let day = Temporal.PlainDate.from(date)
  if (count === 0 && !isOpen(day)) day = step(day, 1)
  for (let left = Math.abs(count); left > 0; left--) day = step(day, Math.sign(count))
  return day.toString()
})

interface Wait {
  readonly fromMs: number
  readonly throughMs: number
  readonly through: Instant
}

// The last answer for each list of times: it holds for whatever lies between the asking and the window.
const lastWaits = new Map<readonly WindowTime[], Wait>()

function nextWindow(at: Instant, times: readonly WindowTime[]): Instant {
  const atMs = Date.parse(at)
  const last = lastWaits.get(times)
  if (last && last.fromMs <= atMs && atMs <= last.throughMs) return last.through
  const through = findNextWindow(at, times)
  lastWaits.set(times, { fromMs: atMs, throughMs: Date.parse(through), through })
  return through
}

function findNextWindow(at: Instant, times: readonly WindowTime[]): Instant {
  const now = local(at)
  const today = now.toPlainDate()
  const left = isOpen(today) ? times.find((time) => isAtOrBefore(now.toPlainTime(), time)) : undefined
  const [day, time] = left ? [today, left] : [step(today, 1), times[0]]
  return toInstant(day.toZonedDateTime({ timeZone: ZONE, plainTime: time ?? CUTOFF }))
}

function previousWindow(at: Instant, times: readonly WindowTime[]): Instant {
  const now = local(at)
  const today = now.toPlainDate()
  const opened = isOpen(today) ? times.findLast((time) => isAtOrBefore(time, now.toPlainTime())) : undefined
  const [day, time] = opened ? [today, opened] : [step(today, -1), times.at(-1)]
  return toInstant(day.toZonedDateTime({ timeZone: ZONE, plainTime: time ?? CUTOFF }))
}

function closeBefore(close: Instant): Instant {
  return instantOn(addBusinessDays(dateIn(close), -1), CUTOFF)
}

/** Windows open at whole minutes between 3 in the morning and midnight, so that no change of clocks can hide or repeat one. */
function isAtOrBefore(time: Temporal.PlainTime | WindowTime, other: Temporal.PlainTime | WindowTime): boolean {
  return Temporal.PlainTime.compare(time, other) <= 0
}

function step(day: Temporal.PlainDate, days: number): Temporal.PlainDate {
  const next = day.add({ days })
  return isOpen(next) ? next : step(next, days)
}

function isOpen(day: Temporal.PlainDate): boolean {
  return day.dayOfWeek < SATURDAY && holidayOn(day) === null
}

function local(at: Instant): Temporal.ZonedDateTime {
  return Temporal.Instant.from(at).toZonedDateTimeISO(ZONE)
}

function startOf(day: Temporal.PlainDate): Instant {
  return toInstant(day.toZonedDateTime(ZONE))
}

function toInstant(at: Temporal.ZonedDateTime): Instant {
  return at.toInstant().toString({ fractionalSecondDigits: 3 })
}
