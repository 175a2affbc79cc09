/**
 * Which product a card is: one of its issuer's on the card's network, always the same one. Of some cards the issuer was
 * not asked with the whole number, and the answer is those it could be, the right one first; that is a fact of the card.
 */
import type { CardBrand, CardBrandReport, CardProduct } from '../../port.js'
import { chanceOf } from '../chance.js'
import type { WorldDirectory } from '../directory.js'
import type { HeldDebt } from '../store.js'
import { cardNetworkOf } from '../tradelines.js'
import { findBrand, genericProduct, productsOf } from './catalogue.js'

const EXACT_SHARE = 0.85
const CANDIDATES_MAX = 3

/** The report of a card; null for a debt that is none. A reissued card shows its new face first. */
export function brandReportOf(
  debt: HeldDebt,
  { lastFour, directory }: { lastFour: string; directory: WorldDirectory },
): CardBrandReport | null {
  const network = cardNetworkOf(debt)
  const product = productOf(debt, directory)
  if (!network || !product) return null
  const brand = chanceOf(debt.ref, 'face').pick(product.brands)
  const newFace = debt.cardFace && findBrand(debt.cardFace, directory)
  if (newFace) {
    const isOther = newFace.productNumber !== brand.productNumber || newFace.number !== brand.number
    return reportOf(newFace, { lastFour, others: isOther ? [brand] : [], isExact: true })
  }
  const others = candidatesBeside(debt, product, directory)
  return reportOf(brand, { lastFour, others, isExact: others.length === 0 })
}

function reportOf(
  brand: CardBrand,
  { lastFour, others, isExact }: { lastFour: string; others: readonly CardBrand[]; isExact: boolean },
): CardBrandReport {
  const { network, issuerName } = brand
  return { network, issuerName, lastFour, isExact, brands: [brand, ...others] }
}

function productOf(debt: HeldDebt, directory: WorldDirectory): CardProduct | null {
  const network = cardNetworkOf(debt)
  const merchant = directory.merchant(debt.merchantNumber)
  if (!network || !merchant) return null
  const offered = productsOf(merchant.institutionSlug, network)
  const named = offered.find((product) => debt.terms.name.startsWith(product.name) || merchant.name === product.name)
  if (named) return named
  // A shop's own card is that shop's, not any card of the bank behind it.
  const isBanksOwn = merchant.name === `${directory.institutionName(merchant.institutionSlug)} Credit Card`
  const isPublished = merchant.number < GENERATED_MERCHANTS_FROM
  if (offered.length === 0 || !(isBanksOwn || isPublished)) return genericProduct(merchant, { network, directory })
  return chanceOf(debt.ref, 'product').pick(offered)
}

/** Below are the merchants of the documents, all of them a bank's own. */
const GENERATED_MERCHANTS_FROM = 400_000

/** Other products of the issuer that the card could be; none when the issuer named it. */
function candidatesBeside(debt: HeldDebt, product: CardProduct, directory: WorldDirectory): readonly CardBrand[] {
  const slug = directory.merchant(debt.merchantNumber)?.institutionSlug
  const chance = chanceOf(debt.ref, 'candidates')
  const isNamed = product.kind === 'generic' || debt.holder === null || debt.holder.origin === 'persona'
  if (slug === undefined || isNamed || chance.isLikely(EXACT_SHARE)) return []
  const others = productsOf(slug, product.network).filter((other) => other.number !== product.number)
  return chance
    .shuffled(others)
    .slice(0, chance.between(1, CANDIDATES_MAX - 1))
    .flatMap((other) => other.brands.slice(0, 1))
}
