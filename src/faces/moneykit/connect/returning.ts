/**
 * The way back from the pages of an institution. Each visit has a state of its own, signed, so that nobody is led back into
 * another's session, and good until the consumer is back: it leads to the session's `redirect_uri` and nowhere else.
 * Contract: moneykit/connect §4.5; abuse test A10.
 */
import type { FastifyInstance } from 'fastify'
import { type ConnectSession, getConnectSession, isAwaitedBack } from '../../../core/connections/connections.js'
import { spellRandom, type TeamId } from '../../../core/ids.js'
import { Refusal } from '../../../core/refuse.js'
import { forTeamOf } from '../../../core/teams/teams.js'
import { sendPage } from '../../hosted-page.js'
import type { ConnectDesk, Visitor } from './visitors.js'

const USE = 'institution_visit'
const PATH = '/connect/link/back'
const NONCE_LENGTH = 20

interface State {
  readonly teamId: TeamId
  readonly sessionId: string
  readonly text: string
}

/** Where an institution sends the consumer of a session after this visit. */
export async function newReturnUrl(desk: ConnectDesk, { ctx, session }: Visitor): Promise<string> {
  const nonce = spellRandom(ctx.chance, NONCE_LENGTH)
  const state = await desk.signer.sign('token', { use: USE, team: ctx.team.id, sub: session.id, nonce })
  return returnUrlIn(desk, state)
}

export function returnUrlIn({ pagesUrl }: ConnectDesk, state: string): string {
  return `${pagesUrl}${PATH}?state=${state}`
}

/** The state in an address that a consumer came back to; null where there is none of ours. */
export async function readReturn(desk: ConnectDesk, address: string): Promise<State | null> {
  if (!URL.canParse(address)) return null
  return readState(desk, new URL(address).searchParams.get('state') ?? '')
}

async function readState({ signer }: ConnectDesk, text: string): Promise<State | null> {
  const claims = await signer.read('token', text)
  if (claims?.use !== USE) return null
  return { teamId: claims.team as TeamId, sessionId: claims.sub as string, text }
}

export function returnRoutes(app: FastifyInstance, desk: ConnectDesk): void {
  app.get(PATH, { schema: { hide: true } }, async ({ query }, reply) => {
    const { state: given, error } = query as Readonly<Record<string, unknown>>
    const state = typeof given === 'string' ? await readState(desk, given) : null
    const session = state && (await awaited(desk, state))
    if (!state || !session) {
      return sendPage(reply.code(400), await desk.pages('connect/used.html'), { frameAncestors: [] })
    }
    const address = new URL(session.redirectUri)
    address.searchParams.set('state', state.text)
    if (error !== undefined) address.searchParams.set('error', 'access_denied')
    return reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).redirect(address.href, 302)
  })
}

/** The session whose consumer is expected back with this state; null where nobody is. */
async function awaited(desk: ConnectDesk, { teamId, sessionId, text }: State): Promise<ConnectSession | null> {
  try {
    const ctx = await forTeamOf(desk.base, teamId)
    const isAwaited = await isAwaitedBack(ctx, sessionId, returnUrlIn(desk, text))
    return isAwaited ? await getConnectSession(ctx, sessionId) : null
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
