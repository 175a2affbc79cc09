/** What was sent and how that went, and sending it again. */
import type { Ctx, Reading } from '../ctx.js'
import * as store from './delivery-store.js'
import { queueSending } from './waking.js'

export type { DeliveryFilter, LoggedDelivery } from './delivery-store.js'

/** Deliveries with every attempt, newest first. */
export function deliveryLog(
  ctx: Ctx<Reading>,
  filter: store.DeliveryFilter,
  limit: number,
): Promise<readonly store.LoggedDelivery[]> {
  return store.listDeliveries(ctx, filter, limit)
}

/**
 * Has deliveries sent again: the same bytes, signed anew, each resource's in order, with all attempts before them. Returns how
 * many; those of webhooks that are off or gone are not.
 */
export async function resend(ctx: Ctx<'tx' | 'team' | 'realClock'>, filter: store.DeliveryFilter): Promise<number> {
  const webhookIds = await store.renew(ctx, filter, ctx.realClock.now())
  await queueSending(ctx, webhookIds)
  return webhookIds.length
}
