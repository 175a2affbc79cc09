import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenWorld, openWorld, told } from '../../../test/setup/world.js'
import type { Ask, CardClaim, DebtClaim, Network, Stage, Tradeline } from '../port.js'

const ask: Ask = { realm: 'team', at: '2026-03-10T12:00:00.000Z' }
const CHASE = 302086
const SECOND_CARD = 311289

let open: OpenWorld
let world: Network
let stage: Stage
beforeAll(async () => {
  open = await openWorld()
  ;({ world, stage } = open)
})
afterAll(() => open.close())

const personWith = (phone: string, consumerRef?: string, asked: Ask = ask) => open.meet(asked, phone, consumerRef)

async function debtsOf(phone: string, consumerRef?: string): Promise<readonly Tradeline[]> {
  return told(await world.tradelines(ask, await personWith(phone, consumerRef)))
}

const KEVIN = '+15121231111'

async function kevins(merchantNumber: number, consumerRef?: string): Promise<Tradeline> {
  const line = (await debtsOf(KEVIN, consumerRef)).find((each) => each.merchantNumber === merchantNumber)
  if (!line) throw new Error(`Kevin owes nothing to ${merchantNumber}`)
  return line
}

describe('what is on a card', () => {
  test('of the documented person is what the documents say', async () => {
    const [chase, second] = [await kevins(CHASE), await kevins(SECOND_CARD)]
    expect(told(await world.accountSecrets(ask, chase.accountRef))).toEqual({
      number: '5555555555551580',
      expMonth: '03',
      expYear: '2028',
      cvv: '878',
      billingZip: '78758',
    })
    const embossed = { number: second.accountNumber, expMonth: '09', expYear: '2028', cvv: '539', billingZip: '78758' }
    expect(told(await world.accountSecrets(ask, second.accountRef))).toEqual(embossed)
  })

  test('of another follows from the card, is never expired, and comes with the zip of its holder', async () => {
    const phone = '+15125550101'
    await stage.registerPersonas(ask.realm, [
      { phone, address: { zip: '60614' }, liabilities: [{ merchantNumber: CHASE }, { merchantNumber: 300503 }] },
    ])
    const [card, loan] = await debtsOf(phone)
    for (let year = 2026; year < 2036; year += 1) {
      const at = `${year}-05-31T23:59:59.000Z`
      const secrets = told(await world.accountSecrets({ ...ask, at }, card?.accountRef ?? ''))
      expect(secrets).toEqual(told(await world.accountSecrets({ ...ask, at }, card?.accountRef ?? '')))
      expect(secrets).toMatchObject({ number: card?.accountNumber, billingZip: '60614' })
      expect(secrets.cvv).toMatch(/^\d{3}$/)
      expect(`${secrets.expYear}-${secrets.expMonth}` >= at.slice(0, 7)).toBe(true)
    }
    const nothing = { expMonth: null, expYear: null, cvv: null, billingZip: null }
    expect(told(await world.accountSecrets(ask, loan?.accountRef ?? ''))).toEqual({
      number: loan?.accountNumber,
      ...nothing,
    })
  })
})

describe('a claim about a card', () => {
  const unsaid: CardClaim = { number: null, expMonth: null, expYear: null, cvv: null, billingZip: null }
  const right = { expMonth: '03', expYear: '2028', cvv: '878', billingZip: '78758' }
  const passed = { number: 'pass', expiry: 'pass', cvv: 'pass', billingZip: 'pass' }
  const check = async (accountRef: string, said: Partial<CardClaim>) =>
    world.checkCard(ask, accountRef, { ...unsaid, ...said })

  test('that is right passes, and what is not said contradicts nothing', async () => {
    const { accountRef } = await kevins(CHASE)
    expect(told(await check(accountRef, { ...right, number: '5555 5555 5555 1580' }))).toEqual(passed)
    expect(told(await check(accountRef, {}))).toEqual(passed)
  })

  test.each([
    [{ number: '5555555555551581' }, 'number'],
    [{ cvv: '879' }, 'cvv'],
    [{ expMonth: '13', expYear: '2028' }, 'expiry'],
    [{ expMonth: '02', expYear: '2026' }, 'expiry'],
    [{ expYear: '2025' }, 'expiry'],
    [{ billingZip: '7875' }, 'billingZip'],
  ])('%o fails for what is wrong and nothing else', async (wrong, field) => {
    const { accountRef } = await kevins(CHASE)
    expect(told(await check(accountRef, { ...right, ...wrong }))).toEqual({ ...passed, [field]: 'fail' })
  })

  test('of a card without documents is believed when it could be true, but for the number', async () => {
    const phone = '+15125550102'
    await stage.registerPersonas(ask.realm, [{ phone, liabilities: [{ merchantNumber: CHASE }] }])
    const ref = (await debtsOf(phone))[0]?.accountRef ?? ''
    expect(told(await check(ref, { ...right, cvv: '001' }))).toEqual(passed)
    expect(told(await check(ref, { number: '4111111111111111', cvv: '1' }))).toMatchObject({
      number: 'fail',
      cvv: 'fail',
    })
  })

  test('cannot be made about a loan', async () => {
    const { accountRef } = await kevins(2347)
    expect(await check(accountRef, right)).toEqual({ ok: false, reason: 'not_supported' })
  })
})

