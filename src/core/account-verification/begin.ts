import { type Account, getAccount, noteVerificationSession, takeAccount } from '../accounts/accounts.js'
import type { Asking, Ctx, Reading, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type AccountId, type AccountVerificationSessionId, newId } from '../ids.js'
import { refuse } from './errors.js'
import type { Begun, DepositTerms } from './methods/define.js'
import { ORDINARY_TERMS } from './methods/micro-deposits.js'
import { ACCOUNT_METHODS, type AccountMethod, type AccountSessionDetail, definitionOf, methodsLike } from './methods.js'
import { sealSecret } from './secrets.js'
import { type AccountVerificationSession, sessionChange } from './sessions.js'
import * as store from './store.js'
import { FAILED_SESSIONS_MAX } from './transitions.js'

/** A session that may be made, with what was asked outside for it. */
export interface CheckedAccountSession {
  readonly accountId: AccountId
  readonly method: AccountMethod
  readonly begun: Begun<AccountSessionDetail>
  readonly attemptsMax: number
}

/**
 * Checks that a session may be made, and asks outside what is known of the account. `method` is the caller's word. Refuses,
 * in this order, `account.not_found`, `account_verification.account_inactive`, `.type_not_supported`, `.already_verified`,
 * `.unfinished_session`, `.too_many_attempts`, `.network_unreachable`.
 */
export async function checkNewAccountSession(
  ctx: Ctx<Asking>,
  accountId: string,
  method: string,
  terms: DepositTerms = ORDINARY_TERMS,
): Promise<CheckedAccountSession> {
  const account = await getAccount(ctx, accountId)
  const allowed = await allowedMethod(ctx, account, method)
  const begun = await definitionOf(allowed).caller?.begin(ctx, account, terms)
  if (!begun) throw refuse('account_verification.type_not_supported')
  return { accountId: account.id, method: allowed, begun, attemptsMax: terms.attemptsMax }
}

/** Makes the session, to which the account then points. Refuses as the check, against the account as it is now. */
export async function createAccountSession(
  ctx: Ctx<Writing>,
  checked: CheckedAccountSession,
): Promise<AccountVerificationSession> {
  const { method, begun } = checked
  const account = await takeAccount(ctx, checked.accountId)
  await allowedMethod(ctx, account, method)
  const id = newId<AccountVerificationSessionId>(ctx.chance)
  const session = await store.addSession(ctx, {
    id,
    accountId: account.id,
    method,
    status: 'pending',
    detail: begun.detail,
    secretSealed: begun.secret && sealSecret(ctx, id, begun.secret),
    dueAt: begun.dueAt,
    attemptsMax: checked.attemptsMax,
    createdAt: ctx.clock.stamp(),
  })
  await record(ctx, [sessionChange('created', null, session)])
  await noteVerificationSession(ctx, account, id)
  return session
}

async function allowedMethod(ctx: Ctx<Reading>, account: Account, wanted: string): Promise<AccountMethod> {
  if (account.status !== 'active') throw refuse('account_verification.account_inactive')
  const method = ACCOUNT_METHODS.find((name) => name === wanted)
  const definition = method && definitionOf(method)
  if (!method || !definition?.caller || !definition.fits(account, ctx.team)) {
    throw refuse('account_verification.type_not_supported')
  }
  const tally = await store.tallySessions(ctx, account.id)
  const had = (fits: (of: store.Tally) => boolean) => tally.filter(fits).reduce((sum, { count }) => sum + count, 0)
  const alike = methodsLike(method)
  if (had((of) => of.status === 'verified' && alike.includes(of.method)) > 0) {
    throw refuse('account_verification.already_verified')
  }
  if (had(({ status }) => status === 'pending' || status === 'in_progress') > 0) {
    throw refuse('account_verification.unfinished_session')
  }
  if (had(({ status }) => status === 'failed') >= FAILED_SESSIONS_MAX) {
    throw refuse('account_verification.too_many_attempts')
  }
  return method
}
