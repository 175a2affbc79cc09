/** Clearing accounts and debit cards. Contract: method/accounts §1.5.1, §1.5.2, payments §1.2. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { addChecking, type Payer, pay, payer } from '../../../test/setup/money.js'
import { openSubscriber } from '../../../test/setup/subscriber.js'
import { checkLedger } from '../../core/payments/payments.js'

const NEWEST = { version: '2025-12-01' } as const
const DEBIT_CARD = {
  number: '4000056655665556',
  exp_month: '08',
  exp_year: '2029',
  cvv: '123',
  billing_zip_code: '78701',
}
const DAY_MS = 86_400_000

let app: App
let kevin: Payer
beforeAll(async () => {
  app = await openApp()
  kevin = await payer(app)
})
afterAll(() => app.close())

const holderId = () => kevin.person.id
const add = (body: object, call: object = NEWEST) =>
  app.call('POST', '/accounts', { body: { holder_id: holderId(), ...body }, ...call })
const openClearing = async (type: 'single_use' | 'multi_use' = 'multi_use') => (await add({ clearing: { type } })).data
let cards = 0
/** A new card whose number ends as given. */
const addCard = async (ending = '5556') => {
  const number = `40000566${String(++cards).padStart(4, '0')}${ending}`
  return { number, ...(await add({ debit_card: { ...DEBIT_CARD, number } })).data } as Wire
}
const read = (id: string, call: object = NEWEST) => app.call('GET', `/accounts/${id}`, call)
const payment = async (id: string) => (await app.call('GET', `/payments/${id}`, NEWEST)).data
/** Lets pass what a payment needs at most, a day at a time. */
async function passDays(days: number): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    app.clock.advance(DAY_MS)
    await app.drain()
  }
}
const booked = async (number: string) => {
  const { network, team } = await app.ctx()
  const entries = (await network.stage?.deposits(team.id, number)) ?? []
  return entries.map(({ cents }) => cents).reverse()
}
const findings = async () => (await checkLedger(await app.ctx())).findings

const common = () => ({
  id: expect.stringMatching(/^acc_\w{13}$/),
  holder_id: holderId(),
  status: 'active',
  consent_status: 'approved',
  ach: null,
  liability: null,
  clearing: null,
  debit_card: null,
  latest_verification_session: null,
  balance: null,
  update: null,
  card_brand: null,
  payoff: null,
  attribute: null,
  payment_instrument: null,
  sensitive: null,
  products: ['payment'],
  restricted_products: [],
  subscriptions: [],
  available_subscriptions: [],
  restricted_subscriptions: [],
  error: null,
  metadata: null,
  created_at: app.clock.now(),
  updated_at: app.clock.now(),
})

