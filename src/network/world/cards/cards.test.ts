import { describe, expect, test } from 'vitest'
import { loadDirectory, networkOf } from '../directory.js'
import { NO_WISH, originate } from '../invent/origination.js'
import type { HeldDebt } from '../store.js'
import { artOf } from './art.js'
import { brandReportOf } from './brands.js'
import { findBrand, findProduct, productsOf } from './catalogue.js'

const directory = await loadDirectory()
const lastFour = '1234'

function cardAt(merchantNumber: number, ref: string, changes: Partial<HeldDebt> = {}): HeldDebt {
  const merchant = directory.merchant(merchantNumber)
  if (!merchant) throw new Error(`no merchant ${merchantNumber}`)
  const terms = originate({
    merchant,
    seed: ref,
    openedOn: '2020-01-10',
    closedOn: null,
    closingBalanceCents: 0,
    ownership: 'primary',
    latePayments: 0,
    stoppedPayingOn: null,
    strain: 0.3,
    wish: NO_WISH,
  })
  const holder = { origin: 'invented', phone: '', zip: null } as const
  const common = { personRef: 'person', position: 0, accountNumberSealed: null, cardFace: null, aroseAt: null }
  return { ref, merchantNumber, terms, holder, movements: [], ...common, ...changes }
}

describe('the catalogue of cards', () => {
  const numbers = Array.from({ length: 10_000 }, (_, number) => number)
  const products = numbers.flatMap((number) => findProduct(number, directory) ?? [])

  test('has more than 120 products of the four networks, numbered for ever', () => {
    expect(products.length).toBeGreaterThanOrEqual(120)
    expect(new Set(products.map((product) => product.network)).size).toBe(4)
    expect(products.filter(({ kind, brands }) => kind !== 'specific' || brands.length === 0)).toEqual([])
    expect(findProduct(161, directory)?.brands.map((brand) => brand.name)).toEqual([
      'The Platinum Card Classic',
      'The Platinum Card Mirror',
      'The Platinum Card Floral',
    ])
    expect(findProduct(14, directory)).toBe(null)
  })

  test('has the documented product 15', () => {
    const name = 'Chase Sapphire Reserve'
    const shared = { name, issuerName: 'Chase', network: 'visa', kind: 'specific' }
    const imageUrl = 'https://static.methodfi.com/card_brands/1b7ccaba6535cb837f802d968add4700.png'
    const brand = { ...shared, productNumber: 15, number: 1, description: name, imageUrl }
    expect(findProduct(15, directory)).toEqual({ ...shared, number: 15, brands: [brand] })
    expect(products.flatMap(({ brands }) => brands).filter((each) => each.imageUrl !== null)).toHaveLength(1)
  })

  test('maps every merchant’s card to a product of its issuer and network, the same every time', () => {
    for (const merchant of directory.merchantsOf('credit_card')) {
      const card = cardAt(merchant.number, `card ${merchant.number}`)
      const report = brandReportOf(card, { lastFour, directory })
      expect(report).toEqual(brandReportOf(card, { lastFour, directory }))
      expect(report?.network).toBe(networkOf(merchant))
      for (const brand of report?.brands ?? []) {
        expect(brand.network).toBe(report?.network)
        expect(brand.issuerName).toBe(report?.issuerName)
        expect(findProduct(brand.productNumber, directory)?.brands[brand.number - 1]).toEqual(brand)
      }
    }
  })

  test('knows only the plain card of most issuers and of shops', () => {
    const plain = brandReportOf(cardAt(420021, 'plain'), { lastFour, directory })
    const shop = brandReportOf(cardAt(400035, 'shop'), { lastFour, directory })
    expect(plain?.brands[0]).toMatchObject({ issuerName: "State Employees' Credit Union", kind: 'generic' })
    expect(shop?.brands[0]).toMatchObject({ name: 'Home Depot Consumer Card', issuerName: 'Citi', kind: 'generic' })
    expect(shop?.brands[0]?.productNumber).toBeGreaterThan(10_000)
    expect(shop?.isExact).toBe(true)
  })

  test('leaves two or three possible products for a share of cards, the right one first', () => {
    const reports = Array.from({ length: 400 }, (_, index) =>
      brandReportOf(cardAt(300485, `card ${index}`), { lastFour, directory }),
    )
    const unsure = reports.filter((report) => report && !report.isExact)
    expect(unsure.length).toBeGreaterThan(30)
    expect(unsure.length).toBeLessThan(100)
    for (const report of reports) {
      const names = report?.brands.map((brand) => brand.name) ?? []
      expect(new Set(names).size).toBe(names.length)
      expect(report?.isExact ? names.length === 1 : names.length >= 2 && names.length <= 3).toBe(true)
    }
    expect(productsOf('amex', 'amex').length).toBeGreaterThan(10)
  })

  test('shows a reissued card’s new face first', () => {
    const card = cardAt(300485, 'card', { cardFace: { productNumber: 15, brandNumber: 1 } })
    const report = brandReportOf(card, { lastFour, directory })
    expect(report?.isExact).toBe(true)
    expect(report?.brands[0]).toMatchObject({ productNumber: 15, number: 1 })
  })
})

describe('the picture of a card', () => {
  test('is well-formed SVG of less than 6 kB, the same every time and another for each face', () => {
    const faces = [15, 29, 161, 205, 321].flatMap((number) => findProduct(number, directory)?.brands ?? [])
    const pictures = faces.map(artOf)
    expect(pictures).toEqual(faces.map(artOf))
    expect(new Set(pictures).size).toBe(faces.length)
    for (const picture of pictures) {
      expect(Buffer.byteLength(picture)).toBeLessThan(6_000)
      expectWellFormed(picture)
    }
  })

  test('escapes what it writes', () => {
    const brand = findBrand({ productNumber: 15, brandNumber: 1 }, directory)
    if (!brand) throw new Error('product 15 has a face')
    const picture = artOf({ ...brand, name: 'A & B <"x">' })
    expect(picture).toContain('A &amp; B &lt;&quot;x&quot;&gt;</text>')
    expectWellFormed(picture)
  })
})

/** Every element is closed in its turn, and no bare sign is left in a text. */
function expectWellFormed(xml: string): void {
  const open: string[] = []
  for (const [, closing, name, empty] of xml.matchAll(
    /<(\/?)([A-Za-z]+)(?:\s[a-zA-Z][a-zA-Z0-9-]*="[^"<&]*(?:&[a-z]+;[^"<&]*)*")*(\/?)>/g,
  )) {
    if (closing) expect(open.pop()).toBe(name)
    else if (!empty) open.push(name ?? '')
  }
  expect(open).toEqual([])
  expect(xml.replaceAll(/<[^<>]*>/g, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;)/)
}
