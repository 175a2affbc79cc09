/**
 * The product engine: what a definition says, carried out. A request is checked, asked of the network where the product is
 * synchronous, and stored with its events; a job completes the others.
 */
import type { Page, PageRequest } from '../../db/pages.js'
import type { Ctx, Reading } from '../ctx.js'
import { type RetrievalId, readId } from '../ids.js'
import { pageRefusal } from '../pages.js'
import type { OwnerKind, ProductFacts } from './define.js'
import { refuse } from './errors.js'
import { ownersOf } from './owner-doors.js'
import { pageRetrievals, type Retrieval } from './retrievals.js'
import * as store from './store.js'

export type { AccountAttributeResult } from './account-attribute.js'
export { type AttributeDetail, type AttributeResult, CREDIT_HEALTH_NAMES, type CreditHealthName } from './attribute.js'
export { availability } from './availability.js'
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
export { completeWaiting, completionTask, type Enrol } from './completion.js'
export { CONNECTED_PRODUCTS, CONNECTED_SUBSCRIPTIONS, type ConnectDetail, type ConnectResult } from './connect.js'
export { BUREAUS, type CreditScoreResult, SCORE_MAX, SCORE_MIN, SCORE_MODELS, type Score } from './credit-score.js'
export type { Access, Retrievable } from './define.js'
export { eraseBrought, eraseIdentities, eraseSensitive } from './erase.js'
export { productRefusals } from './errors.js'
export { openIdentities } from './identity.js'
export { type BroughtTradeline, manualConnectDetail } from './manual-connect.js'
export {
  closeInstrument,
  findInstrument,
  INSTRUMENT_TYPES,
  type InstrumentDetail,
  type InstrumentResult,
  type InstrumentValues,
  openInstrument,
} from './payment-instrument.js'
export { type ProductSnapshot, productChanges } from './product-changes.js'
export { askAgain, keepAnswer, keepIfNew, refreshByProduct } from './refresh.js'
export {
  isRequested,
  keepRehearsed,
  lastCompleted,
  movedFigure,
  movedScore,
  toldFigure,
  touchRetrieval,
} from './rehearsed.js'
export { type CheckedRequest, checkRequest, createRetrieval } from './request.js'
export type { Retrieval, RetrievalStatus } from './retrievals.js'
export { findRetrievals, latestBalance, latestBalances, latestCompleted } from './retrievals.js'
export {
  openSensitive,
  SENSITIVE_TYPES,
  type SensitiveDetail,
  type SensitiveField,
  type SensitiveType,
  type SensitiveValues,
} from './sensitive.js'
export { settleRetrieval } from './settle.js'
export type { AccountWithFigure, UpdateDetail, UpdateResult } from './update.js'
export type { VehicleResult } from './vehicle.js'

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
