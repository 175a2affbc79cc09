import type { Ctx, Reading } from '../ctx.js'
import type { AccountId } from '../ids.js'
import { isInProgress } from './store.js'

/** Whether money still moves to or from any of the accounts. Contract: method/accounts §1.8, entities §1.14. */
export function hasPaymentsInProgress(ctx: Ctx<Reading>, accountIds: readonly AccountId[]): Promise<boolean> {
  return accountIds.length === 0 ? Promise.resolve(false) : isInProgress(ctx, accountIds)
}
