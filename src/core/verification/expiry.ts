/** Sessions that nobody answered in time: failed by whoever looks first, a request or the due work. */
import { inTx } from '../../db/database.js'
import { DUE_BATCH, type DueWork } from '../clock/clock.js'
import type { Asking, Ctx } from '../ctx.js'
import { record } from '../events/events.js'
import { type ConsumerId, readId, type VerificationSessionId } from '../ids.js'
import { teamById } from '../teams/teams.js'
import type { WantedSession } from './answer.js'
import { sessionChange, type VerificationSession } from './sessions.js'
import * as store from './store.js'

type Base = Ctx<Exclude<Asking, 'network' | 'team'>>

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
    const now = ctx.clock.now()
    const only = { team: ctx.team, consumerId, sessionId }
    const expired = await store.expireSession(tx, { now, at: ctx.clock.stamp(), only })
    await record({ ...ctx, db: tx, tx }, expired.map(expiryOf))
  })
}

/** Fails every overdue session, a batch at a time. */
export function sessionExpiry(base: Base): DueWork {
  return {
    name: 'verification.expire',
    run: () =>
      inTx(base.db, async (tx) => {
        const due = { now: base.clock.now(), at: base.clock.stamp(), limit: DUE_BATCH }
        const expired = await store.expireSessions(tx, due)
        for (const teamId of new Set(expired.map((session) => session.teamId))) {
          const team = await teamById({ db: tx }, teamId)
          const ofTeam = expired.filter((session) => session.teamId === teamId)
          await record({ ...base, db: tx, tx, team }, ofTeam.map(expiryOf))
        }
        return expired.length
      }),
  }
}

function expiryOf({ teamId, previousUpdatedAt, ...after }: store.ExpiredSession) {
  const before = { ...after, status: 'in_progress', statusReason: null, updatedAt: previousUpdatedAt } as const
  return sessionChange('updated', before, after)
}
