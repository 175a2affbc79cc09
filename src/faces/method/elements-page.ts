/**
 * The hosted page of elements, and what it asks of the server. The element token opens the page once; from then on the page
 * shows, with the token, a secret that it alone was given. The browser keeps that in a cookie which no script can read and
 * which is sent to the opening alone, so a reload goes on and nothing else is admitted. Contract: method/entities §12.5.
 */
import { createHash } from 'node:crypto'
import cookies from '@fastify/cookie'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { forTeam } from '../../core/clock/clock.js'
import type { Asking, Base, Ctx } from '../../core/ctx.js'
import { act, failPage, type PageState, showPage } from '../../core/element-flow/element-flow.js'
import { Refusal } from '../../core/refuse.js'
import { type Element, openElement, resumeElement, teamOfElement } from '../../core/sessions/sessions.js'
import { hostedOrigins, type Team } from '../../core/teams/teams.js'
import { type HostedPages, LOOPBACK_ORIGINS, sendPage } from '../hosted-page.js'
import { explain } from './answers.js'
import { acceptBodies } from './bodies.js'
import { ActionBody, readAction } from './element-actions.js'
import { lostMessages, messageWire } from './element-wire.js'
import { type ErrorRow, errorBody } from './errors.js'
import { compileSerializer } from './serialize.js'
import { compileValidator } from './validate.js'
import type { Wire } from './versions/versions.js'

/** What wiring hands to the page. */
export interface ElementDesk {
  readonly base: Base
  readonly pages: HostedPages
}

export const ELEMENTS_PATH = '/connect/elements'
const API = `${ELEMENTS_PATH}/api`
const SECRET_HEADER = 'x-element-page'
const COOKIE_LIFE_S = 60 * 60
const SDK_AGE_S = 300

/** The page, its back end, and the script with which customers embed it; register it without a prefix. */
export function elementPages(desk: ElementDesk): FastifyPluginAsync {
  return async (app) => {
    acceptBodies(app)
    await app.register(cookies)
    app.setValidatorCompiler(compileValidator)
    app.setSerializerCompiler(compileSerializer)
    app.setErrorHandler(sendPageFailure)
    pageRoutes(app, desk)
    sdkRoute(app, desk)
    await app.register(async (api) => {
      api.addHook('onRequest', async (request, reply) => {
        reply.header('cache-control', 'no-store')
        refuseForeignPage(request)
      })
      backEnd(api, desk)
    })
  }
}

function pageRoutes(app: FastifyInstance, { base, pages }: ElementDesk): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const { token } = request.query as { readonly token?: unknown }
    const team = typeof token === 'string' ? await teamOfElement(base, token) : null
    const framers = framersOf(team)
    const html = await pages('connect/elements.html')
    return sendPage(reply, withFramers(html, framers), { frameAncestors: framers })
  }
  for (const url of [ELEMENTS_PATH, `${ELEMENTS_PATH}/`]) app.get(url, { schema: { hide: true } }, handler)
}

/** Of a token that nobody made, nobody's page is shown: a rehearsal is told so, and others see nothing. */
function framersOf(team: Team | null): readonly string[] {
  return (team && hostedOrigins(team)) ?? LOOPBACK_ORIGINS
}

// The page tells nobody else what happens in it. The origins were checked when they were settled, and hold no quotes.
function withFramers(html: string, framers: readonly string[]): string {
  const origins = framers.filter((origin) => /^[\w.:/[\]*-]+$/.test(origin))
  return html.replace('<head>', `<head><meta name="framers" content="${origins.join(' ')}">`)
}

function sdkRoute(app: FastifyInstance, { pages }: ElementDesk): void {
  app.get('/elements/v1/stable/init.js', { schema: { hide: true } }, async (_, reply) =>
    reply
      .headers({
        'cache-control': `public, max-age=${SDK_AGE_S}`,
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
      })
      .type('text/javascript; charset=utf-8')
      .send(await pages('embed/elements.js')),
  )
}

