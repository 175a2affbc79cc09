/** Who is told what, how that went, and telling them again. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Ctx, Reading } from '../../core/ctx.js'
import { tellNewest } from '../../core/events/events.js'
import { masked } from '../../core/masking.js'
import {
  DELIVERY_STATUSES,
  deleteWebhook,
  deliveriesWhere,
  deliveryLog,
  listAllWebhooks,
  listDeliveries,
  type RecentDeliveries,
  recentDeliveries,
  resend,
  switchWebhook,
  type Webhook,
} from '../../core/webhooks/webhooks.js'
import { Failure, notFound } from './answers.js'
import { bodyOf, oneOf, queryOf } from './bodies.js'
import { type ConsoleDesk, change, findTeam, spellings, teamOf } from './desk.js'
import { originOf } from './events.js'
import { askFace, mainFace, operationsOf } from './faces.js'
import { listMembers, readOn } from './lists.js'

const DeliveryQuery = Type.Object({ ...listMembers, status: Type.Optional(oneOf(DELIVERY_STATUSES)) })
const secret = Type.Optional(Type.String({ maxLength: 1000 }))
const NewBody = Type.Object({
  type: Type.String({ maxLength: 100 }),
  url: Type.String({ maxLength: 2000 }),
  authToken: secret,
  hmacSecret: secret,
})
const SwitchBody = Type.Object({ isOn: Type.Boolean() })
const ResendBody = Type.Object({ status: oneOf(['exhausted', 'dropped']) })

export function webhookRoutes(app: FastifyInstance, desk: ConsoleDesk): void {
  app.get('/webhooks', async (request) => {
    const ctx = await teamOf(desk, request)
    const [webhooks, recent] = await Promise.all([listAllWebhooks(ctx), recentDeliveries(ctx)])
    return { items: webhooks.map((webhook) => webhookLine(webhook, recent)) }
  })
  app.get('/webhook-types', async () => ({ items: await typesOf(desk) }))
  app.post('/webhooks', async (request) => {
    const { type, url, authToken, hmacSecret } = bodyOf(NewBody, request)
    const { status, text } = await askFace(mainFace(desk), await findTeam(desk.base, request), {
      method: 'POST',
      path: '/webhooks',
      body: { type, url, auth_token: authToken || null, hmac_secret: hmacSecret || null },
    })
    const { data } = JSON.parse(text)
    if (status !== 200) throw new Failure(422, data.error.message)
    return { id: desk.ids.map((words) => words.read(data.id)).find(Boolean)?.id }
  })
  app.get('/webhooks/:id', async (request) => {
    const ctx = await teamOf(desk, request)
    const [webhook, recent] = await Promise.all([findWebhook(ctx, request), recentDeliveries(ctx)])
    return { ...webhookLine(webhook, recent), ids: spellings(desk, 'webhook', webhook.id) }
  })
  app.post('/webhooks/:id/switch', async (request) => {
    const { isOn } = bodyOf(SwitchBody, request)
    const ctx = await teamOf(desk, request)
    const { face, id } = await findWebhook(ctx, request)
    const { status } = await change(ctx, (inside) => switchWebhook(inside, { face, id, isOn }))
    return { status }
  })
  app.post('/webhooks/:id/delete', async (request) => {
    const ctx = await teamOf(desk, request)
    const { face, id } = await findWebhook(ctx, request)
    return change(ctx, async (inside) => {
      await deleteWebhook(inside, { face, id })
      return {}
    })
  })
  app.post('/webhooks/:id/try', async (request) => {
    const ctx = await teamOf(desk, request)
    const webhook = await findWebhook(ctx, request)
    if (webhook.status === 'disabled') throw new Failure(422, 'The webhook is switched off. Switch it on first.')
    const { deliveryId } = await change(ctx, async (inside) => ({ deliveryId: await tellNewest(inside, webhook) }))
    if (deliveryId === null) {
      throw new Failure(422, 'Nothing that it would be told of has happened yet. Simulate can bring it about.')
    }
    return { deliveryId }
  })
  app.get('/webhooks/:id/deliveries', async (request) => {
    const { cursor, status = null } = queryOf(DeliveryQuery, request)
    return listDeliveries(await teamOf(desk, request), { webhookId: idIn(request), status }, readOn(cursor))
  })
  app.post('/webhooks/:id/resend', async (request) => {
    const { status } = bodyOf(ResendBody, request)
    const ctx = await teamOf(desk, request)
    const filter = deliveriesWhere({ webhookId: idIn(request), statuses: [status] })
    return { resent: await change(ctx, (inside) => resend(inside, filter)) }
  })
  app.get('/deliveries/:id', async (request) => {
    const [delivery] = await deliveryLog(await teamOf(desk, request), deliveriesWhere({ deliveryId: idIn(request) }), 1)
    if (!delivery) throw notFound('delivery')
    const { id, webhookId, eventId, wireType, url, status, body, createdAt, attempts } = delivery
    return {
      id,
      webhookId,
      eventId,
      wireType,
      origin: originOf(url),
      status,
      body: masked(parsed(body), 'secrets'),
      createdAt,
      attempts: attempts.map(({ sentAt, tookMs, outcome, responseHead, requestHeaders }) => ({
        sentAt,
        tookMs,
        outcome,
        responseHead: responseHead === null ? null : masked(responseHead, 'secrets'),
        requestHeaders: masked(requestHeaders, 'secrets'),
      })),
    }
  })
  app.post('/deliveries/:id/resend', async (request) => {
    const ctx = await teamOf(desk, request)
    const count = await change(ctx, (inside) => resend(inside, deliveriesWhere({ deliveryId: idIn(request) })))
    if (count === 0) throw new Failure(422, 'There is no such delivery, or its webhook is switched off or gone.')
    return { resent: count }
  })
}

function idIn(request: { readonly params: unknown }): string {
  return (request.params as { readonly id: string }).id
}

async function findWebhook(ctx: Ctx<Reading>, request: { readonly params: unknown }): Promise<Webhook> {
  const webhook = (await listAllWebhooks(ctx)).find(({ id }) => id === idIn(request))
  if (!webhook) throw notFound('webhook')
  return webhook
}

/** What a webhook of a team can be told of. Those of connections come with their sessions. */
async function typesOf(desk: ConsoleDesk): Promise<readonly string[]> {
  const operations = await operationsOf(mainFace(desk))
  const making = operations.find(({ method, path }) => method === 'POST' && path === '/webhooks')
  return (making?.schema as NewWebhook | undefined)?.properties.type.enum ?? []
}

interface NewWebhook {
  readonly properties: { readonly type: { readonly enum: readonly string[] } }
}

function webhookLine(webhook: Webhook, recent: readonly RecentDeliveries[]) {
  const { id, face, wireType, wireVersion, topic, status, statusReason, resourceId, createdAt } = webhook
  return {
    id,
    face,
    wireType,
    wireVersion,
    topic,
    origin: originOf(webhook.url),
    status,
    statusReason,
    resourceId,
    createdAt,
    recent: Object.fromEntries(
      recent.filter(({ webhookId }) => webhookId === id).map(({ status: of, count }) => [of, count]),
    ),
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
