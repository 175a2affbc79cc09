/** Transactions of cards, bought and simulated. Contract: method/accounts §7, simulate §2. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, type Call, openApp, type Wire } from '../../../test/setup/app.js'
import { proveCard, provenCard, register, somebody, topicsOf } from '../../../test/setup/cast.js'
import { openSubscriber } from '../../../test/setup/subscriber.js'
import { transactionWire } from './transaction-wire.js'
import { downTo, VERSIONS } from './versions/versions.js'

const MINUTE_MS = 60 * 1000
const DAY_MS = 24 * 3600 * 1000
const NEWEST = { version: '2025-12-01' } as const
const LATE = { version: '2024-04-04-late' } as const

let app: App
let card: Wire
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const enroll = (call: Call = {}, name = 'transactions') =>
  app.call('POST', `/accounts/${card.id}/subscriptions`, { body: { enroll: name }, ...call })
const simulate = (call: Call = {}) =>
  app.call('POST', `/simulate/accounts/${card.id}/transactions`, { body: {}, ...call })
const list = async (call: Call = {}, query = '') =>
  (await app.call('GET', `/accounts/${card.id}/transactions${query}`, call)).data as unknown as readonly Wire[]

/** A card that its holder pays with several times a week; one with a balance of the test's own is never used. */
async function usedCard(call: Pick<Call, 'key'>): Promise<Wire> {
  const { id } = (await somebody(app, '0004').as(call).verified().connected().enter()).account('mch_400021')
  await proveCard(app, id, call)
  return (await app.call('GET', `/accounts/${id}`, call)).data
}

