/** `POST /simulate/events`: makes happen what an event tells of. Contract: method/simulate §3. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { letHappen, ownerOfHappening, prepareHappening } from '../../core/simulation/simulation.js'
import { EventType, knownType, topicOf } from './event-types.js'
import { EventWire, readableWire } from './events.js'
import { readWireId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { change } from './routes.js'
import { nullable, Text } from './schema.js'
import { isSince } from './versions/versions.js'

const EventBody = Type.Object({
  type: EventType,
  entity_id: Type.Optional(nullable(Text)),
  account_id: Type.Optional(nullable(Text)),
  /** From 2025-12-01 on, in place of the two. */
  resource_id: Type.Optional(nullable(Text)),
})

export function simulatedEventRoutes(app: FastifyInstance): void {
  change(
    app,
    'POST',
    '/simulate/events',
    { tag: 'Simulation', summary: 'Make an event happen', body: EventBody, reply: nullable(EventWire) },
    {
      ask: ({ ctx, body, version }) => {
        const topic = topicOf(knownType(body.type, version))
        return prepareHappening(ctx, topic, readOwner(body, topic, isSince(version, '2025-12-01')))
      },
      write: letHappen,
      toWire: (event, ctx, { version }) => (isSince(version, '2025-12-01') ? readableWire(ctx, event, version) : null),
    },
  )
}

function readOwner(body: Static<typeof EventBody>, topic: string, isNewest: boolean): string {
  const kind = ownerOfHappening(topic)
  if (!kind) throw invalidRequest('type', `can't be simulated here: ${body.type}.`)
  const member = kind === 'account' ? 'account_id' : 'entity_id'
  const text = (isNewest ? body.resource_id : null) ?? body[member]
  if (!text) throw invalidRequest(isNewest ? 'resource_id' : member, `is required for ${body.type}.`)
  return readWireId(kind, text)
}
