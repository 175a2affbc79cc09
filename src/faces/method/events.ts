/** `/events`: what happened, and what changed by it. Contract: method/webhooks-events §5.3. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Ctx } from '../../core/ctx.js'
import {
  type EventFilter,
  getEvent,
  listEvents,
  READABLE,
  type ReadableResource,
  type RecordedEvent,
} from '../../core/events/events.js'
import { EventType, knownType, topicOf, topicsUnknownTo, wireTypeOf } from './event-types.js'
import { eventWire } from './events-wire.js'
import { readAnyWireId, readWireId } from './ids.js'
import { list, read } from './routes.js'
import { AnyObject, nullable, oneOf, Text, Timestamp } from './schema.js'
import { told } from './spelling.js'
import type { Version, Wire } from './versions/versions.js'

const spellResource = (resource: ReadableResource) => (resource === 'consumer' ? 'entity' : resource)
const readResource = (word: string) => READABLE.find((resource) => spellResource(resource) === word) ?? null

const EventQuery = {
  resource_id: Type.Optional(Text),
  resource_type: Type.Optional(oneOf(READABLE.map(spellResource))),
  type: Type.Optional(EventType),
}

export const EventWire = Type.Object({
  id: Text,
  type: Text,
  resource_id: Text,
  resource_type: Text,
  related_ids: Type.Optional(Type.Array(Text)),
  data: AnyObject,
  diff: Type.Object({ before: nullable(AnyObject), after: nullable(AnyObject) }),
  created_at: Timestamp,
  updated_at: Timestamp,
})

export function eventRoutes(app: FastifyInstance): void {
  const facts = { tag: 'Events', reply: EventWire }

  list(
    app,
    '/events',
    { ...facts, summary: 'List events', query: EventQuery, cursor: 'event' },
    ({ ctx, query, version }, page) => listEvents(ctx, readFilter(query, version), page),
    async (events, { ctx, version }) => events.map((event) => readableWire(ctx, event, version)),
  )

  read(app, '/events/:evt_id', { ...facts, summary: 'Retrieve an event' }, async ({ ctx, params, version }) =>
    readableWire(ctx, await getEvent(ctx, readWireId('event', params.evt_id ?? '')), version),
  )
}

interface Query {
  readonly resource_id?: string
  readonly resource_type?: string
  readonly type?: string
}

function readFilter({ resource_id, resource_type, type }: Query, version: Version): EventFilter {
  return {
    topic: type === undefined ? null : topicOf(knownType(type, version)),
    exceptTopics: topicsUnknownTo(version),
    resource: resource_type === undefined ? null : readResource(resource_type),
    resourceId: resource_id === undefined ? null : readAnyWireId(resource_id),
  }
}

/** Under the name that the version's readers know. */
export function readableWire(ctx: Ctx<'team' | 'vault'>, event: RecordedEvent, version: Version): Wire {
  const resource = told[event.resource]
  if (!resource) throw new Error(`This face has no words for ${event.resource}.`)
  return eventWire(event, resource, { version, wireType: wireTypeOf(event.topic), ctx })
}
