/** Retrievals that nobody requests one by one: what subscriptions make, and what a connect asks for. */
import { isDeepStrictEqual } from 'node:util'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { newId, type RetrievalId } from '../ids.js'
import type { OwnerKind } from './define.js'
import { mayMake, resourceOf, retrievableOf } from './engine.js'
import { ownersOf } from './owner-doors.js'
import { type CheckedRequest, createRetrieval } from './request.js'
import { addRetrievals, queueCompletion, type Retrieval } from './retrievals.js'
import * as store from './store.js'

/**
 * Pending retrievals of one product for many owners, in order, with their jobs and events: what subscriptions make. Owners who
 * cannot have it get none.
 */
export async function refreshByProduct(
  ctx: Ctx<Writing>,
  productName: string,
  wanted: readonly { readonly ownerId: string; readonly detail: object }[],
): Promise<readonly Retrieval[]> {
  const product = retrievableOf(productName)
  const doors = ownersOf(product)
  const found = new Map(
    (
      await doors.find(
        ctx,
        wanted.map(({ ownerId }) => ownerId),
      )
    ).map((owner) => [owner.id as string, owner]),
  )
  const asked = wanted.flatMap(({ ownerId, detail }) => {
    const owner = found.get(ownerId)
    return owner && mayMake(ctx, product, owner, detail) ? [{ owner, detail }] : []
  })
  const made = await addRetrievals(
    ctx,
    asked.map(({ owner, detail }) => ({
      id: newId<RetrievalId>(ctx.chance),
      product: product.name,
      ownerId: owner.id,
      status: product.waitsAs ?? 'pending',
      statusReason: null,
      detail: { ...product.detail(owner), ...detail },
      result: null,
      createdAt: ctx.clock.stamp(),
    })),
  )
  await doors.noteAll(
    ctx,
    product.name,
    made.map(({ id, ownerId }) => ({ ownerId, retrievalId: id })),
  )
  await queueCompletion(ctx, made, product)
  await record(
    ctx,
    made.map((after) => ({ resource: resourceOf(product), op: 'created', resourceId: after.id, before: null, after })),
  )
  return made
}

/** A product's question asked again of the network; null where the owner cannot have it, or there is no answer now. */
export async function askAgain(
  ctx: Ctx<Asking>,
  productName: string,
  ownerId: string,
): Promise<CheckedRequest<OwnerKind, never> | null> {
  const product = retrievableOf(productName)
  const [owner] = await ownersOf(product).find(ctx, [ownerId])
  if (!owner || !mayMake(ctx, product, owner, {})) return null
  const outcome = await product.ask(ctx, owner, {})
  return outcome.ok ? { owner, outcome, detail: {} } : null
}

/** Stores the answer of a question that was asked again. */
export function keepAnswer(
  ctx: Ctx<Writing>,
  productName: string,
  answered: CheckedRequest<OwnerKind, never>,
): Promise<Retrieval> {
  return createRetrieval(ctx, retrievableOf(productName), answered)
}

/** As `keepAnswer` where the answer is another than the last one; null where it is not. */
export async function keepIfNew(
  ctx: Ctx<Writing>,
  productName: string,
  answered: CheckedRequest<OwnerKind, never>,
): Promise<Retrieval | null> {
  const { owner, outcome } = answered
  const last = await store.findLastCompleted(ctx, { product: productName, ownerId: owner.id })
  const isOld = outcome?.ok && isDeepStrictEqual(last?.result, outcome.value)
  return isOld ? null : keepAnswer(ctx, productName, answered)
}
