import type { Ctx, Writing } from '../ctx.js'
import { type Change, record } from '../events/events.js'
import type { AccountId, AccountVerificationSessionId } from '../ids.js'
import type { AccountMethod, AccountSessionDetail } from './methods.js'
import * as store from './store.js'
import { type AccountFailureReason, type AccountSessionStatus, assertMove } from './transitions.js'

/** One attempt to prove that an account is its holder's. */
export interface AccountVerificationSession {
  readonly id: AccountVerificationSessionId
  readonly accountId: AccountId
  readonly method: AccountMethod
  readonly status: AccountSessionStatus
  readonly statusReason: AccountFailureReason | null
  /** What may be shown; nothing secret is in it. */
  readonly detail: AccountSessionDetail
  /** What a right answer is, or what was handed in: sealed, base64. */
  readonly secretSealed: string | null
  readonly wrongAttempts: number
  /** After so many wrong attempts it has failed. */
  readonly attemptsMax: number
  /** When deposits are to be sent; null when none are. */
  readonly dueAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** Where a session goes; what is not named stays. */
export type Step = Pick<AccountVerificationSession, 'status' | 'statusReason'> &
  Partial<Pick<AccountVerificationSession, 'detail' | 'secretSealed' | 'wrongAttempts' | 'dueAt'>>

/** Moves a session on, in the one place where its status is written; a step to where it stands is an attempt that was wrong. */
export async function advance(
  ctx: Ctx<Writing>,
  session: AccountVerificationSession,
  step: Step,
): Promise<AccountVerificationSession> {
  if (step.status !== session.status) assertMove(session.status, step.status)
  const after = await store.updateSession(ctx, {
    ...session,
    ...step,
    from: session.status,
    updatedAt: ctx.clock.stamp(),
  })
  await record(ctx, [sessionChange('updated', session, after)])
  return after
}

export function sessionChange(
  op: string,
  before: AccountVerificationSession | null,
  after: AccountVerificationSession,
): Change {
  return {
    resource: 'account_verification_session',
    op,
    resourceId: after.id,
    before: before && withoutSecret(before),
    after: withoutSecret(after),
  }
}

/** Events outlive sessions. */
function withoutSecret(session: AccountVerificationSession): AccountVerificationSession {
  return { ...session, secretSealed: null }
}
