/** `/webhooks`. Contract: method/webhooks-events §1. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Metadata as MetadataValue } from '../../core/metadata.js'
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  switchWebhook,
  type Webhook,
} from '../../core/webhooks/webhooks.js'
import { success } from './answers.js'
import { callerOf, FACE } from './caller.js'
import { knownType, NEWEST_TYPES, OWN_TYPES, topicOf, WIRE_TYPES } from './event-types.js'
import { readWireId, spellId } from './ids.js'
import { webhookErrors } from './resource-errors.js'
import { change, read } from './routes.js'
import {
  AnyObject,
  ErrorEnvelope,
  enveloped,
  Metadata,
  nullable,
  oneOf,
  ResourceError,
  Text,
  Timestamp,
} from './schema.js'
import { downTo, isSince, type Wire } from './versions/versions.js'

const WebhookBody = Type.Object({
  type: oneOf([...WIRE_TYPES, ...NEWEST_TYPES, ...OWN_TYPES]),
  url: Type.String({ maxLength: 2000 }),
  auth_token: Type.Optional(nullable(Type.String({ maxLength: 1000 }))),
  hmac_secret: Type.Optional(nullable(Type.String({ minLength: 1, maxLength: 1000 }))),
  expand_event: Type.Optional(nullable(Type.Boolean())),
  metadata: Type.Optional(nullable(AnyObject)),
})

const SwitchBody = Type.Object({ status: oneOf(['active', 'disabled']) })

const WebhookWire = Type.Object({
  id: Text,
  type: Text,
  url: Text,
  metadata: Metadata,
  expand_event: Type.Boolean(),
  status: Type.Optional(Text),
  error: Type.Optional(ResourceError),
  created_at: Timestamp,
  updated_at: Timestamp,
})

export function webhookRoutes(app: FastifyInstance): void {
  const facts = { tag: 'Webhooks', reply: WebhookWire, resource: 'webhook' } as const
  const wanted = (params: Readonly<Record<string, string>>) => ({
    face: FACE,
    id: readWireId('webhook', params.whk_id ?? ''),
  })

  change(
    app,
    'POST',
    '/webhooks',
    { ...facts, summary: 'Register a webhook', body: WebhookBody },
    {
      write: (ctx, _, { body, version }) =>
        createWebhook(ctx, {
          face: FACE,
          wireVersion: version,
          wireType: knownType(body.type, version),
          topic: topicOf(body.type),
          url: body.url,
          expandEvent: body.expand_event ?? false,
          authToken: body.auth_token ?? null,
          hmacSecret: body.hmac_secret ?? null,
          metadata: (body.metadata ?? null) as MetadataValue | null,
        }),
      toWire: webhookWire,
    },
  )

  read(app, '/webhooks/:whk_id', { ...facts, summary: 'Retrieve a webhook' }, async ({ ctx, params }) =>
    webhookWire(await getWebhook(ctx, wanted(params))),
  )

  // Not paged. Contract: method/conventions §9.4.
  const response = { 200: enveloped(Type.Array(WebhookWire)), '4xx': ErrorEnvelope, '5xx': ErrorEnvelope }
  app.get('/webhooks', { schema: { tags: ['Webhooks'], summary: 'List webhooks', response } }, async (request) => {
    const { ctx, version } = callerOf(request)
    const all = await listWebhooks(ctx, FACE)
    const shown = isSince(version, '2025-12-01') ? all.filter(({ status }) => status !== 'disabled') : all
    return success(shown.map((webhook) => downTo(version, 'webhook', webhookWire(webhook))))
  })

  // Earlier versions have it too, so that whoever runs a server can switch a webhook on again. Contract: method/webhooks-events §1.5.
  change(
    app,
    'PATCH',
    '/webhooks/:whk_id',
    { ...facts, summary: 'Switch a webhook on or off', body: SwitchBody },
    {
      write: (ctx, _, { params, body }) => switchWebhook(ctx, { ...wanted(params), isOn: body.status === 'active' }),
      toWire: webhookWire,
    },
  )

  change(
    app,
    'DELETE',
    '/webhooks/:whk_id',
    { tag: 'Webhooks', summary: 'Delete a webhook', reply: Type.Null() },
    {
      write: (ctx, _, { params }) => deleteWebhook(ctx, wanted(params)),
      toWire: () => null,
    },
  )
}

function errorOf({ status, statusReason }: Webhook) {
  if (status === 'active' || statusReason === null) return null
  return status === 'disabled' || statusReason === 'by_user'
    ? webhookErrors.disabled[statusReason]
    : webhookErrors.requires_attention[statusReason]
}

function webhookWire(webhook: Webhook): Wire {
  return {
    id: spellId('webhook', webhook.id),
    type: webhook.wireType,
    url: webhook.url,
    metadata: webhook.metadata,
    expand_event: webhook.expandEvent,
    status: webhook.status,
    error: errorOf(webhook),
    created_at: webhook.createdAt,
    updated_at: webhook.updatedAt,
  }
}
