/** The mx face: what MX's connect widget calls, as one Fastify plugin. Contract: docs/contract/mx-connect. */
import swagger from '@fastify/swagger'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { spellRandom } from '../../core/ids.js'
import { refuseRealThings } from '../../core/simulation/simulation.js'
import { acceptJson } from '../json-bodies.js'
import { pathOf, refuseUnknownRoutes } from '../paths.js'
import { accountRoutes } from './accounts.js'
import { sendFailure } from './answers.js'
import { admit, callerOf, findCaller, type MxDesk, requestDecorators } from './caller.js'
import { connectPage } from './connect-page.js'
import { OwnFailure, ownErrors } from './errors.js'
import { institutionRoutes } from './institutions.js'
import { memberRoutes } from './members.js'
import { microDepositRoutes } from './micro-deposits.js'
import { oauthRoutes } from './oauth.js'
import { oauthPages } from './oauth-pages.js'
import type { RouteConfig } from './routes.js'
import { simulationRoutes } from './simulate.js'
import { userRoutes } from './users.js'

export type { MxDesk } from './caller.js'
export type { WidgetFiles } from './connect-page.js'
export { mxIds } from './ids.js'

const BODY_BYTES_MAX = 256_000

/** The face over what wiring hands it; register it under a prefix. */
export function mxFace(desk: MxDesk): FastifyPluginAsync {
  return async (app) => {
    for (const name of requestDecorators) app.decorateRequest(name, null)
    acceptJson(app, {
      bytesMax: BODY_BYTES_MAX,
      empty: undefined,
      refuse: (flaw) => new OwnFailure(ownErrors.badRequest, `The body ${flaw}`),
    })
    // Routes check what they are given themselves, so that everything wrong with a request is reported together.
    app.setValidatorCompiler(() => () => true)
    app.setErrorHandler(sendFailure)
    refuseUnknownRoutes(app, ({ isPathKnown, message }) => {
      throw new OwnFailure(isPathKnown ? ownErrors.methodNotAllowed : ownErrors.notFound, message)
    })
    app.addHook('onRequest', async (request, reply) => {
      reply.header('request-id', `req_${spellRandom(desk.base.chance, 24)}`)
      // A team may have the widget in a page of its own; nothing here knows a browser by anything but the token it sends.
      reply.header('access-control-allow-origin', '*')
      const config = request.routeOptions.config as Partial<RouteConfig> & { readonly isPublic?: boolean }
      // Pages and images say themselves how long they are kept.
      reply.header('cache-control', 'no-store')
      if (request.is404 || config.isPublic) return
      await admit(desk, request, config.audience ?? 'team')
      // Before anything is said about a body.
      if (pathOf(request.url).startsWith(`${app.prefix}/simulate/`)) refuseRealThings(callerOf(request).ctx)
    })
    await app.register(swagger, { openapi: openApiFacts })
    await app.register(async (routes) => {
      userRoutes(routes, desk)
      institutionRoutes(routes, desk)
      memberRoutes(routes, desk)
      oauthRoutes(routes, desk)
      oauthPages(routes, desk)
      accountRoutes(routes)
      connectPage(routes, desk)
      microDepositRoutes(routes)
      simulationRoutes(routes, desk)
    })
    app.get('/openapi.json', { schema: { hide: true }, config: { isPublic: true } }, async () => app.swagger())
    app.options('/*', { schema: { hide: true }, config: { isPublic: true } }, async (_, reply) =>
      reply.code(204).headers(preflight).send(),
    )
  }
}

const preflight = {
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type, idempotency-key',
  'access-control-max-age': '600',
}

/** Whose request it is, once that is known; MX's widget speaks one version. */
export function mxCaller(request: FastifyRequest): { readonly teamId: string; readonly version: null } | null {
  const caller = findCaller(request)
  return caller && { teamId: caller.ctx.team.id, version: null }
}

const openApiFacts = {
  openapi: '3.1.0' as const,
  info: {
    title: 'Clearspan: mx face',
    version: '1',
    description: "What MX's connect widget calls, and what a team's back end needs beside it.",
  },
  components: {
    securitySchemes: {
      token: { type: 'http' as const, scheme: 'bearer', description: 'Of a widget session, or an API key' },
      key: { type: 'http' as const, scheme: 'basic', description: 'Any name, and the API key as password' },
    },
  },
  security: [{ token: [] }, { key: [] }],
}
