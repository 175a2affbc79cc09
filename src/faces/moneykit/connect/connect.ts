/**
 * The page that the launcher `@moneykit/connect` puts into a frame, and its private back end. The launcher wants the page at
 * the root of an origin, so this is a plugin of its own beside the face. Contract: moneykit/connect §§2–6.
 */
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { sendPage } from '../../hosted-page.js'
import { sendPageFailure } from './failures.js'
import { returnRoutes } from './returning.js'
import { stepRoutes } from './step-routes.js'
import { type ConnectDesk, findVisitor, framersOf } from './visitors.js'

export type { ConnectDesk } from './visitors.js'

// The session decides what the page does, whichever of them opened it.
const PATHS = ['/start', '/relink', '/continue']
// The launcher's own sample theme names them.
const PICTURES = { '/images/close.svg': 'close', '/images/search.svg': 'search', '/images/spinner.png': 'spinner' }
const BODY_BYTES_MAX = 65_536

export function connectPages(desk: ConnectDesk): FastifyPluginAsync {
  return async (app) => {
    app.setValidatorCompiler(() => () => true)
    for (const path of PATHS) {
      app.get(path, { schema: { hide: true } }, async (request, reply) => {
        const visitor = await findVisitor(desk, textOf(request, 'linkSessionToken'))
        const frameAncestors = framersOf(visitor, textOf(request, 'origin'))
        return sendPage(reply, await desk.pages('connect/link.html'), { frameAncestors })
      })
    }
    for (const [path, picture] of Object.entries(PICTURES)) {
      app.get(path, { schema: { hide: true } }, async (_, reply) =>
        reply
          .headers({ 'cache-control': 'public, max-age=86400', 'x-content-type-options': 'nosniff' })
          .type('image/svg+xml')
          .send(await desk.pages(`connect/images/${picture}.svg`)),
      )
    }
    await app.register(async (routes: FastifyInstance) => returnRoutes(routes, desk))
    await app.register(
      async (routes: FastifyInstance) => {
        routes.setErrorHandler(sendPageFailure)
        routes.addHook('onRoute', (route) => {
          route.bodyLimit = BODY_BYTES_MAX
        })
        routes.addHook('onSend', async (_, reply) => {
          reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
        })
        stepRoutes(routes, desk)
      },
      { prefix: '/connect/link' },
    )
  }
}

function textOf(request: FastifyRequest, name: string): string {
  const value = (request.query as Readonly<Record<string, unknown>>)[name]
  return typeof value === 'string' ? value : ''
}
