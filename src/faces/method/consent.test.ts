/** Consent taken back, and given again. Contract: method/entities §1.7, §1.14; accounts §1.3, §1.7, §1.8. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, type Call, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, PHONE_SESSION, questionedKevin, stranger } from '../../../test/setup/cast.js'
import { enrol, listSubscriptions } from '../../core/subscriptions/subscriptions.js'
import { changeSettings, type TeamSettings } from '../../core/teams/teams.js'
import { inTx } from '../../db/database.js'
import { VERSIONS } from './versions/versions.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

type By = Pick<Call, 'key' | 'version'>
const WITHDRAW = { type: 'withdraw', reason: 'entity_withdrew_consent' }
const ACCOUNT_WITHDRAW = { type: 'withdraw', reason: 'holder_withdrew_consent' }
const NEWEST = { version: '2025-12-01' } as const

const consent = (id: string, body: object = WITHDRAW, by: By = {}) =>
  app.call('POST', `/${id.startsWith('ent_') ? 'entities' : 'accounts'}/${id}/consent`, { ...by, body })
const entity = async (id: string, by: By = {}) => (await app.call('GET', `/entities/${id}`, by)).data
const account = async (id: string, by: By = {}) => (await app.call('GET', `/accounts/${id}`, by)).data
const idsOf = async (path: string) =>
  ((await app.call('GET', `${path}&page_limit=100`)).data as unknown as readonly Wire[]).map(({ id }) => id)
const totalOf = async (path: string) => Number((await app.call('GET', path)).headers['pagination-total-count'])
const rows = async (statement: string, ids: readonly string[]) =>
  (await app.fresh.database.pool.query(statement, [ids.map((id) => id.slice(4))])).rows

const ENTITY_ERROR = {
  type: 'ENTITY_DISABLED',
  sub_type: 'ENTITY_CONSENT_WITHDRAWN',
  code: 12004,
  message: 'Entity was disabled due to consent withdrawal.',
}
const ACCOUNT_ERROR = {
  type: 'ACCOUNT_DISABLED',
  sub_type: 'ACCOUNT_CONSENT_WITHDRAWN',
  code: 11004,
  message: 'Account was disabled due to consent withdrawal.',
}
const withdrawnAccount = (before: Wire) => ({
  id: before.id,
  holder_id: before.holder_id,
  status: 'disabled',
  type: null,
  liability: null,
  products: [],
  restricted_products: [],
  subscriptions: [],
  available_subscriptions: [],
  restricted_subscriptions: [],
  error: ACCOUNT_ERROR,
  metadata: null,
  created_at: before.created_at,
  updated_at: app.clock.now(),
})

describe('an entity that withdraws its consent', () => {
  test.each(VERSIONS)('has exactly ten keys left at %s, then and later', async (version) => {
    const { id, entity: before } = await kevin(app).verified().as({ version }).enter()
    app.clock.advance(1000)
    const { data } = await consent(id, WITHDRAW, { version })
    expect(data).toEqual({
      id,
      type: null,
      individual: null,
      verification: null,
      error: ENTITY_ERROR,
      address: {},
      status: 'disabled',
      metadata: null,
      created_at: before.created_at,
      updated_at: app.clock.now(),
    })
    expect(await entity(id, { version })).toEqual(data)
    const expanded = await app.call('GET', `/entities/${id}?expand=connect&expand=phone_latest_verification_session`, {
      version,
    })
    expect(expanded.data).toEqual(data)
  })

  test('takes its accounts and subscriptions with it, and nobody else', async () => {
    const person = await kevin(app).verified().connected().enter()
    const other = await kevin(app).verified().connected().enter()
    await app.call('POST', `/entities/${person.id}/subscriptions`, { body: { enroll: 'connect' } })
    app.clock.advance(1000)
    await consent(person.id)
    for (const before of person.accounts) expect(await account(before.id)).toEqual(withdrawnAccount(before))
    expect((await app.call('GET', `/entities/${person.id}/subscriptions`)).data).toEqual([])
    expect(await entity(other.id)).toEqual(other.entity)
    expect(await account(other.accounts[0]?.id)).toEqual(other.accounts[0])
  })

  test('is forgotten: no row and no event of before holds a detail any more', async () => {
    const individual = { first_name: 'Zebulon', last_name: 'Quist', phone: '+15121231111', ssn: '123456789' }
    const address = { line1: '7 Quince Court' }
    const body = { type: 'individual', individual, address, metadata: { nick: 'Zeb' } }
    const { id } = (await app.call('POST', '/entities', { body })).data
    await app.call('PUT', `/entities/${id}`, { body: { individual: { dob: '1971-02-03', email: 'zeb@example.com' } } })
    for (const session of [PHONE_SESSION, { type: 'identity', method: 'kba', kba: {} }]) {
      await app.call('POST', `/entities/${id}/verification_sessions`, { body: session })
    }
    await app.call('POST', `/entities/${id}/connect`)
    await app.call('POST', `/entities/${id}/identities`)
    const accounts = await idsOf(`/accounts?holder_id=${id}`)
    await consent(id)
    const stored = [
      ...(await rows('select t::text as text from consumers t where id = any($1)', [id])),
      ...(await rows('select t::text as text from accounts t where consumer_id = any($1)', [id])),
      ...(await rows('select t::text as text from events t where resource_id = any($1)', [id, ...accounts])),
      ...(await rows('select t::text as text from retrievals t where owner_id = any($1)', [id])),
    ]
    const said = /Zebulon|Quist|15121231111|Quince|1971-02-03|zeb@|"Zeb"|"sealed"/
    expect(stored.length).toBeGreaterThan(10)
    expect(stored.filter(({ text }) => said.test(text))).toEqual([])
    const [row] = await rows('select ssn_sealed, ssn4_sealed, person_ref from consumers where id = any($1)', [id])
    expect(row).toEqual({ ssn_sealed: null, ssn4_sealed: null, person_ref: null })
    const kept = await rows(
      'select distinct mask, name, fingerprint, network_ref from accounts where consumer_id = any($1)',
      [id],
    )
    expect(kept).toEqual([{ mask: null, name: null, fingerprint: null, network_ref: null }])
  })

  test('forgets the questions of a session that waits, which then ends by itself', async () => {
    const { id } = await questionedKevin(app).phoned().enter()
    const path = `/entities/${id}/verification_sessions`
    const { data: session } = await app.call('POST', path, { body: { type: 'identity', method: 'kba', kba: {} } })
    await consent(id)
    const { data } = await app.call('GET', `${path}/${session.id}`)
    expect(data).toMatchObject({ status: 'in_progress', kba: { questions: [], authenticated: false } })
    const events = await rows('select after::text as text from events where resource_id = any($1)', [session.id])
    expect(events.filter(({ text }) => text.includes('(Correct)'))).toEqual([])
    const body = { type: 'identity', method: 'kba', kba: { answers: [] } }
    const late = await app.call('PUT', `${path}/${session.id}`, { body })
    expect(late.error.sub_type).toBe('ENTITY_UPDATE_DISABLED')
    app.clock.advance(600_000)
    await app.drain()
    expect((await app.call('GET', `${path}/${session.id}`)).data.status).toBe('failed')
  })

  test('is told: each account, each subscription, then the entity', async () => {
    const person = await kevin(app).verified().connected().enter()
    await app.call('POST', `/entities/${person.id}/subscriptions`, { body: { enroll: 'connect' } })
    app.clock.advance(1000)
    await consent(person.id)
    const { rows: told } = await app.fresh.database.pool.query(
      'select topic, count(*)::int as count from events where created_at >= $1 group by topic order by min(created_at)',
      [app.clock.now()],
    )
    expect(told).toEqual([
      { topic: 'account.updated', count: person.accounts.length },
      { topic: 'subscription.updated', count: 1 },
      { topic: 'consumer.updated', count: 1 },
    ])
  })

  test('is told to webhooks without a word about who it was', async () => {
    const own = { key: (await app.newTeam()).development }
    for (const type of ['entity.update', 'account.update', 'subscription.update', 'product.update']) {
      const body = { type, url: 'https://hooks.example.com/', expand_event: true }
      expect((await app.call('POST', '/webhooks', { ...own, body })).status).toBe(200)
    }
    const { id, accounts } = await kevin(app).as(own).verified().connected().enter()
    await app.fresh.database.pool.query('delete from deliveries')
    await consent(id, WITHDRAW, own)
    const { rows: deliveries } = await app.fresh.database.pool.query('select body from deliveries')
    const told = deliveries.map(({ body }) => JSON.parse(body) as Wire)
    const ofEntity = told.find(({ type }) => type === 'entity.update')
    expect(told.filter(({ type }) => type === 'account.update')).toHaveLength(accounts.length)
    expect(ofEntity).toMatchObject({ path: `/entities/${id}`, event: { data: await entity(id, own) } })
    expect(ofEntity?.event.diff).toMatchObject({
      before: { status: 'active', error: null },
      after: { status: 'disabled', error: ENTITY_ERROR },
    })
    expect(deliveries.filter(({ body }) => /Kevin|Doyle|15121231111|Chase/.test(body))).toEqual([])
  })

  test('can do nothing new, while what is stored stays readable', async () => {
    const { id, accounts } = await kevin(app).verified().connected().enter()
    await consent(id)
    const put = await app.call('PUT', `/entities/${id}`, { body: { individual: { first_name: 'Kevin' } } })
    expect(put.error).toMatchObject({ code: 400, sub_type: 'ENTITY_UPDATE_DISABLED' })
    const session = await app.call('POST', `/entities/${id}/verification_sessions`, { body: PHONE_SESSION })
    expect(session.error.sub_type).toBe('ENTITY_UPDATE_DISABLED')
    for (const path of ['connect', 'credit_scores', 'identities', 'attributes']) {
      const { status, error } = await app.call('POST', `/entities/${id}/${path}`)
      expect([path, status, error.sub_type]).toEqual([path, 400, 'PRODUCT_UNAVAILABLE'])
    }
    const balance = await app.call('POST', `/accounts/${accounts[0]?.id}/balances`)
    expect(balance.error.sub_type).toBe('PRODUCT_UNAVAILABLE')
    const { data: sessions } = await app.call('GET', `/entities/${id}/verification_sessions`)
    expect(sessions).toHaveLength(2)
    const { data: connects } = await app.call('GET', `/entities/${id}/connect`)
    expect(connects).toHaveLength(1)
  })

  test('matches no type any more, in lists and in their totals', async () => {
    const paths = ['/entities?type=individual', '/entities?status=disabled', '/entities?status=active', '/entities?']
    const { id } = await kevin(app).verified().enter()
    const before = await Promise.all(paths.map(totalOf))
    await consent(id)
    const after = await Promise.all(paths.map(totalOf))
    expect(after.map((total, index) => total - (before[index] ?? 0))).toEqual([-1, 1, -1, 0])
    expect(await idsOf('/entities?type=individual')).not.toContain(id)
    expect(await idsOf('/entities?status=disabled')).toContain(id)
    expect(await idsOf('/entities?status=disabled&type=individual')).not.toContain(id)
  })

  test('may have been disabled before for another reason', async () => {
    const { id } = await kevin(app).verified().enter()
    await rows(`update consumers set status = 'disabled', status_reason = 'pending_review' where id = any($1)`, [id])
    expect((await consent(id)).data).toMatchObject({ status: 'disabled', error: ENTITY_ERROR })
  })

  test('may be a company', async () => {
    const body = { type: 'corporation', corporation: { name: 'Blue Heron' } }
    const { data: before } = await app.call('POST', '/entities', { body })
    const { data } = await consent(before.id)
    expect(data).toEqual({
      id: before.id,
      type: null,
      corporation: null,
      error: ENTITY_ERROR,
      address: {},
      status: 'disabled',
      metadata: null,
      created_at: before.created_at,
      updated_at: expect.any(String),
    })
    expect(await idsOf('/entities?type=corporation')).not.toContain(before.id)
  })
})

describe('a request about the consent of an entity', () => {
  test.each([
    ['another type', { ...WITHDRAW, type: 'forget' }, {}],
    ['no type', { reason: WITHDRAW.reason }, {}],
    ['another reason', { ...WITHDRAW, reason: 'bored' }, {}],
    ['the reason of an account', { ...WITHDRAW, reason: 'holder_withdrew_consent' }, {}],
    ['no reason', { type: 'withdraw' }, {}],
    ['a grant, which came later', { type: 'grant' }, {}],
    ['a grant, which came later still', { type: 'grant' }, { version: '2025-07-04' }],
  ] as const)('with %s is not one', async (_, body, by) => {
    const { id, entity: before } = await stranger(app).enter()
    expect((await consent(id, body, by)).error).toMatchObject({ code: 400, sub_type: 'INVALID_REQUEST' })
    expect(await entity(id)).toEqual(before)
  })

  test.each([
    ['null for a reason', { type: 'withdraw', reason: null }, {}],
    ['no reason, in the newest version', { type: 'withdraw' }, NEWEST],
  ] as const)('with %s is one', async (_, body, by) => {
    const { id } = await stranger(app).enter()
    expect((await consent(id, body, by)).data.status).toBe('disabled')
  })

  test('counts once, also when made twice at once', async () => {
    const { id } = await kevin(app).verified().connected().enter()
    const replies = await Promise.all([consent(id), consent(id)])
    const refused = replies.find(({ status }) => status !== 200)
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400])
    expect(refused?.error.sub_type).toBe('ENTITY_CONSENT_ALREADY_WITHDRAWN')
    expect((await consent(id, WITHDRAW, NEWEST)).status).toBe(422)
  })

  test('leaves nothing behind of what is asked for meanwhile', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => kevin(app).verified().enter()))
    await Promise.all(
      people.flatMap(({ id }) => [
        app.call('POST', `/entities/${id}/connect`),
        app.call('POST', `/entities/${id}/identities`),
        consent(id),
      ]),
    )
    const ids = people.map(({ id }) => id)
    const left = await rows(`select id from accounts where consumer_id = any($1) and status <> 'disabled'`, ids)
    const known = await rows(
      `select id from retrievals where owner_id = any($1) and product = 'identity' and result is not null`,
      ids,
    )
    expect([left, known]).toEqual([[], []])
  })

  test('finds only entities of its team', async () => {
    const { id } = await stranger(app).enter()
    expect((await consent(id, WITHDRAW, { key: app.keys.sandbox })).status).toBe(404)
    expect((await consent('ent_fRkTdETCDWCA8')).status).toBe(404)
  })
})

describe('an entity that grants its consent again', () => {
  const GRANT = { type: 'grant' }

  test('is active as before, with nothing said', async () => {
    const { id } = await kevin(app).verified().connected().enter()
    await consent(id)
    const { data } = await consent(id, GRANT, NEWEST)
    expect(data).toMatchObject({ id, type: 'individual', status: 'active', error: null })
    expect(data.individual).toEqual({
      first_name: null,
      last_name: null,
      phone: null,
      email: null,
      dob: null,
      ssn: null,
      ssn_4: null,
    })
    expect(data.verification).toMatchObject({ identity: { verified: true, matched: false }, phone: { verified: true } })
    expect(await idsOf('/entities?type=individual')).toContain(id)
  })

  test('must be the person it was', async () => {
    const { id } = await kevin(app).verified().connected().enter()
    await consent(id)
    await consent(id, GRANT, NEWEST)
    const become = (phone: string) =>
      app.call('PUT', `/entities/${id}`, { body: { individual: { first_name: 'Kevin', last_name: 'Doyle', phone } } })
    expect((await become('+17375550002')).error.sub_type).toBe('ENTITY_UPDATE_INVALID')
    const { data } = await become('+15121231111')
    expect(data).toMatchObject({ status: 'active', verification: { identity: { matched: true } } })
    const { data: connect } = await app.call('POST', `/entities/${id}/connect`)
    expect(connect.accounts.length).toBeGreaterThan(0)
  })

  test('has to be verified from the beginning when it was not verified fully', async () => {
    const { id } = await kevin(app).phoned().enter()
    await consent(id)
    const { data } = await consent(id, GRANT, NEWEST)
    expect(data).toMatchObject({ status: 'incomplete', verification: { phone: { verified: false } } })
  })

  test('leaves its accounts disabled', async () => {
    const { id, accounts } = await kevin(app).verified().connected().enter()
    await consent(id)
    await consent(id, GRANT, NEWEST)
    expect(await account(accounts[0]?.id)).toMatchObject({ status: 'disabled', error: ACCOUNT_ERROR })
  })

  test('must have withdrawn it', async () => {
    const { id } = await kevin(app).verified().enter()
    const { status, error } = await consent(id, GRANT, NEWEST)
    expect([status, error.sub_type]).toEqual([422, 'ENTITY_CONSENT_ALREADY_GRANTED'])
  })
})

describe('consent to one account', () => {
  const BROUGHT = 'mch_302086'

  test.each(VERSIONS)('leaves exactly these keys at %s, then and later', async (version) => {
    const person = await kevin(app).verified().connected().enter()
    const before = person.account(BROUGHT)
    app.clock.advance(1000)
    const { data } = await consent(before.id, ACCOUNT_WITHDRAW, { version })
    const shape = withdrawnAccount(before)
    expect(data).toEqual(version === '2025-12-01' ? { ...shape, consent_status: 'withdrawn' } : shape)
    expect(await account(before.id, { version })).toEqual(data)
    expect(await entity(person.id)).toEqual(person.entity)
  })

  test('ends its subscriptions, and matches no type, merchant or debt any more', async () => {
    const person = await kevin(app).verified().connected().enter()
    const { id } = person.account(BROUGHT)
    const filters = ['type=liability', `liability.mch_id=${BROUGHT}`, 'liability.type=credit_card', 'status=disabled']
    const before = await Promise.all(filters.map((filter) => totalOf(`/accounts?${filter}`)))
    const ctx = await app.ctx()
    const owner = { ownerKind: 'account', ownerId: id.slice(4) } as const
    await inTx(ctx.db, (tx) => enrol({ ...ctx, db: tx, tx }, { ...owner, name: 'update', payload: null }))
    await consent(id, ACCOUNT_WITHDRAW)
    const after = await Promise.all(filters.map((filter) => totalOf(`/accounts?${filter}`)))
    expect(after.map((total, index) => total - (before[index] ?? 0))).toEqual([-1, -1, -1, 1])
    expect(await idsOf(`/accounts?holder_id=${person.id}`)).toContain(id)
    expect(await idsOf(`/accounts?holder_id=${person.id}&type=liability`)).not.toContain(id)
    expect(await listSubscriptions(ctx, owner)).toEqual([])
  })

  test('withdrawn, no later connect brings the account back', async () => {
    const person = await kevin(app).verified().connected().enter()
    const { id } = person.account(BROUGHT)
    await consent(id, ACCOUNT_WITHDRAW)
    await app.call('POST', `/entities/${person.id}/connect`)
    expect(await idsOf(`/accounts?holder_id=${person.id}`)).toHaveLength(person.accounts.length)
    expect(await account(id)).toMatchObject({ status: 'disabled' })
  })

  test('is withdrawn once', async () => {
    const { id } = (await kevin(app).verified().connected().enter()).account(BROUGHT)
    const replies = await Promise.all([consent(id, ACCOUNT_WITHDRAW), consent(id, ACCOUNT_WITHDRAW)])
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400])
    expect((await consent(id, ACCOUNT_WITHDRAW)).error.sub_type).toBe('ACCOUNT_CONSENT_ALREADY_WITHDRAWN')
  })

  test('is not withdrawn by a request that says something else', async () => {
    const before = (await kevin(app).verified().connected().enter()).account(BROUGHT)
    for (const body of [{ ...ACCOUNT_WITHDRAW, type: 'grant' }, WITHDRAW, { type: 'withdraw' }, {}]) {
      expect((await consent(before.id, body)).error).toMatchObject({ code: 400, sub_type: 'INVALID_REQUEST' })
    }
    expect((await consent('acc_fRkTdETCDWCA8', ACCOUNT_WITHDRAW)).status).toBe(404)
    expect(await account(before.id)).toEqual(before)
  })
})

describe('an account that a later connect finds, in a team whose people are asked first', () => {
  const asking = { method: { entities: { newAccountsAwaitConsent: true } } }
  const PENDING = {
    consent_status: 'pending',
    status: 'active',
    products: [],
    available_subscriptions: [],
    update: null,
  }

  /** Kevin, connected, for whom then a card turned up. */
  async function found(settings: TeamSettings = asking) {
    const keys = await app.newTeam()
    await changeSettings(app.base, { name: keys.team, environment: 'development' }, () => settings)
    const call = { key: keys.development, ...NEWEST }
    const { id, accounts } = await kevin(app).as(call).verified().connected().enter()
    const behaviors = ['new_credit_card_account']
    await app.call('POST', `/simulate/entities/${id}/connect`, { ...call, body: { behaviors } })
    const { data } = await app.call('POST', `/entities/${id}/connect`, call)
    await app.drain()
    const listed = async (query: string, by: Call = call) => {
      const reply = await app.call('GET', `/accounts?page_limit=100${query}`, by)
      const ids = (reply.data as unknown as readonly Wire[]).map((each) => each.id)
      expect(reply.headers['pagination-total-count']).toBe(String(ids.length))
      return ids
    }
    const types = async () =>
      ((await app.call('GET', '/events?page_limit=100', call)).data as unknown as readonly Wire[]).map(
        ({ type }) => type,
      )
    return { call, keys, id, before: accounts.map((each) => each.id), card: data.accounts[0] as string, listed, types }
  }

  test('waits, is in no list that does not ask for it, and gives nothing', async () => {
    const { call, keys, id, before, card, listed, types } = await found()
    expect(await account(card, call)).toMatchObject(PENDING)
    expect(await listed('')).toEqual(before)
    expect(await listed('', { key: keys.development })).toEqual(before)
    expect(await listed('&include_pending_consent=true', { key: keys.development })).toEqual(before)
    expect(await listed('&include_pending_consent=true')).toEqual([card, ...before])
    expect(await listed('&include_pending_consent=true&status=active')).toHaveLength(before.length + 1)
    expect(await listed('&include_pending_consent=true&status=closed')).toEqual([])
    expect(await listed(`&consent_status=pending&holder_id=${id}`)).toEqual([card])
    expect(await listed('&consent_status=pending&status=closed')).toEqual([])
    expect(await listed('&consent_status=approved')).toEqual(before)
    expect((await app.call('POST', `/accounts/${card}/balances`, call)).error.sub_type).toBe('PRODUCT_UNAVAILABLE')
    const enroll = { ...call, body: { enroll: 'update' } }
    expect((await app.call('POST', `/accounts/${card}/subscriptions`, enroll)).status).toBe(422)
    expect(
      (await app.call('POST', `/accounts/${card}/verification_sessions`, { ...call, body: { type: 'pre_auth' } }))
        .status,
    ).toBe(400)
    expect((await types()).slice(0, 2)).toEqual(['entity.update', 'entity.new_accounts_pending_consent'])
  })

  test('keeps its holder from being changed until consent is granted, and then is as any other', async () => {
    const { call, id, before, card, listed, types } = await found()
    const put = () => app.call('PUT', `/entities/${id}`, { ...call, body: { individual: { email: 'k@example.com' } } })
    expect(await put()).toMatchObject({ status: 422, error: { sub_type: 'ENTITY_UPDATE_RESTRICTED' } })
    expect((await consent(id, { type: 'grant' }, call)).data).toMatchObject({ id, status: 'active', error: null })
    await app.drain()
    const approved = await account(card, call)
    expect(approved).toMatchObject({ consent_status: 'approved', status: 'active' })
    expect(approved.products).toContain('balance')
    const updates = (await app.call('GET', `/accounts/${card}/updates`, call)).data as unknown as readonly Wire[]
    // Its institution may answer directly or not, but the bureau's picture is always there.
    expect(updates).toContainEqual(expect.objectContaining({ source: 'snapshot', status: 'completed' }))
    expect(updates[0]?.id).toBe(approved.update)
    expect(await listed('')).toEqual([card, ...before])
    expect((await types()).slice(0, 2)).toEqual(['entity.update', 'account.update'])
    expect((await put()).status).toBe(200)
    expect((await consent(id, { type: 'grant' }, call)).error.sub_type).toBe('ENTITY_CONSENT_ALREADY_GRANTED')
  })

  test('goes with the rest when consent is withdrawn', async () => {
    const { call, id, card } = await found()
    await consent(id, WITHDRAW, call)
    expect(await account(card, call)).toMatchObject({ status: 'disabled', consent_status: 'withdrawn' })
    expect((await consent(id, { type: 'grant' }, call)).status).toBe(200)
    const body = { individual: { first_name: 'Kevin', last_name: 'Doyle', phone: '+15121231111' } }
    expect((await app.call('PUT', `/entities/${id}`, { ...call, body })).status).toBe(200)
  })

  test('does not wait in any other team', async () => {
    const { call, card } = await found({})
    expect((await account(card, call)).consent_status).toBe('approved')
  })
})
