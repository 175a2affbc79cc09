/** What waits for the team's clock: sessions, tokens, refreshes, and the end of deleted connections. */
import { inTx } from '../../db/database.js'
import { addMs, DUE_BATCH, type DueWork, type Pace } from '../clock/clock.js'
import type { Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import type { ConnectionId } from '../ids.js'
import { REFRESH_EVERY_MS, stateChange } from './moves.js'
import type { ConnectionProduct } from './products.js'
import { openProgress } from './progress.js'
import { queueRefreshes } from './refresh.js'
import * as sessions from './session-store.js'
import * as store from './store.js'
import type { ConnectionError, ConnectionState } from './transitions.js'

// Whoever moves a clock over months is not interested in every hour.
const REFRESH_EVERY_DRIVEN_MS = 24 * 3_600_000
/** What changes by itself; numbers and holders are read when somebody asks. */
const SCHEDULED: readonly ConnectionProduct[] = ['accounts', 'transactions', 'investments']

/** Sessions whose hour is over: what the consumer had begun fails, for the reason that was last in the way. */
const sessionExpiry: DueWork = {
  name: 'connections.expire_sessions',
  waiting: sessions.waitingSessions,
  runTeam: (ctx, { until }) =>
    inTx(ctx.db, async (tx) => {
      const inside = { ...ctx, db: tx, tx }
      const expired = await sessions.expireSessions(inside, { now: until, limit: DUE_BATCH })
      const failed = expired.flatMap((session) => {
        const progress = openProgress(ctx, session)
        const errorCode: ConnectionError =
          progress?.at === 'choose' ? 'incomplete' : (progress?.lastError ?? 'user_error')
        return session.isRenewal || session.connectionId === null ? [] : [{ id: session.connectionId, errorCode }]
      })
      await failAll(inside, failed, 'connecting')
      return expired.length
    }),
}

/** Tokens that nobody exchanged in time. */
const tokenExpiry: DueWork = {
  name: 'connections.expire_tokens',
  waiting: sessions.waitingTokens,
  runTeam: (ctx, { until }) =>
    inTx(ctx.db, async (tx) => {
      const inside = { ...ctx, db: tx, tx }
      const expired = await sessions.expireTokens(inside, { now: until, limit: DUE_BATCH })
      const failed = expired.flatMap(({ connectionId: id }) =>
        id === null ? [] : [{ id, errorCode: 'incomplete' as const }],
      )
      await failAll(inside, failed, 'awaiting_exchange')
      return expired.length
    }),
}

async function failAll(
  ctx: Ctx<Writing>,
  failed: readonly { readonly id: ConnectionId; readonly errorCode: ConnectionError }[],
  from: Extract<ConnectionState, 'connecting' | 'awaiting_exchange'>,
): Promise<void> {
  const after = await store.failConnections(ctx, failed, [from], ctx.clock.stamp())
  await record(
    ctx,
    after.map((connection) => stateChange({ ...connection, state: from, errorCode: null }, connection)),
  )
}

/** Connections that are read again, and records of deleted ones that go. */
const refreshing: DueWork = {
  name: 'connections.refresh',
  waiting: store.waiting,
  runTeam: (ctx, { until, pace }) =>
    inTx(ctx.db, async (tx) => {
      const inside = { ...ctx, db: tx, tx }
      const due = await store.takeDue(inside, { now: until, limit: DUE_BATCH })
      const scheduled = due.filter(store.isScheduled)
      const over = due.filter(({ state }) => state === 'deleted').map(({ id }) => id)
      const rest = due.filter((connection) => !store.isScheduled(connection)).map(({ id }) => id)
      await store.setDue(
        inside,
        scheduled.map(({ id }) => id),
        addMs(until, pauseOf(pace)),
      )
      await store.setDue(inside, rest, null)
      await store.dropConnections(inside, over)
      await queueRefreshes(
        inside,
        scheduled.map((connection) => ({ connection, products: readBefore(connection) })),
        { isTold: false, requestedAt: null },
      )
      return due.length
    }),
}

function pauseOf(pace: Pace): number {
  return pace === 'driven' ? REFRESH_EVERY_DRIVEN_MS : REFRESH_EVERY_MS
}

function readBefore({ products }: store.HeldConnection): readonly ConnectionProduct[] {
  return SCHEDULED.filter((name) => {
    const product = products[name]
    return product?.lastAttemptedAt && product.unavailable === null
  })
}

export const connectionWorks: readonly DueWork[] = [sessionExpiry, tokenExpiry, refreshing]
