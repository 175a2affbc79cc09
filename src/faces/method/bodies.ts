/** Bodies: JSON only. Contract: method/conventions §4. */
import type { FastifyInstance } from 'fastify'
import { acceptJson } from '../json-bodies.js'
import { invalidRequest } from './invalid.js'

export const BODY_BYTES_MAX = 1_000_000

/** An empty body is `{}`: some clients send none where no member is required. */
export function acceptBodies(app: FastifyInstance): void {
  acceptJson(app, {
    bytesMax: BODY_BYTES_MAX,
    empty: {},
    refuse: (flaw) => invalidRequest('The body', flaw),
  })
}
