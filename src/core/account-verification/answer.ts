import { type Account, getAccount, noteVerified, takeAccount } from '../accounts/accounts.js'
import type { Asking, Ctx, Reading, Writing } from '../ctx.js'
import { type AccountId, type AccountVerificationSessionId, readId } from '../ids.js'
import { type AccountVerificationRefusal, refuse } from './errors.js'
import type { Verdict } from './methods/define.js'
import { type AccountMethod, type AccountSessionDetail, type AccountSubmission, definitionOf } from './methods.js'
import { openSecret, sealSecret } from './secrets.js'
import { type AccountVerificationSession, advance } from './sessions.js'
import * as store from './store.js'

/** An account's session, by the caller's texts: ones that are no ids name nothing. */
export interface WantedAccountSession {
  readonly accountId: string
  readonly sessionId: string
}

/** What was handed in, as it was judged. */
export interface JudgedAnswer {
  readonly accountId: AccountId
  readonly sessionId: AccountVerificationSessionId
  readonly verdict: Verdict<AccountSessionDetail>
}

/**
 * Judges what a caller handed in for a session; nothing is counted yet. `read` makes the submission that the session's method
 * takes, or null where the request has none. Refuses, in this order, `account.not_found`, `account_verification.not_found`,
 * `.account_inactive`, `.already_verified`, `.too_many_attempts`, `.ended`, `.mismatch`, `.not_ready`,
 * `.network_unreachable`.
 */
export async function judgeAnswer(
  ctx: Ctx<Asking>,
  wanted: WantedAccountSession,
  read: (method: AccountMethod) => AccountSubmission | null,
): Promise<JudgedAnswer> {
  const account = await getAccount(ctx, wanted.accountId)
  const session = await findSession(ctx, account, wanted)
  refuseUnready(account, session)
  const submission = read(session.method)
  const { caller } = definitionOf(session.method)
  if (submission?.method !== session.method || !caller) throw refuse('account_verification.mismatch')
  if (session.dueAt !== null) throw refuse('account_verification.not_ready')
  const { detail } = session
  const verdict = await caller.judge(ctx, { account, detail, secret: openSecret(ctx, session), submission })
  return { accountId: account.id, sessionId: session.id, verdict }
}

export interface AnsweredAccountSession {
  readonly session: AccountVerificationSession
  /** What the caller is told instead of the session; the attempt was counted all the same. */
  readonly refusal: AccountVerificationRefusal | null
}

/**
 * Carries a judgement out: right, and the account is proven; wrong, and the attempt is counted, the last one failing the
 * session. Refuses as the judging, against the session as it is now.
 */
export async function answerAccountSession(
  ctx: Ctx<Writing>,
  { accountId, sessionId, verdict }: JudgedAnswer,
): Promise<AnsweredAccountSession> {
  const account = await takeAccount(ctx, accountId)
  const session = await store.takeSession(ctx, sessionId)
  if (!session) throw refuse('account_verification.not_found')
  refuseUnready(account, session)
  const { result, detail, secret, learned = {}, refusal = null } = verdict
  const kept = { detail, secretSealed: secret && sealSecret(ctx, session.id, secret) }
  if (result === 'verified') {
    const verified = await advance(ctx, session, { ...kept, status: 'verified', statusReason: null })
    await noteVerified(ctx, account, learned)
    return { session: verified, refusal: null }
  }
  if (result !== 'wrong') {
    return { session: await advance(ctx, session, { ...kept, status: 'failed', statusReason: result }), refusal: null }
  }
  const wrongAttempts = session.wrongAttempts + 1
  const isLast = wrongAttempts >= session.attemptsMax
  const after = await advance(ctx, session, {
    ...kept,
    ...(isLast ? { secretSealed: null } : {}),
    wrongAttempts,
    status: isLast ? 'failed' : session.status,
    statusReason: isLast ? 'too_many_attempts' : null,
  })
  return { session: after, refusal }
}

/** Refuses `account_verification.not_found`. */
export async function findSession(
  ctx: Ctx<Reading>,
  account: Account,
  wanted: WantedAccountSession,
): Promise<AccountVerificationSession> {
  const sessionId = readId<AccountVerificationSessionId>(wanted.sessionId)
  const session = sessionId && (await store.findSession(ctx, { accountId: account.id, sessionId }))
  if (!session) throw refuse('account_verification.not_found')
  return session
}

function refuseUnready(account: Account, { status, statusReason }: AccountVerificationSession): void {
  if (account.status !== 'active') throw refuse('account_verification.account_inactive')
  if (status === 'verified') throw refuse('account_verification.already_verified')
  if (statusReason === 'too_many_attempts') throw refuse('account_verification.too_many_attempts')
  if (status === 'failed') throw refuse('account_verification.ended')
}