describe('a clearing account', () => {
  it.each(['single_use', 'multi_use'] as const)(
    '%s is opened at our own bank, each with a number of its own',
    async (type) => {
      const { data, status } = await add({ type: 'clearing', clearing: { type } })
      expect(status).toBe(200)
      const clearing = { type, routing: '091000019', number: expect.stringMatching(/^\d{12}$/) }
      expect(data).toEqual({ ...common(), type: 'clearing', clearing })
      expect((await read(data.id)).data).toEqual(data)
      const { data: second } = await add({ clearing: { type } })
      expect(second.clearing.number).not.toBe(data.clearing.number)
    },
  )

  it('is paid into and from: the money moves in the books of its bank, and of everyone else', async () => {
    const clearing = await openClearing()
    const filled = await pay(app, { source: kevin.checking, destination: clearing.id, amount: 9000 })
    expect(filled.type).toBe('standard')
    await passDays(7)
    expect((await payment(filled.id)).status).toBe('settled')
    expect(await booked(clearing.clearing.number)).toEqual([9000])
    const [debt, bank] = await Promise.all([
      pay(app, { source: clearing.id, destination: kevin.card, amount: 4000 }),
      pay(app, { source: clearing.id, destination: (await addChecking(app, holderId())).id, amount: 4000 }),
    ])
    expect([debt.type, bank.type]).toEqual(['clearing', 'clearing'])
    await passDays(7)
    expect([(await payment(debt.id)).status, (await payment(bank.id)).status]).toEqual(['settled', 'settled'])
    expect(await booked(clearing.clearing.number)).toEqual([9000, -4000, -4000])
    const ids = async (query: string) =>
      (await app.call('GET', `/payments?acc_id=${clearing.id}&${query}`)).data.map(({ id }: Wire) => id)
    expect((await ids('type=clearing')).sort()).toEqual([debt.id, bank.id].sort())
    expect(await ids('type=standard')).toEqual([filled.id])
    expect(await findings()).toEqual([])
  })

  it('gives no more than it has: of two payments one window apart from nothing, the bank sends the uncovered one back', async () => {
    const clearing = await openClearing()
    await pay(app, { source: kevin.checking, destination: clearing.id, amount: 5000 })
    await passDays(7)
    const covered = await pay(app, { source: clearing.id, destination: kevin.card, amount: 3000 })
    const uncovered = await pay(app, { source: clearing.id, destination: kevin.card, amount: 6000 })
    await passDays(7)
    expect((await payment(covered.id)).status).toBe('settled')
    expect(await payment(uncovered.id)).toMatchObject({
      status: 'failed',
      error: { type: 'PAYMENT_FAILED', code: 10001, sub_type: 'PAYMENT_INSUFFICIENT_FUNDS' },
    })
    expect((await booked(clearing.clearing.number)).reduce((sum, cents) => sum + cents)).toBe(2000)
    expect((await read(clearing.id)).data.status).toBe('active')
    expect(await findings()).toEqual([])
  })

  it('for a single use is the source of one payment, of however many that are asked for at once', async () => {
    const source = (await openClearing('single_use')).id
    const body = { source, destination: kevin.card, amount: 1000, description: 'Once' }
    const pair = () => Promise.all(Array.from({ length: 8 }, () => app.call('POST', '/payments', { body })))
    const replies = await pair()
    const [made, ...others] = replies.filter(({ status }) => status === 200).map(({ data }) => data)
    expect(others).toEqual([])
    const refused = replies.filter(({ status }) => status !== 200)
    expect(refused.map(({ data }) => [data.error.code, data.error.sub_type])).toEqual(
      Array.from({ length: 7 }, () => [400, 'INVALID_SOURCE_SINGLE_USE_CLEARING']),
    )
    const dry = await app.call('POST', '/payments', { body: { ...body, dry_run: true } })
    expect(dry.data.error.sub_type).toBe('INVALID_SOURCE_SINGLE_USE_CLEARING')
    // One that was canceled took nothing.
    await app.call('DELETE', `/payments/${made?.id}`)
    const again = await app.call('POST', '/payments', { body })
    expect(again.status).toBe(200)
    // As destination it may be used as often as one likes.
    await pay(app, { source: kevin.checking, destination: source })
    await pay(app, { source: kevin.checking, destination: source })
    // Nor did one that failed, for it was empty until then.
    await passDays(7)
    expect((await payment(again.data.id)).error.code).toBe(10001)
    const third = await app.call('POST', '/payments', { body })
    await passDays(7)
    expect((await payment(third.data.id)).status).toBe('settled')
    expect((await app.call('POST', '/payments', { body })).data.error.sub_type).toBe(
      'INVALID_SOURCE_SINGLE_USE_CLEARING',
    )
    expect(await findings()).toEqual([])
  })

  it('is what an ACH account of its numbers is, whoever of the team has added that', async () => {
    const clearing = await openClearing()
    const { routing, number } = clearing.clearing
    const { data: alias } = await add({ ach: { routing, number, type: 'checking' } })
    await pay(app, { source: kevin.checking, destination: alias.id, amount: 2500 })
    await passDays(7)
    const paid = await pay(app, { source: clearing.id, destination: kevin.card, amount: 2500 })
    await passDays(7)
    expect((await payment(paid.id)).status).toBe('settled')
    expect(await booked(number)).toEqual([2500, -2500])
  })
})

