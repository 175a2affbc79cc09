/** The end of an account or a consumer for a reason that is not consent: everything that leaned on it ends in the same transaction. */
import { type Account, type AccountDisablingReason, endAccount } from '../accounts/accounts.js'
import {
  type CheckedChanges,
  type Consumer,
  type DisablingReason,
  endConsumer,
  updateConsumer,
} from '../consumers/consumers.js'
import type { Ctx, Writing } from '../ctx.js'
import { endAll } from '../subscriptions/subscriptions.js'

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

/** As `disableAccount`, of a consumer; its accounts stay as they are. */
export async function disableConsumer(
  ctx: Ctx<Writing>,
  consumer: Consumer,
  reason: Exclude<DisablingReason, 'consent_withdrawn'>,
): Promise<Consumer> {
  const after = await endConsumer(ctx, consumer, reason)
  await endAll(ctx, [consumer.id])
  return after
}

/**
 * Fills in what an update brings, and disables the consumer where the network doubts what it says now. Refuses as
 * `updateConsumer`. Contract: method/entities §1.7, 12002, 12003 and 12005.
 */
export async function updateOrDisable(ctx: Ctx<Writing>, checked: CheckedChanges): Promise<Consumer> {
  const after = await updateConsumer(ctx, checked)
  return checked.doubt ? disableConsumer(ctx, after, checked.doubt) : after
}
