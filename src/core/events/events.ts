import { instantOf } from '../clock/clock.js'
import type { Ctx, Reading, Writing } from '../ctx.js'
import { type EventId, newId } from '../ids.js'
import type { RecordedEvent } from '../recorded-event.js'
import { queueDeliveries } from '../webhooks/webhooks.js'
import { computedChanges } from './computed.js'
import * as store from './store.js'

export type { RecordedEvent } from '../recorded-event.js'

/** A resource before and after. `before` is null for a new one. Snapshots are plain values, secrets left out. */
export interface Change {
  /** The resource in the core's words: `consumer`, `account`, `balance`. */
  readonly resource: string
  readonly op: string
  readonly resourceId: string
  readonly before: object | null
  readonly after: object
}

/**
 * Records what a transaction changed, in that transaction: the events in the order given, what follows from them
 * (an account that closed), and one delivery for each subscribed webhook. Nothing else in the core announces anything.
 */
export async function record(ctx: Ctx<Writing>, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return
  const all = changes.flatMap((change) => [change, ...computedChanges(change)])
  const stamped = all.map((change) => ({
    id: newId<EventId>(ctx.chance),
    topic: `${change.resource}.${change.op}`,
    resource: change.resource,
    resourceId: change.resourceId,
    before: change.before,
    after: change.after,
    createdAt: ctx.clock.stamp(),
  }))
  await store.addEvents(ctx, stamped)
  await queueDeliveries(
    ctx,
    stamped.map((event) => ({ ...event, createdAt: instantOf(event.createdAt) })),
  )
}

/** The newest events of one resource, newest first. */
export function eventsOf(ctx: Ctx<Reading>, resourceId: string, limit: number): Promise<readonly RecordedEvent[]> {
  return store.listByResource(ctx, resourceId, limit)
}
