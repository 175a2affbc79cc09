import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { enveloped } from './schema.js'

/** `GET /ping`: the text stands in `message`, because clients hang properties on `data`. Contract: method/conventions §5.5. */
export function pingRoute(app: FastifyInstance): void {
  const schema = {
    tags: ['Health'],
    summary: 'Check that the service answers',
    response: { 200: enveloped(Type.Null()) },
  }
  app.get('/ping', { schema }, async () => ({ success: true, data: null, message: 'pong' }))
}
