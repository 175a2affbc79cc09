import { sendOff } from '../../db/database.js'
import type { StampedTables } from '../clock/clock.js'
import type { Ctx, Reading, Writing } from '../ctx.js'
import { type DeliveryId, deriveId, newId, readId, type TeamId, type WebhookId } from '../ids.js'
import { isMetadataTooLarge, type Metadata } from '../metadata.js'
import type { RecordedEvent } from '../recorded-event.js'
import { isReceiversPort } from './addresses.js'
import * as deliveryStore from './delivery-store.js'
import { refuse } from './errors.js'
import { HEALTHY, SWITCHED_OFF, type WebhookReason, type WebhookStatus } from './health.js'
import { deliveriesWhere, resend } from './resend.js'
import { type SecretPlace, sealSecret } from './secrets.js'
import type { WebhookSecrets } from './spelling.js'
import * as store from './store.js'
import { queueSending } from './waking.js'

export { isReceiversPort } from './addresses.js'
export type { WebhookReason, WebhookStatus } from './health.js'
export { deliveryTask } from './jobs.js'
export type { Switched } from './judging.js'
export {
  DELIVERY_STATUSES,
  type DeliveryFilter,
  type DeliveryLine,
  deliveriesWhere,
  deliveryLog,
  type LoggedDelivery,
  listDeliveries,
  markDeliveries,
  type RecentDeliveries,
  recentDeliveries,
  resend,
  webhookTotals,
} from './resend.js'
export { deliveryMonths } from './retention.js'
export { type NewSecret, rotateSecret } from './secrets.js'
export type { DeliveryPolicy, Poster, PostOutcome, Speller } from './spelling.js'
export { wakingTask } from './waking.js'

export const stampedWebhooks: StampedTables = ['webhooks']

