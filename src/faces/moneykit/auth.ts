/** Access tokens, who a token belongs to, and the keys that webhooks are checked with. Contract: moneykit/conventions §4. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { sendJson } from './answers.js'
import { acceptForms } from './bodies.js'
import type { MoneykitDesk } from './caller.js'
import { InvalidRequest, OwnFailure, ownErrors } from './errors.js'
import { spellUuid } from './ids.js'
import { read, versionFlaws } from './routes.js'
import { ErrorWire, Instant, nullable, oneOf, Text } from './schema.js'
import { readScopes } from './scopes.js'
import { checkerOf } from './validation.js'

const TokenForm = Type.Object({
  grant_type: Type.Optional(Text),
  client_id: Type.Optional(Text),
  client_secret: Type.Optional(Text),
  scope: Type.Optional(Text),
})

const TokenWire = Type.Object({ access_token: Text, token_type: oneOf(['bearer']), expires_in: Type.Integer() })

const ClientWire = Type.Object({
  client_id: Text,
  client_name: Text,
  scope: Text,
  app: Type.Object({ app_id: Text, name: Text, id: Text, app_name: Text }),
  disabled_at: nullable(Instant),
})

const KeySetWire = Type.Object({
  keys: Type.Array(Type.Object({ kty: Text, crv: Text, alg: Text, use: oneOf(['sig']), kid: Text, x: Text, y: Text })),
})

const tag = 'Authentication'

export function authRoutes(app: FastifyInstance, desk: MoneykitDesk): void {
  app.register(async (forms) => {
    acceptForms(forms)
    tokenRoute(forms, desk)
  })

  read(
    app,
    '/auth/introspect',
    { tag, summary: 'Get details about the calling client', scope: null, reply: ClientWire },
    async ({ client, team, scopes }) => {
      const appId = spellUuid('app', `${team.id}:${client.app}`)
      return {
        client_id: client.id,
        client_name: client.label ?? client.app,
        scope: scopes.join(' '),
        app: { app_id: appId, name: client.app, id: appId, app_name: client.app },
        disabled_at: client.disabledAt,
      }
    },
  )

  // Its headers are those of clients that send them everywhere; none is needed, and wrong ones do no harm.
  app.get(
    '/.well-known/jwks.json',
    {
      config: { isPublic: true },
      schema: { tags: [tag], summary: 'Get the public keys of webhooks', security: [], response: { 200: KeySetWire } },
    },
    async (_, reply) => sendJson(reply, 200, { keys: await desk.signer.published('webhook') }),
  )
}

function tokenRoute(app: FastifyInstance, { clients }: MoneykitDesk): void {
  const check = checkerOf('body', TokenForm)
  app.post(
    '/auth/token',
    {
      config: { isPublic: true },
      schema: {
        tags: [tag],
        summary: 'Create an access token',
        security: [{ client: [] }],
        body: TokenForm,
        response: { 201: TokenWire, '4xx': ErrorWire, '5xx': ErrorWire },
      },
    },
    async (request, reply) => {
      const form = (request.body ?? {}) as Static<typeof TokenForm>
      const flaws = [...versionFlaws(request), ...check(form)]
      if (flaws.length > 0) throw new InvalidRequest(flaws)
      if (!['', 'client_credentials'].includes(form.grant_type ?? '')) {
        throw new OwnFailure(ownErrors.unsupportedGrant, 'Only the grant type client_credentials is supported.')
      }
      const admitted = await clients.bySecret(credentialsOf(request, form))
      const token = await clients.issue(admitted, readScopes(form.scope ?? ''))
      return sendJson(reply, 201, {
        access_token: token.text,
        token_type: 'bearer',
        expires_in: token.expiresInSeconds,
      })
    },
  )
}

/** Some clients always send a Basic header on this call, with nothing in it, beside the form. Contract: moneykit/conventions §4.1. */
function credentialsOf({ headers }: FastifyRequest, form: Static<typeof TokenForm>) {
  const encoded = /^Basic +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? []
  if (user !== '') return { id: user, secret: password }
  return { id: form.client_id ?? '', secret: form.client_secret ?? '' }
}
