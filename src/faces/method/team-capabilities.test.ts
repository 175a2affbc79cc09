/** Products that a team may not use, wherever they show. Contract: method/entities §1.8, §8, conventions §18.4–18.7, §18.15. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, type Call, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, type Person } from '../../../test/setup/cast.js'
import { changeSettings, type TeamSettings } from '../../core/teams/teams.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const RESTRICTED = {
  type: 'INVALID_REQUEST',
  sub_type: 'TEAM_CAPABILITY_RESTRICTED',
  message: 'Team access is not available. Reach out to the Method team to learn more.',
}
const CONSENT_UNAVAILABLE = {
  type: 'INVALID_REQUEST',
  sub_type: 'ACCOUNT_CONSENT_UNAVAILABLE',
  message: 'Account consent for your organization is unavailable.',
}

/** A team with a verified Kevin, connected before its settings were changed. */
async function teamWith(
  settings: TeamSettings,
): Promise<{ readonly call: Pick<Call, 'key'>; readonly person: Person }> {
  const keys = await app.newTeam()
  const person = await kevin(app).as({ key: keys.development }).verified().connected().enter()
  await app.admin.changeTeam({ name: keys.team, environment: 'development' }, () => settings)
  // A new key, because the server believes what it knows of the old one for a second.
  const { secret } = await app.admin.createKey({ team: keys.team, environment: 'development', label: null })
  return { call: { key: secret }, person }
}

describe('a team without credit scores', () => {
  let call: Pick<Call, 'key'>
  let person: Person
  beforeAll(async () => {
    const made = await teamWith({ products: { restricted: ['credit_score'] } })
    call = made.call
    person = made.person
  })

  test('sees them among the restricted products and subscriptions of its entities', async () => {
    const { data } = await app.call('GET', `/entities/${person.id}`, call)
    expect(data).toMatchObject({
      products: ['connect', 'identity', 'attribute'],
      restricted_products: ['credit_score'],
      available_subscriptions: ['connect'],
      restricted_subscriptions: ['credit_score'],
    })
    expect((await app.call('GET', '/entities', call)).data[0]).toMatchObject({ restricted_products: ['credit_score'] })
  })

  test('is told why by the products map', async () => {
    const { data } = await app.call('GET', `/entities/${person.id}/products`, call)
    expect(data.credit_score).toMatchObject({ status: 'restricted', status_error: RESTRICTED, is_subscribable: true })
    expect(data.connect).toMatchObject({ status: 'available', status_error: null })
  })

  test('is refused when it asks for one, or to be told of new ones', async () => {
    const score = await app.call('POST', `/entities/${person.id}/credit_scores`, call)
    const subscription = await app.call('POST', `/entities/${person.id}/subscriptions`, {
      ...call,
      body: { enroll: 'credit_score' },
    })
    for (const { status, error } of [score, subscription]) {
      expect([status, error.sub_type]).toEqual([400, 'TEAM_CAPABILITY_RESTRICTED'])
    }
    expect((await app.call('GET', `/entities/${person.id}`, call)).data.credit_score).toBeNull()
  })

  test('reads the same in the events it is sent', async () => {
    const hook = { type: 'entity.update', url: 'http://127.0.0.1:9/hook', expand_event: true }
    expect((await app.call('POST', '/webhooks', { ...call, body: hook })).status).toBe(200)
    await app.call('PUT', `/entities/${person.id}`, { ...call, body: { individual: { email: 'kevin@example.com' } } })
    const { rows } = await app.fresh.database.pool.query('select body from deliveries order by created_at desc limit 1')
    const { event } = JSON.parse(rows[0].body) as Wire
    expect(event.data).toMatchObject({
      restricted_products: ['credit_score'],
      restricted_subscriptions: ['credit_score'],
    })
    expect(Object.keys(event.diff.after)).not.toContain('restricted_products')
  })

  test('keeps everything else', async () => {
    expect((await app.call('POST', `/entities/${person.id}/connect`, call)).status).toBe(200)
  })
})

test.each([
  ['identity', 'identities'],
  ['attribute', 'attributes'],
  ['connect', 'connect'],
  ['vehicle', 'vehicles'],
])('a team without %s is refused %s', async (product, path) => {
  const { call, person } = await teamWith({ products: { restricted: [product] } })
  const { status, error } = await app.call('POST', `/entities/${person.id}/${path}`, call)
  expect([status, error.sub_type]).toEqual([400, 'TEAM_CAPABILITY_RESTRICTED'])
})

