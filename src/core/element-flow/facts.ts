/** What is known when a page has to say what comes next: the person, their sessions, their accounts. */
import { type AccountVerificationSession, findAccountSessions } from '../account-verification/account-verification.js'
import { type Account, findAccounts, listAccounts } from '../accounts/accounts.js'
import { type Consumer, getConsumer } from '../consumers/consumers.js'
import type { Asking, Ctx, Reading } from '../ctx.js'
import { accountAccess, latestBalances } from '../products/products.js'
import { type Element, type ElementSession, FRESH, getElementSession, type Progress } from '../sessions/sessions.js'
import { isProductRestricted, mayAskAccountConsent, type Team } from '../teams/teams.js'
import { getSession, type VerificationSession } from '../verification/verification.js'

const ACCOUNTS_MAX = 100

export interface Facts {
  readonly team: Team
  readonly element: Element
  readonly progress: Progress
  readonly consumer: Consumer
  /** What a balance transfer is about. */
  readonly transfer: ElementSession | null
  readonly phoneSession: VerificationSession | null
  readonly identitySession: VerificationSession | null
  /** The accounts to choose from; empty before the person has consented. */
  readonly candidates: readonly Account[]
  /** What is owed on them, in cents, as far as that is known. */
  readonly balances: ReadonlyMap<string, number>
  /** The account that has to be proven next, and the session by which it is. */
  readonly current: Account | null
  readonly accountSession: AccountVerificationSession | null
}

export function progressOf(element: Element): Progress {
  return { ...FRESH, ...element.progress }
}

export async function gather(ctx: Ctx<Exclude<Asking, 'network'>>, element: Element): Promise<Facts> {
  const progress = progressOf(element)
  const consumer = await getConsumer(ctx, element.consumerId)
  const sessionOf = (sessionId: string | null) => sessionId && getSession(ctx, { consumerId: consumer.id, sessionId })
  const isConnected = element.isAuthenticated && element.type !== 'auth'
  const candidates = isConnected ? await candidatesOf(ctx, element) : []
  const current = currentOf(ctx.team, element, candidates)
  const [accountSession = null] = await findAccountSessions(
    ctx,
    current?.verificationSessionId ? [current.verificationSessionId] : [],
  )
  return {
    team: ctx.team,
    element,
    progress,
    consumer,
    transfer: element.sessionId && (await getElementSession(ctx, element.sessionId)),
    phoneSession: (await sessionOf(consumer.phoneVerifiedAt ? null : progress.phoneSessionId)) || null,
    identitySession: (await sessionOf(consumer.identityVerifiedAt ? null : progress.identitySessionId)) || null,
    candidates,
    balances: await latestBalances(
      ctx,
      candidates.map(({ id }) => id),
    ),
    current,
    accountSession: accountSession && isOpen(accountSession) ? accountSession : null,
  }
}

/** Whether the page goes on to look for what the person owes. An auth element does where its team may. */
export function connects({ team, element }: Pick<Facts, 'team' | 'element'>): boolean {
  return element.type !== 'auth' || (mayAskAccountConsent(team) && !isProductRestricted(team, 'connect'))
}

/** The chosen accounts that can have at least one of the products, or all of them where none is asked for. */
export function usableAccounts({ team, element, candidates, progress }: Facts): readonly Account[] {
  const { products } = element.detail
  return candidates.filter((account) => {
    if (!progress.chosen?.includes(account.id)) return false
    const access = accountAccess(account, team)
    return products.length === 0 || products.some((product) => access?.[product].status === 'available')
  })
}

/** Whether one of the products waits for nothing but a proof of the account. */
export function needsProof(team: Team, { detail }: Element, account: Account): boolean {
  const access = accountAccess(account, team)
  return detail.products.some((product) => {
    const to = access?.[product]
    return to?.status === 'restricted' && to.code === 'product.account_unverified'
  })
}

function currentOf(team: Team, element: Element, candidates: readonly Account[]): Account | null {
  const { chosen, unproven } = progressOf(element)
  const waits = (account: Account) =>
    chosen?.includes(account.id) === true && !(account.id in unproven) && needsProof(team, element, account)
  return candidates.find(waits) ?? null
}

async function candidatesOf(ctx: Ctx<Reading>, { consumerId, detail }: Element): Promise<readonly Account[]> {
  const { accountIds, liabilityTypes } = detail
  const found =
    accountIds.length > 0
      ? await findAccounts(ctx, accountIds)
      : (
          await listAccounts(
            ctx,
            {
              statuses: ['active'],
              kind: 'liability',
              consumerIds: [consumerId],
              isWithdrawn: null,
              merchantNumber: null,
              liabilityType: null,
              ownership: null,
            },
            { limit: ACCOUNTS_MAX, page: 1, cursor: null, fromDate: null, toDate: null },
          )
        ).items
  return found.filter(
    ({ status, liability }) =>
      status === 'active' &&
      (liabilityTypes.length === 0 || (liability !== null && liabilityTypes.includes(liability.type))),
  )
}

function isOpen({ status }: AccountVerificationSession): boolean {
  return status === 'pending' || status === 'in_progress'
}
