import type { Tradeline } from '../../network/port.js'
import { type Account, addFoundDebts, adoptDebts, closeDebts, findAccounts, reopenDebts } from '../accounts/accounts.js'
import { type Consumer, noteConnected, takeConsumer } from '../consumers/consumers.js'
import type { Ctx, Writing } from '../ctx.js'
import type { Change } from '../events/events.js'
import { type AccountId, newId, type RetrievalId } from '../ids.js'
import { mayAskAccountConsent, newAccountsAwaitConsent } from '../teams/teams.js'
import { activeConsumer, takeEnabled } from './consumers.js'
import { defineProduct, type Kept } from './define.js'
import { addRetrievals, type NewRetrieval, queueCompletion, type Retrieval } from './retrievals.js'
import { updateDetail } from './update.js'

// Contract: method/entities §3.2.
export const CONNECTED_PRODUCTS = ['attribute', 'balance', 'card_brand', 'update', 'payoff'] as const
export const CONNECTED_SUBSCRIPTIONS = ['card_brand', 'update', 'update.snapshot', 'transaction'] as const

/** What a connect goes on to ask of each account it finds, where the account can have it. */
export interface ConnectDetail {
  readonly products?: readonly (typeof CONNECTED_PRODUCTS)[number][]
  readonly subscriptions?: readonly (typeof CONNECTED_SUBSCRIPTIONS)[number][]
}

export interface ConnectResult {
  readonly accountIds: readonly AccountId[]
}

/**
 * Finds everything a verified person owes, and makes an account of each debt: on the first run all of them, open and
 * closed; later only what was not known before. Each new account has the bureau's picture at once, and the institution's
 * own as soon as it answers. Where the team asks its people first, open debts of later runs wait for consent instead, and nothing more
 * is asked of them. A file without debts, or one that is frozen, is a failure. Asked by a job it goes on with what its request wants of the
 * accounts, and ends when they have answered. Contract: method/entities §3.
 */
export const connect = defineProduct({
  name: 'connect',
  owner: 'consumer',
  mode: 'sync',
  access: (consumer, team) =>
    mayAskAccountConsent(team)
      ? activeConsumer(consumer)
      : { status: 'unavailable', code: 'product.consent_unavailable' },
  detail: () => ({}),
  async ask(ctx, consumer) {
    if (consumer.personRef === null) return { ok: true, value: [] }
    return ctx.network.tradelines({ realm: ctx.team.id, at: ctx.clock.now() }, consumer.personRef)
  },
  whyFailed: (outcome) => {
    if (outcome.ok) return outcome.value.length === 0 ? 'thin_file' : null
    return outcome.reason === 'frozen' ? 'frozen_file' : null
  },
  keep: keepDebts,
  concluded: conclude,
})

/** An account of each debt that has none yet, with its first updates, and what became of those that were known. */
export async function keepDebts(
  ctx: Ctx<Writing>,
  owner: Consumer,
  tradelines: readonly Tradeline[],
  _retrievalId: RetrievalId,
  detail: ConnectDetail,
): Promise<Kept> {
  const before = await takeEnabled(ctx, owner)
  const isLater = before.connectedAt !== null
  const asksFirst = isLater && newAccountsAwaitConsent(ctx.team)
  const debts = tradelines.map((tradeline) => {
    const awaitsConsent = asksFirst && !tradeline.isClosed
    const isDirect = tradeline.reportsDirectly && !tradeline.isClosed
    const snapshotId = newId<RetrievalId>(ctx.chance)
    const directId = isDirect ? newId<RetrievalId>(ctx.chance) : null
    const latest = awaitsConsent ? {} : { update: directId ?? snapshotId }
    return { tradeline, snapshotId, directId, latest, awaitsConsent }
  })
  const adopted = await adoptDebts(ctx, before.id, tradelines)
  const added = await addFoundDebts(ctx, before.id, debts)
  const closed = await closeDebts(
    ctx,
    before.id,
    tradelines.filter((tradeline) => tradeline.isClosed).map((tradeline) => tradeline.accountRef),
  )
  // Before the first run there was nothing that could have been closed.
  const open = isLater ? tradelines.filter((tradeline) => !tradeline.isClosed) : []
  const reopened = await reopenDebts(
    ctx,
    before.id,
    open.map((tradeline) => tradeline.accountRef),
  )
  const byRef = new Map(debts.map((debt) => [debt.tradeline.accountRef, debt]))
  const updates = await addRetrievals(
    ctx,
    added.flatMap((account) => {
      const debt = byRef.get(account.networkRef ?? '')
      if (!debt || debt.awaitsConsent) return []
      return [snapshotOf(ctx, account, debt), ...(debt.directId ? [directOf(ctx, account, debt.directId)] : [])]
    }),
  )
  await queueCompletion(
    ctx,
    updates.filter((update) => update.status === 'pending'),
  )
  return {
    result: { accountIds: added.map((account) => account.id) } satisfies ConnectResult,
    // Contract: method/webhooks-events §4, the order of a connect's events.
    made: [...added.map((account) => accountChange('created', null, account)), ...updates.map(updateCreated)],
    changes: [
      ...(isLater ? added.map((account) => accountChange('opened', null, account)) : []),
      ...[...adopted, ...reopened, ...closed].map((pair) => accountChange('updated', pair.before, pair.after)),
    ],
    ...nextOf(detail, added, updates),
  }
}

