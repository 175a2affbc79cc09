/**
 * The clocks of all teams, as one process knows them. A clock that somebody set is read anew whenever it is asked for, so that
 * every process knows the time of a move when the call that made it returns. That nobody ever set a clock is believed for a
 * moment, and whoever sets one for the first time waits that long. Whatever is read, and in whatever order, no clock goes back.
 */
import type { Db } from '../../db/database.js'
import type { Parts } from '../ctx.js'
import type { TeamId } from '../ids.js'
import { type ClockState, readingOf } from './state.js'
import * as store from './store.js'
import { type Clock, clockOver, type Stamp } from './time.js'

type Whose = Pick<Parts['team'], 'id' | 'environment'>

/** How long a process may go on believing that nobody ever set a team's clock. */
const UNTOUCHED_BELIEF_MS = 50
/** So long after a clock was set for the first time every process knows; with room for timers that fire early. */
export const KNOWN_AFTER_MS = UNTOUCHED_BELIEF_MS + 10

export interface Clocks {
  /** Real time. */
  readonly real: Clock
  /** A team's clock. */
  of(db: Db, team: Whose): Promise<Clock>
  /** A team's clock, even when its first setting is not over. */
  anew(db: Db, team: Whose): Promise<Clock>
  /** Takes up how a clock was set; an older state than the known one changes nothing. */
  adopt(state: ClockState): Promise<void>
}

export interface ClocksParts {
  /** Milliseconds since 1970, by the machine's clock. */
  readonly readMs: () => number
  /** Milliseconds that only go on. */
  readonly steadyMs: () => number
  /** The newest stamp among what a team has, whichever process gave it; null when it has nothing. */
  readonly newestStamp: (teamId: TeamId) => Promise<Stamp | null>
}

interface SetClock {
  readonly clock: Clock
  take(state: ClockState): void
}

export function openClocks({ readMs, steadyMs, newestStamp }: ClocksParts): Clocks {
  const real = clockOver(readMs)
  const set = new Map<TeamId, Promise<SetClock>>()
  const untouchedAtMs = new Map<TeamId, number>()
  // A clock that stands still gives stamps of one instant only: they go on after those given before, by whichever process.
  const born = async (teamId: TeamId) => setClock(real, await newestStamp(teamId))
  const adopt = async (state: ClockState): Promise<Clock> => {
    const remembered = set.get(state.teamId) ?? born(state.teamId)
    set.set(state.teamId, remembered)
    try {
      const { take, clock } = await remembered
      take(state)
      return clock
    } catch (error) {
      set.delete(state.teamId)
      throw error
    }
  }
  const anew = async (db: Db, { id, environment }: Whose): Promise<Clock> => {
    if (environment !== 'development') return real
    const askedAtMs = steadyMs()
    const state = await store.findClock(db, id)
    if (state) return adopt(state)
    untouchedAtMs.set(id, askedAtMs)
    return real
  }
  const isUntouched = (id: TeamId) =>
    !set.has(id) && steadyMs() - (untouchedAtMs.get(id) ?? Number.NEGATIVE_INFINITY) < UNTOUCHED_BELIEF_MS
  return {
    real,
    of: async (db, team) => (isUntouched(team.id) ? real : anew(db, team)),
    anew,
    adopt: async (state) => {
      await adopt(state)
    },
  }
}

function setClock(real: Clock, after: Stamp | null): SetClock {
  let state: ClockState | null = null
  let lastMs = 0
  const read = () => {
    lastMs = Math.max(lastMs, state ? Date.parse(readingOf(state, real.now())) : 0)
    return lastMs
  }
  return {
    clock: clockOver(read, after),
    take(next) {
      if (!state || next.version > state.version) state = next
    },
  }
}