describe('a debit card', () => {
  it('is shown by its last four, and found again by its number', async () => {
    const { data } = await add({ type: 'debit_card', debit_card: DEBIT_CARD, metadata: { kept: 'yes' } })
    const debit_card = { network: 'visa', mask: '5556', exp_month: '08', exp_year: '2029' }
    expect(data).toEqual({ ...common(), type: 'debit_card', debit_card, metadata: { kept: 'yes' } })
    expect((await read(data.id)).data).toEqual(data)
    expect((await add({ debit_card: { ...DEBIT_CARD, cvv: null } })).data).toEqual(data)
    const { rows } = await sql<{ text: string }>`
      select t::text as text from accounts t where id = ${data.id.slice('acc_'.length)}`.execute(app.fresh.db)
    expect(rows[0]?.text).not.toContain(DEBIT_CARD.number)
  })

  it.each([
    ['no network has such a number', { number: '9999056655665556' }, 'INVALID_ACCOUNT_DETAILS'],
    ['it has expired', { exp_month: '01', exp_year: '2026' }, 'INVALID_ACCOUNT_DETAILS'],
    ['its verification value is too long', { cvv: '1234' }, 'INVALID_ACCOUNT_DETAILS'],
    ['its number is too short', { number: '40000566556655' }, 'INVALID_ACCOUNT_NUMBER'],
    ['its number has letters', { number: '400005665566555x' }, 'INVALID_ACCOUNT_NUMBER'],
    ['its month is none', { exp_month: '13' }, 'INVALID_REQUEST'],
    ['its year has two digits', { exp_year: '29' }, 'INVALID_REQUEST'],
    ['its zip code is none', { billing_zip_code: 'x' }, 'INVALID_REQUEST'],
    ['its expiry is missing', { exp_month: undefined }, 'INVALID_REQUEST'],
  ])('is refused when %s, and nothing is added', async (_, flaw, subType) => {
    const total = async () =>
      (await app.call('GET', '/accounts?type=debit_card', NEWEST)).headers['pagination-total-count']
    const before = await total()
    const { status, data } = await add({ debit_card: { ...DEBIT_CARD, number: '4000056655660000', ...flaw } })
    const code = subType === 'INVALID_REQUEST' ? 400 : 422
    expect([status, data.error.type, data.error.sub_type]).toEqual([code, 'INVALID_REQUEST', subType])
    expect(await total()).toBe(before)
  })

  it('pays and is paid at the account behind it, which has its number', async () => {
    const card = await addCard()
    const spent = await pay(app, { source: card.id, destination: kevin.card, amount: 7000 })
    const given = await pay(app, { source: kevin.checking, destination: card.id, amount: 1500 })
    await passDays(7)
    expect([(await payment(spent.id)).status, (await payment(given.id)).status]).toEqual(['settled', 'settled'])
    expect((await booked(card.number)).sort()).toEqual([-7000, 1500])
    expect(await findings()).toEqual([])
  })

  it('is declined by the end of its number, as an account is', async () => {
    const [empty, closed] = [await addCard('0001'), await addCard('0002')]
    const pull = await pay(app, { source: empty.id, destination: kevin.card })
    const push = await pay(app, { source: kevin.checking, destination: closed.id })
    await passDays(7)
    expect((await payment(pull.id)).error.code).toBe(10001)
    expect((await payment(push.id)).error.code).toBe(10008)
    expect((await read(closed.id)).data).toMatchObject({ status: 'disabled', error: { code: 11002 }, products: [] })
    const again = await add({ debit_card: { ...DEBIT_CARD, number: closed.number } })
    expect(again.data.error.sub_type).toBe('EXISTING_ACCOUNT_DISABLED')
    expect(await findings()).toEqual([])
  })

  it('needs a right check digit and the leave to handle numbers outside development', async () => {
    const outside = async (environment: 'sandbox' | 'production', number: string) => {
      const call = { key: app.keys[environment], ...NEWEST }
      const { data } = await app.call('POST', '/entities', { ...call, body: { type: 'individual', individual: {} } })
      const body = { holder_id: data.id, debit_card: { ...DEBIT_CARD, number } }
      return app.call('POST', '/accounts', { ...call, body })
    }
    expect((await outside('sandbox', '4000056655665557')).data.error.sub_type).toBe('INVALID_ACCOUNT_NUMBER')
    expect((await outside('sandbox', '4000056655665556')).status).toBe(200)
    const refused = await outside('production', '4000056655665556')
    expect(refused.data.error.sub_type).toBe('TEAM_CAPABILITY_RESTRICTED')
  })
})

