/** The moneykit face: MoneyKit's API 2023-02-18 as one Fastify plugin. Contract: docs/contract/moneykit. */
import swagger from '@fastify/swagger'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { refuseRealThings } from '../../core/simulation/simulation.js'
import { acceptJson } from '../json-bodies.js'
import { pathOf, refuseUnknownRoutes } from '../paths.js'
import { accountRoutes } from './accounts.js'
import { sendFailure } from './answers.js'
import { authRoutes } from './auth.js'
import { BODY_BYTES_MAX, UNREADABLE } from './bodies.js'
import { admit, callerOf, findCaller, type MoneykitDesk, requestDecorators } from './caller.js'
import { OwnFailure, ownErrors } from './errors.js'
import { importRoutes } from './imports.js'
import { artRoutes } from './institution-art.js'
import { institutionRoutes } from './institutions.js'
import { investmentRoutes } from './investments.js'
import { openLimiter } from './limits.js'
import { linkSessionRoutes } from './link-sessions.js'
import { linkRoutes } from './links.js'
import type { RouteConfig } from './routes.js'
import { simulationRoutes } from './simulate.js'
import { transactionRehearsals } from './simulate-transactions.js'
import { transactionRoutes } from './transactions.js'
import { userRoutes } from './users.js'
import { webhookRoutes } from './webhooks.js'

export type { MoneykitDesk } from './caller.js'
export { moneykitIds } from './ids.js'
export { SCOPES } from './scopes.js'
export { moneykitSpeller } from './spelling.js'

/** The face over what wiring hands it; register it under a prefix. */
export function moneykitFace(desk: MoneykitDesk): FastifyPluginAsync {
  return async (app) => {
    const limiter = openLimiter(desk.readMs)
    for (const name of requestDecorators) app.decorateRequest(name, null)
    acceptJson(app, { bytesMax: BODY_BYTES_MAX, empty: undefined, refuse: () => UNREADABLE })
    // Routes check what they are given themselves, so that everything wrong with a request is reported together.
    app.setValidatorCompiler(() => () => true)
    app.setErrorHandler(sendFailure)
    refuseUnknownRoutes(app, ({ isPathKnown, message }) => {
      throw new OwnFailure(isPathKnown ? ownErrors.methodNotAllowed : ownErrors.notFound, message)
    })
    app.addHook('onRequest', async (request) => {
      const config = request.routeOptions.config as Partial<RouteConfig> & { readonly isPublic?: boolean }
      if (request.is404 || config.isPublic) return
      await admit({ ...desk, limiter }, request, config.scopes ?? [])
      // Before anything is said about a body.
      if (pathOf(request.url).startsWith(`${app.prefix}/simulate/`)) refuseRealThings(callerOf(request).ctx)
    })
    await app.register(swagger, { openapi: openApiFacts })
    await app.register(async (routes) => {
      authRoutes(routes, desk)
      linkSessionRoutes(routes, desk)
      linkRoutes(routes)
      importRoutes(routes)
      accountRoutes(routes)
      transactionRoutes(routes)
      investmentRoutes(routes)
      userRoutes(routes)
      institutionRoutes(routes)
      artRoutes(routes, desk)
      webhookRoutes(routes)
      simulationRoutes(routes, desk)
      transactionRehearsals(routes)
    })
    app.get('/openapi.json', { schema: { hide: true }, config: { isPublic: true } }, async () => app.swagger())
  }
}

const VERSION = '2023-02-18'

/** Whose request it is and which version it speaks, once that is known. */
export function moneykitCaller(request: FastifyRequest): { readonly teamId: string; readonly version: string } | null {
  const caller = findCaller(request)
  return caller && { teamId: caller.team.id, version: VERSION }
}

const openApiFacts = {
  openapi: '3.1.0' as const,
  info: {
    title: 'Clearspan: moneykit face',
    version: VERSION,
    description: 'Wire-compatible with MoneyKit.',
  },
  components: {
    securitySchemes: {
      token: { type: 'http' as const, scheme: 'bearer' },
      client: { type: 'http' as const, scheme: 'basic' },
      client_id: { type: 'apiKey' as const, in: 'header' as const, name: 'X-Client-Id' },
      client_secret: { type: 'apiKey' as const, in: 'header' as const, name: 'X-Client-Secret' },
    },
  },
  security: [{ token: [] }, { client_id: [], client_secret: [] }],
}
