import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openedBy, read } from '../../../../../test/setup/logins.js'
import { type OpenWorld, openWorld } from '../../../../../test/setup/world.js'
import type { Ask, InvestmentTransaction } from '../../../port.js'
import { LISTINGS } from './securities.js'

const ask: Ask = { realm: 'team', at: '2026-03-10T12:00:00.000Z' }
const atDay = (at: string): Ask => ({ ...ask, at })

let open: OpenWorld
beforeAll(async () => {
  open = await openWorld()
})
afterAll(() => open.close())

const cents = (decimal: string | null) => Math.round(Number(decimal ?? '0') * 100)
const sum = (list: readonly InvestmentTransaction[], of: (each: InvestmentTransaction) => number) =>
  list.reduce((total, each) => total + of(each), 0)

const CAST = Array.from({ length: 9 }, (_, index) => ({
  consumerRef: `investor ${index}`,
  institutionSlug: ['moneykit-creds-bank', 'albion_mutual', 'maple_crown'][index % 3] ?? '',
}))

async function portfoliosOf(opening: (typeof CAST)[number], asked = ask) {
  const accessRef = await openedBy(open.world, ask, opening)
  const accounts = read(await open.world.heldAccounts(asked, accessRef))
  const investments = read(await open.world.investments(asked, accessRef))
  return { accounts: accounts.filter(({ type }) => type.startsWith('investment.')), accessRef, ...investments }
}

describe('a portfolio', () => {
  test.each(['2024-01-01T12:00:00.000Z', '2024-06-30T23:00:00.000Z', ask.at, '2027-11-15T22:00:00.000Z'])(
    'holds at %s what its transactions add up to, in units and in cash, and is worth that',
    async (at) => {
      // Met on the day of `ask`, seen on another.
      for (const opening of CAST) {
        await openedBy(open.world, ask, opening)
        const { accounts, holdings, securities, transactions } = await portfoliosOf(opening, atDay(at))
        for (const { ref, balances } of accounts) {
          const own = holdings.filter(({ accountRef }) => accountRef === ref)
          const deeds = transactions.filter(({ accountRef }) => accountRef === ref)
          const cash = own.find(({ securityRef }) => isCash(securities, securityRef))
          expect(cents(cash?.value ?? null)).toBe(-sum(deeds, ({ amount }) => cents(amount)))
          expect(cents(cash?.value ?? null)).toBe(balances.availableCents)
          expect(own.reduce((total, { value }) => total + cents(value), 0)).toBe(balances.currentCents)
          for (const { securityRef, quantity, price, value } of own.filter((holding) => holding !== cash)) {
            const units = sum(
              deeds.filter((deed) => deed.securityRef === securityRef),
              (deed) => Number(deed.quantity ?? '0'),
            )
            expect(units).toBe(Number(quantity))
            expect(cents(value)).toBe(Number(quantity) * cents(price))
          }
        }
      }
    },
  )

  test('never lacks cash, nor sells what it does not hold', async () => {
    for (const opening of CAST) {
      const { accounts, transactions } = await portfoliosOf(opening)
      for (const { ref } of accounts) {
        let cash = 0
        const units = new Map<string, number>()
        for (const each of transactions.filter(({ accountRef }) => accountRef === ref).reverse()) {
          cash -= cents(each.amount)
          const held = (units.get(each.securityRef ?? '') ?? 0) + Number(each.quantity ?? '0')
          units.set(each.securityRef ?? '', held)
          expect(cash).toBeGreaterThanOrEqual(0)
          expect(held).toBeGreaterThanOrEqual(0)
        }
      }
    }
  })

  test('has trades that cost quantity times price and fees, and other deeds of every kind', async () => {
    const all = (await Promise.all(CAST.map((opening) => portfoliosOf(opening)))).flatMap(
      ({ transactions }) => transactions,
    )
    for (const { type, amount, quantity, price, fees } of all.filter((each) => each.price !== null)) {
      expect(['buy', 'sell']).toContain(type)
      expect(Number(quantity) > 0).toBe(type === 'buy')
      expect(cents(amount)).toBe(Number(quantity) * cents(price) + cents(fees))
    }
    expect(new Set(all.map(({ type }) => type))).toEqual(
      new Set(['cash.deposit', 'buy', 'sell', 'cash.dividend', 'fee.account_fee']),
    )
    expect(all.filter(({ on }) => on > '2026-03-10')).toEqual([])
  })

  test('gets each month what the household’s account sends', async () => {
    const { accessRef, accounts, transactions } = await portfoliosOf(
      CAST[0] ?? { consumerRef: '', institutionSlug: '' },
    )
    const lines = read(await open.world.heldTransactions(ask, accessRef, null)).transactions
    const sent = lines.filter(({ subcategory }) => subcategory === 'investments').map(({ on, cents: sum }) => [on, sum])
    const [first] = accounts
    const got = transactions
      .filter(({ accountRef, type }) => accountRef === first?.ref && type === 'cash.deposit')
      .slice(0, -1)
      .map(({ on, amount }) => [on, -cents(amount)])
    expect(sent.length).toBeGreaterThan(24)
    expect(got.reverse()).toEqual(sent)
  })

  test('is told newest first, with every security once and priced at its last close', async () => {
    // A Sunday: the last close was on Friday.
    const { securities, holdings, transactions } = await portfoliosOf(
      CAST[0] ?? { consumerRef: '', institutionSlug: '' },
      atDay('2026-03-08T12:00:00.000Z'),
    )
    expect(new Set(securities.map(({ ref }) => ref)).size).toBe(securities.length)
    const known = new Set(securities.map(({ ref }) => ref))
    expect([...holdings, ...transactions].filter(({ securityRef }) => securityRef && !known.has(securityRef))).toEqual(
      [],
    )
    expect(transactions.map(({ on }) => on)).toEqual(
      transactions
        .map(({ on }) => on)
        .sort()
        .reverse(),
    )
    for (const { type, closeOn } of securities) expect(closeOn).toBe(type === 'cash' ? null : '2026-03-06')
    for (const { pricedAt } of holdings) expect(pricedAt).toBe('2026-03-06T21:00:00.000Z')
  })

  test('is not told of by an institution that has none', async () => {
    const points = await open.world.accessPoints()
    const without = points.find(
      ({ loginKind, products, fields }) =>
        loginKind === 'credentials' && !products.includes('investments') && fields[0]?.name === 'username',
    )
    const accessRef = await openedBy(open.world, ask, { institutionSlug: without?.institutionSlug ?? '' })
    expect(await open.world.investments(ask, accessRef)).toEqual({ ok: false, reason: 'not_supported' })
  })
})

function isCash(securities: readonly { readonly ref: string; readonly type: string }[], ref: string): boolean {
  return securities.find((security) => security.ref === ref)?.type === 'cash'
}

describe('a security', () => {
  test('has an ISIN, and in Great Britain a SEDOL, with right check digits', () => {
    for (const { isin, sedol, currency } of LISTINGS) {
      const digits = [...isin].map((character) => Number.parseInt(character, 36)).join('')
      const luhn = [...digits].reverse().map((digit, index) => Number(digit) * (index % 2 === 1 ? 2 : 1))
      expect(luhn.reduce((total, value) => total + (value > 9 ? value - 9 : value), 0) % 10).toBe(0)
      expect(sedol !== null).toBe(currency === 'GBP')
      const weighed = [...(sedol ?? '')].map((digit, index) => Number(digit) * ([1, 3, 1, 7, 3, 9, 1][index] ?? 0))
      expect(weighed.reduce((total, value) => total + value, 0) % 10).toBe(0)
    }
  })
})
