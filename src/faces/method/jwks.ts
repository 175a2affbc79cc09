/** `GET /.well-known/jwks.json`: the public keys of what this server signs, for anybody. Contract: method/conventions §5.5. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Signer } from '../../core/signing/signing.js'
import { oneOf, Text } from './schema.js'

const KeySetWire = Type.Object({
  keys: Type.Array(Type.Object({ kty: Text, crv: Text, alg: Text, use: oneOf(['sig']), kid: Text, x: Text, y: Text })),
})

/** Outside the envelope, as libraries that read key sets want it. */
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
}
