/** How a connection gets from one state to another: the only place that writes a state, and tells of it. */
import { addMs } from '../clock/clock.js'
import type { Ctx, Writing } from '../ctx.js'
import { type Change, record } from '../events/events.js'
import { stateNews } from './news.js'
import * as store from './store.js'
import { type Cause, type ConnectionError, stateAfter } from './transitions.js'

/** Several times a day. */
export const REFRESH_EVERY_MS = 6 * 3_600_000
export const KEPT_AFTER_DELETION_MS = 90 * 86_400_000 // contract: moneykit/links §3.1

// What happens while the consumer is still busy is nobody else's business.
const SILENT: readonly Cause[] = ['retried', 'submitted']

export interface Move {
  readonly cause: Cause
  /** Of a failure. */
  readonly errorCode?: ConnectionError
  readonly patch?: Omit<store.ConnectionPatch, 'state' | 'errorCode' | 'dueAt'>
}

/**
 * Moves a connection that the caller has taken, and records it. A cause that cannot happen in its state is a defect: callers
 * look first.
 */
export async function move(
  ctx: Ctx<Writing>,
  before: store.HeldConnection,
  { cause, errorCode, patch }: Move,
): Promise<store.HeldConnection> {
  const state = stateAfter(before.state, cause)
  if (state === null) throw new Error(`A connection that is ${before.state} cannot be ${cause}.`)
  const code = state === 'error' ? (errorCode ?? 'system_error') : null
  const at = ctx.clock.stamp()
  const after = await store.patchConnection(
    ctx,
    before.id,
    {
      ...patch,
      state,
      errorCode: code,
      dueAt: dueAfter(ctx.clock.now(), {
        state,
        errorCode: code,
        connectedAt: patch?.connectedAt ?? before.connectedAt,
      }),
    },
    at,
  )
  const isSame = before.state === state && before.errorCode === code
  if (isSame && cause === 'failed') return after
  await record(ctx, [SILENT.includes(cause) ? changed(before, after) : stateChange(before, after)])
  return after
}

function dueAfter(now: string, to: Pick<store.HeldConnection, 'state' | 'errorCode' | 'connectedAt'>): string | null {
  if (to.state === 'deleted') return addMs(now, KEPT_AFTER_DELETION_MS)
  return store.isScheduled(to) ? addMs(now, REFRESH_EVERY_MS) : null
}

/** The record of a state that was told to the outside. */
export function stateChange(before: store.HeldConnection, after: store.HeldConnection): Change {
  return {
    resource: 'connection',
    op: 'state_changed',
    resourceId: after.id,
    before: { ...stateNews(before) },
    after: stateNews(after),
  }
}

/** The record of anything else that changed. */
export function changed(before: store.HeldConnection | null, after: store.HeldConnection): Change {
  return {
    resource: 'connection',
    op: before === null ? 'created' : 'updated',
    resourceId: after.id,
    before: before && store.shown(before),
    after: store.shown(after),
  }
}
