/** Contract: method/payments §3. */
import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, type Call, type Keys, openApp } from '../../../test/setup/app.js'
import { openSubscriber, type Subscriber } from '../../../test/setup/subscriber.js'

let app: App
let subscriber: Subscriber
/** A team of its own for each test. */
let keys: Keys
beforeAll(async () => {
  app = await openApp()
  subscriber = await openSubscriber()
})
beforeEach(async () => {
  keys = await app.newTeam()
})
afterAll(async () => {
  await subscriber.close()
  await app.close()
})

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const TYPES = [
  'payments.created.current',
  'payments.created.previous',
  'payments.updated.current',
  'payments.updated.previous',
  'payments.created.previous_day',
  'payments.failed.previous_day',
  'ach.pull.upcoming',
  'ach.pull.previous',
  'ach.pull.nightly',
  'ach.reversals.nightly',
  'entities.created.previous_day',
]
const NEWEST_TYPES = ['ach.debit.daily', 'reserve_fbo_balance.created.previous_day']

const create = (body: object, more: Call = {}) => app.call('POST', '/reports', { key: keys.development, body, ...more })
const person = async () =>
  (await app.call('POST', '/entities', { key: keys.development, body: { type: 'individual', individual: {} } })).data

async function download(id: string, key = keys.development) {
  return app.http.inject({
    method: 'GET',
    url: `/method/reports/${id}/download`,
    headers: { authorization: `Bearer ${key}` },
  })
}

/** The rows of a fresh report, by their headings. */
async function rowsOf(type: string, more: Call = {}): Promise<readonly Record<string, string>[]> {
  const { data } = await create({ type }, more)
  return parse((await download(data.id)).payload, { columns: true, record_delimiter: '\r\n' })
}

describe('a report', () => {
  it.each(TYPES)('of the type %s is there at once', async (type) => {
    const { data } = await create({ type })
    expect(data).toEqual({
      id: data.id,
      type,
      url: `http://127.0.0.1:4000/method/reports/${data.id}/download`,
      status: 'completed',
      metadata: null,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    expect(data.id).toMatch(/^rpt_\w{13}$/)
    expect((await app.call('GET', `/reports/${data.id}`, { key: keys.development })).data).toEqual(data)
    const { statusCode, payload, headers } = await download(data.id)
    expect(statusCode).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename=${data.id}.csv`,
      'idem-request-id': headers['request-id'],
      'idem-status': 'bypassed',
    })
    expect(headers['request-id']).toMatch(/^req_\w{24}$/)
    expect(payload).toMatch(/^[a-z_,]+\r\n$/)
    // The Python client takes a text that has one of the words and not the other for a failure.
    expect(payload.includes('id')).toBe(true)
  })

  it.each(NEWEST_TYPES)('of the type %s is known from 2025-12-01 on', async (type) => {
    expect(await create({ type })).toMatchObject({ status: 400, error: { sub_type: 'INVALID_REQUEST' } })
    expect(await create({ type }, { version: '2025-07-04' })).toMatchObject({ status: 400 })
    const { data } = await create({ type }, { version: '2025-12-01' })
    expect(data).toMatchObject({ type, status: 'completed' })
    expect((await download(data.id)).statusCode).toBe(200)
  })

  it('keeps what its maker noted on it, as long as that is small', async () => {
    const note = (length: number) => ({ type: TYPES[0], metadata: { note: 'x'.repeat(length) } })
    expect((await create(note(1012))).data.metadata).toEqual({ note: 'x'.repeat(1012) })
    expect(await create(note(1013))).toMatchObject({
      status: 400,
      error: { sub_type: 'MAX_REPORT_METADATA_SIZE_EXCEEDED' },
    })
  })

  it.each([{}, { type: 'payments' }, { type: 7 }, { type: TYPES[0], metadata: [] }])(
    'is not made of %j',
    async (body) => {
      expect(await create(body)).toMatchObject({ status: 400, error: { sub_type: 'INVALID_REQUEST' } })
    },
  )

  it('belongs to its team, and to its environment', async () => {
    const { data } = await create({ type: TYPES[0] })
    const other = await app.newTeam()
    for (const key of [other.development, keys.sandbox]) {
      expect(await app.call('GET', `/reports/${data.id}`, { key })).toMatchObject({ status: 404 })
      const { statusCode, headers, payload } = await download(data.id, key)
      expect(statusCode).toBe(404)
      expect(headers['content-type']).toBe('application/json; charset=utf-8')
      expect(JSON.parse(payload)).toMatchObject({
        success: false,
        data: { error: { type: 'INVALID_REQUEST', sub_type: 'NOT_FOUND' } },
      })
    }
  })

  it('is told to who subscribed, without an event', async () => {
    const url = `${subscriber.url}/reports`
    await app.call('POST', '/webhooks', { key: keys.development, body: { type: 'report.create', url } })
    const { data } = await create({ type: TYPES[0] })
    await app.drain()
    expect(subscriber.received.map(({ body }) => body)).toEqual([
      { id: data.id, type: 'report.create', path: `/reports/${data.id}` },
    ])
  })

  it('names the vendor’s address when that is the configured one', async () => {
    const theirs = await openApp({ CLEARSPAN_PUBLIC_URL: 'https://dev.methodfi.com' })
    const { data } = await theirs.call('POST', '/reports', { body: { type: TYPES[0] } })
    expect(data.url).toBe(`https://dev.methodfi.com/reports/${data.id}/download`)
    await theirs.close()
  })
})

describe('a report of yesterday’s entities', () => {
  it('has those of the last day of US Central time, oldest first, without personal details', async () => {
    const start = Date.parse(app.clock.now())
    // 15:00 UTC is 10 in the morning: the day began at 5:00 UTC.
    app.clock.advance(14 * HOUR_MS - 1)
    const first = await person()
    app.clock.advance(1)
    const next = await person()
    expect(await rowsOf('entities.created.previous_day')).toEqual([
      { id: first.id, type: 'individual', status: 'incomplete', created_at: first.created_at },
    ])
    app.clock.advance(DAY_MS)
    const rows = await rowsOf('entities.created.previous_day')
    expect(rows.map(({ id }) => id)).toEqual([next.id])
    expect(Date.parse(app.clock.now()) - start).toBe(14 * HOUR_MS + DAY_MS)
  })

  it('has every one of some thousand, once', async () => {
    const { team } = await app.ctx(keys)
    await sql`
      insert into consumers (team_id, id, kind, status, address, created_at, updated_at)
      select ${team.id}, lpad(n::text, 13, '0'), 'individual', 'incomplete', '{}',
        ${app.clock.now()}::timestamptz + (n / 7) * interval '1 microsecond', ${app.clock.now()}
      from generate_series(1, 12345) n`.execute(app.fresh.db)
    app.clock.advance(DAY_MS)
    const ids = (await rowsOf('entities.created.previous_day')).map(({ id }) => id)
    expect(ids).toHaveLength(12345)
    expect(new Set(ids).size).toBe(12345)
    expect(ids).toEqual([...ids].sort())
  })
})
