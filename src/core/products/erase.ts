import type { Ctx } from '../ctx.js'
import { eraseMembers } from '../events/events.js'
import type { ConsumerId } from '../ids.js'
import * as store from './store.js'

/** Forgets the clear records of a person that were retrieved for a consumer. The retrievals stay, empty. */
export async function eraseIdentities(ctx: Ctx<'tx' | 'team'>, consumerId: ConsumerId): Promise<void> {
  const ids = await store.eraseResults(ctx, { product: 'identity', ownerId: consumerId })
  await eraseMembers(ctx, ids, { result: null })
}
