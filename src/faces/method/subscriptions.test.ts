/** Subscriptions of entities. Contract: method/entities §9, conventions §18.14. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, type Person } from '../../../test/setup/cast.js'

const DAY_MS = 24 * 3600 * 1000

let app: App
let person: Person
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const path = (rest = '') => `/entities/${person.id}/subscriptions${rest}`
const enroll = (name: unknown, call = {}) => app.call('POST', path(), { body: { enroll: name }, ...call })

describe('an enrolment', () => {
  beforeAll(async () => {
    person = await kevin(app).verified().connected().enter()
  })

  test('is active at once, has made nothing yet, and moves the name on the entity', async () => {
    expect((await app.call('GET', path())).data).toEqual([])
    expect((await app.call('GET', path(), { version: '2025-12-01' })).data).toEqual({})
    const { data } = await enroll('connect')
    expect(data).toEqual({
      id: expect.stringMatching(/^sub_\w{13}$/),
      name: 'connect',
      status: 'active',
      latest_request_id: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    })
    const { data: entity } = await app.call('GET', `/entities/${person.id}`)
    expect(entity).toMatchObject({ subscriptions: ['connect'], available_subscriptions: ['credit_score'] })
    expect((await app.call('GET', path(`/${data.id}`))).data).toEqual(data)
    expect((await app.call('GET', path())).data).toEqual({ connect: data })
  })

  test('exists once while it is active', async () => {
    expect((await enroll('connect')).error).toMatchObject({ code: 400, sub_type: 'SUBSCRIPTION_DUPLICATE' })
    const answers = await Promise.all(Array.from({ length: 5 }, () => enroll('credit_score')))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('is refused for a name that means nothing', async () => {
    expect((await enroll('luck')).error).toMatchObject({ code: 400, sub_type: 'SUBSCRIPTION_NOT_FOUND' })
    expect((await enroll('attribute')).error).toMatchObject({ code: 400, sub_type: 'SUBSCRIPTION_NOT_FOUND' })
    expect((await enroll(7)).error).toMatchObject({ code: 400, sub_type: 'INVALID_REQUEST' })
  })

  test('to attributes echoes what it will ask for, from the late shape on', async () => {
    const payload = { attributes: { requested_attributes: ['credit_health_credit_card_usage'] } }
    const call = { body: { enroll: 'attribute', payload }, version: '2024-04-04-late' }
    const { data } = await app.call('POST', path(), call as never)
    expect(data).toMatchObject({ name: 'attribute', payload, latest_request_id: null })
    const wrong = {
      ...call,
      body: { enroll: 'attribute', payload: { attributes: { requested_attributes: ['luck'] } } },
    }
    expect((await app.call('POST', path(), wrong as never)).error.sub_type).toBe('INVALID_REQUEST')
  })

  test('that ended keeps its record, and a new one may follow', async () => {
    const { data: active } = await app.call('GET', path())
    const { data: ended } = await app.call('DELETE', path(`/${active.connect.id}`))
    expect(ended).toMatchObject({ id: active.connect.id, status: 'inactive', latest_request_id: null })
    expect((await app.call('DELETE', path(`/${active.connect.id}`))).data).toEqual(ended)
    expect((await app.call('GET', path())).data).not.toHaveProperty('connect')
    expect((await app.call('GET', `/entities/${person.id}`)).data.available_subscriptions).toEqual(['connect'])
    expect((await enroll('connect')).data.id).not.toBe(active.connect.id)
    expect((await app.call('GET', path('/sub_RbWady8jPiD3y'))).status).toBe(404)
  })

  test('of several names at once answers for each by itself', async () => {
    const other = await kevin(app).verified().enter()
    const { data } = await app.call('POST', `/entities/${other.id}/subscriptions`, {
      body: { enroll: ['connect', 'luck', 'credit_score', 'connect'] },
    })
    expect(data.connect).toMatchObject({ status: 'active' })
    expect(data.credit_score).toMatchObject({ status: 'active' })
    expect(data.luck.error).toMatchObject({ code: 400, sub_type: 'SUBSCRIPTION_NOT_FOUND' })
  })

  test('needs what its product needs', async () => {
    const unverified = await kevin(app).phoned().enter()
    const answer = await app.call('POST', `/entities/${unverified.id}/subscriptions`, { body: { enroll: 'connect' } })
    expect(answer.error).toMatchObject({ code: 400, sub_type: 'PRODUCT_CAPABILITY_RESTRICTED' })
    const unknown = await app.call('POST', '/entities/ent_RbWady8jPiD3y/subscriptions', { body: { enroll: 'connect' } })
    expect(unknown.status).toBe(404)
  })
})

describe('an active subscription', () => {
  test('makes nothing on its first day and a record on each day after', async () => {
    person = await kevin(app).verified().connected().enter()
    await enroll('credit_score')
    await enroll('connect')
    const scores = async () => (await app.call('GET', `/entities/${person.id}/credit_scores`)).data as unknown as Wire[]
    app.clock.advance(DAY_MS - 1000)
    await app.drain()
    expect(await scores()).toHaveLength(0)
    app.clock.advance(1000)
    await app.drain()
    const [first] = await scores()
    expect(first).toMatchObject({ status: 'completed' })
    expect((await app.call('GET', path())).data.credit_score.latest_request_id).toBe(first?.id)
    expect((await app.call('GET', `/entities/${person.id}/connect`)).data[0]).toMatchObject({
      status: 'completed',
      accounts: [],
    })
    app.clock.advance(DAY_MS)
    await app.drain()
    await app.drain()
    expect(await scores()).toHaveLength(2)
  })

  test('makes nothing once it has ended', async () => {
    const { data: active } = await app.call('GET', path())
    await app.call('DELETE', path(`/${active.credit_score.id}`))
    const before = await app.call('GET', `/entities/${person.id}/credit_scores`)
    app.clock.advance(3 * DAY_MS)
    await app.drain()
    expect((await app.call('GET', `/entities/${person.id}/credit_scores`)).data).toEqual(before.data)
  })
})
