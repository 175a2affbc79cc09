/** Payoffs, card brands, sensitive fields, attributes and payment instruments. Contract: method/accounts §3–§5, §8, §9; dev-fixtures-accounts F.3. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, type Call, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, type Person, provenCard, register, topicsOf } from '../../../test/setup/cast.js'
import { changeSettings } from '../../core/teams/teams.js'
import { VERSIONS, type Version } from './versions/versions.js'

let app: App
let person: Person
beforeAll(async () => {
  app = await openApp()
  person = await kevin(app).verified().connected().enter()
})
afterAll(() => app.close())

const card = () => person.account('mch_302086')
const loan = () => person.account('mch_2347')
const post = (path: string, call: Call = {}) => app.call('POST', path, call)
const get = async (path: string, call: Call = {}) => (await app.call('GET', path, call)).data
const keysOf = (wire: Wire) => Object.keys(wire).sort()

describe('a payoff', () => {
  it('is pending, then the quote of the fixtures', async () => {
    const { data } = await post(`/accounts/${loan().id}/payoffs`)
    expect(data).toEqual({
      id: data.id,
      account_id: loan().id,
      status: 'pending',
      amount: null,
      term: null,
      per_diem_amount: null,
      error: null,
      created_at: data.created_at,
      updated_at: data.created_at,
    })
    expect(data.id).toMatch(/^pyf_/)
    await app.drain()
    const after = await get(`/accounts/${loan().id}/payoffs/${data.id}`)
    expect(after).toMatchObject({ status: 'completed', amount: 6_083_988, term: 15, per_diem_amount: null })
    expect(await get(`/accounts/${loan().id}/payoffs`)).toEqual([after])
    expect((await get(`/accounts/${loan().id}?expand[]=payoff`)).payoff).toEqual(after)
  })

  it('is for loans with an end only', async () => {
    for (const merchant of ['mch_302086', 'mch_304444', 'mch_460001']) {
      const reply = await post(`/accounts/${person.account(merchant).id}/payoffs`)
      expect(reply).toMatchObject({ status: 400, error: { sub_type: 'PRODUCT_UNAVAILABLE' } })
    }
    expect((await post(`/accounts/${person.account('mch_309067').id}/payoffs`)).status).toBe(200)
  })

  it('fails with a reason when the servicer does not know the loan any more', async () => {
    const phone = '+15125550231'
    const own = await register(app, { phone, liabilities: [{ mch_id: 'mch_2347', balance: 100_000 }] })
    const [account] = (await own.verified().connected().enter()).accounts
    await register(app, { phone, liabilities: [] })
    const { data } = await post(`/accounts/${account?.id}/payoffs`)
    await app.drain()
    expect(await get(`/accounts/${account?.id}/payoffs/${data.id}`)).toMatchObject({
      status: 'failed',
      amount: null,
      error: {
        type: 'PAYOFF_FAILED',
        code: 18001,
        sub_type: 'PAYOFF_TEMPORARILY_UNAVAILABLE',
        message: 'Payoff is temporarily unavailable for this account.',
      },
    })
  })
})

const BRAND_URL = 'https://static.methodfi.com/card_brands/1b7ccaba6535cb837f802d968add4700.png'

describe('a card brand', () => {
  it('is complete at once in the early shape', async () => {
    const { data } = await post(`/accounts/${card().id}/card_brands`)
    expect(data).toEqual({
      id: data.id,
      account_id: card().id,
      network: 'visa',
      issuer: 'Chase',
      last4: '1580',
      brands: [
        {
          id: expect.stringMatching(/^brand_\w{13}$/),
          art_id: expect.stringMatching(/^art_\w{13}$/),
          name: 'Chase Sapphire Reserve',
          url: BRAND_URL,
        },
      ],
      status: 'completed',
      shared: false,
      error: null,
      created_at: data.created_at,
      updated_at: data.created_at,
    })
    expect(data.id).toMatch(/^cbrd_/)
    expect(await get(`/accounts/${card().id}/card_brands/${data.id}`)).toEqual(data)
    expect((await get(`/accounts/${card().id}?expand[]=card_brand`)).card_brand).toEqual(data)
  })

  it('is the same brand for every entity that has the card', async () => {
    const other = await kevin(app).verified().connected().enter()
    const brandOf = async (id: string) => (await post(`/accounts/${id}/card_brands`)).data.brands[0].id
    expect(await brandOf(other.account('mch_302086').id)).toBe(await brandOf(card().id))
  })

  it.each([
    ['2024-04-04-late', { network: 'visa', issuer: 'Chase', last4: '1580' }, ['art_id', 'id', 'name', 'url']],
    ['2025-07-04', {}, ['card_product_id', 'description', 'id', 'issuer', 'name', 'network', 'type', 'url']],
    [
      '2025-12-01',
      { network: 'visa', issuer: 'Chase', last4: '1580' },
      ['card_product_id', 'description', 'id', 'issuer', 'name', 'network', 'network_tier', 'type', 'url'],
    ],
  ] as const)('is on its way first at %s, and then complete', async (version, facts, brandKeys) => {
    const { data } = await post(`/accounts/${card().id}/card_brands`, { version })
    const waiting = version === '2025-12-01' ? 'pending' : 'in_progress'
    const head = { id: data.id, account_id: card().id, ...facts, shared: false, error: null }
    expect(data).toEqual({
      ...head,
      brands: [],
      status: waiting,
      source: null,
      created_at: data.created_at,
      updated_at: data.created_at,
    })
    app.clock.advance(1000)
    await app.drain()
    const after = await get(`/accounts/${card().id}/card_brands/${data.id}`, { version })
    expect(after).toMatchObject({ ...head, status: 'completed', source: 'network' })
    expect(keysOf(after)).toEqual(keysOf(data))
    expect(keysOf(after.brands[0])).toEqual(brandKeys)
    expect(after.brands[0]).toMatchObject({ id: 'pdt_15_brd_1', name: 'Chase Sapphire Reserve', url: BRAND_URL })
    const expanded = await get(`/accounts/${card().id}?expand[]=card_brand`, { version })
    expect(expanded.card_brand).toEqual(after)
  })

  it('is told sooner than institutions answer, whatever else waits: a client looks after two seconds', async () => {
    const slow = await openApp({ CLEARSPAN_ANSWER_DELAY_MS: '60000' })
    try {
      const { id } = (await kevin(slow).verified().connected().enter()).account('mch_302086')
      const ask = (path: string) => slow.call('POST', `/accounts/${id}/${path}`, { version: '2024-04-04-late' })
      await ask('balances')
      const { data } = await ask('card_brands')
      const { rows } = await sql<{ soonest: number }>`
        select extract(epoch from min(run_at) - now())::float8 as soonest
        from graphile_worker._private_jobs where key like ${`retrievals:${id.slice('acc_'.length)}%`}`.execute(
        slow.fresh.db,
      )
      expect(rows[0]?.soonest).toBeLessThan(0.6)
      await sql`update graphile_worker._private_jobs set run_at = run_at - interval '1 s'`.execute(slow.fresh.db)
      await slow.drain()
      const { data: brand } = await slow.call('GET', `/accounts/${id}/card_brands/${data.id}`)
      expect(brand.status).toBe('completed')
    } finally {
      await slow.close()
    }
  })

  it('belongs to a product, and has an image that anybody may see', async () => {
    const second = person.account('mch_311289')
    const { data } = await post(`/accounts/${second.id}/card_brands`, { version: '2025-07-04' })
    await app.drain()
    const [brand] = (await get(`/accounts/${second.id}/card_brands/${data.id}`, { version: '2025-07-04' })).brands
    for (const path of ['card_products', 'card_product']) {
      const product = await get(`/${path}/${brand.card_product_id}`, { version: '2025-07-04' })
      expect(product).toMatchObject({ id: brand.card_product_id, issuer: brand.issuer, type: brand.type, error: null })
      expect(product.brands.map(({ id }: Wire) => id)).toContain(brand.id)
      expect(keysOf(product.brands[0])).toEqual(['default_image', 'description', 'id', 'network'])
    }
    const { pathname } = new URL(brand.url)
    const image = await app.http.inject({ method: 'GET', url: pathname })
    expect(image).toMatchObject({ statusCode: 200, headers: { 'content-type': 'image/svg+xml' } })
    expect(image.body).toMatch(/^<svg /)
  })

  it('of an unknown product or image is not found', async () => {
    for (const path of ['/card_products/pdt_999999', '/card_products/chase', '/card_product/pdt_']) {
      expect(await app.call('GET', path)).toMatchObject({ status: 404, error: { sub_type: 'NOT_FOUND' } })
    }
    for (const file of ['pdt_15_brd_99.svg', 'pdt_15_brd_1.png', 'pdt_15.svg']) {
      expect((await app.call('GET', `/images/card_brands/${file}`)).status).toBe(404)
    }
  })

  it('is for cards of Visa and Mastercard only', async () => {
    expect(await post(`/accounts/${loan().id}/card_brands`)).toMatchObject({
      status: 400,
      error: { sub_type: 'PRODUCT_UNAVAILABLE' },
    })
  })
})

const ALL_FIELDS = ['number', 'exp_month', 'exp_year', 'cvv', 'billing_zip_code'].map((name) => `credit_card.${name}`)

describe('a card that its institution does not know any more', () => {
  let id: string
  beforeAll(async () => {
    const persona = {
      phone: '+15125550232',
      liabilities: [{ mch_id: 'mch_302086', account_number: '5555444433332222' }],
    }
    const [account] = (await (await register(app, persona)).verified().connected().enter()).accounts
    id = account?.id
    const sessions = `/accounts/${id}/verification_sessions`
    const { data } = await post(sessions, { body: { type: 'standard' } })
    await app.call('PUT', `${sessions}/${data.id}`, { body: { standard: { number: '5555444433332222' } } })
    await register(app, { ...persona, liabilities: [] })
  })

  it('has sensitive fields that failed, by the name of each version', async () => {
    const { data } = await post(`/accounts/${id}/sensitive`, { body: { expand: ['credit_card.cvv'] } })
    expect(data).toMatchObject({ status: 'failed', credit_card: { number: null } })
    expect(data.error).toEqual({
      type: 'SENSITIVE_FAILED',
      code: 17001,
      sub_type: 'SENSITIVE_FAILED_VERIFICATION_REQUIRED',
      message: 'Sensitive failed due to missing required verification.',
    })
    const newest = await get(`/accounts/${id}/sensitive/${data.id}`, { version: '2025-12-01' })
    expect(newest.error).toEqual({
      type: 'ACCOUNT_SENSITIVE_FAILED',
      code: 17001,
      sub_type: 'ACCOUNT_SENSITIVE_FAILED_VERIFICATION_REQUIRED',
      message: 'Account sensitive failed due to missing required verification.',
    })
  })

  it('has the number that is kept of it', async () => {
    const expand = ['credit_card.number', 'credit_card.cvv']
    const { data } = await post(`/accounts/${id}/sensitive`, { body: { expand } })
    expect(data).toMatchObject({ status: 'completed', credit_card: { number: '5555444433332222', cvv: null } })
  })

  it('has attributes that failed', async () => {
    const { data } = await post(`/accounts/${id}/attributes`, { version: '2024-04-04-late' })
    expect(data).toMatchObject({
      status: 'failed',
      attributes: null,
      error: {
        type: 'PRODUCT_EXECUTION_FAILED',
        code: 24001,
        sub_type: 'PRODUCT_EXECUTION_FAILED',
        message: 'Product execution failed.',
      },
    })
  })

  it.each(VERSIONS)('has no brand at %s', async (version) => {
    const reply = await post(`/accounts/${id}/card_brands`, { version })
    expect(reply).toMatchObject({
      status: version === '2025-12-01' ? 422 : 400,
      error: { type: 'INVALID_REQUEST', sub_type: 'CARD_BRANDS_NOT_FOUND' },
    })
  })
})

describe('sensitive fields', () => {
  const some = { expand: ['credit_card.number', 'credit_card.exp_month', 'credit_card.exp_year'] }

  it('are kept from who has not proven the card', async () => {
    const unproven = (await kevin(app).verified().connected().enter()).account('mch_302086')
    expect(await post(`/accounts/${unproven.id}/sensitive`, { body: some })).toMatchObject({
      status: 400,
      error: { sub_type: 'PRODUCT_VERIFICATION_MISSING' },
    })
    expect(await get(`/accounts/${unproven.id}/sensitive`)).toEqual([])
    expect((await get(`/accounts/${unproven.id}?expand[]=sensitive`)).sensitive).toBeNull()
  })

  it('of a proven card are those of the fixtures, and only what was asked for', async () => {
    const proven = await provenCard(app)
    const { data } = await post(`/accounts/${proven.id}/sensitive`, { body: some })
    expect(data).toEqual({
      id: data.id,
      account_id: proven.id,
      type: 'credit_card',
      credit_card: {
        number: '5555555555551580',
        billing_zip_code: null,
        exp_month: '03',
        exp_year: '2028',
        cvv: null,
      },
      status: 'completed',
      error: null,
      created_at: data.created_at,
      updated_at: data.created_at,
    })
    expect(data.id).toMatch(/^astv_/)
    expect(await get(`/accounts/${proven.id}/sensitive`)).toEqual([data])
    expect(await get(`/accounts/${proven.id}/sensitive/${data.id}`)).toEqual(data)
    expect((await get(`/accounts/${proven.id}?expand[]=sensitive`)).sensitive).toEqual(data)
    const everything = (await post(`/accounts/${proven.id}/sensitive`, { body: { expand: ALL_FIELDS } })).data
    expect(everything.credit_card).toEqual({
      number: '5555555555551580',
      billing_zip_code: '78758',
      exp_month: '03',
      exp_year: '2028',
      cvv: '878',
    })
    const newest = await get(`/accounts/${proven.id}/sensitive/${data.id}`, { version: '2025-12-01' })
    expect(newest.fields).toContainEqual({ name: 'credit_card.exp_month', value: '03' })
  })

  it('stand on the account only when asked for, but for the newest version', async () => {
    for (const version of VERSIONS) {
      const plain = await get(`/accounts/${card().id}`, { version })
      const expanded = await get(`/accounts/${card().id}?expand[]=sensitive`, { version })
      expect('sensitive' in plain).toBe(version === '2025-12-01')
      expect(expanded.sensitive).toBeNull()
    }
  })

  it('must be named, known, and of the type of the account', async () => {
    const proven = await provenCard(app)
    for (const body of [
      {},
      { expand: [] },
      { expand: ['credit_card.pin'] },
      { expand: ['mortgage.number'] },
      { expand: ['credit_card.number', 'auto_loan.number'] },
    ]) {
      expect(await post(`/accounts/${proven.id}/sensitive`, { body })).toMatchObject({
        status: 400,
        error: { sub_type: 'INVALID_REQUEST' },
      })
    }
  })

  it('are gone, in events too, when consent is withdrawn', async () => {
    const proven = await provenCard(app)
    const { data } = await post(`/accounts/${proven.id}/sensitive`, { body: some })
    await post(`/accounts/${proven.id}/consent`, { body: { type: 'withdraw', reason: 'holder_withdrew_consent' } })
    expect((await get(`/accounts/${proven.id}/sensitive/${data.id}`)).credit_card.number).toBeNull()
  })

  it('are told of without being shown', async () => {
    const keys = await app.newTeam()
    const proven = await provenCard(app, { key: keys.development })
    await post(`/accounts/${proven.id}/sensitive`, { body: some, key: keys.development })
    expect(await topicsOf(app, keys)).toContain('sensitive.created')
  })
})

describe('attributes of an account', () => {
  it('say how the card is held', async () => {
    const version: Version = '2024-04-04-late'
    const { data } = await post(`/accounts/${card().id}/attributes`, { version })
    expect(data).toEqual({
      id: data.id,
      account_id: card().id,
      status: 'completed',
      attributes: {
        usage_pattern: { value: 'revolver' },
        account_standing: { value: 'current' },
        delinquent_period: { value: null },
        delinquent_outcome: { value: null },
        delinquent_amount: { value: null },
        utilization: { value: 66.7 },
      },
      error: null,
      created_at: data.created_at,
      updated_at: data.created_at,
    })
    expect(data.id).toMatch(/^acc_attr_/)
    expect(await get(`/accounts/${card().id}/attributes`)).toEqual([data])
    expect((await get(`/accounts/${card().id}?expand[]=attribute`, { version })).attribute).toEqual(data)
    expect((await get(`/accounts/${card().id}`)).attribute).toBeUndefined()
    expect((await get(`/accounts/${card().id}/products`, { version })).attribute).toMatchObject({
      status: 'available',
      latest_request_id: data.id,
      latest_successful_request_id: data.id,
    })
  })
})

describe('payment instruments', () => {
  const version: Version = '2025-12-01'

  it('are not for ordinary teams', async () => {
    const path = `/accounts/${card().id}/payment_instruments`
    expect(await post(path, { body: { type: 'card' } })).toMatchObject({
      status: 400,
      error: { sub_type: 'TEAM_CAPABILITY_RESTRICTED' },
    })
    expect(await get(path)).toEqual([])
    const products = await get(`/accounts/${card().id}/products`, { version: '2025-07-04' })
    expect(products.payment_instrument).toMatchObject({ status: 'restricted', is_subscribable: true })
  })

  it('of a team that was given them are a card, a token for it, and an account of its own', async () => {
    const keys = await app.newTeam()
    await changeSettings(app.base, { name: keys.team, environment: 'development' }, () => ({
      products: { granted: ['payment_instrument'] },
    }))
    const by = { key: keys.development }
    const proven = await provenCard(app, by)
    const path = `/accounts/${proven.id}/payment_instruments`
    const made = (type: string, call: Call = {}) => post(path, { ...by, version, body: { type }, ...call })
    const { data } = await made('card')
    expect(data).toEqual({
      id: data.id,
      account_id: proven.id,
      type: 'card',
      card: { number: '5555555555551580', exp_month: '03', exp_year: '2028', billing_zip_code: '78758' },
      network_token: null,
      inbound_achwire_payment: null,
      chargeable: true,
      status: 'completed',
      error: null,
      created_at: data.created_at,
      updated_at: data.created_at,
    })
    expect((await made('network_token')).data.network_token.token).toMatch(/^\d{16}$/)
    expect((await made('inbound_achwire_payment')).data.inbound_achwire_payment).toEqual({
      account_number: expect.stringMatching(/^\d{10,17}$/),
      routing_number: expect.stringMatching(/^\d{9}$/),
    })
    expect(await made('inbound_achwire_payment', { version: '2025-07-04' })).toMatchObject({ status: 400 })
    const closed = await app.call('DELETE', `${path}/${data.id}`, { ...by, version })
    expect(closed.data).toMatchObject({ id: data.id, chargeable: false })
    expect((await app.call('DELETE', `${path}/${data.id}`, { ...by, version })).data).toEqual(closed.data)
    expect(await get(path, { ...by, version })).toHaveLength(3)
  })
})

describe('the products of a liability', () => {
  it('have at each version the members it knows', async () => {
    const early = [
      'created_at',
      'id',
      'is_subscribable',
      'latest_request_id',
      'name',
      'status',
      'status_error',
      'updated_at',
    ]
    const late = [...early.filter((name) => name !== 'id'), 'latest_successful_request_id'].sort()
    const newest = ['capabilities', 'created_at', 'id', 'name', 'reportable', 'status', 'status_error', 'updated_at']
    const wanted = { '2024-04-04': early, '2024-04-04-late': late, '2025-07-04': late, '2025-12-01': newest }
    for (const version of VERSIONS) {
      const products = await get(`/accounts/${card().id}/products`, { version })
      for (const product of Object.values(products) as Wire[]) expect(keysOf(product)).toEqual(wanted[version])
    }
  })

  it('have three payment instruments in the newest version', async () => {
    const { restricted_products } = await get(`/accounts/${card().id}`, { version: '2025-12-01' })
    const names = ['card', 'network_token', 'inbound_achwire_payment'].map((kind) => `payment_instrument.${kind}`)
    expect(restricted_products).toEqual(expect.arrayContaining(names))
    expect(Object.keys(await get(`/accounts/${card().id}/products`, { version: '2025-12-01' }))).toEqual(
      expect.arrayContaining(names),
    )
    const older = await get(`/accounts/${card().id}`, { version: '2025-07-04' })
    expect(older.restricted_products.filter((name: string) => name.startsWith('payment_i'))).toEqual([
      'payment_instrument',
    ])
  })
})
