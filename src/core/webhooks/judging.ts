/** What ended deliveries mean for their webhook. */
import { addMs } from '../clock/clock.js'
import type { Ctx } from '../ctx.js'
import type { WebhookId } from '../ids.js'
import * as deliveries from './delivery-store.js'
import { FAILING_SHARE_MAX, type Health, healthAfter, healthAfterDay } from './health.js'
import * as store from './store.js'
import type { Webhook } from './webhooks.js'

const DAY_MS = 24 * 3600 * 1000

/** A webhook before and after it was switched off by its own failures. */
export interface Switched {
  readonly before: Webhook
  readonly after: Webhook
}

/**
 * Changes a webhook's health by how deliveries ended, and drops what waits for one that is switched off thereby. Returns how it
 * was switched off, or null.
 */
export async function judge(
  ctx: Ctx<'tx' | 'team' | 'clock' | 'realClock'>,
  webhookId: WebhookId,
  attempts: readonly deliveries.Attempt[],
): Promise<Switched | null> {
  const ends = attempts.filter(({ status }) => status !== 'pending')
  const hasFailed = ends.some(({ status }) => status === 'exhausted')
  if (ends.length === 0) return null
  const before = hasFailed ? await store.takeWebhook(ctx, webhookId) : await store.takeFailing(ctx, webhookId)
  if (!before) return null
  const sofar: Health = before
  const ended = ends.reduce(
    (health, { status, outcome }) => healthAfter(health, status === 'delivered' ? 'delivered' : 'exhausted', outcome),
    sofar,
  )
  const health = hasFailed ? healthAfterDay(ended, await dayOf(ctx, before)) : ended
  if (health === sofar) return null
  const after = await store.changeHealth(ctx, { id: webhookId, health, at: ctx.clock.stamp() })
  if (after.status !== 'disabled' || before.status === 'disabled') return null
  await deliveries.dropWaiting(ctx, webhookId)
  const { exhaustedInRow: _, judgedFrom: __, ...shown } = before
  return { before: shown, after }
}

function dayOf(ctx: Ctx<'tx' | 'team' | 'realClock'>, { id, judgedFrom }: store.Judged): Promise<deliveries.Day> {
  const yesterday = addMs(ctx.realClock.now(), -DAY_MS)
  const since = judgedFrom !== null && judgedFrom > yesterday ? judgedFrom : yesterday
  return deliveries.dayOf(ctx, { webhookId: id, since, share: FAILING_SHARE_MAX })
}
