/**
 * Proof that an account is its holder's. A session is begun by a method and handed what proves it, some of them after
 * something was done outside; what it proved is noted at the account. Contract: method/accounts §12.
 */
import type { Page, PageRequest } from '../../db/pages.js'
import { getAccount, sessionIdsOf } from '../accounts/accounts.js'
import type { Ctx, Reading } from '../ctx.js'
import type { AccountId, AccountVerificationSessionId } from '../ids.js'
import { pageRefusal } from '../pages.js'
import { refuseRealThings } from '../simulation/simulation.js'
import { findSession, type WantedAccountSession } from './answer.js'
import { refuse } from './errors.js'
import type { MicroDepositsSecret } from './methods/micro-deposits.js'
import { centsOf, PROVIDER_METHODS, type ProviderSecret } from './methods/providers.js'
import { openSecret } from './secrets.js'
import type { AccountVerificationSession } from './sessions.js'
import * as store from './store.js'

export { answerAccountSession, judgeAnswer, type WantedAccountSession } from './answer.js'
export { checkNewAccountSession, createAccountSession } from './begin.js'
export { depositSending, rehearseDeposits } from './deposits.js'
export { type AccountVerificationRefusal, refuse as refuseAccountVerification } from './errors.js'
export type { CardDetail, CardMethod, ClaimMember } from './methods/cards.js'
export type { DepositTerms } from './methods/define.js'
export type { ProviderMethod } from './methods/providers.js'
export { ACCOUNT_METHODS, type AccountMethod, type AccountSessionDetail, type AccountSubmission } from './methods.js'
export { openBankAccount } from './provision.js'
export type { AccountVerificationSession } from './sessions.js'
export { ACCOUNT_SESSION_STATUSES, type AccountFailureReason } from './transitions.js'

/** Refuses `account.not_found`, `account_verification.not_found`. */
export async function getAccountSession(
  ctx: Ctx<Reading>,
  wanted: WantedAccountSession,
): Promise<AccountVerificationSession> {
  return findSession(ctx, await getAccount(ctx, wanted.accountId), wanted)
}

/** The sessions of an account, newest first. Refuses `account.not_found`, `request.unknown_cursor`. */
export async function listAccountSessions(
  ctx: Ctx<Reading>,
  accountId: string,
  request: PageRequest,
): Promise<Page<AccountVerificationSession>> {
  const account = await getAccount(ctx, accountId)
  const page = await store.listSessions(ctx, account.id, request)
  if (!page) throw pageRefusal()
  return page
}

/** Sessions by id, for showing them inside another resource. */
export function findAccountSessions(
  ctx: Ctx<Reading>,
  ids: readonly AccountVerificationSessionId[],
): Promise<readonly AccountVerificationSession[]> {
  return ids.length === 0 ? Promise.resolve([]) : store.findSessions(ctx, ids)
}

/** What a data provider said, as it was handed in; null before, and once it was erased. */
export function providerDocuments(
  ctx: Ctx<'team' | 'vault'>,
  session: AccountVerificationSession,
): ProviderSecret | null {
  return openSecret(ctx, session) as ProviderSecret | null
}

/** What a data provider said is in an account, and since when that is known. */
export interface KnownBalance {
  readonly cents: number
  readonly since: string
}

/** The balances of accounts whose newest session is one that a data provider proved; others are absent. */
export async function knownBalances(
  ctx: Ctx<Reading | 'vault'>,
  accountIds: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, KnownBalance>> {
  const proven = await store.listProven(ctx, { ids: sessionIdsOf(ctx, accountIds), methods: PROVIDER_METHODS })
  const balances = proven.flatMap((session) => {
    const documents = providerDocuments(ctx, session)
    const cents = documents && centsOf(documents)
    return cents === null ? [] : [[session.accountId, { cents, since: session.updatedAt }] as const]
  })
  return new Map(balances)
}

/**
 * The amounts that were, or will be, deposited, for rehearsals. Refuses `simulation.forbidden`, `account.not_found`,
 * `account_verification.not_found`, `.no_amounts`.
 */
export async function rehearsedAmounts(
  ctx: Ctx<Reading | 'network' | 'vault'>,
  wanted: WantedAccountSession,
): Promise<readonly number[]> {
  refuseRealThings(ctx)
  const session = await getAccountSession(ctx, wanted)
  const secret = session.method === 'micro_deposits' ? openSecret(ctx, session) : null
  if (!secret) throw refuse('account_verification.no_amounts')
  return (secret as MicroDepositsSecret).amountsCents
}

/** Forgets what the sessions of accounts were handed, and ends what they wait for. */
export function eraseAccountSessions(ctx: Ctx<'tx' | 'team'>, accountIds: readonly AccountId[]): Promise<void> {
  return accountIds.length === 0 ? Promise.resolve() : store.eraseSessions(ctx, accountIds)
}
