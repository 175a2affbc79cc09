import type { Ask, LiabilityType, Network, Outcome } from '../../network/port.js'
import type { Account } from '../accounts/accounts.js'
import type { Asking, Ctx } from '../ctx.js'

/** Facts about liabilities that several products share. Contract: method/accounts §1.11. */

export function isOpenLiability(account: Account): boolean {
  return account.status === 'active' && account.kind === 'liability'
}

/** An open liability that somebody outside tells of; the others the team only knows the number of. */
export function isReportedLiability(account: Account): boolean {
  return isOpenLiability(account) && account.networkRef !== null
}

export function isType(account: Account, ...types: readonly LiabilityType[]): boolean {
  return account.liability !== null && types.includes(account.liability.type)
}

/** A card whose network sells brand and transaction data. */
export function isVisaOrMastercard(account: Account): boolean {
  const network = account.liability?.cardNetwork
  return isType(account, 'credit_card') && (network === 'visa' || network === 'mastercard')
}

/** As `isVisaOrMastercard`, once the network knows whose card it is: found by connect, or proven by its holder. */
export function isCardOfItsNetwork(account: Account): boolean {
  const isKnown = account.origin === 'connect' || account.verifiedAt !== null
  return isReportedLiability(account) && isVisaOrMastercard(account) && isKnown
}

/** Puts a question about an account to the network, where the network knows the account. */
export function askAbout<T>(
  ctx: Ctx<Asking>,
  account: Account,
  question: (this: Network, ask: Ask, accountRef: string) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  if (account.networkRef === null) return Promise.resolve({ ok: false, reason: 'not_found' })
  return question.call(ctx.network, { realm: ctx.team.id, at: ctx.clock.now() }, account.networkRef)
}
