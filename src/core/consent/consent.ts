/**
 * Consent: that a consumer lets a team see what it has. Taken back, it ends everything that leaned on it, in one
 * transaction: accounts, connections, subscriptions, and what is known of the person. Contract: method/entities §1.14, accounts §1.8.
 */
import { eraseAccountSessions } from '../account-verification/account-verification.js'
import {
  type Account,
  accountsOf,
  eraseAccount,
  eraseAccountsOf,
  getAccount,
  takeAccount,
} from '../accounts/accounts.js'
import { deleteConnectionsOf } from '../connections/connections.js'
import { type Consumer, eraseConsumer, getConsumer, restoreConsumer, takeConsumer } from '../consumers/consumers.js'
import type { Ctx, Writing } from '../ctx.js'
import { hasPaymentsInProgress } from '../payments/payments.js'
import { eraseIdentities, eraseSensitive } from '../products/products.js'
import { endAll } from '../subscriptions/subscriptions.js'
import { eraseTransactions } from '../transactions/transactions.js'
import { eraseSessions } from '../verification/verification.js'
import { refuse } from './errors.js'

/** Refuses `consumer.not_found`, `consent.already_withdrawn`, `consent.payments_in_progress`. */
export async function withdrawConsent(ctx: Ctx<Writing>, consumerId: string): Promise<Consumer> {
  const consumer = await take(ctx, consumerId)
  if (isWithdrawn(consumer)) throw refuse('consent.already_withdrawn')
  if (await hasPaymentsInProgress(ctx, await accountsOf(ctx, consumer.id))) throw refuse('consent.payments_in_progress')
  const accounts = await eraseAccountsOf(ctx, consumer.id)
  const accountIds = accounts.map((account) => account.id)
  await eraseTransactions(ctx, accountIds)
  await eraseSensitive(ctx, accountIds)
  await endAll(ctx, [consumer.id, ...accountIds])
  await eraseAccountSessions(ctx, accountIds)
  await eraseSessions(ctx, consumer.id)
  await eraseIdentities(ctx, consumer.id)
  await deleteConnectionsOf(ctx, consumer.id)
  return eraseConsumer(ctx, consumer)
}

/** Gives a consumer its consent back; accounts stay as they are. Refuses `consumer.not_found`, `consent.already_granted`. */
export async function grantConsent(ctx: Ctx<Writing>, consumerId: string): Promise<Consumer> {
  const consumer = await take(ctx, consumerId)
  if (!isWithdrawn(consumer)) throw refuse('consent.already_granted')
  return restoreConsumer(ctx, consumer)
}

/** Refuses `account.not_found`, `consent.account_already_withdrawn`, `consent.account_payment_in_progress`. */
export async function withdrawAccountConsent(ctx: Ctx<Writing>, accountId: string): Promise<Account> {
  const account = await takeAccount(ctx, (await getAccount(ctx, accountId)).id)
  if (isWithdrawn(account)) throw refuse('consent.account_already_withdrawn')
  if (await hasPaymentsInProgress(ctx, [account.id])) throw refuse('consent.account_payment_in_progress')
  const after = await eraseAccount(ctx, account)
  await eraseSensitive(ctx, [account.id])
  await eraseTransactions(ctx, [account.id])
  await endAll(ctx, [account.id])
  await eraseAccountSessions(ctx, [account.id])
  return after
}

async function take(ctx: Ctx<Writing>, consumerId: string): Promise<Consumer> {
  return takeConsumer(ctx, (await getConsumer(ctx, consumerId)).id)
}

function isWithdrawn({ statusReason }: Consumer | Account): boolean {
  return statusReason === 'consent_withdrawn'
}