/** One team's wish to be told of one kind of event at one address. */
export interface Webhook {
  readonly id: WebhookId
  /** Which face words the deliveries, in which of its versions, and what it calls the event. */
  readonly face: string
  readonly wireVersion: string
  readonly wireType: string
  /** The event in the core's words. */
  readonly topic: string
  readonly url: string
  /** The only resource it is about; null for all of the team's. */
  readonly resourceId: string | null
  readonly expandEvent: boolean
  readonly metadata: Metadata | null
  readonly status: WebhookStatus
  /** Set unless it is active. */
  readonly statusReason: WebhookReason | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface WebhookDraft
  extends Omit<Webhook, 'id' | 'resourceId' | 'status' | 'statusReason' | 'createdAt' | 'updatedAt'>,
    WebhookSecrets {}

/** Registers a webhook. Refuses `webhook.invalid_url`, `webhook.metadata_too_large`. The address is not tried. */
export async function createWebhook(ctx: Ctx<Writing>, draft: WebhookDraft): Promise<Webhook> {
  if (isMetadataTooLarge(draft.metadata)) throw refuse('webhook.metadata_too_large')
  refuseUrl(ctx, draft.url)
  const id = newId<WebhookId>(ctx.chance)
  const seal = (place: SecretPlace, clear: string | null) =>
    clear === null ? null : sealSecret(ctx, { id, place }, clear)
  return store.addWebhook(ctx, {
    ...draft,
    id,
    resourceId: null,
    authTokenSealed: seal('auth_token', draft.authToken),
    hmacSecretSealed: seal('hmac_secret', draft.hmacSecret),
    createdAt: ctx.clock.stamp(),
  })
}

/** Every webhook of a face that was not deleted, newest first. */
export function listWebhooks(ctx: Ctx<Reading>, face: string): Promise<readonly Webhook[]> {
  return store.listWebhooks(ctx, face)
}

/** Every webhook of a team that was not deleted, whatever its face, newest first. */
export function listAllWebhooks(ctx: Ctx<Reading>): Promise<readonly Webhook[]> {
  return store.listAllWebhooks(ctx)
}

/** Refuses `webhook.not_found`, also after deletion. */
export async function getWebhook(ctx: Ctx<Reading>, wanted: { face: string; id: string }): Promise<Webhook> {
  const id = readId<WebhookId>(wanted.id)
  const webhook = id && (await store.findWebhook(ctx, { face: wanted.face, id }))
  if (!webhook) throw refuse('webhook.not_found')
  return webhook
}

/** Ends a webhook: what is queued for it is not sent any more. Refuses `webhook.not_found`. */
export async function deleteWebhook(ctx: Ctx<Writing>, wanted: { face: string; id: string }): Promise<void> {
  const id = readId<WebhookId>(wanted.id)
  if (!id || !(await store.deleteWebhook(ctx, { face: wanted.face, id, at: ctx.clock.stamp() }))) {
    throw refuse('webhook.not_found')
  }
  await deliveryStore.dropWaiting(ctx, id)
}

/**
 * Switches a webhook on or off. Switched off it is told nothing, not even what waits; switched on it begins anew. Refuses
 * `webhook.not_found`.
 */
export async function switchWebhook(
  ctx: Ctx<Writing>,
  wanted: { readonly face: string; readonly id: string; readonly isOn: boolean },
): Promise<Webhook> {
  const webhook = await getWebhook(ctx, wanted)
  const before = await store.takeWebhook(ctx, webhook.id)
  if (!before) throw refuse('webhook.not_found')
  const health = wanted.isOn ? HEALTHY : SWITCHED_OFF
  const isAsWanted = before.status === health.status && before.statusReason === health.statusReason
  if (isAsWanted && before.exhaustedInRow === 0) return webhook
  if (wanted.isOn) await store.forgive(ctx, webhook.id, ctx.realClock.now())
  else await deliveryStore.dropWaiting(ctx, webhook.id)
  return store.changeHealth(ctx, { id: webhook.id, health, at: ctx.clock.stamp() })
}

/** Live webhooks of any of the topics, of the team or of one of the resources, oldest first. */
export function listSubscribed(
  ctx: Ctx<'tx' | 'team'>,
  topics: readonly string[],
  resourceIds: readonly string[],
): Promise<readonly Webhook[]> {
  return store.listSubscribed(ctx, topics, resourceIds)
}

/** The teams with webhooks for any of some topics, of whatever team's doing: for what concerns more than one. */
export function teamsSubscribedTo(ctx: Ctx<'tx'>, topics: readonly string[]): Promise<readonly TeamId[]> {
  return store.listSubscribedTeams(ctx, topics)
}

/** A webhook of one resource, for each of the topics; nobody lists or changes them but the capability of the resource. */
export interface OwnWebhooks extends Pick<Webhook, 'face' | 'wireVersion' | 'url'> {
  readonly topics: readonly string[]
}

/**
 * Gives a resource webhooks of its own, in place of those it had; null for none. What an earlier one was told is still sent.
 * Refuses `webhook.invalid_url`.
 */
export async function setOwnWebhooks(ctx: Ctx<Writing>, resourceId: string, wanted: OwnWebhooks | null): Promise<void> {
  if (wanted) refuseUrl(ctx, wanted.url)
  await store.retireWebhooksOf(ctx, resourceId, ctx.clock.stamp())
  for (const topic of wanted?.topics ?? []) {
    await store.addWebhook(ctx, {
      id: newId<WebhookId>(ctx.chance),
      face: wanted?.face ?? '',
      wireVersion: wanted?.wireVersion ?? '',
      wireType: topic,
      topic,
      url: wanted?.url ?? '',
      resourceId,
      expandEvent: false,
      metadata: null,
      authTokenSealed: null,
      hmacSecretSealed: null,
      createdAt: ctx.clock.stamp(),
    })
  }
}

/** Refuses `webhook.invalid_url`. */
export function refuseUrl(ctx: Ctx<'team'>, url: string): void {
  if (!isAllowedUrl(ctx, url)) throw refuse('webhook.invalid_url')
}

/**
 * Puts one delivery per event and subscribed webhook into the outbox, worded now, with the job that sends it. Returns their
 * ids.
 */
export function queueDeliveries(
  ctx: Ctx<Writing>,
  events: readonly RecordedEvent[],
  subscribed: readonly Webhook[],
): readonly DeliveryId[] {
  if (subscribed.length === 0) return []
  const deliveries = events.flatMap((event) =>
    subscribed.flatMap((webhook) => {
      const body = hears(webhook, event) ? spellerOf(ctx, webhook).body(ctx, event, webhook) : null
      if (body === null) return []
      const createdAt = ctx.realClock.stamp()
      const { id: eventId, resourceId } = event
      const id = deriveId(eventId, webhook.id) as DeliveryId
      return [{ id, webhookId: webhook.id, eventId, resourceId, body, createdAt }]
    }),
  )
  if (deliveries.length === 0) return []
  sendOff(ctx.tx, deliveryStore.addDeliveries(ctx, deliveries))
  const webhookIds = deliveries.map(({ webhookId }) => webhookId)
  sendOff(ctx.tx, queueSending(ctx, webhookIds))
  return deliveries.map(({ id }) => id)
}

/**
 * Tells one webhook of an event, whether it was told before or not: the same bytes again where it was. Null when it is switched
 * off or has no words for the event. Refuses `webhook.not_found`.
 */
export async function tell(
  ctx: Ctx<Writing>,
  wanted: { readonly id: WebhookId; readonly event: RecordedEvent },
): Promise<DeliveryId | null> {
  const webhook = await store.takeWebhook(ctx, wanted.id)
  if (!webhook) throw refuse('webhook.not_found')
  if (webhook.status === 'disabled') return null
  const deliveryId = deriveId(wanted.event.id, webhook.id) as DeliveryId
  if ((await resend(ctx, deliveriesWhere({ deliveryId }))) > 0) return deliveryId
  return queueDeliveries(ctx, [wanted.event], [webhook])[0] ?? null
}

function hears({ topic, resourceId }: Webhook, event: RecordedEvent): boolean {
  return topic === event.topic && (resourceId === null || resourceId === event.resourceId)
}

function spellerOf(ctx: Ctx<'spellers'>, webhook: Webhook) {
  const speller = ctx.spellers[webhook.face]
  if (!speller) throw new Error(`No face called ${webhook.face} is wired to word deliveries.`)
  return speller
}

/** Plain http is for rehearsal only; where the name leads is checked when it is dialled. Contract: method/webhooks-events §1.2. */
function isAllowedUrl(ctx: Ctx<'team'>, text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  if (url.username || url.password) return false
  if (ctx.team.environment === 'development') return url.protocol === 'https:' || url.protocol === 'http:'
  return url.protocol === 'https:' && isReceiversPort(url)
}
