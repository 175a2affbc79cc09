/** Subscriptions of accounts. Contract: method/accounts §11, webhooks-events §4. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, type Call, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, type Person, proveCard, register, topicsOf } from '../../../test/setup/cast.js'
import { openSubscriber } from '../../../test/setup/subscriber.js'

const DAY_MS = 24 * 3600 * 1000
const CHASE = 'mch_302086'
const LOAN = 'mch_2347'

let app: App
let person: Person
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const path = (mch: string, rest = '') => `/accounts/${person.account(mch).id}/subscriptions${rest}`
const enroll = (mch: string, name: unknown, call: Call = {}) =>
  app.call('POST', path(mch), { body: { enroll: name }, ...call })
const account = async (mch: string, call: Call = {}) =>
  (await app.call('GET', `/accounts/${person.account(mch).id}`, call)).data
const updatesOf = async (mch: string) =>
  (await app.call('GET', `/accounts/${person.account(mch).id}/updates?page_limit=100`)).data as unknown as Wire[]

describe('an account’s enrolment', () => {
  beforeAll(async () => {
    person = await kevin(app).verified().connected().enter()
  })

  test('is active at once, has made nothing yet, and moves the name on the account', async () => {
    expect((await app.call('GET', path(CHASE))).data).toEqual([])
    expect((await app.call('GET', path(CHASE), { version: '2025-07-04' })).data).toEqual([])
    expect((await app.call('GET', path(CHASE), { version: '2025-12-01' })).data).toEqual({})
    const { data } = await enroll(CHASE, 'update')
    expect(data).toEqual({
      id: expect.stringMatching(/^sub_\w{13}$/),
      name: 'update',
      status: 'active',
      latest_request_id: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    })
    expect(await account(CHASE)).toMatchObject({
      subscriptions: ['update'],
      available_subscriptions: ['update.snapshot'],
      restricted_subscriptions: ['transactions'],
    })
    expect((await app.call('GET', path(CHASE, `/${data.id}`))).data).toEqual(data)
    expect((await app.call('GET', path(CHASE))).data).toEqual({ update: data })
  })

  test('has a payload of null from the late shape on', async () => {
    const { data } = await enroll(CHASE, 'update.snapshot', { version: '2024-04-04-late' })
    expect(data).toMatchObject({ name: 'update.snapshot', payload: null, latest_request_id: null })
    expect(Object.keys((await app.call('GET', path(CHASE), { version: '2025-12-01' })).data)).toEqual([
      'update',
      'update.snapshot',
    ])
  })

  test('exists once while it is active', async () => {
    expect((await enroll(CHASE, 'update')).error).toMatchObject({ code: 400, sub_type: 'SUBSCRIPTION_DUPLICATE' })
    const answers = await Promise.all(Array.from({ length: 5 }, () => enroll(LOAN, 'update.snapshot')))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test.each([
    ['luck', '2024-04-04', 'SUBSCRIPTION_NOT_FOUND'],
    ['connect', '2024-04-04', 'SUBSCRIPTION_NOT_FOUND'],
    ['transaction', '2024-04-04', 'SUBSCRIPTION_NOT_FOUND'],
    ['card_brand', '2024-04-04', 'SUBSCRIPTION_NOT_FOUND'],
    ['transactions', '2024-04-04', 'PRODUCT_CAPABILITY_RESTRICTED'],
    ['transaction', '2024-04-04-late', 'PRODUCT_CAPABILITY_RESTRICTED'],
    ['payment_instrument', '2024-04-04-late', 'TEAM_CAPABILITY_RESTRICTED'],
    ['payment_instrument', '2024-04-04', 'SUBSCRIPTION_NOT_FOUND'],
  ] as const)('to %s at %s is refused as %s', async (name, version, sub_type) => {
    expect((await enroll(CHASE, name, { version })).error).toMatchObject({ code: 400, sub_type })
  })

  test('in what its product can never give is refused', async () => {
    expect((await enroll(LOAN, 'transactions')).error).toMatchObject({ code: 400, sub_type: 'PRODUCT_UNAVAILABLE' })
    const unknown = await app.call('POST', '/accounts/acc_RbWady8jPiD3y/subscriptions', { body: { enroll: 'update' } })
    expect(unknown.status).toBe(404)
  })

  test('of several names at once answers for each by itself', async () => {
    const { data, status } = await enroll(LOAN, ['update', 'luck', 'transactions'])
    expect(status).toBe(200)
    expect(data.update).toMatchObject({ status: 'active' })
    expect(data.luck.error).toMatchObject({ type: 'INVALID_REQUEST', code: 400, sub_type: 'SUBSCRIPTION_NOT_FOUND' })
    expect(data.transactions.error).toMatchObject({ sub_type: 'PRODUCT_UNAVAILABLE' })
  })

  test('in transactions has the name of its version everywhere', async () => {
    const late = { version: '2024-04-04-late' } as const
    await proveCard(app, person.account(CHASE).id)
    expect((await account(CHASE)).available_subscriptions).toContain('transactions')
    expect((await account(CHASE, late)).available_subscriptions).toContain('transaction')
    const { data } = await enroll(CHASE, 'transactions')
    expect(data).toMatchObject({ name: 'transactions', latest_request_id: null })
    expect(Object.keys((await app.call('GET', path(CHASE))).data)).toContain('transactions')
    const { data: newer } = await app.call('GET', path(CHASE), late)
    expect(newer.transaction).toEqual({ ...data, name: 'transaction', payload: null })
    expect((await account(CHASE)).subscriptions).toContain('transactions')
    expect((await account(CHASE, late)).subscriptions).toContain('transaction')
  })

  test('that ended keeps its record, and a new one may follow', async () => {
    const { data: active } = await app.call('GET', path(LOAN))
    const id = active.update.id
    const { data: ended } = await app.call('DELETE', path(LOAN, `/${id}`))
    expect(ended).toMatchObject({ id, status: 'inactive', latest_request_id: null })
    expect((await app.call('DELETE', path(LOAN, `/${id}`))).data).toEqual(ended)
    expect((await app.call('GET', path(LOAN))).data).not.toHaveProperty('update')
    expect((await enroll(LOAN, 'update')).data.id).not.toBe(id)
    expect((await app.call('GET', path(LOAN, '/sub_RbWady8jPiD3y'))).status).toBe(404)
    expect((await app.call('GET', path(CHASE, `/${id}`))).status).toBe(404)
  })

  test('ends with the consent to its account', async () => {
    const { data: active } = await app.call('GET', path(LOAN))
    const body = { type: 'withdraw', reason: 'holder_withdrew_consent' }
    await app.call('POST', `/accounts/${person.account(LOAN).id}/consent`, { body })
    expect((await app.call('GET', path(LOAN))).data).toEqual([])
    expect((await app.call('GET', path(LOAN, `/${active.update.id}`))).data.status).toBe('inactive')
    expect((await enroll(LOAN, 'update')).error.sub_type).toBe('PRODUCT_UNAVAILABLE')
  })
})

test('webhooks tell of an enrolment and its end, under the account', async () => {
  person = await kevin(app).verified().connected().enter()
  const subscriber = await openSubscriber()
  for (const type of ['subscription.create', 'subscription.update']) {
    await app.call('POST', '/webhooks', { body: { type, url: subscriber.url } })
  }
  const { data } = await enroll(CHASE, 'update')
  await app.call('DELETE', path(CHASE, `/${data.id}`))
  await app.drain()
  expect(subscriber.received.map(({ body }) => body)).toEqual(
    expect.arrayContaining([
      { id: data.id, type: 'subscription.create', path: path(CHASE, `/${data.id}`) },
      { id: data.id, type: 'subscription.update', path: path(CHASE, `/${data.id}`) },
    ]),
  )
  await subscriber.close()
})

describe('an account’s active subscription', () => {
  test('to updates makes one each day from the next day on', async () => {
    person = await kevin(app).verified().connected().enter()
    await enroll(CHASE, 'update')
    const before = await updatesOf(CHASE)
    app.clock.advance(DAY_MS - 1000)
    await app.drain()
    expect(await updatesOf(CHASE)).toEqual(before)
    app.clock.advance(1000)
    await app.drain()
    const [first, ...rest] = await updatesOf(CHASE)
    expect(rest).toEqual(before)
    expect(first).toMatchObject({ source: 'direct', status: 'completed' })
    expect((await app.call('GET', path(CHASE))).data.update.latest_request_id).toBe(first?.id)
    expect((await account(CHASE)).update).toBe(first?.id)
    for (let day = 0; day < 30; day++) {
      app.clock.advance(DAY_MS)
      await app.drain()
    }
    expect(await updatesOf(CHASE)).toHaveLength(before.length + 31)
  })

  test('to snapshots makes the bureau’s picture once a month, on the day of enrolment', async () => {
    person = await kevin(app).verified().connected().enter()
    await enroll(LOAN, 'update.snapshot')
    const before = await updatesOf(LOAN)
    app.clock.advance(27 * DAY_MS)
    await app.drain()
    expect(await updatesOf(LOAN)).toEqual(before)
    for (let month = 1; month <= 3; month++) {
      app.clock.advance((month === 1 ? 4 : 31) * DAY_MS)
      await app.drain()
      const updates = await updatesOf(LOAN)
      expect(updates).toHaveLength(before.length + month)
      expect(updates[0]).toMatchObject({ source: 'snapshot', status: 'completed' })
      const { data } = await app.call('GET', path(LOAN))
      expect(data['update.snapshot'].latest_request_id).toBe(updates[0]?.id)
    }
  })

  test('is ticked once by two workers', async () => {
    person = await kevin(app).verified().connected().enter()
    await enroll(CHASE, 'update')
    const before = (await updatesOf(CHASE)).length
    app.clock.advance(DAY_MS)
    await Promise.all([app.drain(), app.drain(), app.drain()])
    expect(await updatesOf(CHASE)).toHaveLength(before + 1)
  })

  test('makes nothing once it has ended', async () => {
    const { data: active } = await app.call('GET', path(CHASE))
    await app.call('DELETE', path(CHASE, `/${active.update.id}`))
    const before = await updatesOf(CHASE)
    app.clock.advance(3 * DAY_MS)
    await app.drain()
    expect(await updatesOf(CHASE)).toEqual(before)
  })
})

describe('a debt that ends', () => {
  const phone = '+15125550260'
  const card = { mch_id: CHASE, account_number: '4936494462408721', balance: 1000 }

  test('closes its account by the next update, and pauses what it subscribes to until it reappears', async () => {
    const keys = await app.newTeam()
    const by = { key: keys.development }
    const scene = await register(app, { phone, liabilities: [card] }, by)
    person = await scene.verified().connected().enter()
    await enroll(CHASE, 'update', by)
    await register(app, { phone, liabilities: [{ ...card, balance: 0, closed: true }] }, by)
    app.clock.advance(DAY_MS)
    await app.drain()
    expect(await account(CHASE, by)).toMatchObject({
      status: 'closed',
      error: null,
      products: [],
      subscriptions: ['update'],
    })
    expect((await topicsOf(app, keys)).slice(-3)).toEqual(['update.updated', 'account.updated', 'account.closed'])
    const updates = () => app.call('GET', `/accounts/${person.account(CHASE).id}/updates`, by)
    const before = (await updates()).data
    app.clock.advance(DAY_MS)
    await app.drain()
    expect((await updates()).data).toEqual(before)

    await register(app, { phone, liabilities: [card] }, by)
    const { data } = await app.call('POST', `/entities/${person.id}/connect`, by)
    expect(data.accounts).toEqual([])
    expect(await account(CHASE, by)).toMatchObject({ status: 'active', subscriptions: ['update'] })
    expect(await topicsOf(app, keys)).not.toContain('account.opened')
    app.clock.advance(DAY_MS)
    await app.drain()
    expect((await updates()).data).toHaveLength(Number(before.length) + 1)
  })
})

describe('a subscription to card brands', () => {
  const late = { version: '2025-07-04' } as const
  const brandsOf = async () =>
    (await app.call('GET', `/accounts/${person.account(CHASE).id}/card_brands`, late)).data as unknown as Wire[]

  test('notes the brand on its first day, and is silent while it stays', async () => {
    person = await kevin(app).as(late).verified().connected().enter()
    expect((await enroll(CHASE, 'card_brand', late)).data).toMatchObject({ status: 'active', latest_request_id: null })
    app.clock.advance(DAY_MS)
    await app.drain()
    const [first] = await brandsOf()
    expect(first).toMatchObject({ status: 'completed', brands: [{ id: 'pdt_15_brd_1' }] })
    const { data } = await app.call('GET', path(CHASE), late)
    expect(data.card_brand.latest_request_id).toBe(first?.id)
    app.clock.advance(DAY_MS)
    await app.drain()
    expect(await brandsOf()).toHaveLength(1)
    expect(await topicsOf(app)).not.toContain('card_brand.available')
  })

  test('tells of another brand on the day after the card got it', async () => {
    const id = person.account(CHASE).id
    await proveCard(app, id, late)
    const simulate = (brand_id: string) =>
      app.call('POST', `/simulate/accounts/${id}/card_brands`, { body: { brand_id }, ...late })
    const { data } = await simulate('pdt_17_brd_2')
    expect(data.status).toBe('completed')
    expect(data.brands[0]).toMatchObject({ id: 'pdt_17_brd_2', card_product_id: 'pdt_17' })
    expect((await brandsOf())[0]).toEqual(data)
    expect((await topicsOf(app)).slice(-2)).toEqual(['card_brand.created', 'card_brand.available'])
    app.clock.advance(DAY_MS)
    await app.drain()
    expect(await brandsOf()).toHaveLength(2)
    expect((await simulate('pdt_99999_brd_1')).error).toMatchObject({ code: 400, sub_type: 'CARD_BRANDS_NOT_FOUND' })
    expect((await simulate('a brand')).error).toMatchObject({ code: 400, sub_type: 'CARD_BRANDS_NOT_FOUND' })
  })
})
