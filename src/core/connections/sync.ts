/** What changed among a connection's transactions since a client last asked. Contract: moneykit/data §5.2. */
import type { Ctx, Reading } from '../ctx.js'
import type { HeldTransactionId } from '../ids.js'
import type { Owned } from './accounts.js'
import type { Whose } from './connections.js'
import type { HeldTransaction } from './transactions.js'

export interface SyncPage extends Owned {
  readonly created: readonly HeldTransaction[]
  readonly updated: readonly HeldTransaction[]
  readonly removed: readonly HeldTransactionId[]
  readonly next: string
  readonly hasMore: boolean
}

/**
 * A page of the changes after a cursor, or of everything without one. Refuses what reading transactions refuses, and
 * `connection.unknown_cursor`.
 */
export async function syncTransactions(
  _ctx: Ctx<Reading>,
  _whose: Whose,
  _request: { readonly cursor: string | null; readonly size: number },
): Promise<SyncPage> {
  throw new Error('not written yet')
}
