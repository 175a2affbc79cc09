/**
 * The clocks of all teams, as one process knows them. A clock that somebody set is read anew whenever it is asked for, so that
 * every process knows the time of a move when the call that made it returns. That nobody ever set a clock is believed while
 * the process is told of each change, and whoever sets one for the first time leaves time for that. Whatever is heard or read,
 * and in whatever order, no clock goes back.
 */
import type { Db } from '../../db/database.js'
import type { Parts } from '../ctx.js'
import type { TeamId } from '../ids.js'
import { type ClockState, readingOf } from './state.js'
import * as store from './store.js'
import { type Clock, clockOver, type Stamp } from './time.js'

type Whose = Pick<Parts['team'], 'id' | 'environment'>

/** So long after a clock was set for the first time every process has heard of it. */
export const HEARD_AFTER_MS = 50

export interface Clocks {
  /** Real time. */
  readonly real: Clock
  /** A team's clock. */
  of(db: Db, team: Whose): Promise<Clock>
  /** A team's clock, even when its first setting is not over. */
  anew(db: Db, team: Whose): Promise<Clock>
  /** Takes up how a clock was set; an older state than the known one changes nothing. */
  adopt(state: ClockState): Promise<void>
  /** What the process hears of changes. */
  readonly watch: ClockWatch
}

/** The ear of a process: whoever can listen to the database calls it. */
export interface ClockWatch {
  readonly channel: string
  /** From now on every change is told: what is set already is read once. */
  begin(): Promise<void>
  hear(message: string): Promise<void>
  /** Changes may be missed from now on. */
  end(): void
}

export interface ClocksParts {
  readonly db: Db
  /** Milliseconds since 1970, by the machine's clock. */
  readonly readMs: () => number
  /** The newest stamp among what a team has, whichever process gave it; null when it has nothing. */
  readonly newestStamp: (db: Db, teamId: TeamId) => Promise<Stamp | null>
}

interface SetClock {
  readonly clock: Clock
  take(state: ClockState): void
}

export function openClocks({ db, readMs, newestStamp }: ClocksParts): Clocks {
  const real = clockOver(readMs)
  const set = new Map<TeamId, Promise<SetClock>>()
  let isTold = false
  // A clock that stands still gives stamps of one instant only: they go on after those given before, by whichever process.
  const born = async (teamId: TeamId) => setClock(real, await newestStamp(db, teamId))
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
  const anew = async (from: Db, { id, environment }: Whose): Promise<Clock> => {
    if (environment !== 'development') return real
    const state = await store.findClock(from, id)
    return state ? adopt(state) : real
  }
  return {
    real,
    of: async (from, team) => (isTold && !set.has(team.id) ? real : anew(from, team)),
    anew,
    adopt: async (state) => {
      await adopt(state)
    },
    watch: {
      channel: store.CHANNEL,
      async begin() {
        await Promise.all((await store.listClocks(db)).map(adopt))
        isTold = true
      },
      async hear(message) {
        // The text is what `store.writeClock` wrote.
        await adopt(JSON.parse(message) as ClockState)
      },
      end() {
        isTold = false
      },
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
