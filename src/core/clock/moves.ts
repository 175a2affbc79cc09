/** What can be asked of a clock, and where that leads. */
import { Temporal } from 'temporal-polyfill'
import { refuse } from './errors.js'
import { type ClockState, readingOf } from './state.js'
import type { Instant } from './time.js'

export type Move =
  /** By seconds, or by an ISO 8601 duration, whose months and years are those of the calendar in UTC. */
  | { readonly advance: number | string }
  | { readonly set: Instant }
  /** Stops it where it is, or lets it run on from there. */
  | { readonly freeze: boolean }

const YEARS_MAX = 10
const LAST: Instant = '2100-01-01T00:00:00.000Z'

/**
 * The state that a move begins with: on its way when there is a way to go. Refuses `clock.invalid_duration`, `.backwards`,
 * `.too_far`.
 */
export function beginOf(state: ClockState, move: Move, realNow: Instant): ClockState {
  const now = readingOf(state, realNow)
  if ('freeze' in move) return settled({ ...state, isFrozen: move.freeze }, now, realNow)
  const targetAt = 'set' in move ? move.set : after(now, move.advance)
  if (targetAt < now) throw refuse('advance' in move ? 'clock.invalid_duration' : 'clock.backwards')
  if (targetAt > LAST || targetAt > after(now, `P${YEARS_MAX}Y`)) throw refuse('clock.too_far')
  return { ...state, standsAt: now, targetAt }
}

/** The state of a clock that has arrived at an instant: it stands there, or runs on. */
export function settled(state: ClockState, at: Instant, realNow: Instant): ClockState {
  const offsetMs = Date.parse(at) - Date.parse(realNow)
  return { ...state, offsetMs, standsAt: state.isFrozen ? at : null, targetAt: null }
}

function after(at: Instant, length: number | string): Instant {
  try {
    const duration = Temporal.Duration.from(typeof length === 'number' ? { seconds: length } : length)
    const there = Temporal.Instant.from(at).toZonedDateTimeISO('UTC').add(duration)
    return new Date(there.epochMilliseconds).toISOString()
  } catch (cause) {
    throw Object.assign(refuse('clock.invalid_duration'), { cause })
  }
}
