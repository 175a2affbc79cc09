/** People of a team's own. Clearspan's own route: docs/contract has none. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { IDENTITY_SESSION, PHONE_SESSION, register } from '../../../test/setup/cast.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const post = (personas: unknown, key?: string) =>
  app.call('POST', '/simulate/personas', { body: { personas }, ...(key ? { key } : {}) })
const list = async (key: string) => (await app.call('GET', '/simulate/personas', { key })).data as unknown as Wire[]

describe('a persona', () => {
  it('is registered with what is given and shown without a social security number', async () => {
    const key = (await app.newTeam()).development
    const persona = {
      phone: '+15125550231',
      first_name: 'Grace',
      last_name: 'Hopper',
      dob: '1976-12-09',
      ssn: '123456789',
      address: { line1: '1 Harbor Way', city: 'Arlington', state: 'VA', zip: '22201' },
      liabilities: [{ mch_id: 'mch_302086', balance: 100 }, { mch_id: 'mch_309067' }],
    }
    const { data } = await post([persona], key)
    const { ssn, liabilities, ...shown } = persona
    expect(data).toEqual([{ ...shown, address: { ...shown.address, line2: null }, liability_count: 2 }])
    expect(await list(key)).toEqual(data)
  })

  it('lives in its team’s world only', async () => {
    const [one, other] = [(await app.newTeam()).development, (await app.newTeam()).development]
    await post([{ phone: '+15125550232', kba_recognized: true }], one)
    expect(await list(other)).toEqual([])
    const matched = async (key: string) => {
      const individual = { first_name: 'A', last_name: 'B', phone: '+15125550232' }
      const { data } = await app.call('POST', '/entities', { body: { type: 'individual', individual }, key })
      return data.verification.identity.matched
    }
    expect([await matched(one), await matched(other)]).toEqual([true, false])
  })

  it('is renewed when it is registered again', async () => {
    const key = (await app.newTeam()).development
    await post([{ phone: '+15125550233', first_name: 'Ada', liabilities: [] }], key)
    await post([{ phone: '+15125550233', first_name: 'Eve', liabilities: [{ mch_id: 'mch_3' }] }], key)
    expect(await list(key)).toMatchObject([{ first_name: 'Eve', liability_count: 1 }])
  })

  it('is matched by what it says it needs', async () => {
    await post([{ phone: '+15125550234', match_needs: ['name', 'dob'] }])
    const individual = { first_name: 'A', last_name: 'B', phone: '+15125550234' }
    const { data } = await app.call('POST', '/entities', { body: { type: 'individual', individual } })
    expect(data.verification.identity.matched).toBe(false)
    const later = await app.call('PUT', `/entities/${data.id}`, { body: { individual: { dob: '1980-01-01' } } })
    expect(later.data.verification.identity.matched).toBe(true)
  })

  it('is asked questions unless it is recognised', async () => {
    await post([{ phone: '+15125550235' }])
    const individual = { first_name: 'A', last_name: 'B', phone: '+15125550235' }
    const { data } = await app.call('POST', '/entities', { body: { type: 'individual', individual } })
    const path = `/entities/${data.id}/verification_sessions`
    await app.call('POST', path, { body: PHONE_SESSION })
    expect((await app.call('POST', path, { body: IDENTITY_SESSION })).data.kba.questions).toHaveLength(3)
  })

  it('owes exactly what was given', async () => {
    const liabilities = [
      { mch_id: 'mch_302086', account_number: '4111111111111111', balance: 250_000, credit_limit: 500_000 },
      { mch_id: 'mch_3', balance: 0, closed: true },
    ]
    const own = await register(app, { phone: '+15125550236', liabilities })
    const { account, accounts } = await own.verified().connected().enter()
    expect(accounts).toHaveLength(2)
    expect(account('mch_302086').liability.mask).toBe('1111')
    expect(account('mch_3').status).toBe('closed')
    const { data } = await app.call('POST', `/accounts/${account('mch_302086').id}/balances`)
    await app.drain()
    const after = await app.call('GET', `/accounts/${account('mch_302086').id}/balances/${data.id}`)
    expect(after.data.amount).toBe(250_000)
  })
})

describe('personas are refused', () => {
  it.each(['sandbox', 'production'] as const)('in the environment %s', async (environment) => {
    const key = app.keys[environment]
    const refused = { status: 403, error: { code: 403, sub_type: 'FORBIDDEN' } }
    expect(await post([{ phone: '+15125550237' }], key)).toMatchObject(refused)
    expect(await app.call('GET', '/simulate/personas', { key })).toMatchObject(refused)
  })

  it.each([
    [[{}], 'personas[0]'],
    [[{ phone: '12' }], 'personas[0].phone'],
    [[{ phone: '+15121231111' }], 'personas[0].phone'],
    [[{ phone: '+15125550238' }, { phone: '+15125550238' }], 'personas[1].phone'],
    [[{ phone: '+15125550238', dob: '1990-02-30' }], 'personas[0].dob'],
    [[{ phone: '+15125550238', ssn: '1' }], 'personas[0].ssn'],
    [[{ phone: '+15125550238', match_needs: ['shoe_size'] }], 'personas[0].match_needs[0]'],
    [[{ phone: '+15125550238', liabilities: [{ mch_id: 'chase' }] }], 'personas[0].liabilities[0].mch_id'],
    [[{ phone: '+15125550238', liabilities: [{ mch_id: 'mch_1' }] }], 'personas[0].liabilities[0].mch_id'],
    [
      [{ phone: '+15125550238', liabilities: [{ mch_id: 'mch_3', opened_at: 'x' }] }],
      'personas[0].liabilities[0].opened_at',
    ],
    [[{ phone: '+15125550238', first_name: '' }], 'personas[0].first_name'],
    ['everybody', 'personas'],
  ])('when they are like %j, naming the member, and none of the batch is kept', async (personas, member) => {
    const key = (await app.newTeam()).development
    const answer = await post(personas, key)
    expect(answer).toMatchObject({ status: 400, error: { sub_type: 'INVALID_REQUEST' } })
    expect(answer.error.message).toContain(member)
    expect(await list(key)).toEqual([])
  })
})
