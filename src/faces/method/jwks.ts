/** The public keys of what this server signs: their set, for anybody, and each of them. Contract: method/conventions §5.5, §13. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { getSigningKey, type Signer, type SigningKey } from '../../core/signing/signing.js'
import { readWireId, spellId } from './ids.js'
import { read } from './routes.js'
import { nullable, oneOf, Text, Timestamp } from './schema.js'
import type { Wire } from './versions/versions.js'

const Jwk = { kty: Text, crv: Text, alg: Text, use: oneOf(['sig']), kid: Text, x: Text, y: Text }
const KeySetWire = Type.Object({ keys: Type.Array(Type.Object(Jwk)) })

const SigningKeyWire = Type.Object({ id: Text, ...Jwk, signs_from: Timestamp, expires_at: nullable(Timestamp) })

/** The set stands outside the envelope, as libraries that read key sets want it. */
export function jwksRoute(app: FastifyInstance, { signer }: { readonly signer: Signer }): void {
  const schema = {
    tags: ['Keys'],
    summary: 'Get the public keys of signatures',
    security: [],
    response: { 200: KeySetWire },
  }
  app.get('/.well-known/jwks.json', { config: { isPublic: true }, schema }, async (_, reply) => {
    return reply.type('application/json').send({ keys: await signer.published('webhook') })
  })

  // What `method_jwk.*` points to; the sources name no path.
  const facts = { tag: 'Keys', summary: 'Retrieve a signing key', reply: SigningKeyWire } as const
  read(app, '/method_jwks/:jwk_id', facts, async ({ ctx, params }) =>
    signingKeyWire(await getSigningKey(ctx, readWireId('signing_key', params.jwk_id ?? ''))),
  )
}

export function signingKeyWire({ id, kid, kty, crv, x, y, signsFrom, countsUntil }: SigningKey): Wire {
  const jwk = { kty, crv, alg: 'ES256', use: 'sig', kid, x, y }
  return { id: spellId('signing_key', id), ...jwk, signs_from: signsFrom, expires_at: countsUntil }
}
