/** What only a rehearsal can do; each is Clearspan's own and works in development alone. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { completeSession, GRANTABLE_PRODUCTS, getInstitution } from '../../core/connections/connections.js'
import { LOGIN_REFUSALS, setInstitutionFault } from '../../core/simulation/simulation.js'
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

const FaultBody = Type.Object({ fault: nullable(oneOf(LOGIN_REFUSALS)) })

export function simulationRoutes(app: FastifyInstance, { signer }: MoneykitDesk): void {
  const tag = 'Simulation'

  change(
    app,
    'POST',
    '/simulate/link-session/complete',
    {
      tag,
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

  change(
    app,
    'POST',
    '/simulate/institutions/:institution_id',
    {
      tag,
      summary: 'Let an institution fail for all of the team, until it is told otherwise',
      scope: 'link_session:create',
      body: FaultBody,
      reply: Type.Object({ institution_id: Text, fault: nullable(oneOf(LOGIN_REFUSALS)) }),
    },
    {
      async ask({ ctx, params, body }) {
        const { institutionSlug } = await getInstitution(ctx, params.institution_id ?? '')
        await setInstitutionFault(ctx, institutionSlug, body.fault)
        return { institution_id: institutionSlug, fault: body.fault }
      },
      write: async (_, settled) => settled,
      toWire: (settled) => settled,
    },
  )
}
