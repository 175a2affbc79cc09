import type { Ctx, Writing } from '../ctx.js'
import { type Change, record } from '../events/events.js'
import type { ConsumerId, RetrievalId, VerificationSessionId } from '../ids.js'
import type { Consumer } from './consumers.js'
import * as store from './store.js'
import { statusAfter } from './transitions.js'

/** What other capabilities have to tell of a consumer: each writes its part of the row and records the change. */

/** A verification session was made (`isNew`) or advanced; `isVerified` when it proved its channel. */
export async function noteVerification(
  ctx: Ctx<Writing>,
  before: Consumer,
  session: {
    readonly id: VerificationSessionId
    readonly channel: 'phone' | 'identity'
    readonly isNew: boolean
    readonly isVerified: boolean
  },
): Promise<Consumer> {
  const isPhone = session.channel === 'phone'
  const now = ctx.clock.now()
  const facts = {
    phoneVerifiedAt: before.phoneVerifiedAt ?? (isPhone && session.isVerified ? now : null),
    identityVerifiedAt: before.identityVerifiedAt ?? (!isPhone && session.isVerified ? now : null),
    // An older session may be answered after a newer one was made.
    phoneSessionId: isPhone && session.isNew ? session.id : before.phoneSessionId,
    identitySessionId: !isPhone && session.isNew ? session.id : before.identitySessionId,
  }
  const status = statusAfter.verification({ ...before, ...facts })
  const updatedAt = session.isVerified ? ctx.clock.stamp() : null
  const after = await store.updateVerification(ctx, { id: before.id, ...facts, status, updatedAt })
  if (session.isVerified) {
    await record(ctx, [{ resource: 'consumer', op: 'updated', resourceId: before.id, before, after }])
  }
  return after
}

/** A retrieval was requested: the consumer points to it. That alone is no change of the consumer. */
export async function noteRetrieval(
  ctx: Ctx<'tx' | 'team'>,
  note: { readonly id: ConsumerId; readonly product: string; readonly retrievalId: RetrievalId },
): Promise<void> {
  await store.updateLatest(ctx, { ...note, connectedAt: null, awaitsConsent: false })
}

/** A connect completed, and may have found what waits for consent; returns the consumer after it. The caller records the event, last of its own. */
export function noteConnected(
  ctx: Ctx<'tx' | 'team' | 'clock'>,
  note: { readonly id: ConsumerId; readonly retrievalId: RetrievalId; readonly awaitsConsent: boolean },
): Promise<Consumer> {
  return store.updateLatest(ctx, { ...note, product: 'connect', connectedAt: ctx.clock.stamp() })
}

/** The consumer consented to what waited for it. */
export async function noteConsented(ctx: Ctx<Writing>, before: Consumer): Promise<Consumer> {
  const after = await store.endAwaiting(ctx, before.id, ctx.clock.stamp())
  await record(ctx, [{ resource: 'consumer', op: 'updated', resourceId: before.id, before, after }])
  return after
}

/** Retrievals of one product were requested for many consumers at once. */
export function noteRetrievals(
  ctx: Ctx<'tx' | 'team'>,
  product: string,
  notes: readonly { readonly ownerId: string; readonly retrievalId: RetrievalId }[],
): Promise<void> {
  return store.updateLatestOfMany(ctx, product, notes)
}

/** The names of its active subscriptions changed. The caller records the change that this returns, after its own. */
export async function noteSubscriptions(
  ctx: Ctx<Writing>,
  before: Consumer,
  names: readonly string[],
): Promise<Change> {
  const after = await store.updateSubscriptions(ctx, { id: before.id, names, updatedAt: ctx.clock.stamp() })
  return { resource: 'consumer', op: 'updated', resourceId: before.id, before, after }
}
