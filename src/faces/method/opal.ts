/** `/opal`: tokens for hosted flows, made with a key, and what a flow reads with its token. Contract: method/entities §13. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  checkNewOpal,
  createOpalToken,
  endOpalToken,
  OPAL_MODES,
  type OpalSubject,
  openOpal,
  readOpal,
} from '../../core/opal/opal.js'
import { success } from './answers.js'
import type { MethodDesk } from './caller.js'
import { EntityBody, readEntity } from './entities.js'
import { readWireId, spellId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { opalModes, readOpalConfig } from './opal-config.js'
import { opalEventWire, opalSessionWire } from './opal-wire.js'
import { change } from './routes.js'
import { AnyObject, ErrorEnvelope, enveloped, nullable, oneOf, Text, Timestamp } from './schema.js'

const TokenBody = Type.Object({
  mode: oneOf(OPAL_MODES),
  entity_id: Type.Optional(nullable(Text)),
  entity: Type.Optional(nullable(EntityBody)),
  session_id: Type.Optional(nullable(Text)),
  ...opalModes,
  appearance: Type.Optional(nullable(AnyObject)),
})

const TokenWire = Type.Object({ token: Text, valid_until: Timestamp, session_id: Text })

const EventWire = Type.Object({
  type: Text,
  mode: oneOf(OPAL_MODES),
  object: Text,
  action: Text,
  timestamp: Timestamp,
  data: nullable(AnyObject),
})

const SessionWire = Type.Object({
  id: Text,
  config: AnyObject,
  entity: Text,
  mode: oneOf(OPAL_MODES),
  idv: nullable(Text),
  cxn: nullable(Text),
  avf: nullable(Text),
  txn: nullable(Text),
  completed_at: nullable(Timestamp),
  created_at: Timestamp,
  updated_at: Timestamp,
})

export function opalRoutes(app: FastifyInstance, { base }: MethodDesk): void {
  const tag = 'Opal'

  change(
    app,
    'POST',
    '/opal/token',
    { tag, summary: 'Create an Opal token', body: TokenBody, reply: TokenWire },
    {
      ask: ({ ctx, body }) => {
        const subject = readSubject(body)
        return checkNewOpal(ctx, subject, 'sessionId' in subject ? null : readOpalConfig(body))
      },
      write: (ctx, checked) => createOpalToken(ctx, checked),
      toWire: ({ token, validUntil, session }) => ({
        token,
        valid_until: validUntil,
        session_id: spellId('opal_session', session.id),
      }),
    },
  )

  // The token itself is what admits a flow, here and nowhere else; a team's key does not.
  const byToken = (summary: string, reply: Parameters<typeof enveloped>[0]) => ({
    config: { isPublic: true },
    schema: {
      tags: [tag],
      summary,
      security: [{ opal_token: [] }],
      response: { 200: enveloped(reply), '4xx': ErrorEnvelope, '5xx': ErrorEnvelope },
    },
  })

  app.get('/opal/token', byToken('Retrieve the session of an Opal token', SessionWire), async (request) =>
    success(opalSessionWire((await openOpal(base, tokenOf(request))).session)),
  )

  app.delete('/opal/token', byToken('End an Opal token', Type.Null()), async (request) => {
    await endOpalToken(base, tokenOf(request))
    return success(null)
  })

  app.get(
    '/opal/events',
    byToken('List what the session of an Opal token told', Type.Array(EventWire)),
    async (request) => {
      const { session } = await readOpal(base, tokenOf(request))
      return success(session.events.map((event) => opalEventWire(session, event)))
    },
  )
}

/** The token, or text that is none. */
function tokenOf({ headers }: FastifyRequest): string {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
}

function readSubject({ mode, ...body }: Static<typeof TokenBody>): OpalSubject {
  const given = [body.entity_id, body.entity, body.session_id].filter(
    (member) => member !== undefined && member !== null,
  )
  if (given.length !== 1)
    throw invalidRequest('entity_id', 'or entity or session_id is required. Send exactly one of them.')
  if (body.entity) return { newConsumer: readEntity(body.entity) }
  if (body.session_id) return { sessionId: readWireId('opal_session', body.session_id), mode }
  return { consumerId: readWireId('consumer', body.entity_id ?? '') }
}