describe('a debt known by its number', () => {
  const claim = (said: Partial<DebtClaim> = {}): DebtClaim => ({
    consumerRef: 'jane',
    personRef: null,
    merchantNumber: CHASE,
    accountNumber: '4936494462408721',
    ...said,
  })

  test('is the person’s own when they have it', async () => {
    const own = await kevins(309067)
    const personRef = await personWith(KEVIN)
    const mine = claim({ personRef, merchantNumber: 309067, accountNumber: own.accountNumber })
    expect(told(await world.locateDebt(ask, mine))).toEqual(own)
    expect(await world.locateDebt(ask, { ...mine, personRef: null })).toEqual({ ok: false, reason: 'not_found' })
  })

  test('that the documents name is found for anybody, each consumer having a copy that lives and stays', async () => {
    const card = told(await world.locateDebt(ask, claim()))
    const other = told(await world.locateDebt(ask, claim({ consumerRef: 'john' })))
    const later = told(await world.locateDebt({ ...ask, at: '2028-08-01T00:00:00.000Z' }, claim()))
    expect(card).toMatchObject({
      name: 'Chase Sapphire Reserve',
      mask: '8721',
      ownership: 'unknown',
      type: 'credit_card',
      cardNetwork: 'visa',
      isClosed: false,
    })
    expect(card.snapshot.subType).toBe('flexible_spending')
    expect(other.accountRef).not.toBe(card.accountRef)
    expect(later.accountRef).toBe(card.accountRef)
    expect(later.snapshot.openedOn).toBe(card.snapshot.openedOn)
    const balance = told(await world.balance(ask, card.accountRef))
    expect(told(await world.liabilityReport(ask, card.accountRef)).balanceCents).toBe(balance.amountCents)
    expect(told(await world.accountSecrets(ask, card.accountRef)).number).toBe('4936494462408721')
  })

  test.each([
    [304444, '6720443305', 'student_loans'],
    [300503, '456637152', 'auto_loan'],
    [309067, '5142211993', 'mortgage'],
  ])('at merchant %i is a running %s loan', async (merchantNumber, accountNumber, type) => {
    const line = told(await world.locateDebt(ask, claim({ merchantNumber, accountNumber })))
    const report = told(await world.liabilityReport(ask, line.accountRef))
    expect(line).toMatchObject({ accountNumber, type, isClosed: false })
    expect(report.balanceCents).toBeGreaterThan(0)
    expect(report.nextPaymentMinimumCents).toBeGreaterThan(0)
  })

  test('is not found otherwise, nor does it join anybody’s credit file', async () => {
    await world.locateDebt(ask, claim({ personRef: await personWith(KEVIN) }))
    expect(await debtsOf(KEVIN)).toHaveLength(7)
    const wrong = [claim({ accountNumber: '123456789' }), claim({ merchantNumber: 3 })]
    for (const each of wrong) {
      expect(await world.locateDebt(ask, each)).toEqual({ ok: false, reason: 'not_found' })
    }
  })

  test('asked for ten times at once is one debt', async () => {
    const asked = Array.from({ length: 10 }, () => world.locateDebt(ask, claim({ consumerRef: 'crowd' })))
    const lines = (await Promise.all(asked)).map(told)
    for (const line of lines) expect(line).toEqual(lines[0])
  })
})

