/** Contract: method/entities §1. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin } from '../../../test/setup/cast.js'
import type { Version } from './versions/versions.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const create = (body: object) => app.call('POST', '/entities', { body })
const person = (individual: object, more: object = {}) => create({ type: 'individual', individual, ...more })
const update = (id: string, body: object) => app.call('PUT', `/entities/${id}`, { body })
const get = async (id: string) => (await app.call('GET', `/entities/${id}`)).data
const refused = (subType: string) => ({ status: 400, error: { type: 'INVALID_REQUEST', sub_type: subType } })

async function eventsOf(id: string): Promise<readonly string[]> {
  const stored = id.slice('ent_'.length)
  const { rows } = await sql<{ topic: string }>`
    select topic from events where resource_id = ${stored} order by created_at`.execute(app.fresh.db)
  return rows.map(({ topic }) => topic)
}

const NO_ADDRESS = { line1: null, line2: null, city: null, state: null, zip: null }

describe('a person of whom nothing is known', () => {
  it('is incomplete, with every member null and every product restricted', async () => {
    const { data } = await create({ type: 'individual', individual: {}, metadata: {} })
    const at = app.clock.now()
    expect(data).toEqual({
      id: data.id,
      type: 'individual',
      individual: {
        first_name: null,
        last_name: null,
        phone: null,
        dob: null,
        email: null,
        ssn: null,
        ssn_4: null,
      },
      address: NO_ADDRESS,
      verification: {
        identity: {
          verified: false,
          matched: false,
          latest_verification_session: null,
          methods: ['element', 'kba'],
        },
        phone: {
          verified: false,
          latest_verification_session: null,
          methods: ['element', 'sna', 'sms', 'byo_sms'],
        },
      },
      connect: null,
      credit_score: null,
      attribute: null,
      products: [],
      restricted_products: ['connect', 'credit_score', 'identity', 'attribute'],
      subscriptions: [],
      available_subscriptions: [],
      restricted_subscriptions: ['connect', 'credit_score'],
      status: 'incomplete',
      error: null,
      metadata: {},
      created_at: at,
      updated_at: at,
    })
    expect(await get(data.id)).toEqual(data)
  })

  it('may be made without the individual, or with none', async () => {
    for (const body of [{ type: 'individual' }, { type: 'individual', individual: null, address: null }]) {
      expect((await create(body)).data).toMatchObject({ status: 'incomplete', address: NO_ADDRESS })
    }
  })
})

describe('a person', () => {
  it('is matched in the request that tells who they are', async () => {
    const { data } = await person({})
    const named = await update(data.id, {
      individual: { first_name: 'Kevin', last_name: 'Doyle', phone: '+15121231111' },
    })
    expect(named.data).toMatchObject({
      verification: { identity: { matched: true, verified: false }, phone: { verified: false } },
      products: ['identity'],
      restricted_products: ['connect', 'credit_score', 'attribute'],
      restricted_subscriptions: ['connect', 'credit_score'],
      available_subscriptions: [],
      status: 'incomplete',
      metadata: null,
    })
  })

  it.each([
    ['+15121231111', {}, true],
    ['+15121231111', { dob: '1930-03-11', email: 'kevin.doyle@gmail.com' }, true],
    ['+15121231112', {}, false],
    ['+15121231112', { dob: '1988-02-14' }, true],
    ['+15121231113', { dob: '1988-02-14' }, false],
    ['+15121231122', {}, true],
    ['+16505551115', {}, false],
    ['+16505555555', {}, false],
  ])('with the phone %s and %j is matched: %s', async (phone, more, isMatched) => {
    const { data } = await person({ first_name: 'Test', last_name: 'McTesterson', phone, ...more })
    expect(data.verification.identity.matched).toBe(isMatched)
  })

  it('with the phone +15121231113 is matched once the address is there', async () => {
    const { data } = await person({ first_name: 'K', last_name: 'D', phone: '+15121231113', dob: '1988-02-14' })
    const { data: after } = await update(data.id, {
      address: { line1: '412 Larkspur Lane', city: 'Round Rock', state: 'TX', zip: '78664' },
    })
    expect(after.verification.identity.matched).toBe(true)
  })

  it('needs a name to be matched and to have a product', async () => {
    const { data } = await person({ phone: '+15121231111' })
    expect(data).toMatchObject({ verification: { identity: { matched: false } }, products: [] })
  })

  it('becomes active with the second proof, and may connect then', async () => {
    const { entity } = await kevin(app).verified().enter()
    expect(entity).toMatchObject({
      status: 'active',
      verification: { identity: { verified: true, methods: [] }, phone: { verified: true, methods: [] } },
      products: ['connect', 'credit_score', 'identity'],
      restricted_products: ['attribute'],
      available_subscriptions: ['connect', 'credit_score'],
      restricted_subscriptions: [],
    })
  })

  it('has every product once connected', async () => {
    const { entity } = await kevin(app).verified().connected().enter()
    expect(entity).toMatchObject({
      products: ['connect', 'credit_score', 'identity', 'attribute'],
      restricted_products: [],
    })
    expect(entity.connect).toMatch(/^cxn_/)
  })

  it('may exist many times', async () => {
    const twins = await Promise.all([person({ phone: '+15121231111' }), person({ phone: '+15121231111' })])
    expect(twins.map(({ status }) => status)).toEqual([200, 200])
    expect(twins[0]?.data.id).not.toBe(twins[1]?.data.id)
  })

  it('shows nothing of a social security number but that it was given', async () => {
    const whole = await person({ ssn: '111223333' })
    expect(whole.data.individual).toMatchObject({ ssn: 'xxxxxxxxx', ssn_4: null })
    const last = await person({ ssn_4: '3333' })
    expect(last.data.individual).toMatchObject({ ssn: null, ssn_4: 'xxxx' })
    const dumped = await sql<{ row: string }>`select to_jsonb(t)::text as row from consumers t`.execute(app.fresh.db)
    const events = await sql<{ row: string }>`select to_jsonb(t)::text as row from events t`.execute(app.fresh.db)
    for (const { row } of [...dumped.rows, ...events.rows]) expect(row).not.toContain('111223333')
  })
})

describe('a member', () => {
  const kept = async (member: string, given: unknown) => (await person({ [member]: given })).data.individual?.[member]

  it.each([
    ['first_name', ' Kevin ', 'Kevin'],
    ['last_name', 'x'.repeat(100), 'x'.repeat(100)],
    ['first_name', 'Æthelflæd', 'Æthelflæd'],
    ['phone', '+15121231111', '+15121231111'],
    ['phone', '(512) 123-1111', '+15121231111'],
    ['phone', '512.123.1111', '+15121231111'],
    ['phone', '1-512-123-1111', '+15121231111'],
    ['email', 'kevin.doyle+x@mail.example.com', 'kevin.doyle+x@mail.example.com'],
    ['dob', '1900-01-01', '1900-01-01'],
    ['dob', '2024-02-29', '2024-02-29'],
    ['dob', '2026-03-09', '2026-03-09'],
    ['ssn', '123456789', 'xxxxxxxxx'],
    ['ssn', '111223333', 'xxxxxxxxx'],
    ['ssn_4', '0001', 'xxxx'],
    ['dob', null, null],
  ])('%s takes %j', async (member, given, wanted) => {
    expect(await kept(member, given)).toBe(wanted)
  })

  it.each([
    ['first_name', '', 'INVALID_REQUEST'],
    ['first_name', '   ', 'INVALID_REQUEST'],
    ['last_name', 'x'.repeat(101), 'INVALID_REQUEST'],
    ['last_name', 7, 'INVALID_REQUEST'],
    ['phone', '', 'INVALID_ENTITY_PHONE_NUMBER'],
    ['phone', '5121231', 'INVALID_ENTITY_PHONE_NUMBER'],
    ['phone', '+442071838750', 'INVALID_ENTITY_PHONE_NUMBER'],
    ['phone', '+1512123111122', 'INVALID_ENTITY_PHONE_NUMBER'],
    ['phone', 'five one two', 'INVALID_ENTITY_PHONE_NUMBER'],
    ['phone', '1'.repeat(10_000), 'INVALID_ENTITY_PHONE_NUMBER'],
    ['email', 'kevin', 'INVALID_ENTITY_EMAIL_ADDRESS'],
    ['email', 'kevin@localhost', 'INVALID_ENTITY_EMAIL_ADDRESS'],
    ['email', 'a b@example.com', 'INVALID_ENTITY_EMAIL_ADDRESS'],
    ['email', `${'x'.repeat(250)}@example.com`, 'INVALID_ENTITY_EMAIL_ADDRESS'],
    ['dob', '1988-02-30', 'INVALID_REQUEST'],
    ['dob', '14.02.1988', 'INVALID_REQUEST'],
    ['dob', '1988-02-14T00:00:00Z', 'INVALID_REQUEST'],
    ['dob', '2026-03-10', 'INVALID_REQUEST'],
    ['ssn', '11122333', 'ENTITY_INVALID_SSN'],
    ['ssn', '111-22-3333', 'ENTITY_INVALID_SSN'],
    ['ssn', '000223333', 'ENTITY_INVALID_SSN'],
    ['ssn', '666223333', 'ENTITY_INVALID_SSN'],
    ['ssn', '911223333', 'ENTITY_INVALID_SSN'],
    ['ssn', '111003333', 'ENTITY_INVALID_SSN'],
    ['ssn', '111220000', 'ENTITY_INVALID_SSN'],
    ['ssn', '٣٣٣٢٢١١١١', 'ENTITY_INVALID_SSN'],
    ['ssn_4', '0000', 'ENTITY_INVALID_SSN4'],
    ['ssn_4', '333', 'ENTITY_INVALID_SSN4'],
    ['ssn_4', '33333', 'ENTITY_INVALID_SSN4'],
  ])('%s does not take %j', async (member, given, subType) => {
    expect(await person({ [member]: given })).toMatchObject(refused(subType))
  })

  it.each([
    ['state', 'TX', 200],
    ['state', 'PR', 200],
    ['state', 'tx', 400],
    ['state', 'Texas', 400],
    ['state', 'ZZ', 400],
    ['zip', '78664', 200],
    ['zip', '78664-1234', 200],
    ['zip', '7866', 400],
    ['zip', '786641234', 400],
    ['line1', '', 400],
    ['city', 'x'.repeat(101), 400],
  ])('of the address, %s = %j is answered with %i', async (member, given, status) => {
    const answer = await create({ type: 'individual', address: { [member]: given } })
    expect(answer.status).toBe(status)
    if (status === 200) expect(answer.data.address).toEqual({ ...NO_ADDRESS, [member]: given })
  })

  it('ssn does not go with ssn_4 in one request', async () => {
    expect(await person({ ssn: '111223333', ssn_4: '3333' })).toMatchObject(refused('INVALID_REQUEST'))
  })

  it.each(['c_corporation', 's_corporation', 'llc', 'partnership', 'sole_proprietorship', 'receive_only', null, 7])(
    'type does not take %j',
    async (type) => {
      expect(await create({ type })).toMatchObject(refused('INVALID_REQUEST'))
    },
  )

  it.each(['individual', 'corporation', 'address'])('%s has to be an object', async (section) => {
    for (const given of ['text', 7, []]) {
      expect(await create({ type: 'individual', [section]: given })).toMatchObject(refused('INVALID_REQUEST'))
    }
  })
})

describe('an update', () => {
  const full = {
    first_name: 'Kevin',
    last_name: 'Doyle',
    phone: '+15125550134',
    email: 'kevin.doyle@example.com',
    dob: '1988-02-14',
  }
  const address = { line1: '412 Larkspur Lane', line2: 'Apt 7', city: 'Round Rock', state: 'TX', zip: '78664' }

  it('fills what was empty', async () => {
    const { data } = await person({})
    app.clock.advance(1000)
    const after = await update(data.id, { individual: full, address })
    expect(after.data).toMatchObject({ individual: full, address, created_at: data.created_at })
    expect(after.data.updated_at).toBe(app.clock.now())
    expect(await eventsOf(data.id)).toEqual(['consumer.created', 'consumer.updated'])
  })

  it.each([
    ['the same values', { individual: full, address }],
    ['the phone in another spelling', { individual: { phone: '(512) 555-0134' } }],
    ['a name with space around it', { individual: { first_name: ' Kevin ' } }],
    ['nothing', {}],
    ['empty sections', { individual: {}, address: {} }],
    ['nulls', { individual: { first_name: null, dob: null }, address: { zip: null }, corporation: null }],
    ['metadata, which stays as it was', { metadata: { a: 1 } }],
  ])('of %s changes nothing and is no event', async (_, body) => {
    const { data } = await person(full, { address })
    app.clock.advance(1000)
    const after = await update(data.id, body)
    expect(after).toMatchObject({ status: 200, data })
    expect(after.data).toEqual(data)
    expect(await eventsOf(data.id)).toEqual(['consumer.created'])
  })

  it('replaces metadata from 2025-12-01 on', async () => {
    const { data } = await person(full, { metadata: { a: 1 } })
    const put = (metadata: unknown) =>
      app.call('PUT', `/entities/${data.id}`, { body: { metadata }, version: '2025-12-01' })
    expect((await put({ b: 2 })).data.metadata).toEqual({ b: 2 })
    expect((await put(null)).data.metadata).toBeNull()
    expect(await eventsOf(data.id)).toEqual(['consumer.created', 'consumer.updated', 'consumer.updated'])
    for (const wrong of ['text', 7, [1]]) expect((await put(wrong)).error.sub_type).toBe('INVALID_REQUEST')
    expect((await put({ a: 'x'.repeat(1024) })).error.sub_type).toBe('MAX_ENTITY_METADATA_SIZE_EXCEEDED')
    expect((await get(data.id)).metadata).toBeNull()
  })

  it.each([
    { individual: { first_name: 'Calvin' } },
    { individual: { phone: '+15125550135' } },
    { individual: { email: 'KEVIN.DOYLE@example.com' } },
    { individual: { dob: '1988-02-15' } },
    { address: { line2: 'Apt 8' } },
    { address: { zip: '78665' } },
  ])('of a value that is set is refused: %j', async (body) => {
    const { data } = await person(full, { address })
    expect(await update(data.id, body)).toMatchObject(refused('ENTITY_UPDATE_INVALID'))
    expect(await get(data.id)).toEqual(data)
  })

  it('that is refused in part changes nothing at all', async () => {
    const { data } = await person({ first_name: 'Kevin' })
    const body = { individual: { last_name: 'Doyle', first_name: 'Calvin' }, address }
    expect(await update(data.id, body)).toMatchObject(refused('ENTITY_UPDATE_INVALID'))
    expect(await get(data.id)).toEqual(data)
    expect(await eventsOf(data.id)).toEqual(['consumer.created'])
  })

  it('obeys the rules of creation', async () => {
    const { data } = await person({})
    const cases = [
      [{ individual: { phone: '12' } }, 'INVALID_ENTITY_PHONE_NUMBER'],
      [{ individual: { email: '12' } }, 'INVALID_ENTITY_EMAIL_ADDRESS'],
      [{ individual: { ssn: '12' } }, 'ENTITY_INVALID_SSN'],
      [{ individual: { ssn_4: '12' } }, 'ENTITY_INVALID_SSN4'],
      [{ individual: { ssn: '111223333', ssn_4: '3333' } }, 'INVALID_REQUEST'],
      [{ address: { state: 'Texas' } }, 'INVALID_REQUEST'],
    ] as const
    for (const [body, subType] of cases) expect(await update(data.id, body)).toMatchObject(refused(subType))
  })

  it('of nobody is refused', async () => {
    expect(await update('ent_fRkTdETCDWCA8', { individual: {} })).toMatchObject({ status: 404 })
  })

  it('of a disabled entity is refused before anything else', async () => {
    const { data } = await person(full)
    await sql`update consumers set status = 'disabled', status_reason = 'invalid_details'
      where id = ${data.id.slice('ent_'.length)}`.execute(app.fresh.db)
    const body = { individual: { first_name: 'Calvin', phone: '12' }, corporation: { name: 'x' } }
    expect(await update(data.id, body)).toMatchObject(refused('ENTITY_UPDATE_DISABLED'))
    expect(await get(data.id)).toMatchObject({
      status: 'disabled',
      error: { type: 'ENTITY_DISABLED', code: 12002, sub_type: 'ENTITY_INVALID_DETAILS' },
      products: [],
      restricted_products: [],
      available_subscriptions: [],
      restricted_subscriptions: [],
    })
  })

  it('with a section of the other type is refused', async () => {
    const { data } = await person({})
    expect(await update(data.id, { corporation: { name: 'x' } })).toMatchObject(refused('ENTITY_UPDATE_UNSUPPORTED'))
    const company = await create({ type: 'corporation', corporation: {} })
    const body = { individual: { first_name: 'x' } }
    expect(await update(company.data.id, body)).toMatchObject(refused('ENTITY_UPDATE_UNSUPPORTED'))
  })

  it('by two callers at once ends with one of them', async () => {
    const { data } = await person({})
    const answers = await Promise.all(
      ['Ann', 'Bea', 'Cleo', 'Dora'].map((first_name) => update(data.id, { individual: { first_name } })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400])
    const winner = answers.find(({ status }) => status === 200)
    expect(await get(data.id)).toEqual(winner?.data)
    expect(await eventsOf(data.id)).toEqual(['consumer.created', 'consumer.updated'])
  })
})

describe('a social security number', () => {
  it.each([
    [{ ssn: '111223333' }, { ssn_4: '3333' }, { ssn: 'xxxxxxxxx', ssn_4: 'xxxx' }],
    [{ ssn_4: '3333' }, { ssn: '111223333' }, { ssn: 'xxxxxxxxx', ssn_4: 'xxxx' }],
    [{ ssn: '111223333' }, { ssn: '111223333' }, { ssn: 'xxxxxxxxx', ssn_4: null }],
    [{ ssn_4: '3333' }, { ssn_4: '3333' }, { ssn: null, ssn_4: 'xxxx' }],
  ])('%j may be followed by %j', async (first, then, wanted) => {
    const { data } = await person(first)
    expect((await update(data.id, { individual: then })).data.individual).toMatchObject(wanted)
  })

  it.each([
    [{ ssn: '111223333' }, { ssn_4: '3334' }, 'ENTITY_INVALID_SSN4'],
    [{ ssn_4: '3333' }, { ssn: '111223334' }, 'ENTITY_INVALID_SSN'],
    [{ ssn: '111223333' }, { ssn: '111223334' }, 'ENTITY_UPDATE_INVALID'],
    [{ ssn_4: '3333' }, { ssn_4: '3334' }, 'ENTITY_UPDATE_INVALID'],
  ])('%j may not be followed by %j', async (first, then, subType) => {
    const { data } = await person(first)
    expect(await update(data.id, { individual: then })).toMatchObject(refused(subType))
    expect((await get(data.id)).individual).toEqual(data.individual)
  })
})

describe('a company', () => {
  const owner = {
    first_name: 'Kevin',
    last_name: 'Doyle',
    phone: '+15125550134',
    email: 'kevin.doyle@example.com',
    dob: '1988-02-14',
    address: { line1: '412 Larkspur Lane', line2: null, city: 'Round Rock', state: 'TX', zip: '78664' },
  }
  const corporation = { name: 'Blue Heron Outfitters Inc.', dba: 'Blue Heron', ein: '820415567', owners: [owner] }
  const address = { line1: '90 Harbor Street', line2: null, city: 'Austin', state: 'TX', zip: '78701' }

  it('that is fully described is active, and has nine members', async () => {
    const { data } = await create({ type: 'corporation', corporation, address })
    expect(data).toEqual({
      id: data.id,
      type: 'corporation',
      corporation,
      error: null,
      address,
      status: 'active',
      metadata: null,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    expect(await get(data.id)).toEqual(data)
  })

  it('is incomplete until name, number, an owner and an address are there', async () => {
    const { data } = await create({ type: 'corporation', corporation: {} })
    expect(data).toMatchObject({
      status: 'incomplete',
      corporation: { name: null, dba: null, ein: null, owners: [] },
      address: NO_ADDRESS,
    })
    const steps: readonly (readonly [object, string])[] = [
      [{ corporation: { name: 'Blue Heron' } }, 'incomplete'],
      [{ corporation: { ein: '820415567' } }, 'incomplete'],
      [{ corporation: { owners: [{ first_name: 'Kevin' }] } }, 'incomplete'],
      [{ address: { line1: '90 Harbor Street' } }, 'active'],
    ]
    for (const [body, status] of steps) expect((await update(data.id, body)).data.status).toBe(status)
  })

  it('keeps its owners as they were first named', async () => {
    const { data } = await create({ type: 'corporation', corporation })
    const again = await update(data.id, { corporation: { owners: [owner] } })
    expect(again.data).toEqual(data)
    expect(await eventsOf(data.id)).toEqual(['consumer.created'])
    for (const owners of [[{ ...owner, first_name: 'Calvin' }], [owner, owner]]) {
      expect(await update(data.id, { corporation: { owners } })).toMatchObject(refused('ENTITY_UPDATE_INVALID'))
    }
  })

  it.each([
    [{ ein: '82-0415567' }, 'INVALID_REQUEST'],
    [{ ein: '82041556' }, 'INVALID_REQUEST'],
    [{ name: '' }, 'INVALID_REQUEST'],
    [{ owners: [{ phone: '12' }] }, 'INVALID_ENTITY_PHONE_NUMBER'],
    [{ owners: [{ email: '12' }] }, 'INVALID_ENTITY_EMAIL_ADDRESS'],
    [{ owners: [{ dob: '12' }] }, 'INVALID_REQUEST'],
    [{ owners: [{ address: { state: 'Texas' } }] }, 'INVALID_REQUEST'],
    [{ owners: Array.from({ length: 11 }, () => ({})) }, 'INVALID_REQUEST'],
    [{ owners: {} }, 'INVALID_REQUEST'],
  ])('with %j is refused', async (members, subType) => {
    const answer = await create({ type: 'corporation', corporation: members })
    expect(answer).toMatchObject(refused(subType))
  })

  it('is refused by everything that is for people', async () => {
    const { data } = await create({ type: 'corporation', corporation })
    const session = { type: 'phone', method: 'byo_sms', byo_sms: { timestamp: '2021-09-01T00:00:00.000Z' } }
    const base = `/entities/${data.id}`
    expect(await app.call('POST', `${base}/verification_sessions`, { body: session })).toMatchObject(
      refused('INVALID_ENTITY_TYPE'),
    )
    expect(await app.call('POST', `${base}/connect`)).toMatchObject(refused('INVALID_REQUEST'))
  })
})

describe('a list of entities', () => {
  it('is filtered by type and status, both at once too', async () => {
    const key = (await app.newTeam()).development
    const add = async (body: object) => (await app.call('POST', '/entities', { body, key })).data.id as string
    const incomplete = await add({ type: 'individual' })
    const company = await add({ type: 'corporation', corporation: {} })
    const { id: active } = await kevin(app).as({ key }).verified().enter()
    const listed = async (query: string) =>
      ((await app.call('GET', `/entities${query}`, { key })).data as unknown as Wire[]).map(({ id }) => id)
    expect(await listed('')).toEqual([active, company, incomplete])
    expect(await listed('?type=individual')).toEqual([active, incomplete])
    expect(await listed('?type=corporation')).toEqual([company])
    expect(await listed('?status=active')).toEqual([active])
    expect(await listed('?status=incomplete')).toEqual([company, incomplete])
    expect(await listed('?status=incomplete&type=individual')).toEqual([incomplete])
    expect(await listed('?status=disabled')).toEqual([])
  })

  it('is filtered by part of a name, from 2025-12-01 on', async () => {
    const key = (await app.newTeam()).development
    const add = async (body: object) => (await app.call('POST', '/entities', { body, key })).data.id as string
    const ada = await add({ type: 'individual', individual: { first_name: 'Ada', last_name: 'Heron_%' } })
    const company = await add({ type: 'corporation', corporation: { name: 'Wading Inc.', dba: 'Blue Heron' } })
    await add({ type: 'individual' })
    const listed = async (query: string, version: Version = '2025-12-01') => {
      const { data, headers } = await app.call('GET', `/entities?${query}`, { key, version })
      const ids = (data as unknown as Wire[]).map(({ id }) => id)
      return { ids, total: headers['pagination-total-count'] }
    }
    expect(await listed('name=heron')).toEqual({ ids: [company, ada], total: '2' })
    expect(await listed('name=WADING')).toEqual({ ids: [company], total: '1' })
    expect(await listed('name=ada%20heron_%25')).toEqual({ ids: [ada], total: '1' })
    expect(await listed('name=heron&type=individual')).toEqual({ ids: [ada], total: '1' })
    expect(await listed('name=%25')).toEqual({ ids: [ada], total: '1' })
    expect(await listed('name=nobody')).toEqual({ ids: [], total: '0' })
    expect((await listed('name=nobody', '2025-07-04')).ids).toHaveLength(3)
  })

  it('shows each entity as it is shown alone', async () => {
    const { data } = await app.call('GET', '/entities?page_limit=5')
    for (const entity of data as unknown as Wire[]) expect(entity).toEqual(await get(entity.id))
  })
})
