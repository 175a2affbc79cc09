import type { Ctx, Writing } from '../ctx.js'
import { type Change, record } from '../events/events.js'
import type { ConsumerId, VerificationSessionId } from '../ids.js'
import type { Channel } from './methods/define.js'
import type { Method, SessionDetail } from './methods.js'
import * as store from './store.js'
import { assertMove, type FailureReason, type SessionStatus } from './transitions.js'

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

/** Ends a session, in the one place where a session's status is written by an answer. */
export async function endSession(
  ctx: Ctx<Writing>,
  session: VerificationSession,
  end: Pick<VerificationSession, 'status' | 'statusReason' | 'detail'>,
): Promise<VerificationSession> {
  assertMove(session.status, end.status)
  const after = await store.updateSession(ctx, {
    ...end,
    id: session.id,
    from: session.status,
    updatedAt: ctx.clock.stamp(),
  })
  await record(ctx, [sessionChange('updated', session, after)])
  return after
}

export function sessionChange(op: string, before: VerificationSession | null, after: VerificationSession): Change {
  return {
    resource: 'verification_session',
    op,
    resourceId: after.id,
    before: before && withoutQuestions(before),
    after: withoutQuestions(after),
  }
}

/** Questions tell where a person lived and worked; events outlive them. */
function withoutQuestions(session: VerificationSession): VerificationSession {
  return 'questions' in session.detail ? { ...session, detail: { ...session.detail, questions: [] } } : session
}