test('a team that may not ask for account consent has no connect, but scores', async () => {
  const { call, person } = await teamWith({ products: { noAccountConsent: true } })
  const { data: products } = await app.call('GET', `/entities/${person.id}/products`, call)
  expect(products.connect).toMatchObject({ status: 'unavailable', status_error: CONSENT_UNAVAILABLE })
  expect(products.credit_score.status).toBe('available')
  const { data: entity } = await app.call('GET', `/entities/${person.id}`, call)
  expect([entity.products, entity.restricted_products]).toEqual([['credit_score', 'identity', 'attribute'], []])
  expect([entity.available_subscriptions, entity.restricted_subscriptions]).toEqual([['credit_score'], []])
  const { status, error } = await app.call('POST', `/entities/${person.id}/connect`, call)
  expect([status, error.sub_type]).toEqual([400, 'ACCOUNT_CONSENT_UNAVAILABLE'])
})

test('a team without balances and updates sees so on its accounts; what an account never has stays unavailable', async () => {
  const { call, person } = await teamWith({ products: { restricted: ['balance', 'update', 'payoff'] } })
  const card = person.account('mch_302086')
  const { data } = await app.call('GET', `/accounts/${card.id}`, call)
  expect(data.restricted_products).toEqual(expect.arrayContaining(['balance', 'update']))
  expect(data.restricted_subscriptions).toEqual(expect.arrayContaining(['update', 'update.snapshot']))
  expect(data.products).not.toContain('balance')
  const { data: products } = await app.call('GET', `/accounts/${card.id}/products`, call)
  expect(products.balance).toMatchObject({ status: 'restricted', status_error: RESTRICTED })
  expect(products.payoff).toMatchObject({ status: 'unavailable' })
  for (const path of ['balances', 'updates']) {
    const { error } = await app.call('POST', `/accounts/${card.id}/${path}`, call)
    expect(error.sub_type).toBe('TEAM_CAPABILITY_RESTRICTED')
  }
})

test('what was asked for before is not fetched once the product is taken away', async () => {
  const keys = await app.newTeam()
  const call = { key: keys.development }
  const person = await kevin(app).as(call).verified().connected().enter()
  const card = person.account('mch_302086')
  const { data: asked } = await app.call('POST', `/accounts/${card.id}/balances`, call)
  await app.admin.changeTeam({ name: keys.team, environment: 'development' }, () => ({
    products: { restricted: ['balance'] },
  }))
  await app.drain()
  const { data } = await app.call('GET', `/accounts/${card.id}/balances/${asked.id}`, call)
  expect(data).toMatchObject({ status: 'failed', amount: null })
})

test('other teams, and the same team in another environment, keep the product', async () => {
  const keys = await app.newTeam()
  await app.admin.changeTeam({ name: keys.team, environment: 'development' }, () => ({
    products: { restricted: ['identity'] },
  }))
  const restrictedOf = async (key: string) => (await kevin(app).as({ key }).enter()).entity.restricted_products
  expect(await restrictedOf(keys.development)).toContain('identity')
  expect(await restrictedOf(keys.sandbox)).not.toContain('identity')
  expect(await restrictedOf(app.keys.development)).not.toContain('identity')
})

describe('a team that settled whom it takes on', () => {
  const individual = (phone: string) => ({ type: 'individual', individual: { phone } })

  test('takes nobody on twice, however many requests come at once, until consent is withdrawn', async () => {
    const keys = await app.newTeam()
    const settings = { method: { entities: { uniquePhones: true } } }
    await changeSettings(app.base, { name: keys.team, environment: 'development' }, () => settings)
    const call = { key: keys.development }
    const make = (phone = '+15125550123') => app.call('POST', '/entities', { ...call, body: individual(phone) })
    const made = await Promise.all(Array.from({ length: 10 }, () => make()))
    const [first, ...others] = made.filter(({ status }) => status === 200)
    expect(others).toEqual([])
    expect(made.filter(({ error }) => error.sub_type === 'DUPLICATE_ENTITY_DETAILS')).toHaveLength(9)
    const second = await make('+15125550124')
    const { data: third } = await app.call('POST', '/entities', {
      ...call,
      body: { type: 'individual', individual: {} },
    })
    const update = await app.call('PUT', `/entities/${third.id}`, {
      ...call,
      body: { individual: { phone: '+15125550124' } },
    })
    expect([second.status, update.error.sub_type]).toEqual([200, 'DUPLICATE_ENTITY_DETAILS'])
    const withdraw = { type: 'withdraw', reason: 'entity_withdrew_consent' }
    await app.call('POST', `/entities/${first?.data.id}/consent`, { ...call, body: withdraw })
    expect((await make()).status).toBe(200)
  })

  test('takes only people of its list on', async () => {
    const keys = await app.newTeam()
    const settings = { method: { entities: { allowedPhones: ['+15121231111'] } } }
    await changeSettings(app.base, { name: keys.team, environment: 'development' }, () => settings)
    const make = (phone: string) => app.call('POST', '/entities', { key: keys.development, body: individual(phone) })
    expect((await make('+15121231111')).status).toBe(200)
    expect(await make('+15121231112')).toMatchObject({ status: 400, error: { sub_type: 'RESTRICTED_ENTITY_DETAILS' } })
  })
})
