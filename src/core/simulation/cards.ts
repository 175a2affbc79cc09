/** Rehearsals with a card. What happens is the world's; here it is told at once, as its network would tell it later. */
import type { Ask, CardFace, CardTransaction, PurchaseDraft } from '../../network/port.js'
import { type Account, getAccount, takeAccount } from '../accounts/accounts.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import {
  accountProducts,
  accountSubscriptions,
  askAgain,
  keepAnswer,
  type Retrieval,
  requireAvailable,
} from '../products/products.js'
import { keepTransactions, type Transaction, transactionOfRef } from '../transactions/transactions.js'
import { refuse } from './errors.js'
import { stageOf } from './stage.js'

export interface SimulatedPurchase {
  readonly account: Account
  readonly told: CardTransaction
}

/**
 * Buys something with a card that is verified and enrolled. Refuses `simulation.forbidden`, an unknown account,
 * `product.unavailable`, `product.account_unverified`, `simulation.not_subscribed`.
 */
export async function simulatePurchase(
  ctx: Ctx<Asking>,
  accountId: string,
  draft: PurchaseDraft,
): Promise<SimulatedPurchase> {
  const stage = stageOf(ctx)
  const account = await getAccount(ctx, accountId)
  requireAvailable(accountSubscriptions.transaction(account, ctx.team))
  if (!account.subscriptions.includes('transaction')) throw refuse('simulation.not_subscribed')
  const told = account.networkRef && (await stage.buy(askOf(ctx), account.networkRef, draft))
  if (!told) throw new Error('The world knows no open card behind an account that has one.')
  return { account, told }
}

/**
 * The purchase as it was authorized, and as it stands: both are told, unless a worker that listens was faster. Refuses an account
 * that cannot have it any more.
 */
export async function keepPurchase(
  ctx: Ctx<Writing>,
  { account, told }: SimulatedPurchase,
): Promise<{ readonly authorized: Transaction; readonly transaction: Transaction }> {
  const held = await takeAccount(ctx, account.id)
  requireAvailable(accountSubscriptions.transaction(held, ctx.team))
  await keepTransactions(ctx, held, [{ ...told, status: 'pending', postedAt: null }])
  await keepTransactions(ctx, held, [told])
  const transaction = await transactionOfRef(ctx, held.id, told.ref)
  const { createdAt } = transaction
  return { authorized: { ...transaction, status: 'pending', postedAt: null, updatedAt: createdAt }, transaction }
}

/**
 * Gives an enrolled card another face, and asks for its brand anew. Refuses `simulation.forbidden`, an unknown account,
 * `simulation.not_subscribed`, `product.unavailable`, `product.account_unverified`, `simulation.unknown_brand`.
 */
export async function reissueCard(ctx: Ctx<Asking>, accountId: string, face: CardFace | null) {
  const stage = stageOf(ctx)
  const account = await getAccount(ctx, accountId)
  requireAvailable(accountProducts.card_brand.access(account, ctx.team))
  if (!account.subscriptions.includes('card_brand')) throw refuse('simulation.not_subscribed')
  requireAvailable(accountSubscriptions.transaction(account, ctx.team))
  const ref = account.networkRef ?? ''
  if (!face || !(await stage.reissueCard(askOf(ctx), ref, face))) throw refuse('simulation.unknown_brand')
  return askAgain(ctx, 'card_brand', account.id)
}

/** What is known of the reissued card, as a record. */
export async function keepBrand(
  ctx: Ctx<Writing>,
  answered: Awaited<ReturnType<typeof reissueCard>>,
): Promise<Retrieval> {
  if (!answered) throw new Error('The world told no brand of a card that it just reissued.')
  return keepAnswer(ctx, 'card_brand', answered)
}

function askOf(ctx: Ctx<'team' | 'clock'>): Ask {
  return { realm: ctx.team.id, at: ctx.clock.now() }
}
