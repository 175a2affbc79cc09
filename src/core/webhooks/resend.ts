/** What was sent and how that went, and sending it again. */
import type { Page } from '../../db/keyset.js'
import type { Ctx, Reading } from '../ctx.js'
import { readId, type WebhookId } from '../ids.js'
import * as store from './delivery-store.js'
import { queueSending } from './waking.js'

export type { DeliveryFilter, DeliveryLine, LoggedDelivery, RecentDeliveries } from './delivery-store.js'

const RECENT_MAX = 200
const MARKED_MAX = 50
/** Every state of a delivery. */
export const DELIVERY_STATUSES = ['pending', 'delivered', 'exhausted', 'dropped'] as const
const ANY: store.DeliveryFilter = {
  deliveryId: null,
  eventId: null,
  webhookId: null,
  since: null,
  statuses: DELIVERY_STATUSES,
}

/** Which deliveries are meant: all but for what is said. */
export function deliveriesWhere(filter: Partial<store.DeliveryFilter>): store.DeliveryFilter {
  return { ...ANY, ...filter }
}

/** Deliveries with every attempt, newest first. */
export function deliveryLog(
  ctx: Ctx<Reading>,
  filter: store.DeliveryFilter,
  limit: number,
): Promise<readonly store.LoggedDelivery[]> {
  return store.listDeliveries(ctx, filter, limit)
}

/** Deliveries of a webhook, newest first. A text that is no id of a webhook has none. */
export function listDeliveries(
  ctx: Ctx<Reading>,
  { webhookId, status }: { readonly webhookId: string; readonly status: string | null },
  page: { readonly cursor: string | null; readonly limit: number },
): Promise<Page<store.DeliveryLine>> {
  const id = readId<WebhookId>(webhookId)
  return id ? store.listOfWebhook(ctx, { webhookId: id, status }, page) : Promise.resolve({ items: [], next: null })
}

/** How the newest deliveries of each webhook stand, 200 of each at most. */
export function recentDeliveries(ctx: Ctx<Reading>): Promise<readonly store.RecentDeliveries[]> {
  return store.countRecent(ctx, RECENT_MAX)
}

/** How webhooks of all teams stand. */
export function webhookTotals(ctx: Ctx<'db'>): Promise<store.WebhookTotals> {
  return store.countAll(ctx)
}

/** A text that changes whenever there is something new about webhooks or their newest deliveries. */
export function markDeliveries(ctx: Ctx<Reading>): Promise<string> {
  return store.markRecent(ctx, MARKED_MAX)
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