describe('a reversal', () => {
  it.each([
    [14001, 'PAYMENT_REVERSAL_INSUFFICIENT_FUNDS', '0001'],
    [14002, 'PAYMENT_REVERSAL_UNAUTHORIZED', '0010'],
  ])('fails with %s, %s, where the bank of the destination sends it back', async (code, subType, ending) => {
    const { id: destination } = await addChecking(app, holderId(), ending)
    const made = await pay(app, { source: (await addChecking(app, holderId())).id, destination })
    expect(await failedReversal(made.id)).toMatchObject({ code, type: 'PAYMENT_REVERSAL_FAILED', sub_type: subType })
  })

  it('fails with 14003 where the bank no longer knows the account', async () => {
    const { id: destination } = await addChecking(app, holderId())
    const made = await pay(app, { source: (await addChecking(app, holderId())).id, destination })
    await simulate(made.id, { status: 'processing' })
    await simulate(made.id, { status: 'sent' })
    await simulate(made.id, { status: 'reversal_processing', error_code: 10001 })
    // Its return makes the server look for others.
    await pay(app, { source: (await addChecking(app, holderId(), '0001')).id, destination: kevin.card })
    for (let day = 0; day < 4 && (await reversalOf(made.id))?.status === 'pending'; day += 1) await passDays(1)
    const { network, team } = await app.ctx()
    const reference = `${(await reversalOf(made.id))?.id.slice('rvs_'.length)}-reversal`
    await network.stage?.returnEntry({ realm: team.id, at: app.clock.now() }, reference, 'R03')
    expect(await failureOf(made.id)).toMatchObject({ code: 14003, sub_type: 'PAYMENT_REVERSAL_INVALID_ACCOUNT' })
  })

  it('fails where a clearing account has given away the money that is to be had back', async () => {
    const clearing = await openClearing()
    const made = await pay(app, { source: (await addChecking(app, holderId())).id, destination: clearing.id })
    await simulate(made.id, { status: 'processing' })
    await simulate(made.id, { status: 'sent' })
    await pay(app, { source: clearing.id, destination: kevin.card })
    await passDays(7)
    await simulate(made.id, { status: 'reversal_processing', error_code: 10001 })
    expect(await failureOf(made.id)).toMatchObject({ code: 14001 })
    expect(await booked(clearing.clearing.number)).toEqual([5000, -5000, -5000, 5000])
    expect(await findings()).toEqual([])
  })

  const simulate = async (id: string, body: object) => {
    const { status, text } = await app.call('POST', `/simulate/payments/${id}`, { body })
    if (status !== 200) throw new Error(text)
  }
  const failedReversal = async (id: string) => {
    await simulate(id, { status: 'processing' })
    await simulate(id, { status: 'sent' })
    await simulate(id, { status: 'reversal_processing', error_code: 10001 })
    return failureOf(id)
  }
  const failureOf = async (id: string) => {
    await passDays(9)
    expect((await payment(id)).status).toBe('failed')
    const reversal = await reversalOf(id)
    expect(reversal?.status).toBe('failed')
    return reversal?.error
  }
  const reversalOf = async (id: string) =>
    ((await app.call('GET', `/payments/${id}/reversals`)).data as unknown as Wire[])[0]
})

