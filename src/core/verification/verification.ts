import { inTx } from '../../db/database.js'
import type { Page, PageRequest } from '../../db/pages.js'
import type { IdentityQuiz } from '../../network/port.js'
import { addMs } from '../clock/clock.js'
import { type Consumer, getConsumer, noteVerification, takeConsumer } from '../consumers/consumers.js'
import type { Asking, Ctx, Reading, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type ConsumerId, newId, readId, type VerificationSessionId } from '../ids.js'
import { pageRefusal } from '../pages.js'
import { refuse } from './errors.js'
import { type Channel, channelOf, METHODS, type Method, type SessionDetail } from './methods.js'
import { type Answers, isRight, makeQuiz, type Quiz } from './quiz.js'
import * as store from './store.js'
import { assertMove, type FailureReason, SESSION_LIFE_MS, type SessionStatus } from './transitions.js'

export type { Channel, Method, SessionDetail } from './methods.js'
export { CHANNELS, METHODS } from './methods.js'
export type { Answers } from './quiz.js'
export type { FailureReason, SessionStatus } from './transitions.js'

/** One attempt to prove that a phone, or an identity, is the consumer's own. */
export interface VerificationSession {
  readonly id: VerificationSessionId
  readonly consumerId: ConsumerId
  readonly channel: Channel
  readonly method: Method
  readonly status: SessionStatus
  readonly statusReason: FailureReason | null
  readonly detail: SessionDetail
  readonly expiresAt: string
  readonly createdAt: string
  readonly updatedAt: string
}

export interface SessionInput {
  readonly channel: Channel
  /** The caller's word; one that is no method is not allowed. */
  readonly method: string
  /** For `byo_sms`: when the caller verified the phone. */
  readonly timestamp: string | null
}

export interface CheckedSession {
  readonly consumerId: ConsumerId
  readonly input: SessionInput & { readonly method: Method }
  readonly quiz: IdentityQuiz | null
}

// How far ahead of ours a caller's clock may be.
const CLOCK_TOLERANCE_MS = 5 * 60_000

/**
 * Checks that a session may be made, and asks the bureau for questions where the method has some. Refuses, in this order,
 * `consumer.not_found`, `verification.individuals_only`, `.method_not_allowed`, `.already_verified`, `.phone_first`,
 * `.no_match`, `.no_phone`, `.future_timestamp`.
 */
export async function checkNewSession(ctx: Ctx<Asking>, id: string, input: SessionInput): Promise<CheckedSession> {
  const consumer = await getConsumer(ctx, id)
  const method = allowedMethod(consumer, input)
  const ask = { realm: ctx.team.id, at: ctx.clock.now() }
  if (method === 'byo_sms' && Date.parse(input.timestamp ?? '') > Date.parse(ask.at) + CLOCK_TOLERANCE_MS) {
    throw refuse('verification.future_timestamp')
  }
  const quiz = method === 'kba' && consumer.personRef ? await ctx.network.identityQuiz(ask, consumer.personRef) : null
  return { consumerId: consumer.id, input: { ...input, method }, quiz }
}

/** Makes the session; one that needs no answer is verified at once, and with it perhaps the consumer. */
export async function createSession(ctx: Ctx<Writing>, checked: CheckedSession): Promise<VerificationSession> {
  const consumer = await takeConsumer(ctx, checked.consumerId)
  const { input } = checked
  allowedMethod(consumer, input)
  const quiz = checked.quiz && makeQuiz(ctx, checked.quiz)
  const isVerified = input.method === 'byo_sms' || quiz?.isPassed === true
  const id = newId<VerificationSessionId>(ctx.chance)
  const session = await store.addSession(ctx, {
    id,
    consumerId: consumer.id,
    channel: input.channel,
    method: input.method,
    status: isVerified ? 'verified' : 'in_progress',
    statusReason: null,
    detail: detailOf(input, quiz),
    answersSealed: quiz?.answers
      ? ctx.vault.seal(ctx.team, `verification_sessions.answers.${id}`, JSON.stringify(quiz.answers))
      : null,
    expiresAt: addMs(ctx.clock.now(), SESSION_LIFE_MS),
    createdAt: ctx.clock.stamp(),
  })
  await record(ctx, [change('created', null, session)])
  await noteVerification(ctx, consumer, { id, channel: session.channel, isVerified })
  return session
}

export interface AnswerInput {
  readonly channel: Channel
  readonly method: string
  /** For `kba`: question id → answer id. */
  readonly answers: Answers | null
}

/**
 * Takes the consumer's answer: right, and the session is verified; wrong, and it has failed with a reason. Refuses
 * `verification.not_found`, `.mismatch`, `.already_verified`, `.expired`, `.failed_answer`, `.method_not_allowed`.
 * Call `expireOverdue` before.
 */
