/** The end of an account or a consumer for a reason that is not consent: everything that leaned on it ends in the same transaction. */
import { type Account, type AccountDisablingReason, endAccount, endAccountsOf } from '../accounts/accounts.js'
import { type Consumer, type DisablingReason, endConsumer } from '../consumers/consumers.js'
import type { Ctx, Writing } from '../ctx.js'
import { endAll } from '../subscriptions/subscriptions.js'
import { endsAccountsWithHolder } from '../teams/teams.js'

/** Disables an account that the caller has taken, and ends its subscriptions; a disabled one stays as it is. */
export async function disableAccount(
  ctx: Ctx<Writing>,
  account: Account,
  reason: Exclude<AccountDisablingReason, 'consent_withdrawn'>,
): Promise<Account> {
  const after = await endAccount(ctx, account, reason)
  await endAll(ctx, [account.id])
  return after
}

/** As `disableAccount`, of a consumer; whether its accounts end with it is the team's version to say. */
export async function disableConsumer(
  ctx: Ctx<Writing>,
  consumer: Consumer,
  reason: Exclude<DisablingReason, 'consent_withdrawn'>,
): Promise<Consumer> {
  const after = await endConsumer(ctx, consumer, reason)
  const accounts = endsAccountsWithHolder(ctx.team) ? await endAccountsOf(ctx, consumer.id, 'holder_disabled') : []
  await endAll(ctx, [consumer.id, ...accounts.map(({ id }) => id)])
  return after
}
