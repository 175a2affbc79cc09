import type { TeamId } from '../ids.js'
import { addMs, type Instant } from './time.js'

/** How a team's clock is set, once it was set at all. */
export interface ClockState {
  readonly teamId: TeamId
  /** Of two states of one clock, the higher is the later. */
  readonly version: number
  /** How far it runs ahead of real time, or behind it. */
  readonly offsetMs: number
  /** Where it stands; null while it runs. */
  readonly standsAt: Instant | null
  /** Where it is being moved to, standing at one due time after the other; null when nothing moves it. */
  readonly targetAt: Instant | null
  /** Whether it stands still, or will once it is there. */
  readonly isFrozen: boolean
}

/** The state of a clock that nobody has set: real time. */
export function untouched(teamId: TeamId): ClockState {
  return { teamId, version: 0, offsetMs: 0, standsAt: null, targetAt: null, isFrozen: false }
}

export function readingOf({ standsAt, offsetMs }: ClockState, realNow: Instant): Instant {
  return standsAt ?? addMs(realNow, offsetMs)
}
