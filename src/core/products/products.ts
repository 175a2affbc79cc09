/**
 * The product engine: what a definition says, carried out. A request is checked, asked of the network where the product is
 * synchronous, and stored with its events; a job completes the others.
 */
import { isDeepStrictEqual } from 'node:util'
import { inTx } from '../../db/database.js'
import type { Page, PageRequest } from '../../db/pages.js'
import type { Task } from '../../jobs/task.js'
import type { Outcome } from '../../network/port.js'
import type { Asking, Ctx, Reading, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type AccountId, newId, type RetrievalId, readId, type TeamId } from '../ids.js'
import { pageRefusal } from '../pages.js'
import { teamById } from '../teams/teams.js'
import { retrievables } from './catalogue.js'
import type { Kept, NextRequests, OwnerKind, Owners, ProductFacts, Retrievable } from './define.js'
import { refuse } from './errors.js'
import { ownersOf } from './owner-doors.js'
import { addRetrievals, COMPLETE_TASK, pageRetrievals, queueCompletion, type Retrieval } from './retrievals.js'
import * as store from './store.js'

export type { AccountAttributeResult } from './account-attribute.js'
export { type AttributeDetail, type AttributeResult, CREDIT_HEALTH_NAMES, type CreditHealthName } from './attribute.js'
export { requireAvailable, requireCapability } from './capability.js'
export type { CardBrandDetail, CardBrandResult } from './card-brand.js'
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
export { CONNECTED_PRODUCTS, CONNECTED_SUBSCRIPTIONS, type ConnectDetail, type ConnectResult } from './connect.js'
export { BUREAUS, type CreditScoreResult, SCORE_MAX, SCORE_MIN, SCORE_MODELS, type Score } from './credit-score.js'
export type { Access, Retrievable } from './define.js'
export { eraseIdentities, eraseSensitive } from './erase.js'
export { productRefusals } from './errors.js'
export { openIdentities } from './identity.js'
export {
  closeInstrument,
  INSTRUMENT_TYPES,
  type InstrumentDetail,
  type InstrumentResult,
  type InstrumentValues,
  openInstrument,
} from './payment-instrument.js'
export { type ProductSnapshot, productChanges } from './product-changes.js'
export type { Retrieval, RetrievalStatus } from './retrievals.js'
export { findRetrievals, latestCompleted } from './retrievals.js'
export {
  openSensitive,
  SENSITIVE_FIELDS,
  SENSITIVE_TYPES,
  type SensitiveDetail,
  type SensitiveField,
  type SensitiveType,
  type SensitiveValues,
} from './sensitive.js'
export { settleRetrieval } from './settle.js'
export type { UpdateDetail, UpdateResult } from './update.js'
export type { VehicleResult } from './vehicle.js'

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
  const kept = outcome?.ok ? await product.keep(ctx, owner, outcome.value, id, known) : null
  if (kept?.next) throw new Error(`What ${product.name} asks for next is asked by its job.`)
  const previous = kept && (await previousOf(ctx, product, owner.id))
  const [retrieval] = await addRetrievals(ctx, [
    {
      id,
      product: product.name,
      ownerId: owner.id,
      status: outcome === null ? (product.waitsAs ?? 'pending') : outcome.ok ? 'completed' : 'failed',
      statusReason: outcome === null || outcome.ok ? null : 'unavailable',
      detail: known,
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
    { resource: resourceOf(product), op: 'created', resourceId: id, before: null, after: retrieval },
    ...(kept?.made ?? []),
    ...(kept?.changes ?? []),
    ...(kept ? (product.implies?.(previous, retrieval, owner) ?? []) : []),
  ])
  return retrieval
}

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
  await queueCompletion(ctx, made)
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
export function completionTask(base: Ctx<Exclude<Asking, 'team'>>, enrol: Enrol): Task {
  return {
    name: COMPLETE_TASK,
    attemptsMax: 25,
    timeoutMs: 60_000,
    async run(payload) {
      const team = await teamById(base, payload.teamId as TeamId)
      const ctx = { ...base, team }
      const waiting = await store.findRetrieval(ctx, payload.retrievalId as RetrievalId)
      if (waiting?.status !== 'pending' && waiting?.status !== 'in_progress') return
      await complete(ctx, retrievableOf(waiting.product), waiting, enrol)
    },
  }
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
    const kept: Kept | null = outcome.ok
      ? await product.keep(inside, owner, outcome.value, before.id, before.detail)
      : null
    const previous = kept && (await previousOf(inside, product, owner.id))
    const after = await store.finishRetrieval(inside, {
      id: before.id,
      status: kept ? 'completed' : 'failed',
      statusReason: kept ? null : 'unavailable',
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

function mayMake<Kind extends OwnerKind, Answer>(
  ctx: Ctx<'team'>,
  product: Retrievable<Kind, Answer>,
  owner: Owners[Kind],
  detail: object,
): boolean {
  const access = product.accessTo?.(owner, ctx.team, detail) ?? product.access(owner, ctx.team)
  return access.status === 'available'
}

function resourceOf({ resource, name }: Pick<Retrievable, 'resource' | 'name'>): string {
  return resource ?? name
}

/** The last completed retrieval, where the product compares with it. */
function previousOf(
  ctx: Ctx<Reading>,
  product: { readonly name: string; readonly implies?: unknown },
  ownerId: string,
): Promise<Retrieval | null> {
  return product.implies ? store.findLastCompleted(ctx, { product: product.name, ownerId }) : Promise.resolve(null)
}

function retrievableOf(name: string): Retrievable {
  const product = retrievables.find((candidate) => candidate.name === name)
  if (!product) throw new Error(`No product called ${name} is retrieved.`)
  return product as unknown as Retrievable
}