describe('a payoff quote', () => {
  const quoteOf = async (ref: string, at = ask.at) => world.payoffQuote({ ...ask, at }, ref)

  test('of the documented car loans is the documented one', async () => {
    for (const merchantNumber of [2347, 311130]) {
      const { accountRef } = await kevins(merchantNumber)
      expect(told(await quoteOf(accountRef))).toEqual({
        asOf: ask.at,
        amountCents: 6_083_988,
        validDays: 15,
        perDiemCents: null,
      })
    }
  })

  test('is what is owed and the interest since the last payment, and grows by the day until the next one', async () => {
    const { accountRef } = await kevins(309067)
    const report = told(await world.liabilityReport(ask, accountRef))
    const quote = told(await quoteOf(accountRef))
    const rate = (report.interestRatePercent ?? 0) / 100 / 365
    const days = (Date.parse(ask.at.slice(0, 10)) - Date.parse(report.lastPaymentOn ?? '')) / 86_400_000
    const owed = report.balanceCents ?? 0
    const covered = quote.perDiemCents === null ? days + quote.validDays : days
    expect(quote.amountCents - owed).toBe(Math.round(owed * rate * covered))
    if (quote.perDiemCents !== null) expect(quote.perDiemCents).toBe(Math.round(owed * rate))
  })

  test('is given for open loans for cars and homes only', async () => {
    for (const merchantNumber of [CHASE, 304444, 460001]) {
      const { accountRef } = await kevins(merchantNumber)
      expect(await quoteOf(accountRef)).toEqual({ ok: false, reason: 'not_supported' })
    }
    const { accountRef } = await kevins(309067)
    expect(await quoteOf(accountRef, '2090-01-01T00:00:00.000Z')).toEqual({ ok: false, reason: 'not_supported' })
    expect(await quoteOf('nobody')).toEqual({ ok: false, reason: 'not_found' })
  })
})

describe('the brand of a card', () => {
  const brandOf = async (accountRef: string) => told(await world.cardBrand(ask, accountRef))

  test('of the documented card is the documented one', async () => {
    const brand = await brandOf((await kevins(CHASE)).accountRef)
    expect(brand).toMatchObject({ network: 'visa', issuerName: 'Chase', lastFour: '1580', isExact: true })
    expect(brand.brands).toHaveLength(1)
    expect(brand.brands[0]).toMatchObject({ productNumber: 15, number: 1, name: 'Chase Sapphire Reserve' })
    expect(await world.cardArt(15, 1)).toContain('Chase Sapphire Reserve')
    expect([await world.cardArt(15, 2), await world.cardProduct(14)]).toEqual([null, null])
  })

  test('changes for one card when it is reissued, and stays changed', async () => {
    const { accountRef } = await kevins(CHASE, 'reissued')
    const other = await kevins(CHASE, 'other')
    expect(await stage.reissueCard(ask, accountRef, { productNumber: 29, brandNumber: 2 })).toBe(true)
    expect((await brandOf(accountRef)).brands.map((brand) => brand.name)).toEqual([
      'Disney Premier Visa Sketch',
      'Chase Sapphire Reserve',
    ])
    expect((await brandOf(other.accountRef)).brands).toHaveLength(1)
  })

  test('is not changed to a face no product has, nor that of a loan or of nobody’s card', async () => {
    const face = { productNumber: 29, brandNumber: 2 }
    const { accountRef } = await kevins(CHASE)
    expect(await stage.reissueCard(ask, accountRef, { ...face, brandNumber: 9 })).toBe(false)
    expect(await stage.reissueCard(ask, (await kevins(2347)).accountRef, face)).toBe(false)
    expect(await stage.reissueCard(ask, 'nobody', face)).toBe(false)
    expect(await world.cardBrand(ask, (await kevins(2347)).accountRef)).toEqual({ ok: false, reason: 'not_supported' })
  })
})

describe('the health of an account', () => {
  test('of the documented card uses two thirds of its limit', async () => {
    const { accountRef } = await kevins(CHASE)
    expect(told(await world.accountHealth(ask, accountRef))).toEqual({
      asOf: ask.at,
      usagePattern: 'revolver',
      standing: 'current',
      delinquentDays: null,
      delinquentOutcome: null,
      delinquentCents: null,
      utilizationPercent: 66.7,
    })
  })

  test('of a loan has no limit to use, and of one that ended is closed', async () => {
    const { accountRef } = await kevins(309067)
    const ended = { ...ask, at: '2090-01-01T00:00:00.000Z' }
    expect(told(await world.accountHealth(ask, accountRef))).toMatchObject({
      standing: 'current',
      utilizationPercent: null,
      usagePattern: null,
    })
    expect(told(await world.accountHealth(ended, accountRef)).standing).toBe('closed')
  })
})

test('a number that a caller located is sealed where it rests', async () => {
  const claim = { consumerRef: 'sealed', personRef: null, merchantNumber: CHASE, accountNumber: '4936494462408721' }
  await world.locateDebt(ask, claim)
  const { rows } = await sql<{ text: string }>`select l::text as text from world.liabilities l`.execute(
    open.database.db,
  )
  expect(rows.map((row) => row.text).join()).not.toContain('4936494462408721')
})
