/**
 * Consent: that a consumer lets a team see what it has. Taken back, it ends everything that leaned on it, in one
 * transaction: accounts, connections, subscriptions, and what is known of the person. Contract: method/entities §1.14, accounts §1.8.
 */
import { eraseAccountSessions } from '../account-verification/account-verification.js'
import {
  type Account,
  accountsOf,
  approveAccounts,
  eraseAccount,
  eraseAccountsOf,
  getAccount,
  takeAccount,
} from '../accounts/accounts.js'
import { deleteConnectionsOf } from '../connections/connections.js'
import {
  type Consumer,
  eraseConsumer,
  getConsumer,
  noteConsented,
  restoreConsumer,
  takeConsumer,
} from '../consumers/consumers.js'
import type { Ctx, Writing } from '../ctx.js'
import { hasPaymentsInProgress } from '../payments/payments.js'
import { eraseBrought, eraseIdentities, eraseSensitive, refreshByProduct } from '../products/products.js'
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
  await eraseBrought(ctx, consumer.id)
  await deleteConnectionsOf(ctx, consumer.id)
  return eraseConsumer(ctx, consumer)
}

/**
 * Gives a consumer its consent back, and accounts stay as they are; or consents to the accounts that wait for it, which are then asked for
 * their state. Refuses `consumer.not_found`, `consent.already_granted`.
 */
export async function grantConsent(ctx: Ctx<Writing>, consumerId: string): Promise<Consumer> {
  const consumer = await take(ctx, consumerId)
  if (isWithdrawn(consumer)) return restoreConsumer(ctx, consumer)
  if (!consumer.awaitsConsent || consumer.status === 'disabled') throw refuse('consent.already_granted')
  const approved = await approveAccounts(ctx, consumer.id)
  // As a connect asks of what it finds: the bureau's picture, and the institution's own where it answers.
  for (const detail of [{ source: 'snapshot' }, {}]) {
    await refreshByProduct(
      ctx,
      'update',
      approved.map(({ id }) => ({ ownerId: id, detail })),
    )
  }
  return noteConsented(ctx, consumer)
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

/**
 * Always refuses: an account either has its consent, or lost its details with it. Refuses `account.not_found`,
 * `consent.account_already_granted`, `consent.account_erased`. Contract: method/accounts §1.8.
 */
export async function grantAccountConsent(ctx: Ctx<Writing>, accountId: string): Promise<never> {
  const account = await getAccount(ctx, accountId)
  throw refuse(isWithdrawn(account) ? 'consent.account_erased' : 'consent.account_already_granted')
}

async function take(ctx: Ctx<Writing>, consumerId: string): Promise<Consumer> {
  return takeConsumer(ctx, (await getConsumer(ctx, consumerId)).id)
}

function isWithdrawn({ statusReason }: Consumer | Account): boolean {
  return statusReason === 'consent_withdrawn'
}
