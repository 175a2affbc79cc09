/** What only a rehearsal can do; each is Clearspan's own and works in development alone. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { completeSession, GRANTABLE_PRODUCTS } from '../../core/connections/connections.js'
import type { MoneykitDesk } from './caller.js'
import { OwnFailure, ownErrors } from './errors.js'
import { LinkWire, linkWire } from './link-wire.js'
import { change } from './routes.js'
import { mapOf, maybe, nullable, oneOf, Text } from './schema.js'
import { readSessionToken } from './session-tokens.js'

const CompleteBody = Type.Object({
  link_session_token: Text,
  institution_id: maybe(Text),
  credentials: maybe(mapOf(Text)),
  answers: maybe(Type.Array(Text)),
  accounts: maybe(Type.Array(Text)),
  products: maybe(Type.Array(oneOf(GRANTABLE_PRODUCTS))),
})

export function simulatedSessionRoutes(app: FastifyInstance, { signer }: MoneykitDesk): void {
  change(
    app,
    'POST',
    '/simulate/link-session/complete',
    {
      tag: 'Simulation',
      summary: 'Go through Connect as a user would',
      scope: 'link_session:create',
      body: CompleteBody,
      reply: Type.Object({ exchangeable_token: nullable(Text), link_id: Text, link: LinkWire }),
    },
    {
      async ask({ ctx, body }) {
        const known = await readSessionToken(signer, body.link_session_token)
        if (!known || known.teamId !== ctx.team.id) {
          throw new OwnFailure(ownErrors.invalidSession, 'Invalid link session token')
        }
        return completeSession(ctx, known.sessionId, {
          institutionId: body.institution_id ?? null,
          credentials: body.credentials ?? {},
          answers: body.answers ?? [],
          accounts: body.accounts ?? null,
          products: body.products ?? null,
        })
      },
      write: async (_, completed) => completed,
      toWire({ connection, exchangeToken }, _, incoming) {
        const link = linkWire(connection, incoming)
        return { exchangeable_token: exchangeToken, link_id: link.link_id, link }
      },
    },
  )
}
