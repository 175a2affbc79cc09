/**
 * What is bought with a card, as its network tells it. A transaction is `pending` from its authorization until it is `posted`
 * or `voided`; money given back is a transaction of its own that names the first. Contract: method/accounts §7.
 */
import type { Page, PageRequest } from '../../db/pages.js'
import { onlyRow } from '../../db/rows.js'
import type { CardNetwork, CardTransaction, Outcome } from '../../network/port.js'
import { type Account, getAccount } from '../accounts/accounts.js'
import type { Asking, Ctx, Reading, Writing } from '../ctx.js'
import { eraseMembers, record } from '../events/events.js'
import { type AccountId, type CardTransactionId, newId, readId } from '../ids.js'
import { pageRefusal } from '../pages.js'
import { refuse } from './errors.js'
import * as store from './store.js'

export interface Transaction {
  readonly id: CardTransactionId
  readonly accountId: AccountId
  /** The network's own name of it. */
  readonly networkRef: string
  readonly kind: 'purchase' | 'refund'
  /** `posted` and `voided` are ends. */
  readonly status: 'pending' | 'posted' | 'voided'
  /** What the statement says; final in an end. */
  readonly descriptor: string
  readonly merchant: CardTransaction['merchant']
  readonly network: CardNetwork
  /** US cents, like what was authorized. */
  readonly amountCents: number
  readonly authorizedCents: number
  readonly transactedAt: string
  readonly postedAt: string | null
  readonly voidedAt: string | null
  /** The purchase that a refund gives back; null where that was never told. */
  readonly originalId: CardTransactionId | null
  readonly createdAt: string
  readonly updatedAt: string
}

// Contract: method/accounts §1.6.
const SHOWN_WITH_ACCOUNT_MAX = 10

/** Refuses `transaction.not_found`, also for another account's. */
export async function getTransaction(
  ctx: Ctx<Reading>,
  wanted: { readonly accountId: string; readonly transactionId: string },
): Promise<Transaction> {
  const id = readId<CardTransactionId>(wanted.transactionId)
  const found = id && (await store.findTransaction(ctx, { id, accountId: wanted.accountId }))
  if (!found) throw refuse('transaction.not_found')
  return found
}

/** What the network calls by that name; it must have been kept. */
export async function transactionOfRef(ctx: Ctx<Reading>, accountId: AccountId, ref: string): Promise<Transaction> {
  return onlyRow(await store.findByRefs(ctx, accountId, [ref]))
}

/** Newest first; empty for an account that was never enrolled. Refuses an unknown account and `request.unknown_cursor`. */
export async function listTransactions(
  ctx: Ctx<Reading>,
  accountId: string,
  request: PageRequest,
): Promise<Page<Transaction>> {
  const account = await getAccount(ctx, accountId)
  const page = await store.listTransactions(ctx, account.id, request)
  if (!page) throw pageRefusal()
  return page
}

/** The ten newest of each account, newest first, for showing them inside it. */
export async function newestTransactions(
  ctx: Ctx<Reading>,
  accountIds: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, readonly Transaction[]>> {
  const rows = accountIds.length === 0 ? [] : await store.listNewest(ctx, accountIds, SHOWN_WITH_ACCOUNT_MAX)
  const grouped = new Map<AccountId, Transaction[]>(accountIds.map((id) => [id, []]))
  for (const row of rows) grouped.get(row.accountId)?.push(row)
  return grouped
}

/** What happened on a card after `since`. Asked before a transaction is open; `keepTransactions` stores the answer. */
export function askForTransactions(
  ctx: Ctx<Asking>,
  account: Account,
  since: string,
): Promise<Outcome<readonly CardTransaction[]>> {
  if (account.networkRef === null) return Promise.resolve({ ok: false, reason: 'not_found' })
  return ctx.network.cardTransactions({ realm: ctx.team.id, at: ctx.clock.now() }, account.networkRef, since)
}

/**
 * Stores what a network told of a card whose account the caller holds locked, so that two workers with the same news make one
 * record of it. Returns what was new or changed, in the order told; each is an event.
 */
export async function keepTransactions(
  ctx: Ctx<Writing>,
  account: Account,
  told: readonly CardTransaction[],
): Promise<readonly Transaction[]> {
  if (told.length === 0) return []
  const refs = told.flatMap(({ ref, originalRef }) => (originalRef === null ? [ref] : [ref, originalRef]))
  const known = new Map((await store.findByRefs(ctx, account.id, refs)).map((row) => [row.networkRef, row]))
  const ids = new Map([...known].map(([ref, { id }]) => [ref, id]))
  for (const { ref } of told) if (!ids.has(ref)) ids.set(ref, newId<CardTransactionId>(ctx.chance))
  const rows = [...new Map(told.map((each) => [each.ref, each])).values()].flatMap(({ ref, originalRef, ...facts }) => {
    const id = ids.get(ref)
    const originalId = originalRef === null ? null : (ids.get(originalRef) ?? null)
    const row = id && { ...facts, id, accountId: account.id, networkRef: ref, originalId }
    const before = known.get(ref)
    return row && !(before && isOld(before, row)) ? [{ ...row, updatedAt: ctx.clock.stamp() }] : []
  })
  if (rows.length === 0) return []
  const kept = await store.putTransactions(ctx, rows)
  await record(
    ctx,
    kept.map((after) => {
      const before = known.get(after.networkRef) ?? null
      return { resource: 'transaction', op: before ? 'updated' : 'created', resourceId: after.id, before, after }
    }),
  )
  return kept
}

/** Forgets what was bought with cards whose holders took consent back, in the events of before as well. */
export async function eraseTransactions(ctx: Ctx<'tx' | 'team'>, accountIds: readonly AccountId[]): Promise<void> {
  if (accountIds.length === 0) return
  const ids = await store.deleteTransactions(ctx, accountIds)
  await eraseMembers(ctx, ids, { descriptor: null, merchant: null, amountCents: null, authorizedCents: null })
}

type Facts = Omit<Transaction, 'createdAt' | 'updatedAt'>

/** Whether a network repeats itself, or news arrive after the end that came of them. */
function isOld(known: Facts, told: Facts): boolean {
  return known.status !== 'pending' || factsOf(known) === factsOf(told)
}

function factsOf({ merchant, ...facts }: Facts): string {
  const { name, categoryCode, city, state, country, acquirerBin, acceptorId } = merchant
  const at = (instant: string | null) => instant && Date.parse(instant)
  return JSON.stringify([
    [facts.status, facts.descriptor, facts.amountCents, facts.authorizedCents, facts.originalId],
    [at(facts.postedAt), at(facts.voidedAt)],
    [name, categoryCode, city, state, country, acquirerBin, acceptorId],
  ])
}