describe('a simulated transaction', () => {
  beforeAll(async () => {
    card = await provenCard(app)
    await enroll()
  })

  test('is authorized in the answer of the early shape, and cleared in the very next list', async () => {
    const { data } = await simulate()
    expect(data).toEqual({
      id: expect.stringMatching(/^txn_\w{13}$/),
      account_id: card.id,
      merchant: {
        name: expect.any(String),
        category_code: expect.stringMatching(/^\d{4}$/),
        city: expect.any(String),
        state: expect.stringMatching(/^[A-Z]{2}$/),
        country: 'USA',
        descriptor: expect.any(String),
        acquirer_bin: expect.stringMatching(/^\d{6}$/),
        acquirer_card_acceptor_id: expect.stringMatching(/^.{15}$/),
      },
      network: 'visa',
      network_data: null,
      amount: expect.any(Number),
      currency: 'USD',
      billing_amount: data.amount,
      billing_currency: 'USD',
      status: 'auth',
      error: null,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    const [first] = await list()
    expect(first).toEqual({ ...data, status: 'cleared' })
    expect((await app.call('GET', `/accounts/${card.id}/transactions/${data.id}`)).data).toEqual(first)
    expect((await topicsOf(app)).slice(-2)).toEqual(['transaction.created', 'transaction.updated'])
  })

  test.each(['2024-04-04-late', '2025-07-04', '2025-12-01'] as const)(
    'is posted at once at %s, and listed as it was answered',
    async (version) => {
      app.clock.advance(1000)
      const { data } = await simulate({ version })
      expect(data).toEqual({
        id: expect.stringMatching(/^txn_\w{13}$/),
        account_id: card.id,
        status: 'posted',
        descriptor: expect.any(String),
        merchant: null,
        merchant_category_code: '5182',
        amount: expect.any(Number),
        auth_amount: data.amount,
        currency_code: 'USD',
        transaction_amount: data.amount,
        transaction_auth_amount: data.amount,
        transaction_currency_code: 'USD',
        transacted_at: app.clock.now(),
        posted_at: app.clock.now(),
        voided_at: null,
        original_txn_id: null,
        created_at: app.clock.now(),
        updated_at: app.clock.now(),
      })
      expect((await list({ version }))[0]).toEqual(data)
    },
  )

  test('may be described from 2025-12-01 on', async () => {
    const body = { amount: 4_321, merchant_name: 'Blue Heron', type: 'purchase' }
    const { data } = await simulate({ body, ...NEWEST })
    expect(data).toMatchObject({ amount: 4_321, descriptor: expect.stringContaining('BLUE HERON') })
    expect((await list()).at(0)?.merchant.name).toBe('Blue Heron')
    for (const amount of [0, -1, 1.5, '7']) expect((await simulate({ body: { amount }, ...NEWEST })).status).toBe(400)
  })

  test('raises what the card owes', async () => {
    const balance = async () => {
      const { data } = await app.call('POST', `/accounts/${card.id}/balances`)
      await app.drain()
      return (await app.call('GET', `/accounts/${card.id}/balances/${data.id}`)).data.amount as number
    }
    const before = await balance()
    await simulate({ body: { amount: 1_234 }, ...NEWEST })
    expect(await balance()).toBe(before + 1_234)
  })

  test('is told by webhooks under the account, as created and as updated', async () => {
    const subscriber = await openSubscriber()
    for (const type of ['transaction.create', 'transaction.update']) {
      await app.call('POST', '/webhooks', { body: { type, url: subscriber.url } })
    }
    const { data } = await simulate()
    await app.drain()
    const path = `/accounts/${card.id}/transactions/${data.id}`
    expect(subscriber.received.map(({ body }) => body).sort((a, b) => a.type.localeCompare(b.type))).toEqual([
      { id: data.id, type: 'transaction.create', path },
      { id: data.id, type: 'transaction.update', path },
    ])
    await subscriber.close()
  })

  test('is not made twice of one named request, nor by the next look at the network', async () => {
    const before = (await list({}, '?page_limit=100')).length
    const headers = { 'idempotency-key': 'one purchase' }
    const [one, again] = [await simulate({ headers }), await simulate({ headers })]
    expect(again.data).toEqual(one.data)
    app.clock.advance(10 * MINUTE_MS)
    await app.drain()
    expect(await list({}, '?page_limit=100')).toHaveLength(before + 1)
  })

  test('is seen with its account when asked for, the ten newest of them', async () => {
    for (let count = 0; count < 12; count++) await simulate()
    const newest = (await list()).slice(0, 10)
    expect(newest).toHaveLength(10)
    expect((await app.call('GET', `/accounts/${card.id}?expand=transactions`)).data.transactions).toEqual(newest)
    const { data: late } = await app.call('GET', `/accounts/${card.id}?expand=transaction`, LATE)
    expect(late.transaction).toEqual(await list(LATE))
    const { data: accounts } = await app.call('GET', `/accounts?holder_id=${card.holder_id}&expand=transactions`)
    for (const account of accounts as unknown as readonly Wire[]) {
      expect(account.transactions).toEqual(account.id === card.id ? newest : [])
    }
    expect(await app.call('GET', `/accounts/${card.id}`)).not.toHaveProperty('data.transactions')
  })

  test('is listed by pages and by its day', async () => {
    const page = await app.call('GET', `/accounts/${card.id}/transactions?page_limit=3`)
    expect(page.data).toEqual((await list()).slice(0, 3))
    const cursor = page.headers['pagination-page-cursor-next']
    expect(cursor).toMatch(/^txn_/)
    expect(await list({}, `?page_limit=3&page_cursor=${cursor}`)).toEqual((await list()).slice(3, 6))
    const today = app.clock.now().slice(0, 10)
    expect((await list({}, `?from_date=${today}&to_date=${today}`)).length).toBeGreaterThan(0)
    expect(await list({}, '?to_date=2020-01-01')).toEqual([])
  })
})

describe('a transaction cannot be simulated', () => {
  const restricted = (sub_type: string) => ({ status: 400, error: { type: 'INVALID_REQUEST', code: 400, sub_type } })

  test('without the subscription, and says so', async () => {
    card = await provenCard(app)
    const answer = await simulate()
    expect(answer).toMatchObject(restricted('SIMULATION_RESTRICTED_MISSING_SUBSCRIPTION'))
    expect(answer.error.message).toMatch(/subscription/)
    const brand = await app.call('POST', `/simulate/accounts/${card.id}/card_brands`, {
      body: { brand_id: 'pdt_15_brd_1' },
    })
    expect(brand).toMatchObject(restricted('SIMULATION_RESTRICTED_MISSING_SUBSCRIPTION'))
    expect(brand.error.message).toMatch(/subscription/)
    expect(await list()).toEqual([])
  })

  test('on a card that nobody proved, or on what is no card', async () => {
    const scene = await register(app, {
      phone: '+15125550271',
      liabilities: [{ mch_id: 'mch_302086' }, { mch_id: 'mch_309067' }],
    })
    const person = await scene.verified().connected().enter()
    card = person.account('mch_302086')
    expect(await simulate()).toMatchObject(restricted('PRODUCT_VERIFICATION_MISSING'))
    card = person.account('mch_309067')
    expect(await simulate()).toMatchObject(restricted('PRODUCT_UNAVAILABLE'))
  })

  test('on what is not there, or outside development', async () => {
    card = { id: 'acc_RbWady8jPiD3y' }
    expect((await simulate()).status).toBe(404)
    for (const key of [app.keys.sandbox, app.keys.production]) {
      expect(await simulate({ key, body: { amount: 'wrong' } })).toMatchObject({
        status: 403,
        error: { type: 'INVALID_REQUEST', sub_type: 'FORBIDDEN' },
      })
      const brand = await app.call('POST', `/simulate/accounts/${card.id}/card_brands`, { key, body: {} })
      expect(brand).toMatchObject({ status: 403, error: { sub_type: 'FORBIDDEN' } })
    }
  })
})

describe('what a holder buys', () => {
  let keys: App['keys']
  let by: Pick<Call, 'key'>
  beforeAll(async () => {
    keys = await app.newTeam()
    by = { key: keys.development }
    card = await usedCard(by)
  })

  /** Workers at work, looking several times a day. */
  async function live(days: number): Promise<void> {
    for (let step = 0; step < days * 4; step++) {
      app.clock.advance(DAY_MS / 4)
      await app.drain()
    }
  }

  test('is not told of a card that is not enrolled', async () => {
    await live(5)
    expect(await list(by)).toEqual([])
  })

  test('is told from the enrolment on: pending first, then posted or voided, once each', async () => {
    const enrolledAt = app.clock.now()
    expect((await enroll(by)).data.latest_request_id).toBeNull()
    app.clock.advance(4 * MINUTE_MS)
    await app.drain()
    const { data: early } = await app.call('GET', `/accounts/${card.id}/subscriptions`, by)
    expect(early.transactions.latest_request_id).toBeNull()
    await live(45)
    const all = await list({ ...by, ...NEWEST }, '?page_limit=100')
    expect(all.length).toBeGreaterThan(5)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(all.filter(({ status }) => status === 'posted').length).toBeGreaterThan(3)
    for (const { status, posted_at, voided_at, transacted_at } of all) {
      expect((posted_at !== null) === (status === 'posted') && (voided_at !== null) === (status === 'voided')).toBe(
        true,
      )
      expect((posted_at ?? voided_at ?? transacted_at) > enrolledAt).toBe(true)
    }
    const topics = (await topicsOf(app, keys)).filter((topic) => topic.startsWith('transaction.'))
    expect(topics.filter((topic) => topic === 'transaction.created')).toHaveLength(all.length)
    expect(topics.filter((topic) => topic === 'transaction.updated').length).toBeGreaterThan(3)
    const { data } = await app.call('GET', `/accounts/${card.id}/subscriptions`, by)
    expect(all.map(({ id }) => id)).toContain(data.transactions.latest_request_id)
  })

  test('is told once by workers who look at the same time', async () => {
    const before = (await list(by, '?page_limit=100')).length
    app.clock.advance(20 * DAY_MS)
    await Promise.all([app.drain(), app.drain(), app.drain()])
    const after = await list(by, '?page_limit=100')
    expect(after.length).toBeGreaterThan(before)
    const topics = (await topicsOf(app, keys)).filter((topic) => topic === 'transaction.created')
    expect(topics).toHaveLength(after.length)
  })

  test('is not told any more once the subscription has ended, and stays readable', async () => {
    const { data } = await app.call('GET', `/accounts/${card.id}/subscriptions`, by)
    const before = await list(by, '?page_limit=100')
    await app.call('DELETE', `/accounts/${card.id}/subscriptions/${data.transactions.id}`, by)
    await live(15)
    expect(await list(by, '?page_limit=100')).toEqual(before)
  })

  test('is forgotten with the consent to the account', async () => {
    const [first] = await list(by)
    await app.call('POST', `/accounts/${card.id}/consent`, {
      ...by,
      body: { type: 'withdraw', reason: 'holder_withdrew_consent' },
    })
    expect(await list(by)).toEqual([])
    expect((await app.call('GET', `/accounts/${card.id}/transactions/${first?.id}`, by)).status).toBe(404)
  })
})

describe('the statuses of a transaction', () => {
  const base = {
    id: 'aaa',
    accountId: 'bbb',
    networkRef: 'ref',
    kind: 'purchase',
    status: 'pending',
    descriptor: 'BOOKS',
    merchant: {
      name: 'Books',
      categoryCode: '5942',
      city: 'Boise',
      state: 'ID',
      country: 'USA',
      acquirerBin: '4',
      acceptorId: '5',
    },
    network: 'mastercard',
    amountCents: 100,
    authorizedCents: 120,
    transactedAt: '2026-03-10T15:00:00.000Z',
    postedAt: null,
    voidedAt: null,
    originalId: 'ccc',
    createdAt: '2026-03-10T15:00:00.000Z',
    updatedAt: '2026-03-10T15:00:00.000Z',
  }

  test.each([
    ['purchase', 'pending', 'auth'],
    ['purchase', 'posted', 'cleared'],
    ['purchase', 'voided', 'unknown'],
    ['refund', 'posted', 'refund'],
  ])('a %s that is %s was called %s in the early shape', (kind, status, early) => {
    const wire = transactionWire({ ...base, kind, status } as never)
    expect(downTo('2024-04-04', 'transaction', wire)).toMatchObject({
      status: early,
      network: 'mastercard',
      amount: 100,
    })
    for (const version of VERSIONS.filter((each) => each !== '2024-04-04')) {
      expect(downTo(version, 'transaction', wire)).toMatchObject({
        status,
        original_txn_id: 'txn_ccc',
        auth_amount: 120,
      })
    }
  })
})
