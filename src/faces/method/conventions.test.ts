/** What is common to every request and answer. Contract: method/conventions §2–§8, §12, §21. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { BODY_BYTES_MAX } from './bodies.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const PERSON = { type: 'individual', individual: {} }

describe('the envelope', () => {
  it('holds one resource, with no message', async () => {
    const { text, data } = await app.call('POST', '/entities', { body: PERSON })
    expect(JSON.parse(text)).toEqual({ success: true, data, message: null })
    expect(data.id).toMatch(/^ent_[0-9A-Za-z]{13}$/)
  })

  it('holds nothing but a message when the service is pinged', async () => {
    const { text } = await app.call('GET', '/ping')
    expect(JSON.parse(text)).toEqual({ success: true, data: null, message: 'pong' })
  })

  it('holds an empty list when there is nothing', async () => {
    const { text } = await app.call('GET', '/accounts', { key: (await app.newTeam()).development })
    expect(JSON.parse(text)).toEqual({ success: true, data: [], message: null })
  })

  it('answers a creation with 200 and not with 201', async () => {
    expect((await app.call('POST', '/entities', { body: PERSON })).status).toBe(200)
  })
})

describe('a caller', () => {
  const refused = {
    status: 401,
    error: {
      type: 'INVALID_AUTHORIZATION',
      code: 401,
      sub_type: 'UNAUTHORIZED',
      message: 'The API key is missing or not valid for this environment.',
    },
  }

  it.each([
    ['without a key', {}],
    ['with an unknown key', { authorization: 'Bearer sk_dev_nobodysKey' }],
    ['with a key that is not borne', { authorization: 'Basic c2tfZGV2Og==' }],
    ['with a bearer of nothing', { authorization: 'Bearer ' }],
    ['with the start of a key', { authorization: 'Bearer sk_dev_' }],
  ])('%s is refused everywhere, even where nothing is', async (_, headers: Record<string, string>) => {
    for (const path of ['/ping', '/entities', '/no/such/route']) {
      expect(await app.call('GET', path, { key: null, headers })).toMatchObject(refused)
    }
  })

  it('is refused with the beginning or a longer form of a good key', async () => {
    const { development } = app.keys
    for (const key of [development.slice(0, -1), `${development}x`, development.toUpperCase()]) {
      expect(await app.call('GET', '/ping', { key })).toMatchObject(refused)
    }
  })

  it('sees nothing of another team, nor of its own team in another environment', async () => {
    const { data } = await app.call('POST', '/entities', { body: PERSON })
    for (const key of [(await app.newTeam()).development, app.keys.sandbox, app.keys.production]) {
      const answer = await app.call('GET', `/entities/${data.id}`, { key })
      expect(answer).toMatchObject({ status: 404, error: { sub_type: 'NOT_FOUND' } })
      expect((await app.call('GET', '/entities', { key })).data).toEqual([])
    }
  })

  it('may write the scheme in any case', async () => {
    const headers = { authorization: `bearer ${app.keys.development}` }
    expect((await app.call('GET', '/ping', { key: null, headers })).status).toBe(200)
  })
})

describe('the version', () => {
  const keysOf = async (headers: Record<string, string>, key = app.keys.development) => {
    const { data } = await app.call('POST', '/entities', { body: PERSON, headers, key })
    return Object.keys(data)
  }

  it('is the early shape of 2024-04-04 without a header', async () => {
    expect(await keysOf({})).not.toContain('vehicle')
  })

  it.each(['2024-04-04', '2025-07-04', '2025-12-01'])('%s is served', async (date) => {
    expect((await app.call('GET', '/entities', { headers: { 'method-version': date } })).status).toBe(200)
  })

  it.each(['Method-Node/v1.2.6', 'Method-Python/v1.2.0', 'Method-Node/v1.10.0'])(
    'is the late shape of 2024-04-04 for %s',
    async (agent) => {
      expect(await keysOf({ 'method-version': '2024-04-04', 'user-agent': agent })).toContain('vehicle')
    },
  )

  it.each(['Method-Node/v1.1.3', 'Method-Python/v1.0.0', 'curl/8.0'])(
    'is the early shape of 2024-04-04 for %s',
    async (agent) => {
      expect(await keysOf({ 'method-version': '2024-04-04', 'user-agent': agent })).not.toContain('vehicle')
    },
  )

  it.each(['2020-12-06', '2026-03-30', 'yesterday', '2025-12-01T00:00:00Z'])('%s is refused', async (date) => {
    const answer = await app.call('GET', '/entities', { headers: { 'method-version': date } })
    expect(answer).toMatchObject({ status: 400, error: { type: 'INVALID_REQUEST', sub_type: 'INVALID_REQUEST' } })
    expect(answer.error.message).toContain('Method-Version')
  })

  it('is the one pinned to the team when the caller names none', async () => {
    const keys = await app.newTeam()
    const settings = JSON.stringify({ method: { version: '2025-07-04' } })
    await sql`update teams set settings = ${settings}::jsonb where name = ${keys.team}`.execute(app.fresh.db)
    expect(await keysOf({}, keys.development)).toContain('vehicle')
    expect(await keysOf({ 'method-version': '2024-04-04' }, keys.development)).not.toContain('vehicle')
  })

  it('changes what a resource looks like, not which resource it is', async () => {
    const { data } = await app.call('POST', '/entities', { body: PERSON, version: '2025-12-01' })
    const early = await app.call('GET', `/entities/${data.id}`)
    expect(early.data).toMatchObject({ id: data.id, created_at: data.created_at })
  })

  it('2025-12-01 answers 422 to a sound request that breaks a rule of business, and others answer 400', async () => {
    const body = { type: 'individual', individual: { ssn: '000112222' } }
    const wanted = { type: 'INVALID_REQUEST', sub_type: 'ENTITY_INVALID_SSN' }
    const newest = await app.call('POST', '/entities', { body, version: '2025-12-01' })
    expect(newest).toMatchObject({ status: 422, error: { ...wanted, code: 422 } })
    for (const version of ['2024-04-04', '2024-04-04-late', '2025-07-04'] as const) {
      const older = await app.call('POST', '/entities', { body, version })
      expect(older).toMatchObject({ status: 400, error: { ...wanted, code: 400 } })
    }
  })

  it('2025-12-01 still answers 400 to a request that is not sound, and 404 for what is not there', async () => {
    const version = '2025-12-01'
    expect(await app.call('POST', '/entities', { body: {}, version })).toMatchObject({ status: 400 })
    expect(await app.call('GET', '/entities/ent_nobody', { version })).toMatchObject({ status: 404 })
  })
})

describe('a request id', () => {
  it('is new on every answer, whatever the answer is', async () => {
    const answers = await Promise.all([
      app.call('GET', '/ping'),
      app.call('GET', '/ping'),
      app.call('GET', '/entities'),
      app.call('GET', '/nowhere'),
      app.call('DELETE', '/entities'),
      app.call('GET', '/ping', { key: null }),
      app.call('POST', '/entities', { body: { type: 'martian' } }),
      app.call('POST', '/entities', { text: '{' }),
    ])
    expect(new Set(answers.map(({ headers }) => headers['request-id'])).size).toBe(answers.length)
  })
})

describe('a body', () => {
  const refused = (subType: string, status = 400) => ({ status, error: { type: 'INVALID_REQUEST', sub_type: subType } })

  it.each(['{"type":', '{"type":"individual"} trailing', 'type=individual', '{a: 1}', '\u0000'])(
    'that is not JSON is refused: %j',
    async (text) => {
      const answer = await app.call('POST', '/entities', { text })
      expect(answer).toMatchObject(refused('INVALID_REQUEST'))
      expect(answer.error.message).toBe('The body is not valid JSON. Send one JSON object.')
    },
  )

  it.each(['[]', '"text"', '7', 'null', 'true'])('that is JSON but no object is refused: %s', async (text) => {
    expect(await app.call('POST', '/entities', { text })).toMatchObject(refused('INVALID_REQUEST'))
  })

  it.each(['{"type":"individual","__proto__":{"a":1}}', '{"constructor":{"prototype":{"a":1}}}'])(
    'that reaches for prototypes is refused: %s',
    async (text) => {
      expect(await app.call('POST', '/entities', { text })).toMatchObject(refused('INVALID_REQUEST'))
    },
  )

  it('of another kind than JSON is refused', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/xml']) {
      const call = { text: 'type=individual', headers: { 'content-type': type } }
      expect(await app.call('POST', '/entities', call)).toMatchObject(refused('UNSUPPORTED_MEDIA_TYPE', 415))
    }
  })

  it('of more than a megabyte is refused', async () => {
    const text = JSON.stringify({ type: 'individual', padding: 'x'.repeat(BODY_BYTES_MAX) })
    expect(await app.call('POST', '/entities', { text })).toMatchObject(refused('PAYLOAD_TOO_LARGE', 413))
  })

  it('nested without end is refused', async () => {
    const text = `{"type":"individual","metadata":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`
    expect(await app.call('POST', '/entities', { text })).toMatchObject(refused('INVALID_REQUEST'))
  })

  it.each(['a\u0000b', '\ud800'])('with text that cannot be kept is refused: %j', async (name) => {
    const body = { type: 'individual', individual: { first_name: name } }
    expect(await app.call('POST', '/entities', { body })).toMatchObject(refused('INVALID_REQUEST'))
  })

  it('may have members nobody knows', async () => {
    const body = { ...PERSON, individual: { nickname: 'Kev' }, favourite_colour: 'green' }
    const { status, data } = await app.call('POST', '/entities', { body })
    expect(status).toBe(200)
    expect(data).not.toHaveProperty('favourite_colour')
  })

  it('may be left out where nothing is required, under a JSON content type or none', async () => {
    const { data } = await app.call('POST', '/entities', { body: PERSON })
    for (const call of [{}, { text: '' }, { body: {} }]) {
      expect(await app.call('PUT', `/entities/${data.id}`, call)).toMatchObject({ status: 200, data: { id: data.id } })
    }
  })

  it('may name a character set', async () => {
    const call = { text: JSON.stringify(PERSON), headers: { 'content-type': 'application/json; charset=utf-8' } }
    expect((await app.call('POST', '/entities', call)).status).toBe(200)
  })
})

describe('a path', () => {
  it('that leads nowhere is not found', async () => {
    for (const path of ['/nowhere', '/transactions', '/entities/ent_1/auth_session', '/accounts/acc_1/syncs']) {
      expect(await app.call('GET', path)).toMatchObject({ status: 404, error: { sub_type: 'NOT_FOUND' } })
    }
  })

  it('under a method it does not have says which ones it has', async () => {
    const answer = await app.call('DELETE', '/entities')
    expect(answer).toMatchObject({ status: 405, error: { type: 'INVALID_REQUEST', sub_type: 'METHOD_NOT_ALLOWED' } })
    expect(answer.headers.allow?.split(', ').sort()).toEqual(['GET', 'POST'])
  })

  it.each([
    'ent_',
    'ent_short',
    'ent_0000000000000',
    'acc_fRkTdETCDWCA8',
    '%00',
    'ent_%ff',
    '%zz',
    "ent_'--",
    'e'.repeat(300),
  ])('with an id that cannot be is not found: %s', async (id) => {
    expect(await app.call('GET', `/entities/${id}`)).toMatchObject({ status: 404, error: { sub_type: 'NOT_FOUND' } })
  })

  it('tells the case of an id', async () => {
    const { data } = await app.call('POST', '/entities', { body: PERSON })
    const other = data.id.replace(/[a-z](?=[^a-z]*$)/, (letter: string) => letter.toUpperCase())
    expect(await app.call('GET', `/entities/${other === data.id ? data.id.toLowerCase() : other}`)).toMatchObject({
      status: 404,
    })
  })
})

describe('a query', () => {
  it('may have members nobody knows', async () => {
    expect((await app.call('GET', '/entities?utm_source=mail&x[]=1&idempotency_key=a')).status).toBe(200)
    expect((await app.call('POST', '/entities?whatever=1', { body: PERSON })).status).toBe(200)
  })

  it('with text that cannot be kept is refused', async () => {
    expect((await app.call('GET', '/accounts?holder_id=%00')).status).toBe(400)
  })
})

describe('metadata', () => {
  const create = (metadata: unknown) => app.call('POST', '/entities', { body: { ...PERSON, metadata } })
  const ofBytes = (bytes: number): Wire => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) })

  it('comes back as it was given: an empty object stays one, and null stays null', async () => {
    for (const metadata of [{}, null, { customer: 'c-20931', nested: { list: [1, 'two', null] } }]) {
      const { data } = await create(metadata)
      expect(data.metadata).toEqual(metadata)
      expect((await app.call('GET', `/entities/${data.id}`)).data.metadata).toEqual(metadata)
    }
  })

  it('is null when it was not given', async () => {
    expect((await app.call('POST', '/entities', { body: PERSON })).data.metadata).toBeNull()
  })

  it('may have 1023 bytes and not 1024', async () => {
    expect((await create(ofBytes(1023))).data.metadata).toEqual(ofBytes(1023))
    expect(await create(ofBytes(1024))).toMatchObject({
      status: 400,
      error: { sub_type: 'MAX_ENTITY_METADATA_SIZE_EXCEEDED' },
    })
  })

  it('is measured in bytes, not in characters', async () => {
    expect((await create({ a: 'é'.repeat(507) })).status).toBe(200)
    expect((await create({ a: 'é'.repeat(508) })).status).toBe(400)
  })

  it.each([[[]], ['text'], [7], [true]])('that is no object is refused: %j', async (metadata) => {
    expect(await create(metadata)).toMatchObject({ status: 400, error: { sub_type: 'INVALID_REQUEST' } })
  })
})
