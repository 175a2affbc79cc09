/** What happened on the accounts of a connection. Contract: moneykit/data §4, §5.1. */
import type { HeldTransaction as ToldTransaction } from '../../network/port.js'
import type { Ctx, Reading } from '../ctx.js'
import type { HeldAccountId, HeldTransactionId } from '../ids.js'
import { findReadable } from './access.js'
import { type AccountFilter, type Owned, owned } from './accounts.js'
import type { Whose } from './connections.js'
import type { Enrichment } from './enrichment.js'
import { readPage } from './transaction-pages.js'
import type * as store from './transaction-store.js'

/** A line of an account. Amounts are never negative, in the smallest unit of the currency. */
export interface HeldTransaction
  extends Omit<
    ToldTransaction,
    'ref' | 'accountRef' | 'status' | 'counterparty' | 'recurrence' | 'category' | 'rawDescription'
  > {
  readonly id: HeldTransactionId
  readonly accountId: HeldAccountId
  readonly isPending: boolean
  readonly rawDescription: string | null
  readonly category: string | null
  /** Null until it was enriched. */
  readonly enrichment: Enrichment | null
  /** The caller's name of it, when it was imported. */
  readonly originalId: string | null
}

/** Days are inclusive; null leaves a filter out. */
export interface TransactionFilter extends AccountFilter {
  readonly fromDate: string | null
  readonly toDate: string | null
}

export interface PageNumber {
  /** From 1. */
  readonly page: number
  readonly size: number
}

export interface TransactionPage extends Owned {
  readonly transactions: readonly HeldTransaction[]
  readonly total: number
}

/**
 * Newest first, pending ones included, with the accounts that the filter covers. Refuses `connection.not_found`,
 * `.other_client`, `.deleted`, `.product_not_granted`, `.bad_state`.
 */
export async function listHeldTransactions(
  ctx: Ctx<Reading>,
  whose: Whose,
  filter: TransactionFilter,
  page: PageNumber,
): Promise<TransactionPage> {
  const connection = await findReadable(ctx, whose, 'transactions')
  const covered = await owned(ctx, connection, filter)
  const { rows, total } = await readPage(ctx, [connection.id], filter, page)
  return { ...covered, transactions: rows.map(transactionOf), total }
}

/** What everybody may see of it. */
export function transactionOf(row: store.TransactionRow): HeldTransaction {
  return {
    id: row.id,
    accountId: row.accountId,
    originalId: row.originalId,
    isPending: row.status === 'pending',
    cents: row.cents,
    direction: row.direction,
    currency: row.currency,
    on: row.on,
    at: row.at,
    description: row.description,
    rawDescription: row.rawDescription,
    category: row.category,
    subcategory: row.subcategory,
    enrichment: row.enrichment,
  }
}
