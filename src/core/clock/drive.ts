/**
 * Moving a clock. It goes from one due time to the next: it is set to the earliest, what is due then is done, with the jobs
 * that causes, and so on until the target. The target is stored first, so that whoever finds a clock on its way, after a
 * kill for example, brings it there. One at a time moves the clock of a team: the turn is a lock that ends with its holder.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { inTx } from '../../db/database.js'
import type { Asking, Base, Ctx, Parts } from '../ctx.js'
import type { TeamId } from '../ids.js'
import { HEARD_AFTER_MS } from './clocks.js'
import type { DueParts, DueWork } from './due.js'
import { refuse } from './errors.js'
import { forTeamAnew } from './for-team.js'
import { type Gate, openGate } from './gate.js'
import { beginOf, type Move, settled } from './moves.js'
import { type ClockState, untouched } from './state.js'
import * as store from './store.js'
import type { Instant } from './time.js'

export interface MoverParts extends DueParts {
  /** Has the jobs of a team done that fetch what its due work asked for, within a time limit; deliveries may wait. */
  readonly finishJobs: (teamId: TeamId) => Promise<void>
  /** How long a move may take, waiting for others included, before the rest of the way is left to the background. */
  readonly patienceMs: number
  /** How many clocks may be on their way at a time. Each holds a connection and needs others, so that all of them must never be held. */
  readonly movesAtOnce: number
}

type Whose = Parts['team']

/** A team's clock, for those who look at it. */
export interface Reading {
  readonly now: Instant
  /** It stands still, or will once it has arrived. */
  readonly isFrozen: boolean
  /** Where it is on its way to; null when nothing moves it. */
  readonly targetAt: Instant | null
}

/** Something that waits for a clock. */
export interface Upcoming {
  /** Of the work, as in the list of works: `payments.source_window`. */
  readonly work: string
  /** When the first of its kind is due. */
  readonly dueAt: Instant
}

export interface Mover {
  /** Refuses `clock.forbidden`. */
  show(team: Whose): Promise<Reading>
  /** What waits for a team's clock, the first of each kind, soonest first. */
  upcoming(team: Whose): Promise<readonly Upcoming[]>
  /**
   * Moves a clock and returns once it has arrived and everything due on the way is done, or when patience is over: then
   * `targetAt` is not null, and the due loop goes on. Refuses `clock.forbidden`, `.invalid_duration`, `.backwards`,
   * `.too_far`, and `.busy` when others' moves took all the time.
   */
  move(team: Whose, move: Move): Promise<Reading>
  /** Brings clocks on their way to their targets, unless somebody does; returns when they are there or it is stopped. */
  resume(): Promise<void>
  /** Ends what it does after the step it is at. */
  stop(): void
}

const TURN_POLL_MS = 25
const TURN_BEAT_MS = 5_000
// Rows that another process holds are free soon; what never gets done is a defect, and is tried again by the due loop.
const BLOCKED_WAITS_MAX = 100
const BLOCKED_WAIT_MS = 50

export function createMover(parts: MoverParts): Mover {
  const { base } = parts
  const stopping = new AbortController()
  const gate = openGate(parts.movesAtOnce)
  const stateOf = async (teamId: TeamId) => (await store.findClock(base.db, teamId)) ?? untouched(teamId)
  const readingOn = async (team: Whose, { isFrozen, targetAt }: ClockState) => {
    const clock = await base.clocks.anew(base.db, team)
    return { now: clock.now(), isFrozen, targetAt }
  }
  return {
    show: async (team) => {
      refuseRealTime(team)
      return readingOn(team, await stateOf(team.id))
    },
    async upcoming({ id }) {
      const next = await store.listNext(
        base.db,
        parts.works.map(({ waiting }) => waiting),
        id,
      )
      return next.flatMap(({ kind, dueAt }) => {
        const work = parts.works[kind]
        return work ? [{ work: work.name, dueAt }] : []
      })
    },
    async move(team, move) {
      refuseRealTime(team)
      const moved = await withDeadline(parts.patienceMs, stopping.signal, (signal) =>
        inTurn({ base, gate, teamId: team.id, signal }, async () => {
          const found = await drive(parts, team, await stateOf(team.id), signal)
          // What was begun before is not over: this move has not even begun.
          if (found.targetAt !== null) return null
          return drive(parts, team, await write(base, beginOf(found, move, base.clocks.real.now())), signal)
        }),
      )
      if (!moved) throw refuse('clock.busy')
      return readingOn(team, moved)
    },
    async resume() {
      for (const teamId of await store.listMoving(base.db)) {
        if (stopping.signal.aborted) return
        const team = await parts.teamById(base, teamId)
        await attempt(base, teamId, async () => drive(parts, team, await stateOf(teamId), stopping.signal))
      }
    },
    stop: () => stopping.abort(),
  }
}

