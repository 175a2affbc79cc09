import type { Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import type { OwnerKind, Retrievable } from './define.js'
import { refuse } from './errors.js'
import { ownersOf } from './owner-doors.js'
import { endRetrieval, type Retrieval } from './retrievals.js'
import * as store from './store.js'

/**
 * Completes a retrieval with a result that nobody outside was asked for, in place of whatever it had or waited for; its
 * job then finds nothing to do. What it implies is compared with the owner's completed retrieval before it. Refuses
 * `retrieval.not_found`, and `product.unavailable` for a disabled owner.
 */
export async function settleRetrieval<Kind extends OwnerKind, Answer>(
  ctx: Ctx<Writing>,
  product: Retrievable<Kind, Answer>,
  wanted: Pick<Retrieval, 'id' | 'ownerId'>,
  result: object,
): Promise<Retrieval> {
  const owner = await ownersOf(product).get(ctx, wanted.ownerId)
  if (owner.status === 'disabled') throw refuse('product.unavailable')
  const before = await store.takeRetrieval(ctx, wanted.id)
  if (!before) throw refuse('retrieval.not_found')
  const previous = product.implies ? await store.findCompletedBefore(ctx, before) : null
  const after = await endRetrieval(ctx, {
    id: before.id,
    status: 'completed',
    statusReason: null,
    result,
    updatedAt: ctx.clock.stamp(),
  })
  await record(ctx, [
    { resource: product.resource ?? product.name, op: 'updated', resourceId: after.id, before, after },
    ...(product.implies?.(previous, after, owner) ?? []),
  ])
  return after
}
