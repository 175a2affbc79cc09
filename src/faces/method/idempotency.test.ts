/** A request that was named is carried out once, and answered alike for ever. Contract: method/conventions §10, §21. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, type Call, openApp } from '../../../test/setup/app.js'
import { kevin, questionedKevin } from '../../../test/setup/cast.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const PERSON = { type: 'individual', individual: {} }
const named = (key: string, call: Call = {}): Call => ({ ...call, headers: { 'idempotency-key': key } })
const create = (key: string, body: object = PERSON) => app.call('POST', '/entities', named(key, { body }))

async function entityCount(key = app.keys.development): Promise<number> {
  const { headers } = await app.call('GET', '/entities', { key })
  return Number(headers['pagination-total-count'])
}

describe('the first request of a key', () => {
  it('is stored, and its repetition gets the same bytes without doing anything', async () => {
    const key = randomUUID()
    const first = await create(key)
    const before = await entityCount()
    const again = await create(key)
    expect(first.headers['idem-status']).toBe('stored')
    expect(again.headers['idem-status']).toBe('replayed')
    expect([again.status, again.text]).toEqual([first.status, first.text])
    expect(again.headers['idem-request-id']).not.toBe(first.headers['idem-request-id'])
    expect(await entityCount()).toBe(before)
  })

  it('is stored when it is refused by a rule, and stays refused when the rule no longer would', async () => {
    const { id } = await kevin(app).enter()
    const path = `/entities/${id}/verification_sessions`
    const identity = named(randomUUID(), { body: { type: 'identity', method: 'kba', kba: {} } })
    const first = await app.call('POST', path, identity)
    expect(first).toMatchObject({ status: 400, error: { sub_type: 'MISSING_PHONE_VERIFICATION' } })
    expect(first.headers['idem-status']).toBe('stored')
    const phone = { type: 'phone', method: 'byo_sms', byo_sms: { timestamp: '2021-09-01T00:00:00.000Z' } }
    await app.call('POST', path, { body: phone })
    const again = await app.call('POST', path, identity)
    expect([again.status, again.text, again.headers['idem-status']]).toEqual([400, first.text, 'replayed'])
  })

  it.each([
    ['breaks its schema', { body: { type: 'martian' } }],
    ['is no JSON', { text: '{' }],
    ['names somebody unknown', { body: {}, path: '/entities/ent_fRkTdETCDWCA8/connect' }],
  ])(
    'is stored when it %s, and answers for a sound one that follows',
    async (_, { path, ...call }: Call & { path?: string }) => {
      const key = randomUUID()
      const first = await app.call('POST', path ?? '/entities', named(key, call))
      expect(first.headers['idem-status']).toBe('stored')
      const again = await create(key)
      expect([again.status, again.text, again.headers['idem-status']]).toEqual([first.status, first.text, 'replayed'])
    },
  )

  it('answers for another path, method and body as well', async () => {
    const key = randomUUID()
    const first = await create(key)
    const others = [
      await create(key, { type: 'corporation', corporation: {} }),
      await app.call('PUT', `/entities/${first.data.id}`, named(key, { body: { individual: { first_name: 'K' } } })),
      await app.call('POST', '/webhooks', named(key, { body: { type: 'entity.create', url: 'https://example.com' } })),
      await app.call('DELETE', '/webhooks/whk_fRkTdETCDWCA8', named(key)),
      await create(key, { type: 'martian' }),
      await app.call('POST', '/entities', named(key, { text: '{' })),
    ]
    for (const other of others) expect([other.text, other.headers['idem-status']]).toEqual([first.text, 'replayed'])
    expect((await app.call('GET', `/entities/${first.data.id}`)).data.individual.first_name).toBeNull()
  })

  it('is not that of another team or environment', async () => {
    const key = randomUUID()
    const first = await create(key)
    for (const secret of [(await app.newTeam()).development, app.keys.sandbox]) {
      const other = await app.call('POST', '/entities', { ...named(key, { body: PERSON }), key: secret })
      expect(other.headers['idem-status']).toBe('stored')
      expect(other.data.id).not.toBe(first.data.id)
    }
  })

  it('leaves the key free when the caller was unknown', async () => {
    const key = randomUUID()
    const refused = await app.call('POST', '/entities', { ...named(key, { body: PERSON }), key: 'sk_dev_nobody' })
    expect([refused.status, refused.headers['idem-status']]).toEqual([401, 'bypassed'])
    expect((await create(key)).headers['idem-status']).toBe('stored')
  })

  it('is answered at its own version, also when it is repeated at another', async () => {
    const key = randomUUID()
    const first = await app.call('POST', '/entities', { ...named(key, { body: PERSON }), version: '2024-04-04' })
    const headers = { 'idempotency-key': key, 'method-version': '2025-12-01' }
    expect((await app.call('POST', '/entities', { body: PERSON, headers })).text).toBe(first.text)
  })

  it('is remembered for two days and forgotten after', async () => {
    const key = randomUUID()
    const { data } = await create(key)
    const forget = app.tasks.find(({ name }) => name === 'requests.forget')
    app.clock.advance(47 * 3_600_000)
    await forget?.run({}, new AbortController().signal, false)
    expect((await create(key)).data.id).toBe(data.id)
    app.clock.advance(2 * 3_600_000)
    await forget?.run({}, new AbortController().signal, false)
    expect((await create(key)).headers['idem-status']).toBe('stored')
  })
})

describe('a key', () => {
  it('is passed by when there is none, and by requests that only read', async () => {
    const { headers } = await app.call('POST', '/entities', { body: PERSON })
    expect(headers['idem-status']).toBe('bypassed')
    const key = randomUUID()
    expect((await app.call('GET', '/entities', named(key))).headers['idem-status']).toBe('bypassed')
    expect((await create(key)).headers['idem-status']).toBe('stored')
  })

  it('may stand in the query string, where some clients put it, and the header wins', async () => {
    const [inQuery, inHeader] = [randomUUID(), randomUUID()]
    const path = `/entities?idempotency_key=${inQuery}`
    const first = await app.call('POST', path, { body: PERSON })
    expect(first.headers['idem-status']).toBe('stored')
    expect((await create(inQuery)).text).toBe(first.text)
    expect((await app.call('POST', path, named(inHeader, { body: PERSON }))).headers['idem-status']).toBe('stored')
  })

  it('may have 255 characters and not 256', async () => {
    expect((await create('k'.repeat(255))).headers['idem-status']).toBe('stored')
    const refused = await create('k'.repeat(256))
    expect(refused).toMatchObject({ status: 400, error: { sub_type: 'INVALID_REQUEST' } })
    expect(refused.error.message).toContain('Idempotency-Key')
    expect(refused.headers['idem-status']).toBe('bypassed')
  })

  it('names a PUT and a DELETE too', async () => {
    const { data } = await app.call('POST', '/entities', { body: PERSON })
    const put = named(randomUUID(), { body: { individual: { first_name: 'Kevin' } } })
    const first = await app.call('PUT', `/entities/${data.id}`, put)
    const again = await app.call('PUT', `/entities/${data.id}`, put)
    expect([again.text, again.headers['idem-status']]).toEqual([first.text, 'replayed'])
    const hook = await app.call('POST', '/webhooks', { body: { type: 'entity.create', url: 'https://example.com' } })
    const gone = named(randomUUID())
    await app.call('DELETE', `/webhooks/${hook.data.id}`, gone)
    const twice = await app.call('DELETE', `/webhooks/${hook.data.id}`, gone)
    expect([twice.status, twice.data, twice.headers['idem-status']]).toEqual([200, null, 'replayed'])
  })
})

describe('two requests of one key at the same time', () => {
  it('make one thing, and both hear of it', async () => {
    const key = randomUUID()
    const before = await entityCount()
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(key)))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers['idem-status'] === 'stored')).toHaveLength(1)
    expect(await entityCount()).toBe(before + 1)
  })

  it('make one thing where nothing outside is asked', async () => {
    const key = randomUUID()
    const body = { type: 'entity.create', url: 'https://example.com/once' }
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => app.call('POST', '/webhooks', named(key, { body }))),
    )
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    const { data } = await app.call('GET', '/webhooks')
    expect(data.filter(({ url }: { url: string }) => url === body.url)).toHaveLength(1)
  })

  it('are refused alike', async () => {
    const { id } = await questionedKevin(app).enter()
    const key = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => app.call('POST', `/entities/${id}/connect`, named(key))),
    )
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers['idem-status'] === 'stored')).toHaveLength(1)
  })
})

describe('while keys cannot be kept', () => {
  it('named requests are refused and do nothing, and unnamed ones work', async () => {
    const before = await entityCount()
    await sql`alter table keyed_requests rename to keyed_requests_away`.execute(app.fresh.db)
    try {
      for (const call of [{ body: PERSON }, { body: { type: 'martian' } }]) {
        const refused = await app.call('POST', '/entities', named(randomUUID(), call))
        expect(refused).toMatchObject({
          status: 503,
          error: {
            type: 'API_ERROR',
            code: 503,
            sub_type: 'IDEMPOTENCY_UNAVAILABLE',
            message:
              'Idempotent requests are temporarily unavailable. To ensure idempotency try your request later, or fall back to a non-idempotent request.',
          },
        })
      }
      expect(await entityCount()).toBe(before)
      expect((await app.call('POST', '/entities', { body: PERSON })).status).toBe(200)
      expect((await app.call('POST', '/entities', { body: { type: 'martian' } })).status).toBe(400)
    } finally {
      await sql`alter table keyed_requests_away rename to keyed_requests`.execute(app.fresh.db)
    }
  })
})
