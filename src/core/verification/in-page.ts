/**
 * Sessions that a person answers in a hosted page of ours. They bear the method of the page, which no caller may ask for;
 * what is asked, and what a right answer is, are those of the methods that callers have. Contract: method/entities §2.3.6.
 */
import { getConsumer, noteVerification, refuseDisabled, takeConsumer } from '../consumers/consumers.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { type ConsumerId, newId, readId, type VerificationSessionId } from '../ids.js'
import { refusalAfter, type WantedSession } from './answer.js'
import { limitAttempts, limitAttemptsInTurn, phoneHashOf } from './attempts.js'
import { addSession, phoneOf, refuseUnfit, refuseUnready } from './begin.js'
import { refuse } from './errors.js'
import type { Begun, CallerMade, Channel } from './methods/define.js'
import type { ElementDetail } from './methods/element.js'
import { type KbaDetail, type KbaSubmission, kba } from './methods/kba.js'
import { type SmsDetail, type SmsSubmission, sms } from './methods/sms.js'
import { offeredMethods } from './methods.js'
import { openSecret } from './secrets.js'
import { endSession, type VerificationSession } from './sessions.js'
import * as store from './store.js'

export type PageSubmission = SmsSubmission | KbaSubmission

type Inner = CallerMade<SmsDetail | KbaDetail, PageSubmission>
const inner = { phone: sms.caller, identity: kba.caller } as unknown as Readonly<Record<Channel, Inner>>
const answersWith: Readonly<Record<Channel, PageSubmission['method']>> = { phone: 'sms', identity: 'kba' }

export interface CheckedPageSession {
  readonly id: VerificationSessionId
  readonly consumerId: ConsumerId
  readonly channel: Channel
  readonly begun: Begun<ElementDetail>
}

/**
 * Checks that a session may be made in a page, and begins it outside: sends the code, fetches the questions. Refuses
 * `consumer.not_found`, `verification.individuals_only`, `consumer.disabled`, `verification.method_not_allowed`,
 * `.already_verified`, `.phone_first`, `.no_match`, `.no_phone`, `.too_many_attempts`, `.text_not_sent`.
 */
export async function checkPageSession(
  ctx: Ctx<Asking>,
  id: string,
  { channel, token }: { readonly channel: Channel; readonly token: string },
): Promise<CheckedPageSession> {
  const consumer = await getConsumer(ctx, id)
  refuseUnfit(consumer)
  if (!offeredMethods(ctx.team, channel).includes('element')) throw refuse('verification.method_not_allowed')
  refuseUnready(consumer, channel)
  if (channel === 'phone') await limitAttempts(ctx, phoneHashOf(ctx, phoneOf(consumer)))
  const sessionId = newId<VerificationSessionId>(ctx.chance)
  const begun = await inner[channel].begin(ctx, { sessionId, consumer, timestamp: null })
  return {
    id: sessionId,
    consumerId: consumer.id,
    channel,
    begun: { ...begun, detail: outer(token, begun.detail) },
  }
}

/** Makes the session; one that needs no answer is verified at once. Refuses as the check, against the consumer as it is now. */
export async function createPageSession(
  ctx: Ctx<Writing>,
  { id, consumerId, channel, begun }: CheckedPageSession,
): Promise<VerificationSession> {
  const consumer = await takeConsumer(ctx, consumerId)
  refuseUnfit(consumer)
  refuseUnready(consumer, channel)
  if (channel === 'phone') await limitAttemptsInTurn(ctx, phoneHashOf(ctx, phoneOf(consumer)))
  return addSession(ctx, consumer, { id, channel, method: 'element', begun })
}

/**
 * Takes the person's answer: right, and the session is verified; wrong, and it has failed with a reason. There is one
 * attempt. Refuses `consumer.not_found`, `verification.not_found`, `consumer.disabled`, `verification.mismatch`,
 * `.already_verified`, and what the session failed of. Call `expireOverdue` before.
 */
export async function answerPageSession(
  ctx: Ctx<Writing>,
  wanted: WantedSession,
  submission: PageSubmission,
): Promise<VerificationSession> {
  const consumer = await takeConsumer(ctx, (await getConsumer(ctx, wanted.consumerId)).id)
  const sessionId = readId<VerificationSessionId>(wanted.sessionId)
  const held = sessionId && (await store.takeSession(ctx, { consumerId: consumer.id, sessionId }))
  if (!held) throw refuse('verification.not_found')
  refuseDisabled(consumer)
  const { session, answersSealed } = held
  const { channel, detail } = session
  const { answered } = inner[channel]
  if (detail.method !== 'element' || submission.method !== answersWith[channel] || !answered) {
    throw refuse('verification.mismatch')
  }
  if (session.status === 'verified') throw refuse('verification.already_verified')
  if (session.statusReason) throw refuse(refusalAfter[session.statusReason])
  const secret = openSecret(ctx, session.id, answersSealed)
  const judged = answered.judge(ctx, { detail: innerDetail(channel, detail), submission, secret })
  const { isVerified } = judged
  const after = await endSession(ctx, session, {
    status: isVerified ? 'verified' : 'failed',
    statusReason: isVerified ? null : answered.failure,
    detail: outer(detail.token, judged.detail),
  })
  if (isVerified) await noteVerification(ctx, consumer, { id: session.id, channel, isNew: false, isVerified })
  return after
}

function outer(token: string, detail: SmsDetail | KbaDetail): ElementDetail {
  const common = { method: 'element', token } as const
  return detail.method === 'sms'
    ? { ...common, verifiedAt: detail.verifiedAt, questions: [], isAuthenticated: false }
    : { ...common, verifiedAt: null, questions: detail.questions, isAuthenticated: detail.isAuthenticated }
}

function innerDetail(channel: Channel, { verifiedAt, questions, isAuthenticated }: ElementDetail) {
  return channel === 'phone'
    ? ({ method: 'sms', verifiedAt } as const)
    : ({ method: 'kba', questions, isAuthenticated } as const)
}
