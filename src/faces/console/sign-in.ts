/**
 * Getting in and out. The cookie is the session and scripts cannot read it; a change also needs a token that only a page of
 * the console can read, and comes from no other site, as far as the browser tells.
 */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  endOperatorSession,
  endOperatorSessions,
  enterByLink,
  listOperatorSessions,
  type NewSession,
  pageToken,
  readSession,
  SESSION_SECONDS,
  signIn,
} from '../../core/operators/operators.js'
import { Failure } from './answers.js'
import { bodyOf } from './bodies.js'
import { type ConsoleDesk, noteSignedIn, signedIn } from './desk.js'

const COOKIE = 'clearspan_console'
const TOKEN_HEADER = 'x-console-token'
const COOKIE_PATH = '/dashboard'

const Entering = Type.Union([
  Type.Object({ link: Type.String({ maxLength: 200 }) }),
  Type.Object({ password: Type.String({ maxLength: 1000 }) }),
])

/** What nobody has to be signed in for. */
export function signInRoutes(app: FastifyInstance, desk: ConsoleDesk): void {
  app.addHook('onRequest', async (request) => refuseOthersPages(desk, request))
  app.get('/session', async (request) => {
    const found = await findSession(desk, request)
    return found
      ? { isSignedIn: true, token: pageToken(found.secret), sessionId: found.session.id }
      : { isSignedIn: false, usesPassword: !desk.isPrivate }
  })
  app.post('/session', async (request, reply) => {
    const entering = bodyOf(Entering, request)
    const agent = request.headers['user-agent'] ?? ''
    const begun =
      'link' in entering
        ? await byLink(desk, entering.link, agent)
        : await byPassword(desk, { password: entering.password, agent, address: request.ip })
    giveCookie(desk, reply, begun.secret)
    return { isSignedIn: true, token: pageToken(begun.secret), sessionId: begun.session.id }
  })
}

/** The sessions of operators: leaving, and having others leave. For who is signed in. */
export function sessionRoutes(app: FastifyInstance, desk: ConsoleDesk): void {
  const { base } = desk
  app.get('/sessions', async (request) => ({
    current: signedIn(request).session.id,
    items: await listOperatorSessions(base),
  }))
  app.delete('/sessions/:id', async (request) => {
    await endOperatorSession(base, (request.params as { readonly id: string }).id)
    return {}
  })
  app.delete('/sessions', async () => {
    await endOperatorSessions(base)
    return {}
  })
  app.delete('/session', async (request, reply) => {
    await endOperatorSession(base, signedIn(request).session.id)
    reply.clearCookie(COOKIE, { path: COOKIE_PATH })
    return {}
  })
}

/** For every route but those of `signInRoutes`. */
export async function admit(desk: ConsoleDesk, request: FastifyRequest): Promise<void> {
  refuseOthersPages(desk, request)
  const found = await findSession(desk, request)
  if (!found) throw new Failure(401, 'Sign in first.')
  if (isChange(request) && !isTokenOf(found.secret, request.headers[TOKEN_HEADER])) {
    throw new Failure(403, `The header ${TOKEN_HEADER} does not belong to this session. Load the page again.`)
  }
  noteSignedIn(request, found)
}

/** A change that a page of somebody else asks for, with the cookies of whoever looks at it. */
function refuseOthersPages({ publicUrl }: ConsoleDesk, request: FastifyRequest): void {
  if (!isChange(request)) return
  const { origin, host, 'sec-fetch-site': site } = request.headers
  // A proxy may pass its own name on as the host.
  const own = [host, new URL(publicUrl).host]
  const isOwn = origin === undefined || (URL.canParse(origin) && own.includes(new URL(origin).host))
  if (!isOwn || (site !== undefined && site !== 'same-origin')) {
    throw new Failure(403, 'Only pages of this server may ask for that.')
  }
}

function isChange({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

async function findSession({ base }: ConsoleDesk, request: FastifyRequest) {
  const secret = request.cookies[COOKIE]
  if (!secret) return null
  const session = await readSession(base, secret)
  return session && { session, secret }
}

function isTokenOf(secret: string, given: string | string[] | undefined): boolean {
  const [wanted, sent] = [Buffer.from(pageToken(secret)), Buffer.from(String(given))]
  return wanted.length === sent.length && timingSafeEqual(wanted, sent)
}

async function byLink({ base, isPrivate }: ConsoleDesk, link: string, agent: string): Promise<NewSession> {
  if (!isPrivate) throw new Failure(403, 'Others can reach this server, so links let nobody in. Use the password.')
  const begun = await enterByLink(base, { link, agent })
  if (!begun) throw new Failure(401, 'This link was used before, or it is more than a day old.')
  return begun
}

const WORDS = {
  wrong: [401, 'That is not the password.'],
  too_many: [429, 'Too many wrong passwords. Wait a quarter of an hour.'],
  no_password: [401, 'No password is set yet. On the server, run: npx clearspan console password'],
} as const

async function byPassword({ base }: ConsoleDesk, given: Parameters<typeof signIn>[1]): Promise<NewSession> {
  const begun = await signIn(base, given)
  if (typeof begun !== 'string') return begun
  const [status, message] = WORDS[begun]
  throw new Failure(status, message)
}

function giveCookie({ isPrivate }: ConsoleDesk, reply: FastifyReply, secret: string): void {
  reply.setCookie(COOKIE, secret, {
    path: COOKIE_PATH,
    httpOnly: true,
    sameSite: 'strict',
    secure: !isPrivate,
    maxAge: SESSION_SECONDS,
  })
}
