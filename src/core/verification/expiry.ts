/** Sessions that nobody answered in time: failed by whoever looks first, a request or the due work. */
import { inTx } from '../../db/database.js'
import { DUE_BATCH, type DueWork } from '../clock/clock.js'
import type { Asking, Ctx } from '../ctx.js'
import { record } from '../events/events.js'
import { type ConsumerId, readId, type VerificationSessionId } from '../ids.js'
import type { WantedSession } from './answer.js'
import { sessionChange, type VerificationSession } from './sessions.js'
import * as store from './store.js'

/** True for a session whose ten minutes are over while its row does not say so yet. */
export function isOverdue(ctx: Ctx<'clock'>, session: VerificationSession): boolean {
  return session.status === 'in_progress' && session.expiresAt <= ctx.clock.now()
}

/** Fails a session whose ten minutes are over, in a transaction of its own; others are left alone. */
export async function expireOverdue(ctx: Ctx<Exclude<Asking, 'network'>>, wanted: WantedSession): Promise<void> {
  const consumerId = readId<ConsumerId>(wanted.consumerId)
  const sessionId = readId<VerificationSessionId>(wanted.sessionId)
  if (!consumerId || !sessionId) return
  await inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const at = { now: ctx.clock.now(), at: ctx.clock.stamp() }
    const expired = await store.expireSession(inside, { ...at, only: { consumerId, sessionId } })
    await record(inside, expired.map(expiryOf))
  })
}

/** Fails overdue sessions, a batch at a time. */
export const sessionExpiry: DueWork = {
  name: 'verification.expire',
  waiting: store.waiting,
  runTeam: (ctx, { until }) =>
    inTx(ctx.db, async (tx) => {
      const inside = { ...ctx, db: tx, tx }
      const expired = await store.expireSessions(inside, { now: until, at: ctx.clock.stamp(), limit: DUE_BATCH })
      await record(inside, expired.map(expiryOf))
      return expired.length
    }),
}

function expiryOf({ previousUpdatedAt, ...after }: store.ExpiredSession) {
  const before = { ...after, status: 'in_progress', statusReason: null, updatedAt: previousUpdatedAt } as const
  return sessionChange('updated', before, after)
}
