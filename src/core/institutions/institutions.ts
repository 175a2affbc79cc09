import { inTx } from '../../db/database.js'
import type { CardFace, CardProduct, LiabilityType } from '../../network/port.js'
import type { Asking, Ctx } from '../ctx.js'
import { refuse } from './errors.js'
import { readRoutingDirectory } from './routing-directory.js'
import * as store from './store.js'

export type {
  CardBrand,
  CardProduct,
  Disbursement,
  IdentityRecord,
  LiabilityReport,
  LiabilityType,
} from '../../network/port.js'
export { CARD_NETWORKS, LIABILITY_TYPES, OWNERSHIPS } from '../../network/port.js'

/** One product line of an institution, as the catalogue shows it. */
export interface Merchant {
  readonly number: number
  readonly institutionSlug: string
  readonly institutionName: string
  readonly name: string
  readonly type: LiabilityType
  readonly providerIds: Readonly<Record<Provider, readonly string[]>>
  readonly accountNumberFormats: readonly string[]
}

export const PROVIDERS = ['plaid', 'mx', 'finicity', 'dpp'] as const
export type Provider = (typeof PROVIDERS)[number]

/** Brings the catalogue up to what the network and the shipped routing directory hold; nothing to do when it is. */
export async function loadCatalogue(ctx: Ctx<'db' | 'network'>): Promise<void> {
  const directory = await ctx.network.directory()
  const known = await store.fingerprints(ctx.db)
  if (known.get('institutions') !== directory.fingerprint) {
    await inTx(ctx.db, (tx) => store.replaceInstitutions(tx, directory))
  }
  const routing = await readRoutingDirectory()
  if (known.get('routing_numbers') !== routing.fingerprint) {
    await inTx(ctx.db, (tx) => store.replaceRoutingNumbers(tx, routing))
  }
}

/** Refuses `card_product.not_found`. */
export async function getCardProduct(ctx: Ctx<'network'>, number: number | null): Promise<CardProduct> {
  const product = number === null ? null : await ctx.network.cardProduct(number)
  if (!product) throw refuse('card_product.not_found')
  return product
}

/** The image of a card's face, as SVG. Refuses `card_product.not_found`. */
export async function getCardArt(ctx: Ctx<'network'>, face: CardFace | null): Promise<string> {
  const art = face && (await ctx.network.cardArt(face.productNumber, face.brandNumber))
  if (!art) throw refuse('card_product.not_found')
  return art
}

/** Merchants by number, for showing them inside another resource. */
export function findMerchants(ctx: Ctx<'db'>, numbers: readonly number[]): Promise<readonly Merchant[]> {
  return numbers.length === 0 ? Promise.resolve([]) : store.findMerchants(ctx.db, numbers)
}

/** Refuses `merchant.not_found`. */
export async function getMerchant(ctx: Ctx<'db'>, number: number | null): Promise<Merchant> {
  const merchant = number === null ? null : await store.findMerchant(ctx.db, number)
  if (!merchant) throw refuse('merchant.not_found')
  return merchant
}

/** Filters combine with and; null leaves one out. */
export interface MerchantFilter {
  /** Part of the merchant's or its institution's name, in any case. */
  readonly name: string | null
  /** Part of the name a credit report prints. */
  readonly creditorName: string | null
  readonly type: LiabilityType | null
  /** One provider's id among the merchant's ids; at most one such filter is possible. */
  readonly providerIds: readonly { readonly provider: Provider; readonly id: string }[]
}

export interface MerchantPage {
  readonly items: readonly Merchant[]
  readonly number: number
  readonly pageCount: number
  readonly limit: number
  readonly total: number
}

/** A page of merchants, best match first and then the most popular. Refuses `merchant.conflicting_filters`. */
export async function listMerchants(
  ctx: Ctx<'db'>,
  filter: MerchantFilter,
  page: { readonly number: number; readonly limit: number },
): Promise<MerchantPage> {
  if (filter.providerIds.length > 1) throw refuse('merchant.conflicting_filters')
  const { items, total } = await store.listMerchants(ctx.db, filter, page)
  return { items, total, number: page.number, limit: page.limit, pageCount: Math.max(1, Math.ceil(total / page.limit)) }
}

/** The bank of an ABA routing number by the shipped directory of December 2018, or null. */
export function bankOfRoutingNumber(ctx: Pick<Ctx<Asking>, 'db'>, number: string): Promise<store.RoutingBank | null> {
  return store.findRoutingBank(ctx.db, number)
}
