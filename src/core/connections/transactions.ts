/** What happened on the accounts of a connection. Contract: moneykit/data §4, §5.1. */
import type { HeldTransaction as ToldTransaction } from '../../network/port.js'
import type { Ctx, Reading } from '../ctx.js'
import type { HeldAccountId, HeldTransactionId } from '../ids.js'
import type { AccountFilter, Owned } from './accounts.js'
import type { Whose } from './connections.js'
import type { Enrichment } from './enrichment.js'

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
  _ctx: Ctx<Reading>,
  _whose: Whose,
  _filter: TransactionFilter,
  _page: PageNumber,
): Promise<TransactionPage> {
  throw new Error('not written yet')
}
