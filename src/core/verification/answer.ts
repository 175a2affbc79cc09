import { getConsumer, noteVerification, refuseDisabled, takeConsumer } from '../consumers/consumers.js'
import type { Ctx, Writing } from '../ctx.js'
import { readId, type VerificationSessionId } from '../ids.js'
import { refuse, type VerificationRefusal } from './errors.js'
import type { Channel } from './methods/define.js'
import { definitionOf, type Submission } from './methods.js'
import { openSecret } from './secrets.js'
import { endSession, type VerificationSession } from './sessions.js'
import * as store from './store.js'
import type { FailureReason } from './transitions.js'

/** A consumer's session, by the caller's texts: ones that are no ids name nothing. */
export interface WantedSession {
  readonly consumerId: string
  readonly sessionId: string
}

export interface AnswerInput {
  readonly channel: Channel
  readonly method: string
  /** Null when the request has no answer in it. */
  readonly submission: Submission | null
}

/**
 * Takes the consumer's answer: right, and the session is verified; wrong, and it has failed with a reason. There is one
 * attempt. Refuses, in this order, `consumer.not_found`, `verification.not_found`, `consumer.disabled`,
 * `verification.mismatch`, `.method_not_allowed`, `.mismatch` for a missing answer, `.already_verified`, and what the
 * session failed of. Call `expireOverdue` before.
 */
export async function answerSession(
  ctx: Ctx<Writing>,
  wanted: WantedSession,
  input: AnswerInput,
): Promise<VerificationSession> {
  const consumer = await takeConsumer(ctx, (await getConsumer(ctx, wanted.consumerId)).id)
  const sessionId = readId<VerificationSessionId>(wanted.sessionId)
  const held = sessionId && (await store.takeSession(ctx, { consumerId: consumer.id, sessionId }))
  if (!held) throw refuse('verification.not_found')
  refuseDisabled(consumer)
  const { session, answersSealed } = held
  if (input.channel !== session.channel || input.method !== session.method) throw refuse('verification.mismatch')
  const answered = definitionOf(session.method).caller?.answered
  if (!answered) throw refuse('verification.method_not_allowed')
  const { submission } = input
  if (submission?.method !== session.method) throw refuse('verification.mismatch', answered.missing)
  if (session.status === 'verified') throw refuse('verification.already_verified')
  if (session.statusReason) throw refuse(refusalAfter[session.statusReason])
  const secret = openSecret(ctx, session.id, answersSealed)
  const { isVerified, detail } = answered.judge(ctx, { detail: session.detail, submission, secret })
  const after = await endSession(ctx, session, {
    status: isVerified ? 'verified' : 'failed',
    statusReason: isVerified ? null : answered.failure,
    detail,
  })
  if (isVerified) {
    await noteVerification(ctx, consumer, { id: session.id, channel: session.channel, isNew: false, isVerified })
  }
  return after
}

/** What a request to a session that failed is told. */
export const refusalAfter = {
  expired: 'verification.expired',
  incorrect_code: 'verification.failed_code',
  phone_unconfirmed: 'verification.failed_sna',
  invalid_answer: 'verification.failed_answer',
} as const satisfies Record<FailureReason, VerificationRefusal>
