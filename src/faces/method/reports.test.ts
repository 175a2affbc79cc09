/** Contract: method/payments §3. */
import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, type Call, type Keys, openApp, type Wire } from '../../../test/setup/app.js'
import { topicsOf } from '../../../test/setup/cast.js'
import { type Payer, passTo, pay, payer, ROUTING } from '../../../test/setup/money.js'
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

  it('that is preferred later is being made, and complete once it was', async () => {
    const later = { version: '2025-12-01', headers: { prefer: 'respond-async' } } as const
    const { data } = await create({ type: TYPES[0] }, later)
    expect(data).toMatchObject({ status: 'processing', url: null })
    const early = await app.call('GET', `/reports/${data.id}`, { key: keys.development, version: '2025-07-04' })
    expect(early.data).toMatchObject({
      status: 'processing',
      url: expect.stringMatching(`/reports/${data.id}/download$`),
    })
    expect((await download(data.id)).statusCode).toBe(400)
    await app.drain()
    await app.drain()
    const after = await app.call('GET', `/reports/${data.id}`, { key: keys.development, version: '2025-12-01' })
    expect(after.data).toMatchObject({
      ...data,
      status: 'completed',
      url: early.data.url,
      updated_at: expect.any(String),
    })
    expect((await download(data.id)).statusCode).toBe(200)
    const told = (await topicsOf(app, keys)).filter((topic) => topic === 'report.updated')
    expect(told).toEqual(['report.updated'])
    // Earlier versions know no preference here.
    expect((await create({ type: TYPES[0] }, { headers: later.headers })).data.status).toBe('completed')
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

describe('a report of payments', () => {
  const WINDOW = '2026-03-10T15:30:00.000Z'
  const MIDNIGHT = '2026-03-11T05:00:00.000Z'
  let own: App
  let kevin: Payer
  // The clock begins on a Tuesday at 10:00 in Chicago, half an hour before its first window.
  beforeEach(async () => {
    own = await openApp()
    kevin = await payer(own, '7788')
  })
  afterEach(() => own.close())

  const paid = (more: { amount?: number; fee?: object } = {}) =>
    pay(own, { source: kevin.checking, destination: kevin.card, ...more })
  const simulate = (id: string, body: object) => own.call('POST', `/simulate/payments/${id}`, { body })
  const retrieve = async (id: string) => (await own.call('GET', `/payments/${id}`)).data
  const rows = async (type: string, more: Call = {}): Promise<readonly Record<string, string>[]> => {
    const { data } = await own.call('POST', '/reports', { body: { type }, ...more })
    const authorization = `Bearer ${own.keys.development}`
    const { payload } = await own.http.inject({
      url: `/method/reports/${data.id}/download`,
      headers: { authorization },
    })
    expect(payload).not.toMatch(/\d{6}7788/)
    return parse(payload, { columns: true, record_delimiter: '\r\n' })
  }
  const idsOf = async (type: string) => (await rows(type)).map(({ id }) => id)

  it('says of each what its own page says', async () => {
    const body = { source: kevin.checking, destination: kevin.card, amount: 12500, description: 'a,"b" c' }
    const fee = { type: 'total', amount: 300 }
    const { data } = await own.call('POST', '/payments', { body: { ...body, fee } })
    await simulate(data.id, { status: 'failed', error_code: 10001 })
    const payment = await retrieve(data.id)
    expect(await rows('payments.created.current')).toEqual([
      {
        id: payment.id,
        created_at: payment.created_at,
        updated_at: payment.updated_at,
        type: 'standard',
        status: 'failed',
        source: kevin.checking,
        source_holder_id: kevin.person.id,
        destination: kevin.card,
        destination_holder_id: kevin.person.id,
        amount: '12500',
        fee_type: 'total',
        fee_amount: '300',
        description: 'a,"b" c',
        estimated_completion_date: payment.estimated_completion_date,
        source_settlement_date: payment.source_settlement_date,
        source_status: payment.source_status,
        source_trace_id: payment.source_trace_id ?? '',
        destination_settlement_date: payment.destination_settlement_date,
        destination_status: payment.destination_status,
        destination_trace_id: '',
        reversal_id: '',
        error_code: '10001',
        error_sub_type: 'PAYMENT_INSUFFICIENT_FUNDS',
      },
    ])
  })

  it('follows the cycle from one close of the windows to the next', async () => {
    const early = await paid()
    await passTo(own, '2026-03-10T21:30:00.000Z')
    const atClose = await paid()
    expect(await idsOf('payments.created.current')).toEqual([early.id, atClose.id])
    await passTo(own, '2026-03-10T21:30:00.001Z')
    const late = await paid()
    expect(await idsOf('payments.created.current')).toEqual([late.id])
    expect(await idsOf('payments.created.previous')).toEqual([early.id, atClose.id])
    expect(await idsOf('payments.updated.previous')).toEqual([early.id, atClose.id])
    await own.call('DELETE', `/payments/${atClose.id}`)
    expect(new Set(await idsOf('payments.updated.current'))).toEqual(new Set([late.id, atClose.id]))
    expect(await idsOf('payments.created.previous_day')).toEqual([])
    await passTo(own, MIDNIGHT)
    expect(await idsOf('payments.created.previous_day')).toEqual([early.id, atClose.id, late.id])
  })

  it('has what failed on the day before, whatever became of the rest', async () => {
    const failed = await paid()
    await paid()
    await simulate(failed.id, { status: 'failed', error_code: 10001 })
    expect(await idsOf('payments.failed.previous_day')).toEqual([])
    await passTo(own, MIDNIGHT)
    expect(await rows('payments.failed.previous_day')).toMatchObject([
      { id: failed.id, error_code: '10001', error_sub_type: 'PAYMENT_INSUFFICIENT_FUNDS' },
    ])
    await passTo(own, '2026-03-12T05:00:00.000Z')
    expect(await idsOf('payments.failed.previous_day')).toEqual([])
  })

  it('lists pulls before their window, and after it', async () => {
    const { id } = await paid()
    const entry = {
      payment_id: id,
      account_id: kevin.checking,
      holder_id: kevin.person.id,
      routing: ROUTING,
      account_mask: '7788',
      amount: '5000',
      description: 'CardPay01',
      effective_date: '2026-03-11',
      window: WINDOW,
    }
    expect(await rows('ach.pull.upcoming')).toEqual([{ ...entry, trace_id: '', status: 'pending' }])
    expect(await rows('ach.pull.previous')).toEqual([])
    await passTo(own, WINDOW)
    const { source_trace_id } = await retrieve(id)
    expect(await rows('ach.pull.upcoming')).toEqual([])
    for (const type of ['ach.pull.previous', 'ach.pull.nightly']) {
      expect(await rows(type)).toEqual([{ ...entry, trace_id: source_trace_id, status: 'sent' }])
    }
    expect(await rows('ach.debit.daily', { version: '2025-12-01' })).toHaveLength(1)
    await passTo(own, '2026-03-10T18:30:00.000Z')
    expect(await rows('ach.pull.previous')).toEqual([])
    await passTo(own, '2026-03-11T15:29:59.999Z')
    expect(await rows('ach.pull.nightly')).toHaveLength(1)
    await passTo(own, '2026-03-11T15:30:00.000Z')
    expect(await rows('ach.pull.nightly')).toEqual([])
  })

  it('has the reversals of the business day', async () => {
    const { id } = await paid()
    for (const status of ['processing', 'sent']) await simulate(id, { status })
    await simulate(id, { status: 'reversal_required', error_code: 10001 })
    await passTo(own, '2026-03-10T18:30:00.000Z')
    const [reversal] = (await own.call('GET', `/payments/${id}/reversals`)).data as unknown as Wire[]
    expect(await rows('ach.reversals.nightly')).toEqual([
      {
        reversal_id: reversal?.id,
        payment_id: id,
        target_account: kevin.checking,
        direction: 'debit',
        amount: '5000',
        description: 'PmtRvrsl',
        status: 'pending_approval',
        trace_id: '',
        error_code: '',
        created_at: reversal?.created_at,
        updated_at: reversal?.updated_at,
      },
    ])
  })

  it('says what is held for payments at the end of the day before', async () => {
    await paid()
    await passTo(own, WINDOW, '2026-03-11T21:30:00.000Z', '2026-03-12T05:00:00.000Z')
    expect(await rows('reserve_fbo_balance.created.previous_day', { version: '2025-12-01' })).toEqual([
      { date: '2026-03-11', balance: '5000' },
    ])
  })
})
