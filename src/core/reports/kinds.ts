/** Every kind of report: whose rows it has, what they are chosen by, and of which time. Contract: method/payments §3.2. */
import {
  type Cycle,
  cutoffCycle,
  dateIn,
  dayOf,
  nextSourceWindow,
  previousCutoffCycle,
  previousSourceWindow,
} from '../calendar/calendar.js'
import { addMs, type Instant } from '../clock/clock.js'
import type { Span } from '../export.js'

export const reportKinds = {
  payments_created_this_cycle: { rows: 'payments', by: 'created', span: thisCycle },
  payments_created_last_cycle: { rows: 'payments', by: 'created', span: lastCycle },
  payments_updated_this_cycle: { rows: 'payments', by: 'updated', span: thisCycle },
  payments_updated_last_cycle: { rows: 'payments', by: 'updated', span: lastCycle },
  payments_created_yesterday: { rows: 'payments', by: 'created', span: yesterday },
  payments_failed_yesterday: { rows: 'payments', by: 'failed', span: yesterday },
  pulls_of_next_window: { rows: 'waiting_pulls', by: 'window', span: nextWindow },
  pulls_of_last_window: { rows: 'pulls', by: 'window', span: lastWindow },
  pulls_of_business_day: { rows: 'pulls', by: 'window', span: businessDay },
  debits_of_business_day: { rows: 'debits', by: 'window', span: businessDay },
  reversals_of_business_day: { rows: 'reversals', by: 'updated', span: businessDay },
  consumers_created_yesterday: { rows: 'consumers', by: 'created', span: yesterday },
  clearing_balance_yesterday: { rows: 'clearing_balance', by: 'day', span: yesterday },
} as const satisfies Record<string, Selection>

export type ReportKind = keyof typeof reportKinds
export const REPORT_KINDS = Object.keys(reportKinds) as readonly ReportKind[]

interface Selection {
  readonly rows: string
  readonly by: string
  /** Which stretch of time is meant by a report made at `now`. */
  readonly span: (now: Instant) => Span
}

/** Up to now: what comes later in the cycle is not in the report, so that its rows don't grow. */
function thisCycle(now: Instant): Span {
  return { from: spanOf(cutoffCycle(now)).from, before: addMs(now, 1) }
}

function lastCycle(now: Instant): Span {
  return spanOf(previousCutoffCycle(now))
}

/** Instants are of a millisecond, and the one that closes a cycle is still in it. */
function spanOf({ after, through }: Cycle): Span {
  return { from: addMs(after, 1), before: addMs(through, 1) }
}

function yesterday(now: Instant): Span {
  const today = dayOf(dateIn(now))
  return { from: dayOf(dateIn(addMs(today.from, -1))).from, before: today.from }
}

/** A pull of the last window that has not left yet goes with the next. */
function nextWindow(now: Instant): Span {
  return { from: previousSourceWindow(now), before: addMs(nextSourceWindow(now), 1) }
}

/** What has been handed over since the window opened: entries leave when it does, or some seconds later. */
function lastWindow(now: Instant): Span {
  return { from: previousSourceWindow(now), before: addMs(now, 1) }
}

/** The day of the last source window that has opened: until the first window of a day, the business day before it. */
function businessDay(now: Instant): Span {
  return dayOf(dateIn(previousSourceWindow(now)))
}
