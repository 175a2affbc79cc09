/** `/entities/{ent_id}/subscriptions`. Contract: method/entities §9, conventions §18.14. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { AttributeDetail } from '../../core/products/products.js'
import { Refusal } from '../../core/refuse.js'
import {
  cancel,
  enrol,
  getSubscription,
  listSubscriptions,
  type OwnerKind,
  type Subscription,
} from '../../core/subscriptions/subscriptions.js'
import { success } from './answers.js'
import { callerOf } from './caller.js'
import { readCreditHealthName } from './credit-health.js'
import { messageOf, rowOf } from './errors.js'
import { type Named, readWireId, spellId, spellIdOrNull } from './ids.js'
import { invalidRequest } from './invalid.js'
import { change, read } from './routes.js'
import { AnyObject, ErrorEnvelope, enveloped, nullable, oneOf, Text, Timestamp } from './schema.js'
import { downTo, isSince, type Version, type Wire } from './versions/versions.js'

// A name, or the older plural form.
const Enroll = Type.Unsafe<string | readonly string[]>({
  type: ['string', 'array'],
  items: { type: 'string' },
  maxItems: 20,
})
const EnrollBody = Type.Object({ enroll: Enroll, payload: Type.Optional(nullable(AnyObject)) })

const SubscriptionWire = Type.Object({
  id: Text,
  name: Text,
  status: oneOf(['active', 'inactive']),
  payload: Type.Optional(nullable(AnyObject)),
  latest_request_id: nullable(Text),
  created_at: Timestamp,
  updated_at: Timestamp,
})

const BASE = '/entities/:owner_id/subscriptions'
const TAG = 'Entity subscriptions'

export function subscriptionRoutes(app: FastifyInstance): void {
  const owner = (params: Readonly<Record<string, string>>) => ({
    ownerKind: 'consumer' as OwnerKind,
    ownerId: readWireId('consumer', params.owner_id ?? ''),
  })
  const wanted = (params: Readonly<Record<string, string>>) => ({
    ...owner(params),
    subscriptionId: readWireId('subscription', params.sub_id ?? ''),
  })

  // One subscription, or with several names a map of them; which it is decides the shape.
  change(
    app,
    'POST',
    BASE,
    { tag: TAG, summary: 'Enroll an entity', body: EnrollBody, reply: AnyObject },
    {
      write: (ctx, _, { params, body, version }) => {
        const enrolOne = (name: string) =>
          enrol(ctx, { ...owner(params), name: knownName(name, version), payload: readPayload(body, name, version) })
        return typeof body.enroll === 'string'
          ? enrolOne(body.enroll).then((subscription) => shaped(subscription, version))
          : enrolEach(body.enroll, async (name) => shaped(await enrolOne(name), version))
      },
      toWire: (wire) => wire,
    },
  )

  const response = { 200: enveloped(AnyMapOrList), '4xx': ErrorEnvelope, '5xx': ErrorEnvelope }
  app.get(
    BASE,
    { schema: { tags: [TAG], summary: 'Show the subscriptions of an entity', response } },
    async (request) => {
      const { ctx, version } = callerOf(request)
      const active = await listSubscriptions(ctx, owner(request.params as Record<string, string>))
      // Contract: method/conventions §20.7.
      if (active.length === 0 && !isSince(version, '2025-12-01')) return success([])
      return success(
        Object.fromEntries(active.map((subscription) => [subscription.name, shaped(subscription, version)])),
      )
    },
  )

  const facts = { tag: TAG, reply: SubscriptionWire, resource: 'subscription' } as const
  read(app, `${BASE}/:sub_id`, { ...facts, summary: 'Retrieve a subscription' }, async ({ ctx, params }) =>
    subscriptionWire(await getSubscription(ctx, wanted(params))),
  )

  change(
    app,
    'DELETE',
    `${BASE}/:sub_id`,
    { ...facts, summary: 'End a subscription' },
    {
      write: (ctx, _, { params }) => cancel(ctx, wanted(params)),
      toWire: subscriptionWire,
    },
  )
}

const AnyMapOrList = Type.Unsafe<object>({ type: ['object', 'array'], additionalProperties: true, items: {} })

/** Each name by itself: a refusal comes before anything is written, so it undoes nothing of another. */
async function enrolEach(names: readonly string[], enrolOne: (name: string) => Promise<Wire>): Promise<Wire> {
  const answers: Wire = {}
  for (const name of names) {
    try {
      answers[name] = await enrolOne(name)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { type, status, subType } = rowOf(error)
      answers[name] = { error: { type, code: status, sub_type: subType, message: messageOf(error) } }
    }
  }
  return answers
}

// Attributes could not be subscribed to in the early shape of 2024-04-04, so their name means nothing there.
function knownName(name: string, version: Version): string {
  return name === 'attribute' && !isSince(version, '2024-04-04-late') ? '' : name
}

/** What each retrieval will ask for. */
function readPayload(body: Static<typeof EnrollBody>, name: string, version: Version): AttributeDetail | null {
  if (name !== 'attribute' || !isSince(version, '2024-04-04-late') || !body.payload) return null
  const { attributes } = body.payload as { readonly attributes?: { readonly requested_attributes?: unknown } }
  const requested = attributes?.requested_attributes
  if (!Array.isArray(requested)) {
    throw invalidRequest('payload.attributes.requested_attributes', 'must be a list of attribute names.')
  }
  return {
    requested: requested.map((word) => readCreditHealthName(String(word), 'payload.attributes.requested_attributes')),
  }
}

function shaped(subscription: Subscription, version: Version): Wire {
  return downTo(version, 'subscription', subscriptionWire(subscription))
}

export function subscriptionWire(subscription: Subscription): Wire {
  return {
    id: spellId('subscription', subscription.id),
    name: subscription.name,
    status: subscription.status,
    payload: payloadWire(subscription),
    latest_request_id: spellIdOrNull(subscription.name as Named, subscription.latestRetrievalId),
    created_at: subscription.createdAt,
    updated_at: subscription.updatedAt,
  }
}

function payloadWire({ name, payload }: Subscription): Wire | null {
  const requested = name === 'attribute' ? (payload as AttributeDetail | null)?.requested : null
  return requested
    ? { attributes: { requested_attributes: requested.map((figure) => `credit_health_${figure}`) } }
    : null
}
