import type { RawBuilder } from 'kysely'
import { sendOff } from '../../db/database.js'
import { instantOf, type StampedTables } from '../clock/clock.js'
import type { Ctx, Reading, Writing } from '../ctx.js'
import type { Span } from '../export.js'
import { type DeliveryId, type EventId, newId } from '../ids.js'
import type { RecordedEvent } from '../recorded-event.js'
import type { Team } from '../teams/teams.js'
import { listSubscribed, queueDeliveries, tell, type Webhook } from '../webhooks/webhooks.js'
import { computedChanges } from './computed.js'
import * as store from './store.js'

export type { RecordedEvent } from '../recorded-event.js'
export {
  type EventFilter,
  getEvent,
  getRecorded,
  listEvents,
  listRecorded,
  READABLE,
  type ReadableResource,
} from './reading.js'
export { eventMonths } from './retention.js'

export const stampedEvents: StampedTables = ['events']

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
 * What changes of other resources imply, in topics that leave a record only when a webhook asks for one of them. Wiring hands
 * in each capability's own.
 */
export interface Implication {
  readonly topics: readonly string[]
  of(change: Change, team: Team): readonly Change[]
}

/** Who is to be told of some topics, and of what may be implied by them. */
export interface Audience {
  readonly topics: ReadonlySet<string>
  readonly webhooks: readonly Webhook[]
}

/** Asked for ahead of `record` where it can travel with other questions; `resourceIds` may have webhooks of their own. */
export async function audienceOf(
  ctx: Ctx<'tx' | 'team' | 'implications'>,
  told: readonly string[],
  resourceIds: readonly string[] = [],
): Promise<Audience> {
  const topics = new Set([...told, ...ctx.implications.flatMap((implication) => implication.topics)])
  return { topics, webhooks: await listSubscribed(ctx, [...topics], [...new Set(resourceIds)]) }
}

/**
 * Records what a transaction changed, in that transaction: the events in the order given, what follows from them
 * (an account that closed), and one delivery for each subscribed webhook. Nothing else in the core announces anything.
 */
export async function record(ctx: Ctx<Writing>, changes: readonly Change[], audience?: Audience): Promise<void> {
  await recordAndTell(ctx, changes, audience)
}

/** As `record`; returns the deliveries that came of it. */
export async function recordAndTell(
  ctx: Ctx<Writing>,
  changes: readonly Change[],
  audience?: Audience,
): Promise<readonly DeliveryId[]> {
  if (changes.length === 0) return []
  const told = changes.flatMap((change) => [change, ...computedChanges(change)]).map(topicOf)
  const resourceIds = changes.map(({ resourceId }) => resourceId)
  const { topics, webhooks } = audience ?? (await audienceOf(ctx, told, resourceIds))
  const unasked = told.find((topic) => !topics.has(topic))
  if (unasked) throw new Error(`Nobody asked who is to be told of ${unasked}.`)
  const wanted = new Set(webhooks.map((webhook) => webhook.topic))
  const implications = ctx.implications.filter((implication) => implication.topics.some((topic) => wanted.has(topic)))
  const impliedBy = (change: Change) =>
    implications.flatMap((implication) => implication.of(change, ctx.team)).filter((each) => wanted.has(topicOf(each)))
  const stamped = changes
    .flatMap((change) => [change, ...computedChanges(change), ...impliedBy(change)])
    .map((change) => ({
      id: newId<EventId>(ctx.chance),
      topic: topicOf(change),
      resource: change.resource,
      resourceId: change.resourceId,
      before: change.before,
      after: change.after,
      createdAt: ctx.clock.stamp(),
    }))
  sendOff(ctx.tx, store.addEvents(ctx, stamped))
  const events = stamped.map((event) => ({ ...event, createdAt: instantOf(event.createdAt) }))
  return queueDeliveries(ctx, events, webhooks)
}

/**
 * Tells a webhook of the newest event that it is for, also where that happened before there was a webhook: what a receiver gets
 * is the real thing. Returns the delivery; null when there is no such event, or the webhook is off. Refuses `webhook.not_found`.
 */
export async function tellNewest(
  ctx: Ctx<Writing>,
  { id, topic, resourceId }: Pick<Webhook, 'id' | 'topic' | 'resourceId'>,
): Promise<DeliveryId | null> {
  const { items } = await store.listRecorded(ctx, { topic, resourceId }, { cursor: null, limit: 1 })
  const [event] = items
  return event ? tell(ctx, { id, event }) : null
}

function topicOf({ resource, op }: Change): string {
  return `${resource}.${op}`
}

/** Overwrites members of every snapshot of some resources: for what nobody may know any more. */
export function eraseMembers(
  ctx: Ctx<'tx' | 'team'>,
  resourceIds: readonly string[],
  members: Readonly<Record<string, unknown>>,
): Promise<void> {
  return resourceIds.length === 0 ? Promise.resolve() : store.overwriteSnapshots(ctx, resourceIds, members)
}

/** The newest events of one resource, newest first. */
export function eventsOf(ctx: Ctx<Reading>, resourceId: string, limit: number): Promise<readonly RecordedEvent[]> {
  return store.listByResource(ctx, resourceId, limit)
}

/**
 * What was made or changed in a stretch of time, whatever happened to it later: a table to join, of `resource_id`, and of `at`
 * and `id` to order by. For tables that are downloaded.
 */
export function touchedWithin(ctx: Ctx<'team'>, resource: string, span: Span): RawBuilder<unknown> {
  return store.firstOfEach(ctx, [`${resource}.created`, `${resource}.updated`], span)
}
