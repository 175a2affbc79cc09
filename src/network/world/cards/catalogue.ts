/**
 * Cards as issuers offer them: facts anybody can look up (names, issuers, networks). Numbers are given once and stay for
 * ever. To add one: a row with the next free number of its issuer's block.
 */
import { CARD_NETWORKS, type CardBrand, type CardNetwork, type CardProduct, type Merchant } from '../../port.js'
import type { WorldDirectory } from '../directory.js'

type Row = readonly [number: number, name: string, network: CardNetwork, faces?: readonly string[]]

interface Issuer {
  readonly name: string
  readonly products: readonly Row[]
}

/** By the institution's slug. Faces: their names where a product has more than its plain one. */
// biome-ignore format: a table is easier to read in rows
const ISSUERS: Readonly<Record<string, Issuer>> = {
  chase: { name: 'Chase', products: [
    [15, 'Chase Sapphire Reserve', 'visa'],
    [16, 'Chase Sapphire Preferred', 'visa'],
    [17, 'Chase Freedom Unlimited', 'visa', ['Blue', 'Silver']],
    [18, 'Chase Freedom Rise', 'visa'],
    [19, 'Chase Slate Edge', 'visa'],
    [20, 'Chase Freedom Flex', 'mastercard'],
    [21, 'Amazon Prime Visa', 'visa'],
    [22, 'United Explorer Card', 'visa'],
    [23, 'United Quest Card', 'visa'],
    [24, 'Southwest Rapid Rewards Plus', 'visa'],
    [25, 'Southwest Rapid Rewards Priority', 'visa'],
    [26, 'Marriott Bonvoy Boundless', 'visa'],
    [27, 'IHG One Rewards Premier', 'mastercard'],
    [28, 'World of Hyatt Credit Card', 'visa'],
    [29, 'Disney Premier Visa', 'visa', ['Castle', 'Sketch', 'Night']],
    [30, 'Ink Business Preferred', 'visa'],
    [31, 'Ink Business Unlimited', 'visa'],
    [32, 'Ink Business Cash', 'visa'],
  ] },
  bank_of_america: { name: 'Bank of America', products: [
    [101, 'Bank of America Customized Cash Rewards', 'visa', ['Red', 'Stadium']],
    [102, 'Bank of America Unlimited Cash Rewards', 'visa'],
    [103, 'Bank of America Travel Rewards', 'visa'],
    [104, 'Bank of America Premium Rewards', 'visa'],
    [105, 'Bank of America Premium Rewards Elite', 'visa'],
    [106, 'BankAmericard', 'mastercard'],
    [107, 'Alaska Airlines Visa Signature', 'visa'],
    [108, 'Free Spirit Travel More', 'mastercard'],
    [109, 'Allways Rewards Visa', 'visa'],
  ] },
  capital_one: { name: 'Capital One', products: [
    [121, 'Capital One Venture X', 'visa'],
    [122, 'Capital One Venture', 'visa', ['Navy', 'Horizon']],
    [123, 'Capital One VentureOne', 'visa'],
    [124, 'Capital One Quicksilver', 'mastercard', ['Silver', 'Graphite', 'Waves']],
    [125, 'Capital One QuicksilverOne', 'mastercard'],
    [126, 'Capital One Savor', 'mastercard'],
    [127, 'Capital One Platinum', 'mastercard'],
    [128, 'Capital One Platinum Secured', 'mastercard'],
    [129, 'Capital One Spark Cash Plus', 'mastercard'],
    [130, 'Capital One Spark Miles', 'visa'],
  ] },
  citi: { name: 'Citi', products: [
    [141, 'Citi Double Cash', 'mastercard'],
    [142, 'Citi Custom Cash', 'mastercard'],
    [143, 'Citi Strata Premier', 'mastercard'],
    [144, 'Citi Rewards+', 'mastercard'],
    [145, 'Citi Simplicity', 'mastercard'],
    [146, 'Citi Diamond Preferred', 'mastercard'],
    [147, 'Citi Secured Mastercard', 'mastercard'],
    [148, 'AAdvantage Platinum Select', 'mastercard'],
    [149, 'AAdvantage Executive', 'mastercard'],
    [150, 'Costco Anywhere Visa', 'visa'],
    [151, 'My Best Buy Visa', 'visa'],
  ] },
  amex: { name: 'American Express', products: [
    [161, 'The Platinum Card', 'amex', ['Classic', 'Mirror', 'Floral']],
    [162, 'American Express Gold Card', 'amex', ['Gold', 'Rose Gold']],
    [163, 'American Express Green Card', 'amex'],
    [164, 'Blue Cash Preferred', 'amex'],
    [165, 'Blue Cash Everyday', 'amex'],
    [166, 'Amex EveryDay', 'amex'],
    [167, 'Delta SkyMiles Blue', 'amex'],
    [168, 'Delta SkyMiles Gold', 'amex'],
    [169, 'Delta SkyMiles Platinum', 'amex'],
    [170, 'Delta SkyMiles Reserve', 'amex'],
    [171, 'Hilton Honors Card', 'amex'],
    [172, 'Hilton Honors Surpass', 'amex'],
    [173, 'Hilton Honors Aspire', 'amex'],
    [174, 'Marriott Bonvoy Brilliant', 'amex'],
    [175, 'Blue Business Cash', 'amex'],
    [176, 'Blue Business Plus', 'amex'],
  ] },
  discover: { name: 'Discover', products: [
    [191, 'Discover it Cash Back', 'discover', ['Blue', 'Orange', 'Black']],
    [192, 'Discover it Miles', 'discover'],
    [193, 'Discover it Chrome', 'discover'],
    [194, 'Discover it Student Cash Back', 'discover'],
    [195, 'Discover it Secured', 'discover'],
  ] },
  wells_fargo: { name: 'Wells Fargo', products: [
    [201, 'Wells Fargo Active Cash', 'visa', ['Red', 'Charcoal']],
    [202, 'Wells Fargo Autograph', 'visa'],
    [203, 'Wells Fargo Autograph Journey', 'visa'],
    [204, 'Wells Fargo Reflect', 'visa'],
    [205, 'Choice Privileges Mastercard', 'mastercard'],
    [206, 'Choice Privileges Select Mastercard', 'mastercard'],
  ] },
  us_bank: { name: 'U.S. Bank', products: [
    [211, 'U.S. Bank Altitude Connect', 'visa'],
    [212, 'U.S. Bank Altitude Go', 'visa'],
    [213, 'U.S. Bank Altitude Reserve', 'visa'],
    [214, 'U.S. Bank Cash+', 'visa', ['Blue', 'Slate']],
    [215, 'U.S. Bank Shopper Cash Rewards', 'visa'],
    [216, 'U.S. Bank Shield', 'visa'],
  ] },
  barclays: { name: 'Barclays', products: [
    [221, 'JetBlue Plus Card', 'mastercard'],
    [222, 'JetBlue Card', 'mastercard'],
    [223, 'AAdvantage Aviator Red', 'mastercard'],
    [224, 'Wyndham Rewards Earner', 'visa'],
    [225, 'Hawaiian Airlines World Elite', 'mastercard'],
    [226, 'Carnival World Mastercard', 'mastercard'],
    [227, 'Barclays View Mastercard', 'mastercard'],
  ] },
  synchrony: { name: 'Synchrony', products: [
    [231, 'Synchrony Premier World Mastercard', 'mastercard'],
    [232, "Sam's Club Mastercard", 'mastercard'],
    [233, 'PayPal Cashback Mastercard', 'mastercard'],
    [234, 'Venmo Credit Card', 'visa', ['Blue', 'Pink', 'Green']],
    [235, 'Verizon Visa Card', 'visa'],
    [236, 'CareCredit Rewards Mastercard', 'mastercard'],
  ] },
  goldman_sachs: { name: 'Goldman Sachs', products: [
    [241, 'My GM Rewards Card', 'mastercard'],
  ] },
  apple_card: { name: 'Goldman Sachs', products: [
    [242, 'Apple Card', 'mastercard'],
  ] },
  navy_federal: { name: 'Navy Federal', products: [
    [251, 'Navy Federal cashRewards', 'visa'],
    [252, 'Navy Federal Flagship Rewards', 'visa'],
    [253, 'Navy Federal More Rewards', 'amex'],
    [254, 'Navy Federal Platinum', 'mastercard'],
    [255, 'Navy Federal GO REWARDS', 'visa'],
  ] },
  usaa: { name: 'USAA', products: [
    [261, 'USAA Preferred Cash Rewards', 'visa'],
    [262, 'USAA Eagle Navigator', 'visa'],
    [263, 'USAA Rate Advantage', 'visa'],
  ] },
  penfed: { name: 'PenFed Credit Union', products: [
    [271, 'PenFed Platinum Rewards', 'visa'],
    [272, 'PenFed Power Cash Rewards', 'visa'],
    [273, 'PenFed Pathfinder Rewards', 'visa'],
    [274, 'PenFed Gold', 'visa'],
  ] },
  pnc: { name: 'PNC Bank', products: [
    [281, 'PNC Cash Unlimited', 'visa'],
    [282, 'PNC Cash Rewards', 'visa'],
    [283, 'PNC Core', 'visa'],
    [284, 'PNC points', 'visa'],
  ] },
  td_bank: { name: 'TD Bank', products: [
    [291, 'TD Double Up', 'visa'],
    [292, 'TD Cash', 'visa'],
    [293, 'TD FlexPay', 'visa'],
    [294, 'Target Circle Card Mastercard', 'mastercard'],
  ] },
  sofi: { name: 'SoFi', products: [
    [301, 'SoFi Unlimited 2% Credit Card', 'mastercard'],
    [302, 'SoFi Everyday Cash Rewards', 'mastercard'],
  ] },
  citizens_bank: { name: 'Citizens Bank', products: [
    [311, 'Citizens Summit World Mastercard', 'mastercard'],
    [312, 'Citizens Amp Mastercard', 'mastercard'],
  ] },
  fifth_third: { name: 'Fifth Third Bank', products: [
    [321, 'Fifth Third 1.67% Cash/Back Card', 'mastercard'],
    [322, 'Fifth Third Preferred Cash/Back Card', 'mastercard'],
  ] },
  regions: { name: 'Regions Bank', products: [
    [331, 'Regions Prestige Visa Signature', 'visa'],
    [332, 'Regions Cash Rewards Visa', 'visa'],
    [333, 'Regions Life Visa', 'visa'],
  ] },
  keybank: { name: 'KeyBank', products: [
    [341, 'Key Cashback Credit Card', 'mastercard'],
    [342, 'Key Latitude Credit Card', 'mastercard'],
  ] },
  huntington: { name: 'Huntington Bank', products: [
    [351, 'Huntington Voice Rewards', 'mastercard'],
    [352, 'Huntington Cashback', 'mastercard'],
  ] },
  first_national_omaha: { name: 'First National Bank of Omaha', products: [
    [361, 'FNBO Evergreen Rewards Visa', 'visa'],
    [362, 'FNBO Getaway Mastercard', 'mastercard'],
  ] },
  credit_one: { name: 'Credit One Bank', products: [
    [371, 'Credit One Bank Platinum Visa', 'visa'],
    [372, 'Credit One Bank Wander Card', 'amex'],
  ] },
  merrick: { name: 'Merrick Bank', products: [
    [381, 'Merrick Bank Double Your Line Mastercard', 'mastercard'],
    [382, 'Merrick Bank Secured Visa', 'visa'],
  ] },
  petal: { name: 'Petal', products: [
    [391, 'Petal 1 Visa', 'visa'],
    [392, 'Petal 2 Visa', 'visa'],
  ] },
  upgrade: { name: 'Upgrade', products: [
    [401, 'Upgrade Cash Rewards Visa', 'visa'],
    [402, 'Upgrade Triple Cash Rewards Visa', 'visa'],
  ] },
}

