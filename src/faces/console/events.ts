/** What was recorded, and what each event changed. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { eventsOf, getRecorded, listRecorded, type RecordedEvent } from '../../core/events/events.js'
import { masked } from '../../core/masking.js'
import { deliveriesWhere, deliveryLog } from '../../core/webhooks/webhooks.js'
import { notFound } from './answers.js'
import { queryOf } from './bodies.js'
import { type ConsoleDesk, spellings, teamOf } from './desk.js'
import { listMembers, readOn } from './lists.js'

const EventQuery = Type.Object({
  ...listMembers,
  topic: Type.Optional(Type.String({ maxLength: 100 })),
  resource: Type.Optional(Type.String({ maxLength: 100 })),
})
const HISTORY_MAX = 100
const DELIVERIES_MAX = 50

export function eventRoutes(app: FastifyInstance, desk: ConsoleDesk): void {
  app.get('/events', async (request) => {
    const { cursor, topic = null, resource = null } = queryOf(EventQuery, request)
    const { items, next } = await listRecorded(
      await teamOf(desk, request),
      { topic, resourceId: resource },
      readOn(cursor),
    )
    return { items: items.map(eventLine), next }
  })
  app.get('/events/:id', async (request) => {
    const ctx = await teamOf(desk, request)
    const event = await getRecorded(ctx, (request.params as { readonly id: string }).id)
    const deliveries = await deliveryLog(ctx, deliveriesWhere({ eventId: event.id }), DELIVERIES_MAX)
    return {
      ...eventLine(event),
      ids: spellings(desk, 'event', event.id),
      resourceIds: spellings(desk, event.resource, event.resourceId),
      before: event.before === null ? null : masked(event.before, 'secrets'),
      after: masked(event.after, 'secrets'),
      deliveries: deliveries.map(({ id, wireType, url, status }) => ({ id, wireType, origin: originOf(url), status })),
    }
  })
  // Anything that has no page of its own: what was recorded of it tells what it is.
  app.get('/resources/:id', async (request) => {
    const { id } = request.params as { readonly id: string }
    const events = await eventsOf(await teamOf(desk, request), id, HISTORY_MAX)
    const [newest] = events
    if (!newest) throw notFound('thing')
    return {
      id,
      kind: newest.resource,
      ids: spellings(desk, newest.resource, id),
      now: masked(newest.after, 'secrets'),
      events: events.map(eventLine),
    }
  })
}

export function eventLine({ id, topic, resource, resourceId, before, after, createdAt }: RecordedEvent) {
  const status = (snapshot: object | null) => {
    const { status = null, state = null } = (snapshot ?? {}) as { readonly status?: unknown; readonly state?: unknown }
    return typeof status === 'string' ? status : typeof state === 'string' ? state : null
  }
  return { id, topic, resource, resourceId, from: status(before), to: status(after), createdAt }
}

/** A receiver's address can hold its key. */
export function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '…'
}
