/** A request for data through a product: checked, asked of the network where the product is synchronous, and stored. */
import type { Outcome } from '../../network/port.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { newId, type RetrievalId } from '../ids.js'
import { judge, type OwnerKind, type Owners, type Retrievable } from './define.js'
import { previousOf, resourceOf } from './engine.js'
import { refuse } from './errors.js'
import { ownersOf } from './owner-doors.js'
import { addRetrievals, queueCompletion, type Retrieval } from './retrievals.js'

/** A request that may be made, with the network's answer where the product is synchronous. */
export interface CheckedRequest<Kind extends OwnerKind, Answer> {
  readonly owner: Owners[Kind]
  readonly outcome: Outcome<Answer> | null
  /** What the caller said beyond the owner, kept with the retrieval. */
  readonly detail: object
}

interface Said {
  /** What the request says beyond its owner. */
  readonly detail?: object | undefined
  /** The caller wants a synchronous product answered by a job, too. */
  readonly isAnsweredLater?: boolean | undefined
}

/** Refuses `consumer.not_found` or `account.not_found`, `product.individuals_only`, and why the owner may not use the product. */
export async function checkRequest<Kind extends OwnerKind, Answer>(
  ctx: Ctx<Asking>,
  product: Retrievable<Kind, Answer>,
  ownerId: string,
  { detail = {}, isAnsweredLater = false }: Said = {},
): Promise<CheckedRequest<Kind, Answer>> {
  const owner = await ownersOf(product).get(ctx, ownerId)
  if (owner.status === 'disabled') throw refuse('product.unavailable')
  const access = product.access(owner, ctx.team)
  if (access.status !== 'available') throw refuse(access.code)
  const flaw = product.refuseDetail?.(owner, detail)
  if (flaw) throw refuse(flaw)
  const outcome = product.mode === 'sync' ? await product.ask(ctx, owner, detail) : null
  if (product.refusesUnknown && outcome?.ok === false && outcome.reason === 'not_found') {
    throw refuse(product.refusesUnknown)
  }
  if (!isAnsweredLater || !outcome) return { owner, outcome, detail }
  return { owner, outcome: null, detail: { ...detail, ...(outcome.ok ? product.foretold?.(outcome.value) : {}) } }
}

/** Stores the retrieval: finished when it was answered already, pending with a job otherwise. */
export async function createRetrieval<Kind extends OwnerKind, Answer>(
  ctx: Ctx<Writing>,
  product: Retrievable<Kind, Answer>,
  { owner, outcome, detail }: CheckedRequest<Kind, Answer>,
): Promise<Retrieval> {
  const id = newId<RetrievalId>(ctx.chance)
  const createdAt = ctx.clock.stamp()
  const known = { ...product.detail(owner), ...detail }
  const judged = outcome && judge(product, outcome)
  const failure = judged && 'failure' in judged ? judged.failure : null
  const kept = judged && 'answer' in judged ? await product.keep(ctx, owner, judged.answer, id, known) : null
  if (kept?.next) throw new Error(`What ${product.name} asks for next is asked by its job.`)
  const previous = kept && (await previousOf(ctx, product, owner.id))
  const [retrieval] = await addRetrievals(ctx, [
    {
      id,
      product: product.name,
      ownerId: owner.id,
      status: failure ? 'failed' : kept ? 'completed' : (product.waitsAs ?? 'pending'),
      statusReason: failure,
      detail: known,
      result: kept?.result ?? null,
      createdAt,
    },
  ])
  if (!retrieval) throw new Error('PostgreSQL returned no row for a new retrieval.')
  const concluded = kept ? await product.concluded?.(ctx, owner, retrieval) : undefined
  if (!concluded) await ownersOf(product).note(ctx, owner, { product: product.name, retrievalId: id })
  if (outcome === null) await queueCompletion(ctx, [retrieval], product)
  await record(ctx, [
    { resource: resourceOf(product), op: 'created', resourceId: id, before: null, after: retrieval },
    ...(kept?.made ?? []),
    ...(kept?.changes ?? []),
    ...(concluded ?? []),
    ...(kept ? (product.implies?.(previous, retrieval, owner) ?? []) : []),
  ])
  return retrieval
}
