/** Who is told what, how that went, and telling them again. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { masked } from '../../core/masking.js'
import {
  deliveryLog,
  listAllWebhooks,
  listDeliveries,
  type RecentDeliveries,
  recentDeliveries,
  resend,
  type Webhook,
} from '../../core/webhooks/webhooks.js'
import { Failure, notFound } from './answers.js'
import { bodyOf, oneOf, queryOf } from './bodies.js'
import { type ConsoleDesk, change, spellings, teamOf } from './desk.js'
import { originOf } from './events.js'
import { listMembers, readOn } from './lists.js'

const STATUSES = ['pending', 'delivered', 'exhausted', 'dropped'] as const
const DeliveryQuery = Type.Object({ ...listMembers, status: Type.Optional(oneOf(STATUSES)) })
const ResendBody = Type.Object({ status: oneOf(['exhausted', 'dropped']) })

export function webhookRoutes(app: FastifyInstance, desk: ConsoleDesk): void {
  app.get('/webhooks', async (request) => {
    const ctx = await teamOf(desk, request)
    const [webhooks, recent] = await Promise.all([listAllWebhooks(ctx), recentDeliveries(ctx)])
    return { items: webhooks.map((webhook) => webhookLine(webhook, recent)) }
  })
  app.get('/webhooks/:id', async (request) => {
    const ctx = await teamOf(desk, request)
    const [webhooks, recent] = await Promise.all([listAllWebhooks(ctx), recentDeliveries(ctx)])
    const webhook = webhooks.find(({ id }) => id === idIn(request))
    if (!webhook) throw notFound('webhook')
    return { ...webhookLine(webhook, recent), ids: spellings(desk, 'webhook', webhook.id) }
  })
  app.get('/webhooks/:id/deliveries', async (request) => {
    const { cursor, status = null } = queryOf(DeliveryQuery, request)
    return listDeliveries(await teamOf(desk, request), { webhookId: idIn(request), status }, readOn(cursor))
  })
  app.post('/webhooks/:id/resend', async (request) => {
    const { status } = bodyOf(ResendBody, request)
    const ctx = await teamOf(desk, request)
    const filter = { deliveryId: null, eventId: null, webhookId: idIn(request), since: null, statuses: [status] }
    return { resent: await change(ctx, (inside) => resend(inside, filter)) }
  })
  app.get('/deliveries/:id', async (request) => {
    const [delivery] = await deliveryLog(await teamOf(desk, request), only(idIn(request)), 1)
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
    const count = await change(ctx, (inside) => resend(inside, only(idIn(request))))
    if (count === 0) throw new Failure(422, 'There is no such delivery, or its webhook is switched off or gone.')
    return { resent: count }
  })
}

function idIn(request: { readonly params: unknown }): string {
  return (request.params as { readonly id: string }).id
}

function only(deliveryId: string) {
  return { deliveryId, eventId: null, webhookId: null, since: null, statuses: STATUSES }
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
