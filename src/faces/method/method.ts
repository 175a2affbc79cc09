/** The method face: Method Financial's API as one Fastify plugin. Contract: docs/contract/method. */
import swagger from '@fastify/swagger'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { refuseRealThings } from '../../core/simulation/simulation.js'
import { pathOf, refuseUnknownRoutes } from '../paths.js'
import { accountVerificationRoutes } from './account-verification-sessions.js'
import { accountRoutes } from './accounts.js'
import { send, sendFailure, spellFailure } from './answers.js'
import { acceptBodies } from './bodies.js'
import { admit, callerOf, findCaller, type MethodDesk, nameRequest, requestDecorators } from './caller.js'
import { cardArtRoute, cardProductRoutes } from './card-products.js'
import { clockRoutes } from './clock.js'
import { connectRoutes } from './connect.js'
import { consentRoutes } from './consent.js'
import { consumerRetrievalRoutes } from './consumer-retrievals.js'
import { elementRoutes } from './elements.js'
import { entityRoutes } from './entities.js'
import { httpErrors } from './errors.js'
import { eventRoutes } from './events.js'
import { jwksRoute } from './jwks.js'
import { manualConnectRoutes } from './manual-connect.js'
import { merchantRoutes } from './merchants.js'
import { opalRoutes } from './opal.js'
import { paymentInstrumentRoutes } from './payment-instruments.js'
import { paymentRoutes } from './payments.js'
import { personaRoutes } from './personas.js'
import { pingRoute } from './ping.js'
import { productRoutes } from './products.js'
import { reportRoutes } from './reports.js'
import { accountRetrievalRoutes } from './retrievals.js'
import { reversalRoutes } from './reversals.js'
import { compileSerializer } from './serialize.js'
import { simulatedAccountRoutes } from './simulate-accounts.js'
import { simulatedEntityRoutes } from './simulate-entities.js'
import { simulatedEventRoutes } from './simulate-events.js'
import { simulatedPaymentRoutes } from './simulate-payments.js'
import { snaLinkRoute } from './sna-links.js'
import { subscriptionRoutes } from './subscriptions.js'
import { transactionRoutes } from './transactions.js'
import { compileValidator } from './validate.js'
import { verificationSessionRoutes } from './verification-sessions.js'
import { webhookRoutes } from './webhooks.js'

export type { MethodDesk } from './caller.js'
export { ELEMENTS_PATH, type ElementDesk, elementPages } from './elements-page.js'
export { methodIds } from './ids.js'
export { PersonasBody, readPersonas } from './personas.js'
export { methodSpeller } from './spelling.js'
export { VERSION_DATES } from './versions/versions.js'

/** The face over what wiring hands it; register it under a prefix. */
export function methodFace(desk: MethodDesk): FastifyPluginAsync {
  return async (app) => {
    for (const name of requestDecorators) app.decorateRequest(name, null)
    acceptBodies(app)
    app.setValidatorCompiler(compileValidator)
    app.setSerializerCompiler(compileSerializer)
    app.setErrorHandler(sendFailure)
    refuseUnknownRoutes(app, ({ isPathKnown, message }, reply) => {
      const row = isPathKnown ? httpErrors.methodNotAllowed : httpErrors.notFound
      return send(reply, spellFailure(row, message), 'bypassed')
    })
    app.addHook('onRequest', async (request, reply) => {
      nameRequest(desk, reply)
      if (isPublic(request.routeOptions.config)) return
      await admit(desk, request)
      // Before anything is said about a path or a body. Contract: method/simulate §0.
      const path = request.routeOptions.url ?? pathOf(request.url)
      if (path.startsWith(`${app.prefix}/simulate/`)) refuseRealThings(callerOf(request).ctx)
    })
    await app.register(swagger, { openapi: openApiFacts })
    await app.register(async (routes) => {
      pingRoute(routes)
      jwksRoute(routes, desk)
      entityRoutes(routes)
      verificationSessionRoutes(routes)
      snaLinkRoute(routes, desk)
      consentRoutes(routes)
      connectRoutes(routes)
      consumerRetrievalRoutes(routes)
      elementRoutes(routes)
      opalRoutes(routes, desk)
      accountRoutes(routes)
      accountVerificationRoutes(routes)
      accountRetrievalRoutes(routes)
      paymentInstrumentRoutes(routes)
      cardProductRoutes(routes)
      cardArtRoute(routes, desk)
      productRoutes(routes)
      subscriptionRoutes(routes)
      transactionRoutes(routes)
      manualConnectRoutes(routes)
      merchantRoutes(routes)
      paymentRoutes(routes)
      reversalRoutes(routes)
      reportRoutes(routes)
      webhookRoutes(routes)
      eventRoutes(routes)
      personaRoutes(routes)
      simulatedAccountRoutes(routes)
      simulatedEntityRoutes(routes)
      simulatedEventRoutes(routes)
      clockRoutes(routes, desk)
      simulatedPaymentRoutes(routes)
    })
    app.get('/openapi.json', { schema: { hide: true }, config: { isPublic: true } }, async () => app.swagger())
  }
}

/** Whose request it is and which version it speaks, once that is known. */
export function methodCaller(request: FastifyRequest): { readonly teamId: string; readonly version: string } | null {
  const caller = findCaller(request)
  return caller && { teamId: caller.ctx.team.id, version: caller.version }
}

const openApiFacts = {
  openapi: '3.1.0' as const,
  info: {
    title: 'Clearspan: method face',
    version: '2024-04-04',
    description: 'Wire-compatible with Method Financial.',
  },
  components: {
    securitySchemes: {
      key: { type: 'http' as const, scheme: 'bearer' },
      opal_token: { type: 'http' as const, scheme: 'bearer' },
    },
  },
  security: [{ key: [] }],
}

function isPublic(config: object): boolean {
  return 'isPublic' in config && config.isPublic === true
}
