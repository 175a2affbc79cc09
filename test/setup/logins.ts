/** Logging in to the simulated world, for tests that are about what is behind a login. */
import type { AccessOutcome, Ask, HeldAccount, HeldTransaction, LoginAttempt, Network } from '../../src/network/port.js'

export interface Opening extends Partial<Omit<LoginAttempt, 'credentials'>> {
  readonly userName?: string
  readonly password?: string
}

/** The access of a login that opens at once; `user_good` at the test bank with credentials, unless said otherwise. */
export async function openedBy(network: Network, ask: Ask, opening: Opening = {}): Promise<string> {
  const { userName = 'user_good', password = 'pass_good', ...rest } = opening
  const step = await network.login(ask, {
    institutionSlug: 'moneykit-creds-bank',
    consumerRef: 'jane',
    phone: null,
    credentials: { username: userName, password },
    returnUrl: null,
    accessRef: null,
    customData: null,
    ...rest,
  })
  if (step.kind !== 'opened') throw new Error(`the login was ${step.kind}`)
  return step.accessRef
}

/** The answer, which the test relies on. */
export function read<T>(outcome: AccessOutcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.reason)
  return outcome.value
}

/** What the posted lines of an account come to. */
export function postedSum(transactions: readonly HeldTransaction[], account: Pick<HeldAccount, 'ref'>): number {
  return transactions
    .filter(({ accountRef, status }) => accountRef === account.ref && status === 'posted')
    .reduce((sum, { direction, cents }) => sum + (direction === 'credit' ? cents : -cents), 0)
}
