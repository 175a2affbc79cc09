/**
 * The operators' console: its page, and what the page asks. No vendor's protocol and no promise to programs; whoever is signed
 * in sees every team, one at a time.
 */
import { randomBytes } from 'node:crypto'
import cookies from '@fastify/cookie'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { listTeams } from '../../core/teams/teams.js'
import { sendPage } from '../hosted-page.js'
import { notFound, sendFailure } from './answers.js'
import { type ConsoleDesk, requestDecorators } from './desk.js'
import { drivingRoutes } from './driving.js'
import { eventRoutes } from './events.js'
import { keyRoutes, newTeamRoute } from './keys.js'
import { liveRoute } from './live.js'
import { overviewRoute } from './overview.js'
import { rehearsalRoutes } from './rehearsals.js'
import { reportRoutes } from './reports.js'
import { requestRoutes } from './requests.js'
import { resourceRoutes } from './resources.js'
import { searchRoute } from './search.js'
import { admit, sessionRoutes, signInRoutes } from './sign-in.js'
import { webhookRoutes } from './webhooks.js'

export type { ConsoleDesk } from './desk.js'

const BODY_BYTES_MAX = 200_000

/** Register it under `/dashboard`. */
export function consoleFace(desk: ConsoleDesk): FastifyPluginAsync {
  return async (app) => {
    await app.register(cookies)
    await app.register(api(desk), { prefix: '/api' })
    const page = async () => {
      const styleNonce = randomBytes(16).toString('base64url')
      return { styleNonce, html: (await desk.pages('dashboard/index.html')).replaceAll('STYLE_NONCE', styleNonce) }
    }
    for (const path of ['/', '/*']) {
      app.get(path, { schema: { hide: true } }, async (_, reply) => {
        const { html, styleNonce } = await page()
        return sendPage(reply, html, { frameAncestors: [], styleNonce })
      })
    }
  }
}

function api(desk: ConsoleDesk): FastifyPluginAsync {
  return async (app) => {
    for (const name of requestDecorators) app.decorateRequest(name, null)
    app.removeAllContentTypeParsers()
    app.addContentTypeParser(
      'application/json',
      { parseAs: 'string', bodyLimit: BODY_BYTES_MAX },
      app.getDefaultJsonParser('error', 'error'),
    )
    app.setErrorHandler(sendFailure)
    // Otherwise the page would be the answer to whatever is not here.
    app.all('/*', { schema: { hide: true } }, () => {
      throw notFound('place')
    })
    app.addHook('onSend', async (_, reply) => {
      reply.headers({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      })
    })
    await app.register(async (open) => signInRoutes(open, desk))
    await app.register(async (guarded) => {
      guarded.addHook('onRequest', (request) => admit(desk, request))
      sessionRoutes(guarded, desk)
      teamRoutes(guarded, desk)
    })
  }
}

function teamRoutes(app: FastifyInstance, desk: ConsoleDesk): void {
  app.get('/teams', async () => ({
    items: (await listTeams(desk.base)).map(({ id, name, environment }) => ({ id, name, environment })),
  }))
  newTeamRoute(app, desk)
  app.register(
    async (team) => {
      overviewRoute(team, desk)
      liveRoute(team, desk)
      resourceRoutes(team, desk)
      eventRoutes(team, desk)
      requestRoutes(team, desk)
      webhookRoutes(team, desk)
      drivingRoutes(team, desk)
      rehearsalRoutes(team, desk)
      keyRoutes(team, desk)
      reportRoutes(team, desk)
      searchRoute(team, desk)
    },
    { prefix: '/teams/:team' },
  )
}
