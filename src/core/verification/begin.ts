import { addMs } from '../clock/clock.js'
import { type Consumer, getConsumer, noteVerification, refuseDisabled, takeConsumer } from '../consumers/consumers.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type ConsumerId, newId, type VerificationSessionId } from '../ids.js'
import { limitAttempts, limitAttemptsInTurn, phoneHashOf } from './attempts.js'
import { refuse } from './errors.js'
import type { Begun, Channel } from './methods/define.js'
import { definitionOf, isRequestable, METHODS, type Method, type SessionDetail } from './methods.js'
import { secretPlace } from './secrets.js'
import { sessionChange, type VerificationSession } from './sessions.js'
import * as store from './store.js'
import { SESSION_LIFE_MS } from './transitions.js'

export interface SessionInput {
  readonly channel: Channel
  /** The caller's word; one that is no method is not allowed. */
  readonly method: string
  /** For `byo_sms`: when the caller verified the phone. */
  readonly timestamp: string | null
}

/** A session that may be made, with what was asked and done outside for it. */
export interface CheckedSession {
  readonly id: VerificationSessionId
  readonly consumerId: ConsumerId
  readonly input: SessionInput
  readonly begun: Begun<SessionDetail>
}

/**
 * Checks that a session may be made, and begins it outside: sends the code, fetches the questions. Refuses, in this order,
 * `consumer.not_found`, `verification.individuals_only`, `consumer.disabled`, `verification.method_not_allowed`,
 * `.already_verified`, `.phone_first`, `.no_match`, `.no_phone`, `.too_many_attempts`, `.future_timestamp`,
 * `.text_not_sent`.
 */
export async function checkNewSession(ctx: Ctx<Asking>, id: string, input: SessionInput): Promise<CheckedSession> {
  const consumer = await getConsumer(ctx, id)
  const method = allowedMethod(ctx, consumer, input)
  if (input.channel === 'phone') await limitAttempts(ctx, phoneHashOf(ctx, phoneOf(consumer)))
  const sessionId = newId<VerificationSessionId>(ctx.chance)
  const begun = await definitionOf(method).caller?.begin(ctx, { sessionId, consumer, timestamp: input.timestamp })
  if (!begun) throw refuse('verification.method_not_allowed')
  return { id: sessionId, consumerId: consumer.id, input, begun }
}

/** Makes the session; one that needs no answer is verified at once, and with it perhaps the consumer. */
export async function createSession(ctx: Ctx<Writing>, checked: CheckedSession): Promise<VerificationSession> {
  const consumer = await takeConsumer(ctx, checked.consumerId)
  const { id, input, begun } = checked
  const method = allowedMethod(ctx, consumer, input)
  if (input.channel === 'phone') await limitAttemptsInTurn(ctx, phoneHashOf(ctx, phoneOf(consumer)))
  return addSession(ctx, consumer, { id, channel: input.channel, method, begun })
}

export interface ServerSession {
  readonly consumerId: ConsumerId
  readonly channel: Channel
  /** What the server found out, by one of the methods that no caller may ask for. */
  readonly detail: Extract<SessionDetail, { readonly method: 'element' | 'opal' | 'method_verified' }>
}

/**
 * Makes a verified session of the server's own. Refuses `consumer.not_found`, `verification.individuals_only`,
 * `consumer.disabled`, `verification.already_verified`, `.phone_first`, `.no_match`, `.no_phone`.
 */
export async function recordServerSession(ctx: Ctx<Writing>, made: ServerSession): Promise<VerificationSession> {
  const consumer = await takeConsumer(ctx, made.consumerId)
  refuseUnfit(consumer)
  refuseUnready(consumer, made.channel)
  return addSession(ctx, consumer, {
    id: newId<VerificationSessionId>(ctx.chance),
    channel: made.channel,
    method: made.detail.method,
    begun: { detail: made.detail, secret: null, isVerified: true },
  })
}

export interface NewSession {
  readonly id: VerificationSessionId
  readonly channel: Channel
  readonly method: Method
  readonly begun: Begun<SessionDetail>
}

/** Keeps a session of a consumer that was taken and found ready. */
export async function addSession(
  ctx: Ctx<Writing>,
  consumer: Consumer,
  made: NewSession,
): Promise<VerificationSession> {
  const { id, channel, method, begun } = made
  const session = await store.addSession(ctx, {
    id,
    consumerId: consumer.id,
    channel,
    method,
    status: begun.isVerified ? 'verified' : 'in_progress',
    statusReason: null,
    detail: begun.detail,
    answersSealed: begun.secret === null ? null : ctx.vault.seal(ctx.team, secretPlace(id), begun.secret),
    phoneHash: channel === 'phone' ? phoneHashOf(ctx, phoneOf(consumer)) : null,
    expiresAt: addMs(ctx.clock.now(), SESSION_LIFE_MS),
    createdAt: ctx.clock.stamp(),
  })
  await record(ctx, [sessionChange('created', null, session)])
  await noteVerification(ctx, consumer, { id, channel, isNew: true, isVerified: begun.isVerified })
  return session
}

/** Contract: method/entities §2.3, the order of the checks. */
function allowedMethod(ctx: Ctx<'team'>, consumer: Consumer, input: SessionInput): Method {
  refuseUnfit(consumer)
  const method = METHODS.find((name) => name === input.method)
  if (!method || !isRequestable(ctx.team, method, input.channel)) throw refuse('verification.method_not_allowed')
  refuseUnready(consumer, input.channel)
  return method
}

export function refuseUnfit(consumer: Consumer): void {
  if (consumer.kind !== 'individual') throw refuse('verification.individuals_only')
  refuseDisabled(consumer)
}

export function refuseUnready(consumer: Consumer, channel: Channel): void {
  const isPhone = channel === 'phone'
  if (isPhone ? consumer.phoneVerifiedAt : consumer.identityVerifiedAt) throw refuse('verification.already_verified')
  if (!isPhone && !consumer.phoneVerifiedAt) throw refuse('verification.phone_first')
  if (!isPhone && !consumer.personRef) throw refuse('verification.no_match')
  if (isPhone && !consumer.individual?.phone) throw refuse('verification.no_phone')
}

/** The phone of a consumer that was found ready. */
export function phoneOf({ individual }: Consumer): string {
  return individual?.phone ?? ''
}
