/**
 * The product engine: what a definition says, carried out. A request is checked, asked of the network where the product is
 * synchronous, and stored with its events; a job completes the others.
 */
import { inTx } from '../../db/database.js'
import type { Page, PageRequest } from '../../db/pages.js'
import type { Task } from '../../jobs/task.js'
import type { Outcome } from '../../network/port.js'
import * as accounts from '../accounts/accounts.js'
import * as consumers from '../consumers/consumers.js'
import type { Asking, Ctx, Reading, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type AccountId, type ConsumerId, newId, type RetrievalId, readId, type TeamId } from '../ids.js'
import { pageRefusal } from '../pages.js'
import { teamById } from '../teams/teams.js'
import { accountProducts, consumerProducts } from './catalogue.js'
import type { Kept, OwnerKind, Owners, ProductFacts, Retrievable } from './define.js'
import { refuse } from './errors.js'
import { addRetrievals, COMPLETE_TASK, pageRetrievals, queueCompletion, type Retrieval } from './retrievals.js'
import * as store from './store.js'

export {
  type AccountProductName,
  type AccountSubscriptionName,
  accountAccess,
  accountProducts,
  accountSubscriptions,
  type ConsumerProductName,
  type ConsumerSubscriptionName,
  consumerAccess,
  consumerProducts,
  consumerSubscriptions,
} from './catalogue.js'
export type { ConnectResult } from './connect.js'
export type { Access, Retrievable } from './define.js'
export { productRefusals } from './errors.js'
export type { Retrieval, RetrievalStatus } from './retrievals.js'
export { findRetrievals, latestCompleted } from './retrievals.js'
export type { UpdateDetail, UpdateResult } from './update.js'

/** A request that may be made, with the network's answer where the product is synchronous. */
export interface CheckedRequest<Kind extends OwnerKind, Answer> {
  readonly owner: Owners[Kind]
  readonly outcome: Outcome<Answer> | null
}

/** Refuses `consumer.not_found` or `account.not_found`, `product.individuals_only`, and why the owner may not use the product. */
export async function checkRequest<Kind extends OwnerKind, Answer>(
  ctx: Ctx<Asking>,
  product: Retrievable<Kind, Answer>,
  ownerId: string,
): Promise<CheckedRequest<Kind, Answer>> {
  const owner = await ownersOf(product).get(ctx, ownerId)
  const access = product.access(owner)
  if (access.status !== 'available') throw refuse(access.code)
  return { owner, outcome: product.mode === 'sync' ? await product.ask(ctx, owner) : null }
}

/** Stores the retrieval: finished when it was answered already, pending with a job otherwise. */
export async function createRetrieval<Kind extends OwnerKind, Answer>(
  ctx: Ctx<Writing>,
  product: Retrievable<Kind, Answer>,
  { owner, outcome }: CheckedRequest<Kind, Answer>,
): Promise<Retrieval> {
  const id = newId<RetrievalId>(ctx.chance)
  const createdAt = ctx.clock.stamp()
  const kept = outcome?.ok ? await product.keep(ctx, owner, outcome.value, id) : null
  const [retrieval] = await addRetrievals(ctx, [
    {
      id,
      product: product.name,
      ownerId: owner.id,
      status: outcome === null ? 'pending' : outcome.ok ? 'completed' : 'failed',
      statusReason: outcome === null || outcome.ok ? null : 'unavailable',
      detail: product.detail(owner),
      result: kept?.result ?? null,
      createdAt,
    },
  ])
  if (!retrieval) throw new Error('PostgreSQL returned no row for a new retrieval.')
  if (!kept?.isOwnerNoted) {
    await ownersOf(product).note(ctx, owner, { product: product.name, retrievalId: id })
  }
  if (outcome === null) await queueCompletion(ctx, [retrieval])
  await record(ctx, [
    { resource: product.name, op: 'created', resourceId: id, before: null, after: retrieval },
    ...(kept?.changes ?? []),
  ])
  return retrieval
}

interface Wanted {
  readonly ownerId: string
  readonly retrievalId: string
}

