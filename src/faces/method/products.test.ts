/** Products maps. Contract: method/entities §8, accounts §10. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, type Person, register } from '../../../test/setup/cast.js'
import { openSubscriber } from '../../../test/setup/subscriber.js'
import { VERSIONS, type Version } from './versions/versions.js'

let app: App
let person: Person
beforeAll(async () => {
  app = await openApp()
  person = await kevin(app).verified().connected().enter()
})
afterAll(() => app.close())

const mapOf = async (path: string, version: Version = '2024-04-04') =>
  (await app.call('GET', `${path}/products`, { version })).data
const each = (map: Wire, of: (product: Wire) => unknown) =>
  Object.fromEntries(Object.entries(map).map(([name, product]) => [name, of(product)]))
const statuses = (map: Wire) =>
  each(map, ({ status, status_error }) => (status_error ? `${status} ${status_error.sub_type}` : status))

const KEYS = ['name', 'status', 'status_error', 'latest_request_id', 'is_subscribable', 'created_at', 'updated_at']

describe('the products of an entity', () => {
  it('are four with ids in the early shape, all available once connected', async () => {
    const map = await mapOf(`/entities/${person.id}`)
    expect(Object.keys(map)).toEqual(['connect', 'credit_score', 'identity', 'attribute'])
    for (const [name, product] of Object.entries(map)) {
      expect(Object.keys(product).sort()).toEqual(['id', ...KEYS].sort())
      expect(product).toMatchObject({ name, status: 'available', status_error: null })
    }
    expect(each(map, ({ is_subscribable }) => is_subscribable)).toEqual({
      connect: true,
      credit_score: true,
      identity: false,
      attribute: false,
    })
    expect(map.connect.latest_request_id).toBe(person.entity.connect)
  })

  it.each(['2024-04-04-late', '2025-07-04', '2025-12-01'] as const)('are six without ids at %s', async (version) => {
    const map = await mapOf(`/entities/${person.id}`, version)
    expect(Object.keys(map).sort()).toEqual(
      ['attribute', 'connect', 'credit_score', 'identity', 'manual_connect', 'vehicle'].sort(),
    )
    for (const product of Object.values(map)) {
      expect(Object.keys(product).sort()).toEqual(['latest_successful_request_id', ...KEYS].sort())
    }
    expect(each(map, ({ is_subscribable }) => is_subscribable)).toEqual({
      connect: true,
      credit_score: true,
      identity: false,
      attribute: true,
      vehicle: false,
      manual_connect: false,
    })
    expect(statuses(map)).toMatchObject({
      vehicle: 'available',
      manual_connect: 'restricted TEAM_CAPABILITY_RESTRICTED',
    })
    expect(map.connect.latest_successful_request_id).toBe(person.entity.connect)
  })

  it('say what is missing at each step', async () => {
    const { data } = await app.call('POST', '/entities', { body: { type: 'individual', individual: {} } })
    const NOT_ACTIVE = 'restricted ENTITY_IDENTITY_VERIFICATION_MISSING'
    const NOT_CONNECTED = 'restricted PRODUCT_RESTRICTED_CONNECT_REQUIRED'
    expect(statuses(await mapOf(`/entities/${data.id}`))).toEqual({
      connect: NOT_ACTIVE,
      credit_score: NOT_ACTIVE,
      identity: 'restricted PRODUCT_RESTRICTED',
      attribute: NOT_CONNECTED,
    })
    const named = await kevin(app).enter()
    expect(statuses(await mapOf(`/entities/${named.id}`))).toEqual({
      connect: NOT_ACTIVE,
      credit_score: NOT_ACTIVE,
      identity: 'available',
      attribute: NOT_CONNECTED,
    })
    const active = await kevin(app).verified().enter()
    const map = await mapOf(`/entities/${active.id}`)
    expect(statuses(map)).toEqual({
      connect: 'available',
      credit_score: 'available',
      identity: 'available',
      attribute: NOT_CONNECTED,
    })
    expect(map.attribute.status_error).toEqual({
      type: 'INVALID_REQUEST',
      sub_type: 'PRODUCT_RESTRICTED_CONNECT_REQUIRED',
      message: 'Entity must have a completed Connect record to access this product.',
    })
  })

  it('agree with the lists on the entity', async () => {
    for (const version of ['2024-04-04', '2025-12-01'] as const) {
      for (const who of [person, await kevin(app).enter(), await kevin(app).verified().enter()]) {
        const { data } = await app.call('GET', `/entities/${who.id}`, { version })
        const map = await mapOf(`/entities/${who.id}`, version)
        const named = (status: string) =>
          Object.values(map)
            .filter((product) => product.status === status)
            .map(({ name }) => name)
            .sort()
        expect(named('available')).toEqual([...data.products].sort())
        expect(named('restricted')).toEqual([...data.restricted_products].sort())
      }
    }
  })

  it('tell the newest request from the newest that succeeded', async () => {
    const { id } = await kevin(app).verified().connected().enter()
    const before = (await mapOf(`/entities/${id}`, '2025-07-04')).connect
    const later = { version: '2025-07-04', headers: { prefer: 'respond-async' } } as const
    const { data } = await app.call('POST', `/entities/${id}/connect`, later)
    const waiting = (await mapOf(`/entities/${id}`, '2025-07-04')).connect
    expect([waiting.latest_request_id, waiting.latest_successful_request_id]).toEqual([
      data.id,
      before.latest_successful_request_id,
    ])
    await app.drain()
    const { connect } = await mapOf(`/entities/${id}`, '2025-07-04')
    expect([connect.latest_request_id, connect.latest_successful_request_id]).toEqual([data.id, data.id])
  })
})

describe('the products of an account', () => {
  it('are seven with ids in the early shape, whatever their status', async () => {
    const map = await mapOf(`/accounts/${person.account('mch_302086').id}`)
    expect(statuses(map)).toEqual({
      balance: 'available',
      card_brand: 'available',
      update: 'available',
      payoff: 'unavailable PRODUCT_UNAVAILABLE',
      payment: 'available',
      sensitive: 'restricted PRODUCT_VERIFICATION_MISSING',
      transactions: 'restricted PRODUCT_VERIFICATION_MISSING',
    })
    for (const [name, product] of Object.entries(map)) {
      expect(Object.keys(product).sort()).toEqual(['id', ...KEYS].sort())
      expect(product.name).toBe(name)
    }
    expect(each(map, ({ is_subscribable }) => is_subscribable)).toEqual({
      balance: false,
      card_brand: false,
      update: true,
      payoff: false,
      payment: false,
      sensitive: false,
      transactions: true,
    })
    expect(map.payoff.status_error.message).toBe('Product is unavailable or is not in a fixable state.')
  })

  it.each(['2024-04-04-late', '2025-07-04'] as const)('are nine without ids at %s', async (version) => {
    const map = await mapOf(`/accounts/${person.account('mch_302086').id}`, version)
    expect(statuses(map)).toEqual({
      balance: 'available',
      card_brand: 'available',
      update: 'available',
      payoff: 'unavailable PRODUCT_UNAVAILABLE',
      payment: 'available',
      sensitive: 'restricted PRODUCT_VERIFICATION_MISSING',
      transaction: 'restricted PRODUCT_VERIFICATION_MISSING',
      attribute: 'available',
      payment_instrument: 'restricted TEAM_CAPABILITY_RESTRICTED',
    })
    for (const product of Object.values(map)) {
      expect(Object.keys(product).sort()).toEqual(['latest_successful_request_id', ...KEYS].sort())
    }
    const subscribable = Object.values(map).filter((product) => product.is_subscribable)
    expect(subscribable.map(({ name }) => name).sort()).toEqual([
      'card_brand',
      'payment_instrument',
      'transaction',
      'update',
    ])
  })

  it('of a loan have a payoff and no brand', async () => {
    const map = await mapOf(`/accounts/${person.account('mch_2347').id}`)
    expect(statuses(map)).toMatchObject({
      payoff: 'available',
      card_brand: 'unavailable PRODUCT_UNAVAILABLE',
      transactions: 'unavailable PRODUCT_UNAVAILABLE',
    })
  })

  it('of a closed account are all unavailable', async () => {
    const liabilities = [{ mch_id: 'mch_302086', balance: 0, closed: true }]
    const own = await register(app, { phone: '+15125550221', liabilities })
    const [account] = (await own.verified().connected().enter()).accounts
    const map = await mapOf(`/accounts/${account?.id}`)
    expect(Object.keys(map)).toHaveLength(7)
    expect(new Set(Object.values(statuses(map)))).toEqual(new Set(['unavailable PRODUCT_UNAVAILABLE']))
  })

  it('name the newest request of each', async () => {
    const { id } = person.account('mch_311289')
    const { data } = await app.call('POST', `/accounts/${id}/balances`)
    expect((await mapOf(`/accounts/${id}`)).balance.latest_request_id).toBe(data.id)
  })
})

describe('one product', () => {
  it('is had by the id of the early shape, the same in every shape', async () => {
    for (const path of [`/entities/${person.id}`, `/accounts/${person.account('mch_302086').id}`]) {
      const map = await mapOf(path)
      for (const [name, product] of Object.entries(map)) {
        expect(product.id).toMatch(/^prd_\w{13}$/)
        expect((await app.call('GET', `${path}/products/${product.id}`)).data).toEqual(product)
        const late = await app.call('GET', `${path}/products/${product.id}`, { version: '2024-04-04-late' })
        expect(late.data.name).toBe(name === 'transactions' ? 'transaction' : name)
        expect(late.data).not.toHaveProperty('id')
      }
      expect(new Set(Object.values(map).map(({ id }) => id)).size).toBe(Object.keys(map).length)
      expect(await mapOf(path)).toEqual(map)
    }
  })

  it('of something else, or of nothing, is not found', async () => {
    const { connect } = await mapOf(`/entities/${person.id}`)
    const other = await kevin(app).enter()
    for (const path of [
      `/entities/${other.id}/products/${connect.id}`,
      `/accounts/${person.account('mch_2347').id}/products/${connect.id}`,
      `/entities/${person.id}/products/prd_fRkTdETCDWCA8`,
      '/entities/ent_fRkTdETCDWCA8/products',
      '/accounts/acc_fRkTdETCDWCA8/products',
    ]) {
      expect(await app.call('GET', path)).toMatchObject({ status: 404, error: { sub_type: 'NOT_FOUND' } })
    }
  })
})

describe('the products of a new account', () => {
  it.each(VERSIONS)('are told, those that its map shows at %s and no others', async (version) => {
    const call = { key: (await app.newTeam()).development, version }
    const subscriber = await openSubscriber()
    await app.call('POST', '/webhooks', { ...call, body: { type: 'product.create', url: subscriber.url } })
    const { id } = await kevin(app).as(call).enter()
    const liability = { mch_id: 'mch_302086', account_number: '4936494462408721' }
    const ach = { routing: '062103000', number: '123456789', type: 'checking' }
    for (const described of [{ liability }, { ach }]) {
      const { data } = await app.call('POST', '/accounts', { ...call, body: { holder_id: id, ...described } })
      await app.drain()
      const path = `/accounts/${data.id}/products`
      const told = subscriber.received.filter(({ body }) => body.path.startsWith(path))
      const shown = await Promise.all(told.map(({ body }) => app.call('GET', body.path, call)))
      // Payment instruments are three products at 2025-12-01, and come into being as one.
      const names = Object.keys((await app.call('GET', path, call)).data).filter((name) => !name.includes('.'))
      expect(shown.map(({ data: product }) => product.name).sort()).toEqual(names.sort())
    }
    await subscriber.close()
  })
})
