/** Contract: method/entities §13. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, type Call, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, type Person } from '../../../test/setup/cast.js'
import { changeSettings } from '../../core/teams/teams.js'

let app: App
let person: Person
beforeAll(async () => {
  app = await openApp()
  person = await kevin(app).verified().connected().enter()
})
afterAll(() => app.close())

const create = (body: object, call: Call = {}) => app.call('POST', '/opal/token', { body, ...call })
const refused = (subType: string, status = 400) => ({ status, error: { type: 'INVALID_REQUEST', sub_type: subType } })
const by = (token: string): Call => ({ key: token })
const IDV = { mode: 'identity_verification', identity_verification: { skip_pii: ['ssn_4'] } }
const TRANSACTIONS = { mode: 'transactions', transactions: {} }
const token = async (body: object = IDV): Promise<Wire> => {
  const { data, text } = await create({ entity_id: person.id, ...body })
  if (!data.token) throw new Error(text)
  return data
}
const session = async (made: Wire) => (await app.call('GET', '/opal/token', by(made.token))).data

describe('a token', () => {
  it('has three members and thirty minutes', async () => {
    expect(await token()).toEqual({
      token: expect.stringMatching(/^otkn_[0-9A-Za-z]{32}$/),
      valid_until: new Date(Date.parse(app.clock.now()) + 30 * 60_000).toISOString(),
      session_id: expect.stringMatching(/^osess_[0-9A-Za-z]{13}$/),
    })
  })

  it('shows its session', async () => {
    const made = await token()
    expect(await session(made)).toEqual({
      id: made.session_id,
      config: { identity_verification: { skip_pii: ['ssn_4'] } },
      entity: person.id,
      mode: 'identity_verification',
      idv: null,
      cxn: null,
      avf: null,
      txn: null,
      completed_at: null,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
  })

  it('shows that the session started when it was first read', async () => {
    const made = await token()
    const events = async () => (await app.call('GET', '/opal/events', by(made.token))).data
    expect(await events()).toEqual([])
    await session(made)
    await session(made)
    expect(await events()).toEqual([
      {
        type: 'opal.session.started',
        mode: 'identity_verification',
        object: 'session',
        action: 'started',
        timestamp: app.clock.now(),
        data: null,
      },
    ])
  })

  it('can be ended, and says then what to do', async () => {
    const made = await token()
    const ended = await app.call('DELETE', '/opal/token', by(made.token))
    expect(ended.text).toBe('{"success":true,"data":null,"message":null}')
    for (const [method, path] of [
      ['GET', '/opal/token'],
      ['DELETE', '/opal/token'],
      ['GET', '/opal/events'],
    ] as const) {
      const answer = await app.call(method, path, by(made.token))
      expect(answer).toMatchObject(refused('EXPIRED_TOKEN'))
      expect(answer.error.message).toMatch(/session_id/)
    }
  })

  it('is nothing on other routes, and a key is none here', async () => {
    const made = await token()
    for (const path of ['/entities', '/simulate/personas', '/elements/sessions/x']) {
      expect((await app.call('GET', path, by(made.token))).status).toBe(401)
    }
    expect((await create({ ...IDV, entity_id: person.id }, by(made.token))).status).toBe(401)
    for (const key of [app.keys.development, 'otkn_nobody', null]) {
      expect(await app.call('GET', '/opal/token', { key })).toMatchObject({
        status: 401,
        error: { type: 'INVALID_AUTHORIZATION', sub_type: 'UNAUTHORIZED' },
      })
    }
  })

  it('with an idempotency key is made once', async () => {
    const headers = { 'idempotency-key': 'one-flow' }
    const first = await create({ ...IDV, entity_id: person.id }, { headers })
    expect((await create({ ...IDV, entity_id: person.id }, { headers })).data).toEqual(first.data)
  })
})

describe('whom it is for', () => {
  it('is exactly one of an entity, a new one, and a session', async () => {
    const { session_id } = await token()
    const entity = { type: 'individual', individual: {} }
    expect(await create(IDV)).toMatchObject(refused('INVALID_REQUEST'))
    for (const two of [
      { entity_id: person.id, entity },
      { entity, session_id },
      { session_id, entity_id: person.id },
    ]) {
      expect(await create({ ...IDV, ...two })).toMatchObject(refused('INVALID_REQUEST'))
    }
  })

  it('can be somebody new', async () => {
    const individual = { first_name: 'Kevin', last_name: 'Doyle', phone: '+15121231111' }
    const { data } = await create({ ...IDV, entity: { type: 'individual', individual } })
    const { entity } = await session(data)
    expect(entity).not.toBe(person.id)
    expect((await app.call('GET', `/entities/${entity}`)).data.individual).toMatchObject(individual)
    const wrong = { type: 'individual', individual: { phone: '12' } }
    expect(await create({ ...IDV, entity: wrong })).toMatchObject(refused('INVALID_ENTITY_PHONE_NUMBER'))
  })

  it('is a person that is not disabled', async () => {
    const corporation = await app.call('POST', '/entities', { body: { type: 'corporation', corporation: {} } })
    const { id } = await kevin(app).enter()
    const withdrawal = { type: 'withdraw', reason: 'entity_withdrew_consent' }
    await app.call('POST', `/entities/${id}/consent`, { body: withdrawal })
    for (const entity_id of [id, corporation.data.id]) {
      expect(await create({ ...IDV, entity_id })).toMatchObject(refused('INVALID_ENTITY'))
    }
    const company = { type: 'corporation', corporation: {} }
    expect(await create({ ...IDV, entity: company })).toMatchObject(refused('INVALID_ENTITY'))
    expect(await create({ ...IDV, entity_id: 'ent_4444444444444' })).toMatchObject(refused('NOT_FOUND', 404))
  })

  it('is who the continued session is for, which keeps what it is about', async () => {
    const first = await token()
    const { data } = await create({ mode: 'identity_verification', session_id: first.session_id })
    expect(data.session_id).toBe(first.session_id)
    expect(data.token).not.toBe(first.token)
    expect(await session(data)).toEqual(await session(first))
    const other = await create({ ...TRANSACTIONS, session_id: first.session_id })
    expect(other).toMatchObject(refused('INVALID_REQUEST'))
    const key = (await app.newTeam()).development
    expect(await create({ ...IDV, session_id: first.session_id }, { key })).toMatchObject(refused('NOT_FOUND', 404))
  })
})

describe('each mode', () => {
  const account = () => person.account('mch_302086').id
  const finding = {
    skip_pii: ['dob', 'name'],
    selection_type: 'all',
    account_filters: {
      include: { account_types: ['credit_card', 'student_loan'], products: ['update'] },
      exclude: { account_types: ['student_loans'], mch_ids: ['mch_302086'], unverified_account_numbers: true },
    },
  }
  const nothing = { account_types: [], mch_ids: [], unverified_account_numbers: false }

  it.each([
    [IDV, { identity_verification: { skip_pii: ['ssn_4'] } }],
    [{ mode: 'identity_verification', identity_verification: {} }, { identity_verification: { skip_pii: [] } }],
    [
      { mode: 'connect', connect: finding, appearance: { theme: 'dark' } },
      {
        connect: {
          skip_pii: ['name', 'dob'],
          selection_type: 'all',
          account_filters: {
            include: finding.account_filters.include,
            exclude: { ...finding.account_filters.exclude, account_types: ['student_loan'] },
          },
        },
        appearance: { theme: 'dark' },
      },
    ],
    [
      { mode: 'connect', connect: {} },
      {
        connect: {
          skip_pii: [],
          selection_type: 'multiple',
          account_filters: { include: { account_types: [], products: [] }, exclude: nothing },
        },
      },
    ],
    [
      { mode: 'card_connect', card_connect: finding },
      {
        card_connect: {
          skip_pii: ['name', 'dob'],
          selection_type: 'all',
          account_filters: { exclude: { mch_ids: ['mch_302086'], unverified_account_numbers: true } },
        },
      },
    ],
    [TRANSACTIONS, { transactions: {} }],
  ])('%j says what it is about', async (body, config) => {
    expect(await session(await token(body))).toMatchObject({ mode: body.mode, config })
    expect((await session(await token(body))).config).toEqual(config)
  })

  it('account_verification is about an account of the entity', async () => {
    const about = (account_id: string) => ({
      mode: 'account_verification',
      account_verification: { account_id, intent: 'sensitive' },
    })
    expect((await session(await token(about(account())))).config).toEqual({
      account_verification: { account_id: account(), intent: 'sensitive' },
    })
    const other = await kevin(app).verified().connected().enter()
    for (const id of [other.account('mch_302086').id, 'acc_4444444444444', 'nothing']) {
      expect(await create({ ...about(id), entity_id: person.id })).toMatchObject(refused('NOT_FOUND', 404))
    }
    const entity = { type: 'individual' }
    expect(await create({ ...about(account()), entity })).toMatchObject(refused('NOT_FOUND', 404))
  })

  it.each([
    [{ mode: 'payments' }, /^mode /],
    [{ mode: 'identity_verification' }, /^identity_verification is required/],
    [{ mode: 'connect' }, /^connect is required/],
    [{ mode: 'card_connect', connect: {} }, /^card_connect is required/],
    [{ mode: 'account_verification' }, /^account_verification is required/],
    [{ mode: 'account_verification', account_verification: {} }, /account_id/],
    [{ mode: 'transactions' }, /^transactions is required/],
    [{ mode: 'identity_verification', identity_verification: { skip_pii: ['ssn'] } }, /skip_pii/],
    [{ mode: 'connect', connect: { selection_type: 'some' } }, /selection_type/],
    [{ mode: 'connect', connect: { account_filters: { include: { account_types: ['boat'] } } } }, /account_types/],
    [{ mode: 'connect', connect: { account_filters: { include: { products: ['boat'] } } } }, /products/],
    [{ mode: 'connect', connect: { account_filters: { exclude: { mch_ids: ['boat'] } } } }, /mch_ids/],
    [{ ...TRANSACTIONS, appearance: { css: 'x'.repeat(10_001) } }, /^appearance must/],
  ])('with %j is refused, naming the member', async (body, message) => {
    const answer = await create({ ...body, entity_id: person.id })
    expect(answer).toMatchObject(refused('INVALID_REQUEST'))
    expect(answer.error.message).toMatch(message)
  })

  it('needs what the team may use', async () => {
    const keys = await app.newTeam()
    const settings = { products: { restricted: ['transaction'] } }
    await changeSettings(app.base, { name: keys.team, environment: 'development' }, () => settings)
    const call = { key: keys.development }
    const { id } = await kevin(app).as(call).enter()
    expect(await create({ ...TRANSACTIONS, entity_id: id }, call)).toMatchObject(refused('TEAM_CAPABILITY_RESTRICTED'))
    expect((await create({ ...IDV, entity_id: id }, call)).status).toBe(200)
  })
})
