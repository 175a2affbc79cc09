/** `/entities/{ent_id}/subscriptions`, `/accounts/{acc_id}/subscriptions`. Contract: method/entities §9, accounts §11, conventions §18.14. */
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
import { EARLY_TRANSACTIONS } from './versions/2024-04-04.js'
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

const owners = [
  { kind: 'consumer', base: '/entities/:owner_id/subscriptions', tag: 'Entity subscriptions', word: 'an entity' },
  { kind: 'account', base: '/accounts/:owner_id/subscriptions', tag: 'Account subscriptions', word: 'an account' },
] as const satisfies readonly { readonly kind: OwnerKind; [fact: string]: string }[]

export function subscriptionRoutes(app: FastifyInstance): void {
  for (const owner of owners) routesOf(app, owner)
}

function routesOf(app: FastifyInstance, { kind, base, tag, word }: (typeof owners)[number]): void {
  const owner = (params: Readonly<Record<string, string>>) => ({
    ownerKind: kind,
    ownerId: readWireId(kind, params.owner_id ?? ''),
  })
  const wanted = (params: Readonly<Record<string, string>>) => ({
    ...owner(params),
    subscriptionId: readWireId('subscription', params.sub_id ?? ''),
  })

  // One subscription, or with several names a map of them; which it is decides the shape.
  change(
    app,
    'POST',
    base,
    { tag, summary: `Enroll ${word}`, body: EnrollBody, reply: AnyObject },
    {
      write: (ctx, _, { params, body, version }) => {
        const enrolOne = (wireName: string) => {
          const name = readName(kind, wireName, version)
          return enrol(ctx, { ...owner(params), name, payload: readPayload(body, { kind, name }) })
        }
        return typeof body.enroll === 'string'
          ? enrolOne(body.enroll).then((subscription) => shaped(subscription, version))
          : enrolEach(body.enroll, async (name) => shaped(await enrolOne(name), version))
      },
      toWire: (wire) => wire,
    },
  )

  const response = { 200: enveloped(AnyMapOrList), '4xx': ErrorEnvelope, '5xx': ErrorEnvelope }
  app.get(
    base,
    { schema: { tags: [tag], summary: `Show the subscriptions of ${word}`, response } },
    async (request) => {
      const { ctx, version } = callerOf(request)
      const active = await listSubscriptions(ctx, owner(request.params as Record<string, string>))
      // Contract: method/conventions §20.7.
      if (active.length === 0 && !isSince(version, '2025-12-01')) return success([])
      const wires = active.map((subscription) => shaped(subscription, version))
      return success(Object.fromEntries(wires.map((wire) => [wire.name, wire])))
    },
  )

  const facts = { tag, reply: SubscriptionWire, resource: 'subscription' } as const
  read(app, `${base}/:sub_id`, { ...facts, summary: 'Retrieve a subscription' }, async ({ ctx, params }) =>
    subscriptionWire(await getSubscription(ctx, wanted(params))),
  )

  change(
    app,
    'DELETE',
    `${base}/:sub_id`,
    { ...facts, summary: 'End a subscription' },
    {
      write: (ctx, _, { params }) => cancel(ctx, wanted(params)),
      toWire: subscriptionWire,
    },
  )
}

const AnyMapOrList = Type.Unsafe<object>({ type: ['object', 'array'], additionalProperties: true, items: {} })

/** Each name by itself, once however often it is given: a refusal comes before anything is written, so it undoes nothing of another. */
async function enrolEach(names: readonly string[], enrolOne: (name: string) => Promise<Wire>): Promise<Wire> {
  const answers: Wire = {}
  for (const name of new Set(names)) {
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

// What came with the late shape of 2024-04-04 means nothing in the early one, which called transactions by their plural.
const LATE_NAMES = ['attribute', 'card_brand', 'payment_instrument', 'transaction']

/** The core's name of a subscription; of one that this version does not know, a name that nothing has. */
function readName(kind: OwnerKind, name: string, version: Version): string {
  if (isSince(version, '2024-04-04-late')) return name
  if (kind === 'account' && name === EARLY_TRANSACTIONS) return 'transaction'
  return LATE_NAMES.includes(name) ? '' : name
}

/** What each retrieval will ask for; only an entity's attributes can be chosen. */
function readPayload(
  body: Static<typeof EnrollBody>,
  { kind, name }: { readonly kind: OwnerKind; readonly name: string },
): AttributeDetail | null {
  if (kind !== 'consumer' || name !== 'attribute' || !body.payload) return null
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

// Which kind of record each makes.
const recordKinds: Readonly<Record<string, Named>> = {
  attribute: 'attribute',
  card_brand: 'card_brand',
  connect: 'connect',
  credit_score: 'credit_score',
  transaction: 'card_transaction',
  update: 'update',
  'update.snapshot': 'update',
}

export function subscriptionWire(subscription: Subscription): Wire {
  return {
    id: spellId('subscription', subscription.id),
    name: subscription.name,
    status: subscription.status,
    payload: payloadWire(subscription),
    latest_request_id: latestWire(subscription),
    created_at: subscription.createdAt,
    updated_at: subscription.updatedAt,
  }
}

function latestWire({ name, latestRecordId }: Subscription): string | null {
  const kind = recordKinds[name]
  return kind ? spellIdOrNull(kind, latestRecordId) : null
}

function payloadWire({ name, payload }: Subscription): Wire | null {
  const requested = name === 'attribute' ? (payload as AttributeDetail | null)?.requested : null
  return requested
    ? { attributes: { requested_attributes: requested.map((figure) => `credit_health_${figure}`) } }
    : null
}
