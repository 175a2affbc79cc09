/**
 * Work that waits for the domain's time (an expiry, a refresh, a window). Its due time stands in its own row, under an index
 * by team and due time, and is taken in batches; the job queue knows nothing of it. What is due follows from each team's own
 * clock.
 */
import type { Asking, Base, Ctx, Parts } from '../ctx.js'
import type { TeamId } from '../ids.js'
import { forTeamAnew } from './for-team.js'
import * as store from './store.js'
import type { Instant } from './time.js'
import type { Waiting } from './waiting.js'

/**
 * How time passes: `real`, or `driven` from one due time to the next because somebody moves the clock. What listens often
 * may listen less often when it is driven.
 */
export type Pace = 'real' | 'driven'

export interface Due {
  /** What is due by then is to be done. When time is driven, the clock stands exactly there. */
  readonly until: Instant
  readonly pace: Pace
}

export interface DueWork {
  readonly name: string
  readonly waiting: Waiting
  /** Does one batch of what is due, oldest first; returns how many it did. Several processes may run it at once. */
  runTeam(ctx: Ctx<Asking>, due: Due): Promise<number>
}

export const DUE_BATCH = 500

/** How teams are found; wiring hands it in, because teams lean on clocks. */
export type TeamById = (ctx: Ctx<'db'>, id: TeamId) => Promise<Parts['team']>

export interface DueParts {
  readonly base: Base
  readonly works: readonly DueWork[]
  readonly teamById: TeamById
}

/** Does what is due now for every team. One team's failure holds up no other; they are thrown together at the end. */
export async function runAllDue({ base, works, teamById }: DueParts): Promise<void> {
  const failures: unknown[] = []
  for (const [teamId, kinds] of await dueByTeam(base, works)) {
    try {
      const ctx = await forTeamAnew(base, await teamById(base, teamId))
      const due: Due = { until: ctx.clock.now(), pace: 'real' }
      for (const work of kinds) while ((await work.runTeam(ctx, due)) > 0);
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Some of what is due could not be done.')
}

async function dueByTeam(base: Base, works: readonly DueWork[]): Promise<ReadonlyMap<TeamId, readonly DueWork[]>> {
  const found = new Map<TeamId, DueWork[]>()
  const pairs = await store.listDue(
    base.db,
    works.map(({ waiting }) => waiting),
    base.clocks.real.now(),
  )
  for (const { teamId, kind } of pairs) {
    const work = works[kind]
    if (work) found.set(teamId, [...(found.get(teamId) ?? []), work])
  }
  return found
}
