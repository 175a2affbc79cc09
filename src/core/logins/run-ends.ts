/** How runs end, and what follows them. */
import { enqueue } from '../../jobs/queue.js'
import type { Ctx, Writing } from '../ctx.js'
import type { ConnectionId } from '../ids.js'
import type { LoginRun } from './runs.js'
import * as store from './store.js'
import { type RunStatus, statusAfter } from './transitions.js'

export const RUN_TASK = 'login.run'

/** Ends the run that goes on, and those that wait for it. */
export async function haltRuns(ctx: Ctx<Writing>, { connectionId, run }: store.HeldLogin): Promise<void> {
  const going = run && (run.status === 'asked' || run.status === 'challenged') ? [run] : []
  const waiting = await store.listWaiting({ ...ctx, db: ctx.tx }, connectionId)
  const ids = [...going, ...waiting].map(({ id }) => id)
  await store.setRunStatus(ctx, ids, { status: 'halted', at: ctx.clock.stamp() })
}

/** Ends the run that goes on; after a good end the next one begins. The login is as it is after the run. */
export async function endRun(
  ctx: Ctx<Writing>,
  held: store.HeldLogin,
  run: LoginRun,
  status: RunStatus,
): Promise<void> {
  const at = ctx.clock.stamp()
  await store.setRunStatus(ctx, [run.id], { status, at })
  const waiting = await store.listWaiting({ ...ctx, db: ctx.tx }, held.connectionId)
  if (status !== 'completed') {
    return store.setRunStatus(
      ctx,
      waiting.map(({ id }) => id),
      { status: 'halted', at },
    )
  }
  const [next] = waiting
  if (next) await beginRun(ctx, held, next)
}

/** The run goes on from now. */
export async function beginRun(ctx: Ctx<Writing>, held: store.HeldLogin, run: LoginRun): Promise<store.HeldLogin> {
  const at = ctx.clock.stamp()
  await store.setRunStatus(ctx, [run.id], { status: 'asked', at })
  await queueRun(ctx, held.connectionId)
  return store.patchLogin(
    ctx,
    held.connectionId,
    {
      status: statusAfter(held.status, 'begun'),
      reason: null,
      challengesSealed: null,
      answersSealed: null,
      waitsSince: null,
      runId: run.id,
    },
    at,
  )
}

export function queueRun(ctx: Ctx<'tx' | 'team' | 'answerDelayMs'>, connectionId: ConnectionId): Promise<void> {
  return enqueue(ctx.tx, [
    {
      task: RUN_TASK,
      key: `login:${connectionId}`,
      delayMs: delayOf(ctx.answerDelayMs),
      payload: { teamId: ctx.team.id, connectionId },
    },
  ])
}

/** A page looks every three seconds: logging in and reading must be over before it first does. */
function delayOf(answerDelayMs: number): number {
  return Math.min(answerDelayMs, DELAY_MS_MAX)
}
const DELAY_MS_MAX = 1000 // contract: mx-connect/states §3, "Budget"
