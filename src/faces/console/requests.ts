/** What callers asked and were answered. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { findRequest, listRequests } from '../../core/request-log/request-log.js'
import { notFound } from './answers.js'
import { oneOf, queryOf } from './bodies.js'
import { type ConsoleDesk, teamOf } from './desk.js'
import { listMembers, readOn } from './lists.js'

const flag = Type.Optional(oneOf(['yes']))
const RequestQuery = Type.Object({
  ...listMembers,
  face: Type.Optional(Type.String({ maxLength: 20 })),
  method: Type.Optional(Type.String({ maxLength: 10 })),
  failed: flag,
  nobodys: flag,
})
const REQUESTS_LIMIT = 50

export function requestRoutes(app: FastifyInstance, desk: ConsoleDesk): void {
  app.get('/requests', async (request) => {
    const { cursor, face = null, method = null, failed, nobodys } = queryOf(RequestQuery, request)
    const page = await listRequests(
      await teamOf(desk, request),
      { face, method, isFailed: failed === 'yes', isNobodys: nobodys === 'yes' },
      readOn(cursor, REQUESTS_LIMIT),
    )
    return { ...page, leftOut: desk.countLeftOut() }
  })
  app.get('/requests/:id', async (request) => {
    const found = await findRequest(await teamOf(desk, request), (request.params as { readonly id: string }).id)
    if (!found) throw notFound('request')
    return found
  })
}
