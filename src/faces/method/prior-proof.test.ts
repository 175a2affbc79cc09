/** People whom a team has proven before. Contract: method/entities §1.7, §2.2, §2.3.6. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, type Call, openApp, type Wire } from '../../../test/setup/app.js'
import { somebody, topicsOf } from '../../../test/setup/cast.js'
import { changeSettings } from '../../core/teams/teams.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

async function teamThatReuses(method_verified = true) {
  const keys = await app.newTeam()
  const team = { name: keys.team, environment: 'development' } as const
  await changeSettings(app.base, team, () => ({ method: { verification: { method_verified } } }))
  return { keys, by: { key: keys.development } satisfies Call }
}

const sessionsOf = async (id: string, by: Call) =>
  (await app.call('GET', `/entities/${id}/verification_sessions`, by)).data as unknown as readonly Wire[]

test('a new entity of a proven person is active at once, by two sessions of the server’s own', async () => {
  const { keys, by } = await teamThatReuses()
  await somebody(app, '0102').as(by).verified().enter()
  const before = (await topicsOf(app, keys)).length
  const { id, entity } = await somebody(app, '0102').as(by).enter()
  const sessions = await sessionsOf(id, by)
  expect(sessions.map(({ type, method, status, error }) => [type, method, status, error])).toEqual([
    ['identity', 'method_verified', 'verified', null],
    ['phone', 'method_verified', 'verified', null],
  ])
  expect(Object.keys(sessions[0] ?? {}).sort()).toEqual(
    ['id', 'entity_id', 'method', 'status', 'type', 'error', 'created_at', 'updated_at'].sort(),
  )
  expect(entity).toMatchObject({
    status: 'active',
    error: null,
    verification: {
      identity: { verified: true, matched: true, latest_verification_session: sessions[0]?.id, methods: [] },
      phone: { verified: true, latest_verification_session: sessions[1]?.id, methods: [] },
    },
    available_subscriptions: ['connect', 'credit_score'],
  })
  const told = (await topicsOf(app, keys)).slice(before).filter((topic) => !topic.startsWith('product.'))
  expect(told[0]).toBe('consumer.created')
  expect(told.filter((topic) => topic === 'verification_session.created')).toHaveLength(2)
})

test('an update that makes a proven person of an entity makes it active, and keeps what it had proven', async () => {
  const { by } = await teamThatReuses()
  await somebody(app, '0104').as(by).verified().enter()
  const { data } = await app.call('POST', '/entities', { ...by, body: { type: 'individual' } })
  const individual = { first_name: 'Some', last_name: 'Body', phone: '+17375550104' }
  const reply = await app.call('PUT', `/entities/${data.id}`, { ...by, body: { individual } })
  expect(reply.data.status).toBe('active')
  const { first_name, last_name, phone } = individual
  const { data: other } = await app.call('POST', '/entities', {
    ...by,
    body: { type: 'individual', individual: { phone } },
  })
  const sms = { type: 'phone', method: 'byo_sms', byo_sms: { timestamp: '2021-09-01T00:00:00.000Z' } }
  await app.call('POST', `/entities/${other.id}/verification_sessions`, { ...by, body: sms })
  const named = { individual: { first_name, last_name } }
  expect((await app.call('PUT', `/entities/${other.id}`, { ...by, body: named })).data.status).toBe('active')
  expect((await sessionsOf(other.id, by)).map(({ method }) => method)).toEqual(['method_verified', 'byo_sms'])
})

test('nobody is proven by an entity that was not, that withdrew its consent, or that is another team’s', async () => {
  const { by } = await teamThatReuses()
  const half = await somebody(app, '0106').as(by).phoned().enter()
  expect((await somebody(app, '0106').as(by).enter()).entity.status).toBe('incomplete')
  const identity = { type: 'identity', method: 'kba', kba: {} }
  await app.call('POST', `/entities/${half.id}/verification_sessions`, { ...by, body: identity })
  expect((await somebody(app, '0106').as(by).enter()).entity.status).toBe('active')
  const { by: others } = await teamThatReuses()
  expect((await somebody(app, '0106').as(others).enter()).entity.status).toBe('incomplete')
  const lone = await somebody(app, '0108').as(by).verified().enter()
  const withdrawal = { type: 'withdraw', reason: 'entity_withdrew_consent' }
  await app.call('POST', `/entities/${lone.id}/consent`, { ...by, body: withdrawal })
  expect((await somebody(app, '0108').as(by).enter()).entity.status).toBe('incomplete')
})

test('a team that has not settled so proves every entity by itself', async () => {
  const { by } = await teamThatReuses(false)
  await somebody(app, '0110').as(by).verified().enter()
  const { id, entity } = await somebody(app, '0110').as(by).enter()
  expect(entity.status).toBe('incomplete')
  expect(await sessionsOf(id, by)).toEqual([])
})
