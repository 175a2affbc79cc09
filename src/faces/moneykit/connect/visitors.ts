/**
 * Who stands in front of the page: whoever has the token of a session, framed by a page of the team's own. The token is all
 * the page has, since its frame may have no cookies. Contract: moneykit/connect §2, §4.1.
 */
import type { FastifyRequest } from 'fastify'
import { type ConnectSession, getConnectSession } from '../../../core/connections/connections.js'
import type { Asking, Base, Ctx } from '../../../core/ctx.js'
import type { Signer } from '../../../core/signing/signing.js'
import { forTeamOf, hostedOrigins, moneykitRules } from '../../../core/teams/teams.js'
import type { HostedPages } from '../../hosted-page.js'
import { readSessionToken } from '../session-tokens.js'
import { PageFailure } from './failures.js'

/** What wiring hands to the pages. */
export interface ConnectDesk {
  readonly base: Base
  readonly signer: Signer
  readonly pages: HostedPages
  /** How callers reach the face, and browsers the pages; without a slash at the end. */
  readonly publicUrl: string
  readonly pagesUrl: string
}

export interface Visitor {
  readonly ctx: Ctx<Asking>
  readonly session: ConnectSession
}

/** The session of a token, whatever its status; null for a text that is no token. */
export async function findVisitor({ base, signer }: ConnectDesk, token: string): Promise<Visitor | null> {
  const known = await readSessionToken(signer, token)
  if (!known) return null
  const ctx = await forTeamOf(base, known.teamId)
  return { ctx, session: await getConnectSession(ctx, known.sessionId) }
}

/** Whoever sends a request of the page. Throws `session_invalid` for nobody. */
export async function visitorOf(desk: ConnectDesk, request: FastifyRequest): Promise<Visitor> {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  const visitor = token === undefined ? null : await findVisitor(desk, token)
  if (!visitor) throw new PageFailure(401, 'session_invalid')
  return visitor
}

const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/
const BARE_ORIGIN = /^https?:\/\/[\w.[\]:-]+$/

/**
 * Whose pages may hold the page in a frame and hear from it: those of the session's own origin and of those that are
 * settled for the team; where none are, in development any port of this machine. Where nothing is known of a session, its page has nothing to tell, and may be
 * framed by whoever asks.
 */
export function framersOf(visitor: Visitor | null, asking: string): readonly string[] {
  const asked = BARE_ORIGIN.test(asking) ? [asking] : []
  if (!visitor) return asked
  const { team } = visitor.ctx
  const hosted = hostedOrigins(team)
  const own = [new URL(visitor.session.redirectUri).origin, ...(moneykitRules(team).redirectOrigins ?? [])]
  const others = hosted ?? asked.filter((origin) => LOOPBACK.test(origin))
  return [...new Set([...own, ...others])]
}
