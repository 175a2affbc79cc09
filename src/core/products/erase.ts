import type { Ctx } from '../ctx.js'
import { eraseMembers } from '../events/events.js'
import type { AccountId, ConsumerId } from '../ids.js'
import * as store from './store.js'

/** Forgets the clear records of a person that were retrieved for a consumer. The retrievals stay, empty. */
export async function eraseIdentities(ctx: Ctx<'tx' | 'team'>, consumerId: ConsumerId): Promise<void> {
  await erase(ctx, 'identity', [consumerId])
}

/** Forgets the account numbers that were brought for a consumer. The retrievals stay. */
export async function eraseBrought(ctx: Ctx<'tx' | 'team'>, consumerId: ConsumerId): Promise<void> {
  const ids = await store.eraseDetails(ctx, { product: 'manual_connect', ownerIds: [consumerId] })
  await eraseMembers(ctx, ids, { detail: {} })
}

/** Forgets the clear numbers that were retrieved for accounts. */
export async function eraseSensitive(ctx: Ctx<'tx' | 'team'>, accountIds: readonly AccountId[]): Promise<void> {
  await erase(ctx, 'sensitive', accountIds)
  await erase(ctx, 'payment_instrument', accountIds)
}

async function erase(ctx: Ctx<'tx' | 'team'>, product: string, ownerIds: readonly string[]): Promise<void> {
  if (ownerIds.length === 0) return
  const ids = await store.eraseResults(ctx, { product, ownerIds })
  await eraseMembers(ctx, ids, { result: null })
}