// contract: method/dev-fixtures-accounts F.3: literal, because clients compare it
const PUBLISHED_IMAGES: Readonly<Record<string, string>> = {
  '15/1': 'https://static.methodfi.com/card_brands/1b7ccaba6535cb837f802d968add4700.png',
}

const products = new Map<number, CardProduct>()
const bySlug = new Map<string, readonly CardProduct[]>()
for (const [slug, issuer] of Object.entries(ISSUERS)) {
  const offered = issuer.products.map((row) => productFrom(issuer, row))
  bySlug.set(slug, offered)
  for (const product of offered) products.set(product.number, product)
}

/** What an institution's cards on a network are; empty where only the issuer's plain card is known. */
export function productsOf(institutionSlug: string, network: CardNetwork): readonly CardProduct[] {
  return (bySlug.get(institutionSlug) ?? []).filter((product) => product.network === network)
}

/** The networks of a merchant's known cards, one entry per card; empty where none is known. */
export function networksOf({ institutionSlug, name }: Merchant): readonly CardNetwork[] {
  const offered = bySlug.get(institutionSlug) ?? []
  const named = offered.filter((product) => product.name === name)
  return (named.length > 0 ? named : offered).map((product) => product.network)
}

/** Above these a number is made from the merchant's, and its last digit is the network's: neither ever changes. */
const GENERIC_FROM = 10_000
const NETWORK_DIGITS = { visa: 0, mastercard: 1, amex: 2, discover: 3 } as const satisfies Record<CardNetwork, number>

