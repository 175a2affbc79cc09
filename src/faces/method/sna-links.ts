/** `/sna/{evf_id}/{sna_vrf_id}`: what a phone opens to be recognised by its network. Contract: method/entities §2.3.2, §2.7. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { openLink } from '../../core/verification/verification.js'
import { success } from './answers.js'
import type { MethodDesk } from './caller.js'
import { readWireId } from './ids.js'
import { ErrorEnvelope, enveloped, Text } from './schema.js'

/** A phone has no key, so the link itself is what admits it. */
export function snaLinkRoute(app: FastifyInstance, { base }: MethodDesk): void {
  const schema = {
    tags: ['Entity verification'],
    summary: 'Open a link of silent network authentication',
    security: [],
    querystring: Type.Object({ result: Type.Optional(Text) }),
    response: { 200: enveloped(Type.Null()), '4xx': ErrorEnvelope, '5xx': ErrorEnvelope },
  }
  app.get('/sna/:evf_id/:sna_vrf_id', { schema, config: { isPublic: true } }, async (request) => {
    const params = request.params as { readonly evf_id: string; readonly sna_vrf_id: string }
    const query = request.query as { readonly result?: string }
    await openLink(base, {
      sessionId: readWireId('verification_session', params.evf_id),
      linkId: readWireId('sna_link', params.sna_vrf_id),
      wantsFailure: query.result === 'fail',
    })
    return success(null)
  })
}
