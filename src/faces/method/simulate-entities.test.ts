/** Contract: method/simulate §0, §4–§6; entities §11. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, type Call, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, somebody, topicsOf } from '../../../test/setup/cast.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const post = (path: string, body: object = {}, call: Call = {}) => app.call('POST', path, { body, ...call })
const simulate = (id: string, path: string, body: object, call: Call = {}) =>
  post(`/simulate/entities/${id}/${path}`, body, call)
const refused = (subType: string, status = 400) => ({ status, error: { type: 'INVALID_REQUEST', sub_type: subType } })
const behaviors = (...names: readonly string[]) => ({ behaviors: names })
const debt = (...types: readonly string[]) => behaviors(...types.map((type) => `new_${type}_account`))
const TYPES = ['credit_card', 'auto_loan', 'mortgage', 'student_loan', 'personal_loan']

describe('a simulated connect', () => {
  it('finds a new account of each type that was queued, and only once', async () => {
    const keys = await app.newTeam()
    const call = { key: keys.development }
    const { id } = await kevin(app).as(call).verified().connected().enter()
    expect((await simulate(id, 'connect', debt('credit_card', 'mortgage'), call)).text).toBe(
      '{"success":true,"data":null,"message":null}',
    )
    expect((await simulate(id, `connect/${id}`, debt('student_loan'), call)).status).toBe(200)
    const before = (await topicsOf(app, keys)).length
    const { data } = await post(`/entities/${id}/connect`, {}, call)
    expect(data).toMatchObject({
      status: 'completed',
      accounts: [expect.any(String), expect.any(String), expect.any(String)],
    })
    const accounts = await Promise.all(
      (data.accounts as string[]).map(async (each) => (await app.call('GET', `/accounts/${each}`, call)).data),
    )
    expect(accounts.map(({ liability }) => liability.type).sort()).toEqual(['credit_card', 'mortgage', 'student_loans'])
    expect(accounts.map(({ status }) => status)).toEqual(['active', 'active', 'active'])
    const topics = (await topicsOf(app, keys)).slice(before)
    expect(topics.filter((topic) => topic === 'account.created')).toHaveLength(3)
    expect(topics.filter((topic) => topic === 'account.opened')).toHaveLength(3)
    expect((await post(`/entities/${id}/connect`, {}, call)).data.accounts).toEqual([])
  })

  it('moves the credit file: there are more accounts to count', async () => {
    const { id } = await kevin(app).verified().connected().enter()
    const total = async () =>
      (await post(`/entities/${id}/attributes`)).data.attributes.credit_health_total_accounts.value
    const before = await total()
    await simulate(id, 'connect', debt(...TYPES))
    expect(await total()).toBe(before)
    await post(`/entities/${id}/connect`)
    expect(await total()).toBe(before + 5)
  })

  it('can be the one that a subscription makes', async () => {
    const { id } = await kevin(app).verified().connected().enter()
    await post(`/entities/${id}/subscriptions`, { enroll: 'connect' })
    await simulate(id, 'connect', debt('auto_loan'))
    app.clock.advance(25 * 60 * 60_000)
    await app.drain()
    const connects = (await app.call('GET', `/entities/${id}/connect`)).data as unknown as readonly Wire[]
    expect(connects.map(({ accounts }) => accounts.length)).toEqual([1, 7])
  })

  it('can have five behaviors wait', async () => {
    const { id } = await kevin(app).verified().connected().enter()
    expect(await simulate(id, 'connect', debt(...TYPES, 'mortgage'))).toMatchObject(refused('INVALID_REQUEST'))
    expect((await simulate(id, 'connect', debt(...TYPES))).status).toBe(200)
    const sixth = await simulate(id, 'connect', debt('mortgage'))
    expect(sixth).toMatchObject({ ...refused('INVALID_REQUEST'), refusal: 'simulation.too_many' })
    expect((await post(`/entities/${id}/connect`)).data.accounts).toHaveLength(5)
    expect((await simulate(id, 'connect', debt('mortgage'))).status).toBe(200)
  })

  it('needs a completed connect', async () => {
    const { id } = await kevin(app).verified().enter()
    expect(await simulate(id, 'connect', debt('mortgage'))).toMatchObject(
      refused('SIMULATION_RESTRICTED_MISSING_PRODUCT_REQUEST'),
    )
    expect(await simulate(id, 'connect', debt('mortgage'), { version: '2025-12-01' })).toMatchObject(
      refused('SIMULATION_RESTRICTED_MISSING_PRODUCT_REQUEST', 422),
    )
    expect((await post(`/entities/${id}/connect`)).data.accounts).toHaveLength(7)
  })

  it('is not there for one who withdrew consent', async () => {
    const { id } = await kevin(app).verified().connected().enter()
    await post(`/entities/${id}/consent`, { type: 'withdraw', reason: 'entity_withdrew_consent' })
    expect(await simulate(id, 'connect', debt('mortgage'))).toMatchObject(
      refused('SIMULATION_RESTRICTED_MISSING_PRODUCT_REQUEST'),
    )
  })

  it.each([{}, behaviors(), behaviors('new_boat'), behaviors('new_student_loans_account'), { behaviors: 'x' }])(
    'with %j is refused',
    async (body) => {
      const { id } = await kevin(app).verified().connected().enter()
      expect(await simulate(id, 'connect', body)).toMatchObject(refused('INVALID_REQUEST'))
    },
  )

  it('is found by the entity alone', async () => {
    const { id } = await kevin(app).verified().connected().enter()
    const other = await kevin(app).verified().connected().enter()
    expect(await simulate(id, `connect/${other.id}`, debt('mortgage'))).toMatchObject(refused('NOT_FOUND', 404))
    expect(await simulate('ent_4444444444444', 'connect', debt('mortgage'))).toMatchObject(refused('NOT_FOUND', 404))
    await simulate(id, 'connect', debt('mortgage'))
    expect((await post(`/entities/${other.id}/connect`)).data.accounts).toEqual([])
    expect((await post(`/entities/${id}/connect`)).data.accounts).toHaveLength(1)
  })

  it('with a key happens once', async () => {
    const { id } = await kevin(app).verified().connected().enter()
    const headers = { 'idempotency-key': 'one-mortgage' }
    for (const _ of [1, 2]) {
      expect((await simulate(id, 'connect', debt('mortgage'), { headers })).status).toBe(200)
    }
    expect((await post(`/entities/${id}/connect`)).data.accounts).toHaveLength(1)
  })
})

describe('simulated attributes', () => {
  const SOFT = 'credit_health_soft_inquiries'
  const late = { version: '2024-04-04-late' } as const
  const attributes = async (id: string) => (await post(`/entities/${id}/attributes`, {}, late)).data.attributes

  it('count each soft inquiry that was queued, and keep it', async () => {
    const { id } = await somebody(app, '0004').verified().connected().enter()
    const before = await attributes(id)
    expect((await simulate(id, 'attributes', behaviors('new_soft_inquiry', 'new_soft_inquiry'))).data).toBeNull()
    expect((await simulate(id, `attributes/${id}`, behaviors('new_soft_inquiry'))).status).toBe(200)
    const after = await attributes(id)
    expect(after[SOFT].value).toBe(before[SOFT].value + 3)
    expect(after[SOFT].metadata.history).toHaveLength(after[SOFT].value)
    expect(await attributes(id)).toEqual(after)
    expect({ ...after, [SOFT]: null }).toEqual({ ...before, [SOFT]: null })
  })

  it('need a completed request of attributes, and five behaviors can wait', async () => {
    const { id } = await kevin(app).verified().connected().enter()
    const soft = (count: number) => behaviors(...Array<string>(count).fill('new_soft_inquiry'))
    expect(await simulate(id, 'attributes', soft(1))).toMatchObject(
      refused('SIMULATION_RESTRICTED_MISSING_PRODUCT_REQUEST'),
    )
    await attributes(id)
    expect(await simulate(id, 'attributes', soft(6))).toMatchObject(refused('INVALID_REQUEST'))
    expect((await simulate(id, 'attributes', soft(5))).status).toBe(200)
    expect(await simulate(id, 'attributes', soft(1))).toMatchObject(refused('INVALID_REQUEST'))
    await attributes(id)
    expect((await simulate(id, 'attributes', soft(1))).status).toBe(200)
    expect(await simulate(id, 'attributes', behaviors('new_hard_inquiry'))).toMatchObject(refused('INVALID_REQUEST'))
  })
})

describe('a simulated credit score', () => {
  const score = (value: number, more: object = {}) => ({
    score: value,
    source: 'equifax',
    model: 'vantage_4',
    factors: [{ code: '00034', description: 'Revolving balances are high' }],
    created_at: '2025-08-19T16:00:00Z',
    ...more,
  })
  const make = async (id: string, call: Call = {}) => (await post(`/entities/${id}/credit_scores`, {}, call)).data
  const settle = (made: Wire, body: object, call: Call = {}) =>
    simulate(made.entity_id, `credit_scores/${made.id}`, body, call)
  const read = async (made: Wire) =>
    (await app.call('GET', `/entities/${made.entity_id}/credit_scores/${made.id}`)).data

  it('completes a pending record with the scores told, which the answer from outside does not replace', async () => {
    const { id } = await kevin(app).verified().enter()
    const made = await make(id)
    const told = [score(800), score(640, { source: 'experian', model: 'vantage_3', factors: [] })]
    const { data, status } = await settle(made, { scores: told })
    expect(status).toBe(200)
    expect(data).toEqual({ ...made, status: 'completed', scores: told, updated_at: expect.any(String) })
    await app.drain()
    expect(await read(made)).toEqual(data)
    expect((await app.call('GET', `/entities/${id}/credit_scores`)).data).toEqual([data])
  })

  it('replaces what a completed record said', async () => {
    const { id } = await kevin(app).verified().enter()
    const made = await make(id)
    await app.drain()
    expect((await read(made)).scores[0].score).not.toBe(801)
    expect((await settle(made, { scores: [score(801)] })).data.scores).toEqual([score(801)])
  })

  it('is said to go up or down, compared with the record before it', async () => {
    const keys = await app.newTeam()
    const call = { key: keys.development }
    const { id } = await kevin(app).as(call).verified().enter()
    const seen = (await topicsOf(app, keys)).length
    for (const value of [700, 710, 690, 690]) await settle(await make(id, call), { scores: [score(value)] }, call)
    expect((await topicsOf(app, keys)).slice(seen)).toEqual([
      ...['credit_score.created', 'credit_score.updated'],
      ...['credit_score.created', 'credit_score.updated', 'credit_score.increased'],
      ...['credit_score.created', 'credit_score.updated', 'credit_score.decreased'],
      ...['credit_score.created', 'credit_score.updated'],
    ])
  })

  it('can be one bare number from 2025-12-01 on', async () => {
    const { id } = await kevin(app).verified().enter()
    const newest = { version: '2025-12-01' } as const
    const { data } = await settle(await make(id), { score: 702, status: 'completed' }, newest)
    expect(data.scores).toEqual([
      { score: 702, source: 'equifax', model: 'vantage_4', factors: [], created_at: app.clock.now() },
    ])
    const made = await make(id)
    expect(await settle(made, { score: 702 })).toMatchObject(refused('INVALID_REQUEST'))
    expect(await settle(made, {}, newest)).toMatchObject(refused('INVALID_REQUEST'))
    expect((await settle(made, { scores: [score(703)] }, newest)).data.scores).toEqual([score(703)])
  })

  it.each([
    {},
    { scores: [] },
    { scores: [score(299)] },
    { scores: [score(851)] },
    { scores: [score(700.5)] },
    { scores: [score(700, { source: 'innovis' })] },
    { scores: [score(700, { model: 'fico_8' })] },
    { scores: [score(700, { factors: [{ code: 34 }] })] },
    { scores: [score(700, { factors: undefined })] },
    { scores: [score(700, { created_at: 'yesterday' })] },
    { scores: [score(700)], status: 'failed' },
  ])('with %j is refused, and the record waits', async (body) => {
    const { id } = await kevin(app).verified().enter()
    const made = await make(id)
    expect(await settle(made, body)).toMatchObject(refused('INVALID_REQUEST'))
    expect((await read(made)).status).toBe('pending')
  })

  it('belongs to its entity', async () => {
    const { id } = await kevin(app).verified().enter()
    const other = await kevin(app).verified().enter()
    const made = await make(id)
    expect(await settle({ ...made, entity_id: other.id }, { scores: [score(700)] })).toMatchObject(
      refused('NOT_FOUND', 404),
    )
    const withdrawal = { type: 'withdraw', reason: 'entity_withdrew_consent' }
    await post(`/entities/${id}/consent`, withdrawal)
    expect(await settle(made, { scores: [score(700)] })).toMatchObject(refused('PRODUCT_UNAVAILABLE'))
  })
})

describe('simulation outside development', () => {
  it.each(['sandbox', 'production'] as const)(
    'is forbidden in %s, whatever the path and the body',
    async (environment) => {
      const call = { key: app.keys[environment] }
      for (const path of ['connect', 'attributes', 'credit_scores/crs_4444444444444', 'nothing/of/the/kind']) {
        expect(await simulate('ent_4444444444444', path, {}, call)).toMatchObject(refused('FORBIDDEN', 403))
      }
      expect(await simulate('ent_4444444444444', 'connect', {}, { key: 'sk_dev_nobody' })).toMatchObject({
        status: 401,
      })
    },
  )
})