/** The plain card of a merchant of whose cards nothing more is known. */
export function genericProduct(
  merchant: Merchant,
  { network, directory }: { network: CardNetwork; directory: WorldDirectory },
): CardProduct {
  const number = GENERIC_FROM + merchant.number * 10 + NETWORK_DIGITS[network]
  const issuerName = directory.institutionName(merchant.institutionSlug)
  return withBrands({ number, name: merchant.name, issuerName, network, kind: 'generic' }, [merchant.name])
}

/** The product of a number; null for one that none has. */
export function findProduct(number: number, directory: WorldDirectory): CardProduct | null {
  const known = products.get(number)
  if (known || number < GENERIC_FROM) return known ?? null
  const network = CARD_NETWORKS.find((each) => NETWORK_DIGITS[each] === (number - GENERIC_FROM) % 10)
  const merchant = directory.merchant(Math.floor((number - GENERIC_FROM) / 10))
  return network && merchant?.type === 'credit_card' ? genericProduct(merchant, { network, directory }) : null
}

/** The face of a product; null where there is none. */
export function findBrand(
  { productNumber, brandNumber }: { productNumber: number; brandNumber: number },
  directory: WorldDirectory,
): CardBrand | null {
  return findProduct(productNumber, directory)?.brands[brandNumber - 1] ?? null
}

function productFrom(issuer: Issuer, [number, name, network, faces]: Row): CardProduct {
  const names = faces?.map((face) => `${name} ${face}`) ?? [name]
  return withBrands({ number, name, issuerName: issuer.name, network, kind: 'specific' }, names)
}

function withBrands(product: Omit<CardProduct, 'brands'>, names: readonly string[]): CardProduct {
  const { number: productNumber, name: description, issuerName, network, kind } = product
  const brands = names.map((name, index) => {
    const number = index + 1
    const imageUrl = PUBLISHED_IMAGES[`${productNumber}/${number}`] ?? null
    return { productNumber, number, name, description, issuerName, network, kind, imageUrl }
  })
  return { ...product, brands }
}
