/** Instants, and what gives them. */

/** ISO 8601, UTC, milliseconds: `2024-11-04T16:20:11.482Z`. */
export type Instant = string
/** ISO 8601, UTC, microseconds; only for ordering columns. PostgreSQL keeps it, readers see the millisecond. */
export type Stamp = string

export interface Clock {
  now(): Instant
  /** Strictly later than every stamp this clock has given. */
  stamp(): Stamp
}

/** A clock over a source of milliseconds since 1970, whose stamps are later than `after`. */
export function clockOver(readMs: () => number, after: Stamp | null = null): Clock {
  let lastMicros = after === null ? 0 : microsOf(after)
  return {
    now: () => new Date(readMs()).toISOString(),
    stamp() {
      lastMicros = Math.max(readMs() * 1000, lastMicros + 1)
      const micros = String(lastMicros % 1000).padStart(3, '0')
      return new Date(Math.floor(lastMicros / 1000)).toISOString().replace('Z', `${micros}Z`)
    },
  }
}

function microsOf(stamp: Stamp): number {
  return Date.parse(instantOf(stamp)) * 1000 + Number(stamp.slice(23, 26))
}

/** The stamp as everyone but the ordering columns sees it. */
export function instantOf(stamp: Stamp): Instant {
  return `${stamp.slice(0, 23)}Z`
}

export function addMs(at: Instant, ms: number): Instant {
  return new Date(Date.parse(at) + ms).toISOString()
}