function backEnd(app: FastifyInstance, { base }: ElementDesk): void {
  app.post(`${API}/open`, { schema: { hide: true } }, async (request, reply) => {
    const token = tokenOf(request)
    const cookie = cookieOf(token)
    const held = request.cookies[cookie]
    const resumed = held === undefined ? null : await resumeElement(base, { token, pageSecret: held }).catch(forgotten)
    const opened = resumed && held ? { ...resumed, pageSecret: held } : await openElement(base, token)
    const { element, team, pageSecret } = opened
    reply.setCookie(cookie, pageSecret, {
      path: `${API}/open`,
      httpOnly: true,
      secure: true,
      // In a frame of another site no other cookie is sent; each embedding site has its own.
      sameSite: 'none',
      partitioned: true,
      maxAge: COOKIE_LIFE_S,
    })
    const seen = resumed ? element.events.length : 0
    const answer = await guarded(await ctxOf(base, team), element, seen, reply, (ctx) => showPage(ctx, element, token))
    return { ...answer, pageSecret }
  })

  app.get(`${API}/page`, { schema: { hide: true } }, async (request, reply) => {
    const { ctx, element, token } = await admitted(base, request)
    return guarded(ctx, element, element.events.length, reply, () => showPage(ctx, element, token))
  })

  app.post(`${API}/act`, { schema: { hide: true, body: ActionBody } }, async (request, reply) => {
    const { ctx, element, token } = await admitted(base, request)
    const action = readAction(request.body as ActionBody)
    return guarded(ctx, element, element.events.length, reply, () => act(ctx, element, token, action))
  })
}

async function admitted(base: Base, request: FastifyRequest) {
  const token = tokenOf(request)
  const pageSecret = String(request.headers[SECRET_HEADER] ?? '')
  const { element, team } = await resumeElement(base, { token, pageSecret })
  return { ctx: await ctxOf(base, team), element, token }
}

function ctxOf(base: Base, team: Team): Promise<Ctx<Asking>> {
  return forTeam(base, team)
}

/** What the person can mend; every other refusal ends the page. */
const MENDABLE =
  /^(consumer\.(invalid_.+|restricted_details|duplicate_details|already_set)|element_flow\..+|account_verification\.(mismatch|not_ready|network_unreachable))$/

/** Answers with the screen and with what the page has to tell since it was asked last. */
async function guarded(
  ctx: Ctx<Asking>,
  element: Element,
  seen: number,
  reply: FastifyReply,
  work: (ctx: Ctx<Asking>) => Promise<PageState>,
): Promise<Wire> {
  try {
    const state = await work(ctx)
    return { screen: state.screen as Wire | null, messages: messagesSince(state.element, seen), flaw: null }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, fault } = error
    if (MENDABLE.test(code)) {
      return { screen: null, messages: [], flaw: { code, member: fault?.member ?? null } }
    }
    // What cannot be done now may be asked again.
    if (explain(error).row.status >= 500) throw error
    const ended = await failPage(ctx, element, error)
    reply.code(explain(error).row.status)
    return { screen: null, messages: messagesSince(ended, seen), failure: code }
  }
}

function messagesSince(element: Element, seen: number): readonly Wire[] {
  return element.events.slice(seen).map((event) => messageWire(element, event))
}

function tokenOf({ headers }: FastifyRequest): string {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
}

/** One for each token, so that two pages of one browser do not meet. */
function cookieOf(token: string): string {
  return `element_${createHash('sha256').update(token).digest('hex').slice(0, 16)}`
}

function forgotten(error: unknown): null {
  if (error instanceof Refusal) return null
  throw error
}

const foreignPage: ErrorRow = { status: 403, type: 'INVALID_REQUEST', subType: 'FORBIDDEN' }

/** Only the page itself may ask: no other page in the browser, wherever it comes from. Abuse test A9. */
function refuseForeignPage({ headers }: FastifyRequest): void {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  const isForeign = (site !== undefined && site !== 'same-origin') || (origin !== undefined && hostOf(origin) !== host)
  if (isForeign) throw Object.assign(new Error('Only the page itself may ask this.'), { isForeignPage: true })
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

/** What could not be done at all: the page says so to the person, and for a lost token to whoever embeds it. */
function sendPageFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isForeign = typeof error === 'object' && error !== null && 'isForeignPage' in error
  const { row, message } = isForeign
    ? { row: foreignPage, message: (error as unknown as Error).message }
    : explain(error)
  if (row.status >= 500) request.log.error({ err: error }, 'method.page_failed')
  const isLost = error instanceof Refusal && error.code.startsWith('element.')
  return reply.code(row.status).send({
    ...errorBody(row, message),
    ...(isLost ? { failure: error.code, messages: lostMessages(error) } : {}),
  })
}
