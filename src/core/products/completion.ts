/**
 * The job that completes what waits. It serves one owner, so that the requests about one account end in the order in which
 * they were made however many there are; two runs at once keep that order, because each goes the same way.
 */
import { inTx } from '../../db/database.js'
import type { Task } from '../../jobs/task.js'
import type { Outcome } from '../../network/port.js'
import type { Asking, Base, Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import type { AccountId, TeamId } from '../ids.js'
import { forTeamOf } from '../teams/teams.js'
import { judge, type Kept, type NextRequests, type OwnerKind, type Retrievable } from './define.js'
import { mayMake, previousOf, resourceOf, retrievableOf } from './engine.js'
import { ownersOf } from './owner-doors.js'
import { refreshByProduct } from './refresh.js'
import { COMPLETE_TASK, type Retrieval } from './retrievals.js'
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
    await complete(ctx, retrievableOf(waiting.product), waiting, enrol).catch((error) => failures.push(error))
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
    if (!before) return
    const judged = judge(product, outcome)
    const kept: Kept | null =
      'answer' in judged ? await product.keep(inside, owner, judged.answer, before.id, before.detail) : null
    const previous = kept && (await previousOf(inside, product, owner.id))
    const after = await store.finishRetrieval(inside, {
      id: before.id,
      status: kept ? 'completed' : 'failed',
      statusReason: 'failure' in judged ? judged.failure : null,
      result: kept?.result ?? null,
      updatedAt: ctx.clock.stamp(),
    })
    await record(inside, [
      ...(kept?.made ?? []),
      { resource: resourceOf(product), op: 'updated', resourceId: before.id, before, after },
      ...(kept?.changes ?? []),
      ...(kept ? (product.implies?.(previous, after, owner) ?? []) : []),
    ])
    if (kept?.next) await askNext(inside, kept.next, enrol)
  })
}

/** How accounts are enrolled in subscriptions; wiring hands it in, because subscriptions lean on products. */
export type Enrol = (ctx: Ctx<Writing>, accountIds: readonly AccountId[], names: readonly string[]) => Promise<void>

/** The products and subscriptions that a finished retrieval wants of accounts, for those that can have them. */
async function askNext(ctx: Ctx<Writing>, next: NextRequests, enrol: Enrol): Promise<void> {
  const wanted = next.accountIds.map((ownerId) => ({ ownerId, detail: {} }))
  for (const product of next.products) await refreshByProduct(ctx, product, wanted)
  await enrol(ctx, next.accountIds, next.subscriptions)
}
