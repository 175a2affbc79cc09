/**
 * Time is a port: nothing in `core` asks the machine. A clock also stamps rows: stamps are microseconds and never repeat
 * within a process, so that rows made in one millisecond keep their order of making.
 */

export { DUE_BATCH, type DueWork } from './due.js'

/** ISO 8601, UTC, milliseconds: `2024-11-04T16:20:11.482Z`. */
export type Instant = string
/** ISO 8601, UTC, microseconds; only for ordering columns. PostgreSQL keeps it, readers see the millisecond. */
export type Stamp = string

export interface Clock {
  now(): Instant
  /** Strictly later than every stamp this clock has given. */
  stamp(): Stamp
}

/** A clock over a source of milliseconds since 1970. */
export function clockOver(readMs: () => number): Clock {
  let lastMicros = 0
  return {
    now: () => new Date(readMs()).toISOString(),
    stamp() {
      lastMicros = Math.max(readMs() * 1000, lastMicros + 1)
      const micros = String(lastMicros % 1000).padStart(3, '0')
      return new Date(Math.floor(lastMicros / 1000)).toISOString().replace('Z', `${micros}Z`)
    },
  }
}

/** The stamp as everyone but the ordering columns sees it. */
export function instantOf(stamp: Stamp): Instant {
  return `${stamp.slice(0, 23)}Z`
}

export function addMs(at: Instant, ms: number): Instant {
  return new Date(Date.parse(at) + ms).toISOString()
}