/** The consumer is a connected one. Nothing is said of one who was disabled while products were waited for. */
async function conclude(ctx: Ctx<Writing>, owner: Consumer, { id, result }: Retrieval): Promise<readonly Change[]> {
  const before = await takeConsumer(ctx, owner.id)
  if (before.status === 'disabled') return []
  const { accountIds } = result as ConnectResult
  const found = newAccountsAwaitConsent(ctx.team) ? await findAccounts(ctx, accountIds) : []
  const awaitsConsent = found.some(({ status }) => status === 'awaiting_consent')
  const after = await noteConnected(ctx, { id: before.id, retrievalId: id, awaitsConsent })
  return (awaitsConsent ? ['new_accounts_pending_consent', 'updated'] : ['updated']).map((op) => ({
    resource: 'consumer',
    op,
    resourceId: before.id,
    before,
    after,
  }))
}

/** Only accounts of this run; each has its updates already. */
function nextOf(
  { products = [], subscriptions = [] }: ConnectDetail,
  added: readonly Account[],
  updates: readonly Retrieval[],
): Pick<Kept, 'next'> {
  if (products.length === 0 && subscriptions.length === 0) return {}
  const coreNames: Readonly<Record<string, string>> = { attribute: 'account_attribute' }
  return {
    next: {
      accountIds: added.map((account) => account.id),
      products: [...new Set(products)].filter((name) => name !== 'update').map((name) => coreNames[name] ?? name),
      subscriptions: [...new Set(subscriptions)],
      made: products.includes('update') ? updates.flatMap(({ id, status }) => (status === 'pending' ? [id] : [])) : [],
    },
  }
}

function snapshotOf(
  ctx: Ctx<'clock'>,
  account: Account,
  debt: { readonly tradeline: Tradeline; readonly snapshotId: RetrievalId },
): NewRetrieval {
  return {
    id: debt.snapshotId,
    product: 'update',
    ownerId: account.id,
    status: 'completed',
    statusReason: null,
    detail: updateDetail(account, 'snapshot'),
    result: debt.tradeline.snapshot,
    createdAt: ctx.clock.stamp(),
  }
}

function directOf(ctx: Ctx<'clock'>, account: Account, id: RetrievalId): NewRetrieval {
  return {
    id,
    product: 'update',
    ownerId: account.id,
    status: 'pending',
    statusReason: null,
    detail: updateDetail(account, 'direct'),
    result: null,
    createdAt: ctx.clock.stamp(),
  }
}

function accountChange(op: string, before: Account | null, after: Account): Change {
  return { resource: 'account', op, resourceId: after.id, before, after }
}

function updateCreated(update: Retrieval): Change {
  return { resource: 'update', op: 'created', resourceId: update.id, before: null, after: update }
}