describe.each([
  ['clearing', async () => openClearing()],
  ['debit_card', async () => addCard()],
] as const)('an account of type %s', (type, make) => {
  it('is unknown to older versions as a request, and told to them like a bank account', async () => {
    const account = await make()
    const body = type === 'clearing' ? { clearing: { type: 'multi_use' } } : { debit_card: DEBIT_CARD }
    for (const version of ['2024-04-04', '2024-04-04-late', '2025-07-04'] as const) {
      const refused = [
        await add(body, { version }),
        await add({ type, ach: { routing: '062103000', number: '1', type: 'checking' } }, { version }),
        await app.call('GET', `/accounts?type=${type}`, { version }),
      ]
      expect(refused.map(({ status, data }) => [status, data.error.sub_type])).toEqual(
        refused.map(() => [400, 'INVALID_REQUEST']),
      )
      const { data } = await read(account.id, { version })
      const keys = ['id', 'holder_id', 'status', 'type', type, 'latest_verification_session', 'products']
      keys.push('restricted_products', 'error', 'metadata', 'created_at', 'updated_at')
      expect(Object.keys(data).sort()).toEqual(keys.sort())
      expect(data).toMatchObject({ type, [type]: (await read(account.id)).data[type], products: ['payment'] })
    }
  })

  it('is the only one in a body, called by its own type', async () => {
    const own = type === 'clearing' ? { clearing: { type: 'single_use' } } : { debit_card: DEBIT_CARD }
    const bodies = [
      { ...own, ach: { routing: '062103000', number: '123456789', type: 'checking' } },
      { ...own, type: 'ach' },
      { type },
      { [type]: {} },
      { [type]: { type: 'seldom_use', number: 4 } },
    ]
    for (const body of bodies) {
      const { status, data } = await add(body)
      expect([status, data.error.sub_type], JSON.stringify(body)).toEqual([400, 'INVALID_REQUEST'])
    }
    const stranger = { holder_id: 'ent_fRkTdETCDWCA8', ...own }
    expect((await add(stranger)).data.error.sub_type).toBe('INVALID_HOLDER_ID')
    const much = { ...own, metadata: { text: 'x'.repeat(1100) } }
    expect((await add(much)).data.error.sub_type).toBe('MAX_ACCOUNT_METADATA_SIZE_EXCEEDED')
  })

  it('is listed by its type, counted, and has payments for its one product', async () => {
    const account = await make()
    const list = await app.call('GET', `/accounts?type=${type}&page_limit=100`, NEWEST)
    expect(list.data.map((each: Wire) => each.type)).toEqual(list.data.map(() => type))
    expect(list.data).toContainEqual((await read(account.id)).data)
    expect(Number(list.headers['pagination-total-count'])).toBe(list.data.length)
    const { data: products } = await app.call('GET', `/accounts/${account.id}/products`, NEWEST)
    expect(products).toEqual({ payment: expect.objectContaining({ name: 'payment', status: 'available' }) })
    const refusals = await Promise.all([
      app.call('POST', `/accounts/${account.id}/verification_sessions`, { body: { type: 'micro_deposits' } }),
      app.call('POST', `/accounts/${account.id}/balances`),
      app.call('POST', `/accounts/${account.id}/subscriptions`, { body: { enroll: 'update' } }),
    ])
    expect(refusals.map(({ data }) => data.error.sub_type)).toEqual([
      'VERIFICATION_TYPE_NOT_SUPPORTED',
      'PRODUCT_UNAVAILABLE',
      'PRODUCT_UNAVAILABLE',
    ])
  })

  it('is told of when it is made and when its holder takes it back, without its number', async () => {
    const subscriber = await openSubscriber()
    for (const topic of ['account.create', 'product.create', 'account.update']) {
      const body = { type: topic, url: subscriber.url, expand_event: true }
      await app.call('POST', '/webhooks', { body, ...NEWEST })
      // Those of older versions hold the whole account.
      await app.call('POST', '/webhooks', { body: { ...body, url: `${subscriber.url}/older` }, version: '2025-07-04' })
    }
    const account = await make()
    const path = `/accounts/${account.id}`
    await app.drain()
    const told = () =>
      subscriber.received
        .filter((delivery) => delivery.path === '/')
        .map(({ body }) => body)
        .filter((body) => body.path.startsWith(path))
    const older = subscriber.received.find(
      ({ body, path: where }) => where === '/older' && body.type === 'account.create',
    )
    expect(older?.body.event.data[type]).toBeTruthy()
    expect(
      told()
        .map(({ type: topic }) => topic)
        .sort(),
    ).toEqual(['account.create', 'product.create'])
    expect(subscriber.received.map(({ text }) => text).join()).not.toContain(account.number ?? account.clearing.number)
    const body = { type: 'withdraw', reason: 'holder_withdrew_consent' }
    const { data } = await app.call('POST', `${path}/consent`, { body, ...NEWEST })
    await app.drain()
    await subscriber.close()
    expect(data).toMatchObject({ status: 'disabled', type: null, [type]: null, products: [], error: { code: 11004 } })
    expect(Object.keys(data)).not.toContain('ach')
    expect((await read(account.id)).data).toEqual(data)
    expect(told().map(({ type: topic }) => topic)).toContain('account.update')
    const { rows } = await sql<{ text: string }>`
      select coalesce(string_agg(e::text, ''), '') as text from events e
      where resource_id = ${account.id.slice('acc_'.length)}`.execute(app.fresh.db)
    expect(rows[0]?.text).toContain('account.created')
    expect(rows[0]?.text).not.toMatch(/"mask": *"\d/)
  })

  it('keeps what the team notes of it, and takes nothing of other types', async () => {
    const { id } = await make()
    const metadata = { note: 'kept' }
    expect((await app.call('PUT', `/accounts/${id}`, { body: { metadata } })).status).toBe(200)
    expect((await read(id)).data.metadata).toEqual(metadata)
    const mortgage = { address_street: '1 Elm', address_city: 'Boise', address_state: 'ID', address_zip: '83702' }
    const wrong = await app.call('PUT', `/accounts/${id}`, { body: { liability: { mortgage } } })
    expect(wrong.data.error.sub_type).toBe('INVALID_ACCOUNT_DETAILS')
  })
})