/** Refuses `retrieval.not_found`, also for another owner's or another product's. */
export async function getRetrieval(
  ctx: Ctx<Reading>,
  product: { readonly name: string },
  wanted: Wanted,
): Promise<Retrieval> {
  const id = readId<RetrievalId>(wanted.retrievalId)
  const retrieval = id && (await store.findRetrieval(ctx, id))
  if (!retrieval || retrieval.product !== product.name || retrieval.ownerId !== wanted.ownerId) {
    throw refuse('retrieval.not_found')
  }
  return retrieval
}

/** Newest first. Refuses an unknown owner and `request.unknown_cursor`. */
export async function listRetrievals<Kind extends OwnerKind>(
  ctx: Ctx<Reading>,
  product: ProductFacts<Kind>,
  wanted: { readonly ownerId: string },
  request: PageRequest,
): Promise<Page<Retrieval>> {
  const owner = await ownersOf(product).get(ctx, wanted.ownerId)
  const page = await pageRetrievals(ctx, { product: product.name, ownerId: owner.id }, request)
  if (!page) throw pageRefusal()
  return page
}

/** Asks the network what a pending retrieval waits for, and completes or fails it. Nothing happens the second time. */
export function completionTask(base: Ctx<Exclude<Asking, 'team'>>): Task {
  return {
    name: COMPLETE_TASK,
    attemptsMax: 25,
    timeoutMs: 60_000,
    async run(payload) {
      const team = await teamById(base, payload.teamId as TeamId)
      const ctx = { ...base, team }
      const waiting = await store.findRetrieval(ctx, payload.retrievalId as RetrievalId)
      if (waiting?.status !== 'pending' && waiting?.status !== 'in_progress') return
      await complete(ctx, retrievableOf(waiting), waiting)
    },
  }
}

async function complete<Kind extends OwnerKind, Answer>(
  ctx: Ctx<Asking>,
  product: Retrievable<Kind, Answer>,
  waiting: Retrieval,
): Promise<void> {
  const owner = await ownersOf(product).get(ctx, waiting.ownerId)
  const isAllowed = product.access(owner).status === 'available'
  const outcome: Outcome<Answer> = isAllowed ? await product.ask(ctx, owner) : { ok: false, reason: 'not_supported' }
  await inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const before = await store.takeWaiting(inside, waiting.id)
    if (!before) return
    const kept: Kept | null = outcome.ok ? await product.keep(inside, owner, outcome.value, before.id) : null
    const after = await store.finishRetrieval(inside, {
      id: before.id,
      status: kept ? 'completed' : 'failed',
      statusReason: kept ? null : 'unavailable',
      result: kept?.result ?? null,
      updatedAt: ctx.clock.stamp(),
    })
    await record(inside, [
      { resource: product.name, op: 'updated', resourceId: before.id, before, after },
      ...(kept?.changes ?? []),
    ])
  })
}

const retrievables = [consumerProducts.connect, accountProducts.balance, accountProducts.update]

function retrievableOf(retrieval: Retrieval): Retrievable {
  const product = retrievables.find(({ name }) => name === retrieval.product)
  if (!product) throw new Error(`No product called ${retrieval.product} is retrieved.`)
  return product as unknown as Retrievable
}

interface OwnerDoor<Kind extends OwnerKind> {
  get(ctx: Ctx<Reading>, id: string): Promise<Owners[Kind]>
  note(ctx: Ctx<Writing>, owner: Owners[Kind], note: { product: string; retrievalId: RetrievalId }): Promise<void>
}

const ownerDoors: { readonly [Kind in OwnerKind]: OwnerDoor<Kind> } = {
  consumer: {
    async get(ctx, id) {
      const consumer = await consumers.getConsumer(ctx, id)
      if (consumer.kind !== 'individual') throw refuse('product.individuals_only')
      return consumer
    },
    note: (ctx, { id }, note) => consumers.noteRetrieval(ctx, { id: id as ConsumerId, ...note }),
  },
  account: {
    get: accounts.getAccount,
    note: (ctx, { id }, note) => accounts.noteRetrieval(ctx, { id: id as AccountId, ...note }),
  },
}

function ownersOf<Kind extends OwnerKind>(product: ProductFacts<Kind>): OwnerDoor<Kind> {
  return ownerDoors[product.owner] as unknown as OwnerDoor<Kind>
}
