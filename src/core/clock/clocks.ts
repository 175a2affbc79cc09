/**
 * The clocks of all teams, as one process knows them. Only those that somebody set are remembered; every other team has the
 * real one. While the process is told of each change the moment it commits, it believes what it remembers; otherwise it
 * reads a team's clock whenever it is asked for. Whatever it hears, and in whatever order, no clock goes back.
 */
import type { Db } from '../../db/database.js'
import type { Parts } from '../ctx.js'
import type { TeamId } from '../ids.js'
import { type ClockState, readingOf } from './state.js'
import * as store from './store.js'
import { type Clock, clockOver, type Stamp } from './time.js'

type Whose = Pick<Parts['team'], 'id' | 'environment'>

export interface Clocks {
  /** Real time. */
  readonly real: Clock
  /** A team's clock, as this process knows it. */
  of(db: Db, team: Whose): Promise<Clock>
  /** A team's clock, read anew. */
  anew(db: Db, team: Whose): Promise<Clock>
  /** Takes up how a clock was set; an older state than the known one changes nothing. */
  adopt(state: ClockState): Promise<void>
  /** What the process hears of changes. */
  readonly watch: ClockWatch
}

/** The ear of a process: whoever can listen to the database calls it. */
export interface ClockWatch {
  readonly channel: string
  /** From now on every change is told: what is remembered is read once and then believed. */
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
  const known = new Map<TeamId, Promise<SetClock>>()
  let isTold = false
  // A clock that stands still gives stamps of one instant only: they go on after those given before, by whichever process.
  const born = async (teamId: TeamId) => setClock(real, await newestStamp(db, teamId))
  const adopt = async (state: ClockState): Promise<SetClock> => {
    const remembered = known.get(state.teamId) ?? born(state.teamId)
    known.set(state.teamId, remembered)
    try {
      const set = await remembered
      set.take(state)
      return set
    } catch (error) {
      known.delete(state.teamId)
      throw error
    }
  }
  const anew = async (from: Db, { id, environment }: Whose): Promise<Clock> => {
    if (environment !== 'development') return real
    const state = await store.findClock(from, id)
    return state ? (await adopt(state)).clock : real
  }
  return {
    real,
    of: async (from, team) => (isTold ? ((await known.get(team.id))?.clock ?? real) : anew(from, team)),
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
