/**
 * Proof that a phone, or an identity, is the consumer's own. A session is begun by a method, answered once, and ends; what
 * it proved is noted at the consumer. Contract: method/entities §2.
 */
import type { Page, PageRequest } from '../../db/pages.js'
import { getConsumer } from '../consumers/consumers.js'
import type { Asking, Ctx, Reading } from '../ctx.js'
import { type ConsumerId, readId, type VerificationSessionId } from '../ids.js'
import { pageRefusal } from '../pages.js'
import { refuseRealThings } from '../simulation/simulation.js'
import type { WantedSession } from './answer.js'
import { refuse } from './errors.js'
import { expireOverdue, isOverdue } from './expiry.js'
import { openSecret } from './secrets.js'
import type { VerificationSession } from './sessions.js'
import * as store from './store.js'

export { answerSession, type WantedSession } from './answer.js'
export { checkNewSession, createSession, recordServerSession, type ServerSession } from './begin.js'
export { expireOverdue, sessionExpiry } from './expiry.js'
export { answerPageSession, checkPageSession, createPageSession, type PageSubmission } from './in-page.js'
export { openLink } from './links.js'
export { CHANNELS, type Channel } from './methods/define.js'
export { METHODS, offeredMethods, type SessionDetail, type Submission } from './methods.js'
export { adoptProof } from './prior-proof.js'
export type { Question } from './quiz.js'
export type { VerificationSession } from './sessions.js'
export { type FailureReason, SESSION_STATUSES } from './transitions.js'

/** Refuses `verification.not_found`. A session whose time is over is seen as failed. */
export async function getSession(
  ctx: Ctx<Exclude<Asking, 'network'>>,
  wanted: WantedSession,
): Promise<VerificationSession> {
  const session = await findSession(ctx, wanted)
  if (!session) throw refuse('verification.not_found')
  if (!isOverdue(ctx, session)) return session
  await expireOverdue(ctx, wanted)
  return (await findSession(ctx, wanted)) ?? session
}

/** The sessions of a consumer, newest first. Refuses `consumer.not_found`, `request.unknown_cursor`. */
export async function listSessions(
  ctx: Ctx<Reading>,
  consumerId: string,
  request: PageRequest,
): Promise<Page<VerificationSession>> {
  const consumer = await getConsumer(ctx, consumerId)
  const page = await store.listSessions(ctx, consumer.id, request)
  if (!page) throw pageRefusal()
  return page
}

/** Sessions by id, for showing them inside another resource. */
export function findSessions(
  ctx: Ctx<Reading>,
  ids: readonly VerificationSessionId[],
): Promise<readonly VerificationSession[]> {
  return ids.length === 0 ? Promise.resolve([]) : store.findSessions(ctx, ids)
}

/**
 * The code that was sent for a session by sms, for rehearsals. Refuses `simulation.forbidden`, `verification.not_found`,
 * `verification.no_code`.
 */
export async function rehearsedCode(ctx: Ctx<Reading | 'network' | 'vault'>, wanted: WantedSession): Promise<string> {
  refuseRealThings(ctx)
  const session = await findSession(ctx, wanted)
  if (!session) throw refuse('verification.not_found')
  const sealed = session.method === 'sms' ? await store.findSealed(ctx, session.id) : null
  const code = openSecret(ctx, session.id, sealed)
  if (code === null) throw refuse('verification.no_code')
  return code
}

/** Forgets what the sessions of a consumer know of the person: questions, and the answers to them. */
export function eraseSessions(ctx: Ctx<'tx' | 'team'>, consumerId: ConsumerId): Promise<void> {
  return store.eraseSessions(ctx, consumerId)
}

async function findSession(ctx: Ctx<Reading>, wanted: WantedSession): Promise<VerificationSession | null> {
  const consumerId = readId<ConsumerId>(wanted.consumerId)
  const sessionId = readId<VerificationSessionId>(wanted.sessionId)
  return consumerId && sessionId && store.findSession(ctx, { consumerId, sessionId })
}
