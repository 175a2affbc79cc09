import type { Ctx, Writing } from '../ctx.js'
import { eraseMembers, record } from '../events/events.js'
import type { AccountId, ConsumerId } from '../ids.js'
import type { Account } from './accounts.js'
import * as store from './store.js'

const ERASED = { liability: null, bank: null, clearingUse: null, debitCard: null, detailsSealed: null, metadata: null }

/**
 * Disables an account because consent was taken back, and erases its details, in the events of before as well. The
 * network's name of it stays, so that a later connect does not bring back what the holder took away.
 */
export async function eraseAccount(ctx: Ctx<Writing>, account: Account): Promise<Account> {
  const [after = account] = await erase(ctx, { accountId: account.id })
  return after
}

/** As `eraseAccount` for all of a consumer's, whose debts may be found anew once consent is granted again. */
export async function eraseAccountsOf(ctx: Ctx<Writing>, consumerId: ConsumerId): Promise<readonly Account[]> {
  const erased = await erase(ctx, { consumerId })
  await store.forgetNetworkRefs(ctx, consumerId)
  return erased
}

async function erase(
  ctx: Ctx<Writing>,
  whose: { readonly accountId: AccountId } | { readonly consumerId: ConsumerId },
): Promise<readonly Account[]> {
  const rows = await store.eraseAccounts(ctx, whose, ctx.clock.stamp())
  const changes = rows.map(({ previous, ...after }) => ({ before: { ...after, ...previous }, after }))
  const ids = changes.map(({ after }) => after.id)
  await eraseMembers(ctx, ids, ERASED)
  await record(
    ctx,
    changes.map((change) => ({ resource: 'account', op: 'updated', resourceId: change.after.id, ...change })),
  )
  return changes.map(({ after }) => after)
}
