/**
 * What keeps a subscription producing: when it is due, a retrieval of its product is made, which a job completes like any
 * other, or a job asks for news; and the next due time is set. Due times are the domain's and are taken in batches.
 */
import { inTx } from '../../db/database.js'
import { DUE_BATCH, type DueWork } from '../clock/clock.js'
import type { Ctx, Writing } from '../ctx.js'
import type { RetrievalId } from '../ids.js'
import { refreshByProduct } from '../products/products.js'
import { queueFeeds } from './feeds.js'
import { type Rhythm, rhythmOf } from './rhythms.js'
import * as store from './store.js'
import type { Subscription } from './subscriptions.js'

export const subscriptionTicks: DueWork = {
  name: 'subscriptions.tick',
  waiting: store.waiting,
  runTeam: (ctx, { until, pace }) =>
    inTx(ctx.db, async (tx) => {
      const inside = { ...ctx, db: tx, tx }
      const due = await store.takeDue(inside, { now: until, limit: DUE_BATCH })
      const ticked = []
      for (const [rhythm, subscriptions] of byRhythm(due)) {
        const made = await makeFor(inside, rhythm, subscriptions)
        const dueAt = rhythm.nextAt(until, pace)
        ticked.push(...subscriptions.map(({ id, ownerId }) => ({ id, retrievalId: made.get(ownerId) ?? null, dueAt })))
      }
      await store.noteTicks(inside, ticked)
      return due.length
    }),
}

/** The retrievals made for subscriptions of one kind, by owner; none for owners who cannot have one now. */
async function makeFor(
  ctx: Ctx<Writing>,
  { makes }: Rhythm,
  subscriptions: readonly Subscription[],
): Promise<ReadonlyMap<string, RetrievalId>> {
  if (!makes) {
    await queueFeeds(ctx, subscriptions)
    return new Map()
  }
  const wanted = subscriptions.map(({ ownerId, payload }) => ({ ownerId, detail: { ...makes.detail, ...payload } }))
  const retrievals = await refreshByProduct(ctx, makes.product, wanted)
  return new Map(retrievals.map(({ ownerId, id }) => [ownerId, id]))
}

function byRhythm(due: readonly Subscription[]): ReadonlyMap<Rhythm, readonly Subscription[]> {
  const groups = new Map<Rhythm, Subscription[]>()
  for (const subscription of due) {
    const rhythm = rhythmOf(subscription)
    groups.set(rhythm, [...(groups.get(rhythm) ?? []), subscription])
  }
  return groups
}
