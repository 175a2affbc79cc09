/**
 * The job that completes what waits. It serves one owner, so that the requests about one account end in the order in which
 * they were made however many there are; two runs at once keep that order, because each goes the same way.
 */
import { inTx } from '../../db/database.js'
import type { Task } from '../../jobs/task.js'
import type { Outcome } from '../../network/port.js'
import type { Asking, Base, Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import type { AccountId, RetrievalId, TeamId } from '../ids.js'
import { forTeamOf } from '../teams/teams.js'
import { judge, type Kept, type NextRequests, type OwnerKind, type Owners, type Retrievable } from './define.js'
import { mayMake, previousOf, resourceOf, retrievableOf } from './engine.js'
import { ownersOf } from './owner-doors.js'
import { refreshByProduct } from './refresh.js'
import { COMPLETE_TASK, endRetrieval, type FailureReason, type Retrieval } from './retrievals.js'
import * as store from './store.js'

/** Asks the network what the retrievals of an owner wait for, oldest first, and completes or fails each. Nothing happens the second time. */
export function completionTask(base: Base, enrol: Enrol): Task {
  return {
    name: COMPLETE_TASK,
    attemptsMax: 25,
    timeoutMs: 60_000,
    async run(payload) {
      const ctx = await forTeamOf(base, payload.teamId as TeamId)
      await completeWaiting(ctx, payload.ownerId ?? '', enrol)
    },
  }
}

/** Completes or fails what an owner waits for, oldest first, each in a transaction of its own. */
export async function completeWaiting(ctx: Ctx<Asking>, ownerId: string, enrol: Enrol): Promise<void> {
  const failures: unknown[] = []
  for (const waiting of await store.listWaiting(ctx, ownerId)) {
    // What one of them breaks must not hold up the others; the job is tried again for it.
    const product = retrievableOf(waiting.product)
    const ending = waiting.result ? conclude(ctx, product, waiting) : complete(ctx, product, waiting, enrol)
    await ending.catch((error) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}

async function complete<Kind extends OwnerKind, Answer>(
  ctx: Ctx<Asking>,
  product: Retrievable<Kind, Answer>,
  waiting: Retrieval,
  enrol: Enrol,
): Promise<void> {
  const owner = await ownersOf(product).get(ctx, waiting.ownerId)
  const outcome: Outcome<Answer> = mayMake(ctx, product, owner, waiting.detail)
    ? await product.ask(ctx, owner, waiting.detail)
    : { ok: false, reason: 'not_supported' }
  await inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const before = await store.takeWaiting(inside, waiting.id)
    // Another run may have answered it meanwhile.
    if (!before || before.result) return
    const judged = judge(product, outcome)
    if ('failure' in judged) return fail(inside, product, before, judged.failure)
    const kept = await product.keep(inside, owner, judged.answer, before.id, before.detail)
    if (!asksProducts(kept)) {
      await completeWith(inside, product, { before, owner, kept })
      if (kept.next) await askNext(inside, kept.next, enrol)
      return
    }
    await record(inside, [...(kept.made ?? []), ...kept.changes])
    const awaited = await askNext(inside, kept.next, enrol)
    if (awaited.length > 0) return store.parkRetrieval(inside, { id: before.id, result: kept.result }, awaited)
    await completeWith(inside, product, { before, owner, kept: { result: kept.result, changes: [] } })
  })
}

/** Ends one that has its answer, once all that it went on to ask for has ended; the end of each wakes this. */
async function conclude<Kind extends OwnerKind, Answer>(
  ctx: Ctx<Asking>,
  product: Retrievable<Kind, Answer>,
  parked: Retrieval,
): Promise<void> {
  const owner = await ownersOf(product).get(ctx, parked.ownerId)
  await inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const before = await store.takeWaiting(inside, parked.id)
    if (!before?.result) return
    const statuses = await store.listAwaitedStatuses(inside, before.id)
    if (statuses.some((status) => status === 'pending' || status === 'in_progress')) return
    if (statuses.includes('failed')) return fail(inside, product, before, 'unavailable')
    await completeWith(inside, product, { before, owner, kept: { result: before.result, changes: [] } })
  })
}

interface Ending<Kind extends OwnerKind> {
  readonly before: Retrieval
  readonly owner: Owners[Kind]
  readonly kept: Kept
}

async function completeWith<Kind extends OwnerKind, Answer>(
  ctx: Ctx<Writing>,
  product: Retrievable<Kind, Answer>,
  { before, owner, kept }: Ending<Kind>,
): Promise<void> {
  const previous = await previousOf(ctx, product, owner.id)
  const after = await endRetrieval(ctx, {
    id: before.id,
    status: 'completed',
    statusReason: null,
    result: kept.result,
    updatedAt: ctx.clock.stamp(),
  })
  const concluded = (await product.concluded?.(ctx, owner, after)) ?? []
  await record(ctx, [
    ...(kept.made ?? []),
    { resource: resourceOf(product), op: 'updated', resourceId: before.id, before, after },
    ...kept.changes,
    ...concluded,
    ...(product.implies?.(previous, after, owner) ?? []),
  ])
}

async function fail(
  ctx: Ctx<Writing>,
  product: Pick<Retrievable, 'name' | 'resource'>,
  before: Retrieval,
  reason: FailureReason,
): Promise<void> {
  const after = await endRetrieval(ctx, {
    id: before.id,
    status: 'failed',
    statusReason: reason,
    result: null,
    updatedAt: ctx.clock.stamp(),
  })
  await record(ctx, [{ resource: resourceOf(product), op: 'updated', resourceId: before.id, before, after }])
}

function asksProducts(kept: Kept): kept is Kept & { readonly next: NextRequests } {
  return kept.next !== undefined && kept.next.products.length + kept.next.made.length > 0
}

/** How accounts are enrolled in subscriptions; wiring hands it in, because subscriptions lean on products. */
export type Enrol = (ctx: Ctx<Writing>, accountIds: readonly AccountId[], names: readonly string[]) => Promise<void>

/** The products and subscriptions that a retrieval wants of accounts, for those that can have them; returns what is pending now. */
async function askNext(ctx: Ctx<Writing>, next: NextRequests, enrol: Enrol): Promise<readonly RetrievalId[]> {
  const wanted = next.accountIds.map((ownerId) => ({ ownerId, detail: {} }))
  const awaited = [...next.made]
  for (const product of next.products) {
    awaited.push(...(await refreshByProduct(ctx, product, wanted)).map(({ id }) => id))
  }
  await enrol(ctx, next.accountIds, next.subscriptions)
  return awaited
}