/** Refuses `clock.forbidden` where time is real. */
export function refuseRealTime(team: Whose): void {
  if (team.environment !== 'development') throw refuse('clock.forbidden')
}

/** The signal fires when time is up, or with `stopping`. Node forgets those that `AbortSignal.any` makes of a timeout while nobody listens. */
async function withDeadline<T>(
  ms: number,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController()
  const end = () => deadline.abort()
  const timer = setTimeout(end, ms)
  stopping.addEventListener('abort', end)
  if (stopping.aborted) end()
  try {
    return await work(deadline.signal)
  } finally {
    clearTimeout(timer)
    stopping.removeEventListener('abort', end)
  }
}

interface Queueing {
  readonly base: Base
  readonly gate: Gate
  readonly teamId: TeamId
  readonly signal: AbortSignal
}

/** Does `work` when it is this one's turn; null when the signal fires before. */
async function inTurn<T>({ base, gate, teamId, signal }: Queueing, work: () => Promise<T>): Promise<T | null> {
  while (await gate.enter(signal)) {
    try {
      const done = await attempt(base, teamId, async () => ({ result: await work() }))
      if (done) return done.result
    } finally {
      gate.leave()
    }
    await sleep(TURN_POLL_MS)
  }
  return null
}

/** Does `work` if it is nobody's turn; null otherwise. The transaction holds the turn and nothing else. */
function attempt<T>(base: Base, teamId: TeamId, work: () => Promise<T>): Promise<T | null> {
  return inTx(base.db, async (tx) => {
    if (!(await store.takeTurn(tx, teamId))) return null
    const beat = setInterval(() => void store.keepTurn(tx).catch(() => {}), TURN_BEAT_MS)
    try {
      return await work()
    } finally {
      clearInterval(beat)
    }
  })
}

/** Steps until the clock has arrived or the signal fires; returns how it is set then. */
async function drive(parts: MoverParts, team: Whose, begun: ClockState, signal: AbortSignal): Promise<ClockState> {
  const { base, works } = parts
  const waitings = works.map(({ waiting }) => waiting)
  // What is driven has nobody waiting for an institution: answers come at once.
  const ctx = { ...(await forTeamAnew(base, team)), answerDelayMs: 0 }
  let state = begun
  let blockedWaits = 0
  while (state.targetAt !== null && state.standsAt !== null && !signal.aborted) {
    const { standsAt, targetAt } = state
    await parts.finishJobs(team.id)
    const next = await store.listNext(base.db, waitings, team.id)
    const due = next.filter(({ dueAt }) => dueAt <= standsAt)
    if (due.length > 0) {
      const done = await runStep(
        ctx,
        works,
        due.map(({ kind }) => kind),
        standsAt,
      )
      if (done > 0) blockedWaits = 0
      else await waitForOthers(blockedWaits++)
      continue
    }
    const [first] = next
    const isPast = first === undefined || first.dueAt > targetAt
    state = await write(
      base,
      isPast ? settled(state, targetAt, base.clocks.real.now()) : { ...state, standsAt: first.dueAt },
    )
  }
  return state
}

/** Does everything of some kinds that is due where the clock stands, in the order of the list of works. */
async function runStep(
  ctx: Ctx<Asking>,
  works: readonly DueWork[],
  kinds: readonly number[],
  until: string,
): Promise<number> {
  let done = 0
  for (const work of works.filter((_, kind) => kinds.includes(kind))) {
    for (let batch = 1; batch > 0; done += batch) batch = await work.runTeam(ctx, { until, pace: 'driven' })
  }
  return done
}

async function waitForOthers(waits: number): Promise<void> {
  if (waits >= BLOCKED_WAITS_MAX) throw new Error('What is due cannot be done, so the clock cannot go on.')
  await sleep(BLOCKED_WAIT_MS)
}

async function write(base: Base, state: ClockState): Promise<ClockState> {
  const written = await store.writeClock(base.db, state)
  if (!written) throw new Error('Another process moves this clock although it is not its turn.')
  await base.clocks.adopt(written)
  if (state.version === 0) await sleep(HEARD_AFTER_MS)
  return written
}