export async function answerSession(
  ctx: Ctx<Writing>,
  wanted: { readonly consumerId: string; readonly sessionId: string },
  input: AnswerInput,
): Promise<VerificationSession> {
  const consumer = await takeConsumer(ctx, await knownConsumer(ctx, wanted.consumerId))
  const held = await store.takeSession(ctx, { consumerId: consumer.id, sessionId: known(wanted.sessionId) })
  if (!held) throw refuse('verification.not_found')
  const { session, answersSealed } = held
  if (input.channel !== session.channel || input.method !== session.method) throw refuse('verification.mismatch')
  if (session.method !== 'kba' || session.detail.method !== 'kba') throw refuse('verification.method_not_allowed')
  if (session.status === 'verified') throw refuse('verification.already_verified')
  if (session.status === 'failed') {
    throw refuse(session.statusReason === 'expired' ? 'verification.expired' : 'verification.failed_answer')
  }
  if (!input.answers)
    throw refuse('verification.mismatch', { member: 'kba.answers', rule: 'must hold one answer for each question.' })
  const right = answersSealed && ctx.vault.open(ctx.team, `verification_sessions.answers.${session.id}`, answersSealed)
  const isVerified = right !== null && isRight(JSON.parse(right), input.answers)
  const after = await move(ctx, session, {
    status: isVerified ? 'verified' : 'failed',
    statusReason: isVerified ? null : 'invalid_answer',
    detail: { method: 'kba', questions: [], isAuthenticated: isVerified },
  })
  if (isVerified) await noteVerification(ctx, consumer, { id: session.id, channel: session.channel, isVerified })
  return after
}

/** Fails a session whose ten minutes are over, in a transaction of its own; others are left alone. */
export async function expireOverdue(
  ctx: Ctx<Exclude<Asking, 'network'>>,
  wanted: { readonly consumerId: string; readonly sessionId: string },
): Promise<void> {
  const consumerId = readId<ConsumerId>(wanted.consumerId)
  const sessionId = readId<VerificationSessionId>(wanted.sessionId)
  if (!consumerId || !sessionId) return
  await inTx(ctx.db, async (tx) => {
    const held = await store.takeSession({ tx, team: ctx.team }, { consumerId, sessionId })
    if (!held || !isOverdue(ctx, held.session)) return
    await move({ ...ctx, db: tx, tx }, held.session, {
      status: 'failed',
      statusReason: 'expired',
      detail: held.session.detail,
    })
  })
}

/** Refuses `consumer.not_found`, `verification.not_found`. */
export async function getSession(
  ctx: Ctx<Exclude<Asking, 'network'>>,
  wanted: { readonly consumerId: string; readonly sessionId: string },
): Promise<VerificationSession> {
  const find = () =>
    store.findSession(ctx, { consumerId: wanted.consumerId as ConsumerId, sessionId: known(wanted.sessionId) })
  const session = await find()
  if (!session) throw refuse('verification.not_found')
  if (!isOverdue(ctx, session)) return session
  await expireOverdue(ctx, wanted)
  return (await find()) ?? session
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

function allowedMethod(consumer: Consumer, input: SessionInput): Method {
  if (consumer.kind !== 'individual') throw refuse('verification.individuals_only')
  const method = METHODS.find((name) => name === input.method)
  if (!method || channelOf[method] !== input.channel) throw refuse('verification.method_not_allowed')
  const isPhone = input.channel === 'phone'
  if (isPhone ? consumer.phoneVerifiedAt : consumer.identityVerifiedAt) throw refuse('verification.already_verified')
  if (!isPhone && !consumer.phoneVerifiedAt) throw refuse('verification.phone_first')
  if (!isPhone && !consumer.personRef) throw refuse('verification.no_match')
  if (isPhone && !consumer.individual?.phone) throw refuse('verification.no_phone')
  return method
}

function detailOf(input: SessionInput & { readonly method: Method }, quiz: Quiz | null): SessionDetail {
  if (input.method === 'byo_sms') return { method: 'byo_sms', timestamp: input.timestamp ?? '' }
  return { method: 'kba', questions: quiz?.questions ?? [], isAuthenticated: quiz?.isPassed ?? false }
}

async function move(
  ctx: Ctx<Writing>,
  session: VerificationSession,
  to: Pick<VerificationSession, 'status' | 'statusReason' | 'detail'>,
): Promise<VerificationSession> {
  assertMove(session.status, to.status)
  const after = await store.updateSession(ctx, {
    ...to,
    id: session.id,
    from: session.status,
    updatedAt: ctx.clock.stamp(),
  })
  await record(ctx, [change('updated', session, after)])
  return after
}

function change(op: string, before: VerificationSession | null, after: VerificationSession) {
  return { resource: 'verification_session', op, resourceId: after.id, before, after }
}

function isOverdue(ctx: Ctx<'clock'>, session: VerificationSession): boolean {
  return session.status === 'in_progress' && session.expiresAt <= ctx.clock.now()
}

async function knownConsumer(ctx: Ctx<Reading>, id: string): Promise<ConsumerId> {
  return (await getConsumer(ctx, id)).id
}

function known(id: string): VerificationSessionId {
  const wanted = readId<VerificationSessionId>(id)
  if (!wanted) throw refuse('verification.not_found')
  return wanted
}
