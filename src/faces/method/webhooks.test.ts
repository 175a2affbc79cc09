/** Contract: method/webhooks-events §1–§4. */
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, type Keys, openApp, type Wire } from '../../../test/setup/app.js'
import { IDENTITY_SESSION, kevin, questionedKevin, register } from '../../../test/setup/cast.js'
import { openSubscriber, type Subscriber } from '../../../test/setup/subscriber.js'
import { deliveryLog, resend } from '../../core/webhooks/webhooks.js'
import { inTx } from '../../db/database.js'
import { WIRE_TYPES } from './event-types.js'
import type { Version } from './versions/versions.js'

let app: App
let subscriber: Subscriber
/** A team of its own for each test, so that only its own events are told. */
let keys: Keys
beforeAll(async () => {
  app = await openApp()
  subscriber = await openSubscriber()
})
beforeEach(async () => {
  keys = await app.newTeam()
  subscriber.received.length = 0
  subscriber.answer(200)
})
afterAll(async () => {
  await subscriber.close()
  await app.close()
})

const by = () => ({ key: keys.development })
const subscribe = (type: string, more: object = {}, version?: Version) =>
  app.call('POST', '/webhooks', {
    ...by(),
    ...(version ? { version } : {}),
    body: { type, url: `${subscriber.url}/${type}`, ...more },
  })
const person = async () =>
  (await app.call('POST', '/entities', { ...by(), body: { type: 'individual', individual: {} } })).data

/** What was told, as `type` and body, after all jobs have run. */
async function told(): Promise<readonly Wire[]> {
  await app.drain()
  return subscriber.received.map(({ body }) => body)
}

describe('a webhook', () => {
  const URL = 'https://hooks.example.com/method'
  const create = (body: object, key = keys.development, version?: Version) =>
    app.call('POST', '/webhooks', { key, body, ...(version ? { version } : {}) })

  it('is registered without telling its secrets again', async () => {
    const { data } = await create({ type: 'payment.update', url: URL, auth_token: 'open sesame', hmac_secret: 'shh' })
    expect(data).toEqual({
      id: data.id,
      type: 'payment.update',
      url: URL,
      metadata: null,
      expand_event: false,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    expect(data.id).toMatch(/^whk_\w{13}$/)
    expect((await app.call('GET', `/webhooks/${data.id}`, by())).data).toEqual(data)
    const { rows } = await sql<{ row: string }>`select to_jsonb(w)::text as row from webhooks w`.execute(app.fresh.db)
    expect(JSON.stringify(rows)).not.toMatch(/sesame|shh/)
  })

  it('shows its state in later shapes', async () => {
    const { data } = await create({ type: 'payment.update', url: URL }, keys.development, '2024-04-04-late')
    expect(data).toMatchObject({ status: 'active', error: null })
  })

  it.each(WIRE_TYPES)('may be of the type %s', async (type) => {
    expect((await create({ type, url: URL })).data.type).toBe(type)
  })

  it('has the types of the second generation, and no others', async () => {
    expect(new Set(WIRE_TYPES).size).toBe(64)
    expect((await create({ type: 'payment_instrument.create', url: URL })).status).toBe(400)
    const newest = { body: { type: 'account_attribute.create', url: URL }, version: '2025-12-01' } as const
    expect((await app.call('POST', '/webhooks', newest)).status).toBe(200)
    for (const type of ['entity.delete', 'entity_verification_sessions.create', 'everything', '', 7]) {
      expect(await create({ type, url: URL })).toMatchObject({ status: 400, error: { sub_type: 'INVALID_REQUEST' } })
    }
  })

  it.each(['/hook', 'example.com', 'ftp://example.com', 'https://', 'https://a:b@example.com', '', 7, null])(
    'is refused for the address %j',
    async (url) => {
      expect(await create({ type: 'entity.create', url })).toMatchObject({
        status: 400,
        error: { sub_type: 'INVALID_REQUEST' },
      })
    },
  )

  it('may be reached without encryption in development only', async () => {
    const body = { type: 'entity.create', url: 'http://hooks.example.com' }
    expect((await create(body)).status).toBe(200)
    expect((await create(body, keys.sandbox)).status).toBe(400)
    expect((await create(body, keys.production)).status).toBe(400)
  })

  it('keeps metadata up to a kilobyte', async () => {
    const of = (size: number) => ({ a: 'x'.repeat(size - 8) })
    expect((await create({ type: 'entity.create', url: URL, metadata: of(1023) })).data.metadata).toEqual(of(1023))
    expect(await create({ type: 'entity.create', url: URL, metadata: of(1024) })).toMatchObject({
      status: 400,
      error: { sub_type: 'MAX_WEBHOOK_METADATA_SIZE_EXCEEDED' },
    })
  })

  it('is listed newest first with the others of its team, as often as it was registered', async () => {
    const first = (await create({ type: 'entity.create', url: URL })).data
    const second = (await create({ type: 'entity.create', url: URL })).data
    expect((await app.call('GET', '/webhooks', by())).data).toEqual([second, first])
    expect((await app.call('GET', '/webhooks', { key: keys.sandbox })).data).toEqual([])
  })

  it('is gone once deleted', async () => {
    const { data } = await create({ type: 'entity.create', url: URL })
    const gone = await app.call('DELETE', `/webhooks/${data.id}`, by())
    expect(JSON.parse(gone.text)).toEqual({ success: true, data: null, message: null })
    expect((await app.call('GET', `/webhooks/${data.id}`, by())).status).toBe(404)
    expect((await app.call('DELETE', `/webhooks/${data.id}`, by())).status).toBe(404)
    expect((await app.call('GET', '/webhooks', by())).data).toEqual([])
  })

  it('of another team can be neither read nor deleted', async () => {
    const { data } = await create({ type: 'entity.create', url: URL })
    for (const method of ['GET', 'DELETE'] as const) {
      expect((await app.call(method, `/webhooks/${data.id}`, { key: keys.sandbox })).status).toBe(404)
    }
    expect((await app.call('GET', `/webhooks/${data.id}`, by())).status).toBe(200)
  })
})

describe('a delivery', () => {
  it('tells what happened to which resource, and where to read it', async () => {
    await subscribe('entity.create')
    const { id } = await person()
    const [payload] = await told()
    expect(payload).toEqual({ id, type: 'entity.create', path: `/entities/${id}`, event: payload?.event })
    expect(payload?.event).toMatch(/^evt_\w{13}$/)
    expect(subscriber.received[0]?.headers['content-type']).toBe('application/json')
  })

  it('is made for each type, with the path at which a caller then reads the resource', async () => {
    const types = [
      'entity.create',
      'entity.update',
      'entity_verification_session.create',
      'entity_verification_session.update',
      'connect.create',
      'account.create',
      'account.update',
      'account.opened',
      'account.closed',
      'balance.create',
      'balance.update',
      'update.create',
      'update.update',
    ]
    for (const type of types) await subscribe(type)
    const quizzed = await questionedKevin(app).as(by()).phoned().enter()
    const path = `/entities/${quizzed.id}/verification_sessions`
    const { data: session } = await app.call('POST', path, { ...by(), body: IDENTITY_SESSION })
    await app.call('PUT', `${path}/${session.id}`, { ...by(), body: { ...IDENTITY_SESSION, kba: { answers: [] } } })
    const card = { mch_id: 'mch_302086', account_number: '5555444433332222', balance: 1000 }
    const loan = { mch_id: 'mch_2347', account_number: '77712345', balance: 5000 }
    const phone = '+15125550241'
    const own = await register(app, { phone, liabilities: [card] }, by())
    const { id, accounts } = await own.verified().connected().enter()
    await app.call('POST', `/accounts/${accounts[0]?.id}/balances`, by())
    await app.drain()
    await register(app, { phone, liabilities: [{ ...card, balance: 0, closed: true }, loan] }, by())
    await app.call('POST', `/entities/${id}/connect`, by())
    const payloads = await told()
    expect([...new Set(payloads.map(({ type }) => type))].sort()).toEqual([...types].sort())
    for (const payload of payloads) {
      const { status, data } = await app.call('GET', payload.path, by())
      expect([status, data.id]).toEqual([200, payload.id])
      const hasEvent = /^(entity\.|account\.|connect\.)/.test(payload.type)
      expect(Object.keys(payload)).toEqual(['id', 'type', 'path', ...(hasEvent ? ['event'] : [])])
    }
  })

  it('tells of an answer that is there to be read, once for each', async () => {
    await subscribe('connect.available')
    await subscribe('credit_score.available', {}, '2025-12-01')
    const { id } = await kevin(app).as(by()).verified().enter()
    const { data: connect } = await app.call('POST', `/entities/${id}/connect`, by())
    const { data: score } = await app.call('POST', `/entities/${id}/credit_scores`, by())
    const headers = { prefer: 'respond-async' }
    const { data: later } = await app.call('POST', `/entities/${id}/connect`, {
      ...by(),
      headers,
      version: '2025-12-01',
    })
    const payloads = (await told()).map(({ type, id: of }) => [type, of])
    expect(payloads.sort()).toEqual(
      [
        ['connect.available', connect.id],
        ['connect.available', later.id],
        ['credit_score.available', score.id],
      ].sort(),
    )
    expect((await subscribe('credit_score.available')).status).toBe(400)
  })

  it('goes to everyone who asked for it, and to nobody else', async () => {
    await subscribe('entity.create')
    await subscribe('entity.create')
    await subscribe('entity.update')
    const other = await app.newTeam()
    const body = { type: 'entity.create', url: `${subscriber.url}/other` }
    await app.call('POST', '/webhooks', { key: other.development, body })
    await person()
    await told()
    expect(subscriber.received.map(({ path }) => path)).toEqual(['/entity.create', '/entity.create'])
  })

  it('holds the event itself where that was asked for', async () => {
    await subscribe('entity.update', { expand_event: true })
    await subscribe('entity.create', { expand_event: true })
    const before = await person()
    app.clock.advance(1000)
    const body = { individual: { first_name: 'Kevin' } }
    const { data: after } = await app.call('PUT', `/entities/${before.id}`, { ...by(), body })
    const payloads = await told()
    const [created, updated] = ['entity.create', 'entity.update'].map((type) => payloads.find((p) => p.type === type))
    expect(created?.event).toEqual({
      id: created?.event.id,
      type: 'entity.create',
      resource_id: before.id,
      resource_type: 'entity',
      data: before,
      diff: { before: null, after: before },
      created_at: before.created_at,
      updated_at: before.created_at,
    })
    expect(updated?.event).toMatchObject({
      resource_id: before.id,
      data: after,
      diff: {
        before: { id: before.id, individual: before.individual, updated_at: before.updated_at },
        after: { id: before.id, individual: after.individual, updated_at: after.updated_at },
      },
    })
    expect(Object.keys(updated?.event.diff.after).sort()).toEqual(['id', 'individual', 'updated_at'])
  })

  it('at 2025-12-01 says more, and never the event itself', async () => {
    const { data: hook } = await subscribe('entity.create', { expand_event: true }, '2025-12-01')
    const { data: session } = await subscribe('entity_verification_session.create', {}, '2025-12-01')
    const { id, entity } = await kevin(app).as(by()).phoned().enter()
    const payloads = await told()
    expect(payloads.find(({ type }) => type === 'entity.create')).toEqual({
      webhook_id: hook.id,
      id,
      type: 'entity.create',
      op: 'create',
      path: `/entities/${id}`,
      event: expect.stringMatching(/^evt_/),
      refs: { entity: id },
    })
    const evf = entity.verification.phone.latest_verification_session
    expect(payloads.find(({ type }) => type !== 'entity.create')).toEqual({
      webhook_id: session.id,
      id: evf,
      type: 'entity_verification_session.create',
      op: 'create',
      path: `/entities/${id}/verification_sessions/${evf}`,
      event: null,
      refs: { entity: id },
    })
  })

  it('at 2025-12-01 refers to the owner of what it tells of, or to nothing', async () => {
    for (const type of ['subscription.create', 'product.update', 'report.create']) {
      await subscribe(type, {}, '2025-12-01')
    }
    const { id, accounts } = await kevin(app).as(by()).verified().connected().enter()
    const [account] = accounts
    const enroll = { ...by(), body: { enroll: 'update' } }
    await app.call('POST', `/accounts/${account?.id}/subscriptions`, enroll)
    await app.call('POST', `/entities/${id}/subscriptions`, { ...by(), body: { enroll: 'connect' } })
    await app.call('POST', '/reports', { ...by(), body: { type: 'payments.created.current' } })
    const refsOf = async (wanted: string) =>
      (await told()).filter(({ type }) => type === wanted).map(({ refs }) => refs)
    expect(await refsOf('subscription.create')).toEqual(
      expect.arrayContaining([{ account: account?.id }, { entity: id }]),
    )
    expect(await refsOf('product.update')).toContainEqual({ entity: id })
    expect(await refsOf('report.create')).toEqual([null])
  })

  it('bears the token and a signature of this moment', async () => {
    await subscribe('entity.create', { auth_token: 'open sesame ✓', hmac_secret: 'shh' })
    await subscribe('entity.create')
    await person()
    await told()
    const [signed, plain] = [...subscriber.received].sort((a, b) => (a.headers.authorization ? -1 : b ? 1 : 0))
    const seconds = String(Date.parse(app.clock.now()) / 1000)
    expect(signed?.headers.authorization).toBe(Buffer.from('open sesame ✓').toString('base64'))
    expect(signed?.headers['method-webhook-timestamp']).toBe(seconds)
    expect(signed?.headers['method-webhook-signature']).toBe(
      createHmac('sha256', 'shh').update(`${seconds}:${signed?.text}`).digest('hex'),
    )
    expect(plain?.headers).not.toHaveProperty('authorization')
    expect(plain?.headers).not.toHaveProperty('method-webhook-signature')
  })
})

interface Waiting {
  readonly delayS: number
}

/** The seconds after which deliveries are tried again. */
async function waiting(): Promise<readonly number[]> {
  const { rows } = await sql<Waiting>`
    select extract(epoch from run_at - now())::float8 as "delayS" from graphile_worker._private_jobs
    where key like 'webhook:%' order by run_at`.execute(app.fresh.db)
  return rows.map(({ delayS }) => delayS)
}

/** Lets the time until the next try pass. */
async function comeDue(): Promise<void> {
  app.clock.advance(1_100_000)
  await sql`update graphile_worker._private_jobs set run_at = now() - interval '1 s'`.execute(app.fresh.db)
  await app.drain()
}

async function states(): Promise<readonly Wire[]> {
  const { team } = await app.ctx(keys)
  const { rows } = await sql<Wire>`
    select status, attempts, last_outcome as outcome from deliveries where team_id = ${team.id}`.execute(app.fresh.db)
  return rows
}

describe('a delivery that is not accepted', () => {
  it('is tried five times, ever later, with the same bytes and fresh signatures, and then given up', async () => {
    await subscribe('entity.create', { hmac_secret: 'shh' })
    subscriber.answer(500)
    await person()
    await app.drain()
    for (const seconds of [15, 60, 240, 960]) {
      const [delay] = await waiting()
      expect(delay).toBeGreaterThan(seconds * 0.9 - 5)
      expect(delay).toBeLessThan(seconds * 1.1 + 1)
      await comeDue()
    }
    expect(await waiting()).toEqual([])
    expect(subscriber.received).toHaveLength(5)
    expect(new Set(subscriber.received.map(({ text }) => text)).size).toBe(1)
    expect(new Set(subscriber.received.map(({ headers }) => headers['method-webhook-signature'])).size).toBe(5)
    expect(await states()).toEqual([{ status: 'exhausted', attempts: 5, outcome: '500' }])
  })

  it('is done as soon as it is accepted', async () => {
    await subscribe('entity.create')
    subscriber.answer(503)
    await person()
    await app.drain()
    subscriber.answer(200)
    await comeDue()
    expect(await waiting()).toEqual([])
    expect(await states()).toEqual([{ status: 'delivered', attempts: 2, outcome: '200' }])
  })

  it.each([201, 204, 302, 400, 404, 500])('counts as failed when the answer is %i', async (status) => {
    await subscribe('entity.create')
    subscriber.answer(status, status === 302 ? { location: `${subscriber.url}/elsewhere` } : {})
    await person()
    await app.drain()
    expect(subscriber.received.map(({ path }) => path)).toEqual(['/entity.create'])
    expect(await states()).toEqual([{ status: 'pending', attempts: 1, outcome: String(status) }])
    await sql`delete from graphile_worker._private_jobs`.execute(app.fresh.db)
  })

  it('counts as failed when nobody is there', async () => {
    const gone = await openSubscriber()
    await gone.close()
    await subscribe('entity.create', { url: gone.url })
    await person()
    await app.drain()
    expect(await states()).toEqual([{ status: 'pending', attempts: 1, outcome: 'unreachable' }])
    await sql`delete from graphile_worker._private_jobs`.execute(app.fresh.db)
  })

  it('counts as failed when no answer comes within five seconds', async () => {
    await subscribe('entity.create')
    subscriber.answer('never')
    await person()
    const began = performance.now()
    await app.drain()
    expect(performance.now() - began).toBeGreaterThan(4900)
    expect(await states()).toEqual([{ status: 'pending', attempts: 1, outcome: 'timeout' }])
    await sql`delete from graphile_worker._private_jobs`.execute(app.fresh.db)
  })

  it('is not tried again once its webhook is deleted', async () => {
    const { data } = await subscribe('entity.create')
    subscriber.answer(500)
    await person()
    await app.drain()
    await app.call('DELETE', `/webhooks/${data.id}`, by())
    await comeDue()
    await person()
    await app.drain()
    expect(subscriber.received).toHaveLength(1)
  })
})

describe('a webhook whose receiver fails', () => {
  const late = { version: '2024-04-04-late' } as const
  const shown = async (id: string) => (await app.call('GET', `/webhooks/${id}`, { ...by(), ...late })).data
  const giveUp = async () => {
    await person()
    await app.drain()
    for (let attempt = 1; attempt < 5; attempt++) await comeDue()
  }

  it('asks for attention, is disabled after five deliveries, and is told again once switched on', async () => {
    const { data: hook } = await subscribe('entity.create')
    subscriber.answer(503)
    await giveUp()
    const failing = { type: 'WEBHOOK_REQUIRES_ATTENTION', code: 25008 }
    expect(await shown(hook.id)).toMatchObject({ status: 'requires_attention', error: failing })
    subscriber.answer(200)
    await person()
    await app.drain()
    expect(await shown(hook.id)).toMatchObject({ status: 'active', error: null })
    subscriber.answer(410)
    for (let delivery = 1; delivery <= 5; delivery++) await giveUp()
    const error = { type: 'WEBHOOK_DISABLED', code: 25002, sub_type: 'WEBHOOK_DISABLED_RECEIVED_4XX_ERROR' }
    expect(await shown(hook.id)).toMatchObject({ status: 'disabled', error })
    const newest = await app.call('GET', '/webhooks', { ...by(), version: '2025-12-01' })
    expect([newest.data.length, (await app.call('GET', '/webhooks', by())).data.length]).toEqual([0, 1])
    const before = subscriber.received.length
    subscriber.answer(200)
    await person()
    await app.drain()
    expect(subscriber.received).toHaveLength(before)
    const patch = { ...by(), ...late, body: { status: 'active' } }
    expect((await app.call('PATCH', `/webhooks/${hook.id}`, patch)).data).toMatchObject({
      status: 'active',
      error: null,
    })
    await person()
    await app.drain()
    expect(subscriber.received).toHaveLength(before + 1)
  })

  it('may be switched off, and what waits for it is dropped', async () => {
    const { data: hook } = await subscribe('entity.create')
    await person()
    const patch = { ...by(), ...late, body: { status: 'disabled' } }
    const { data } = await app.call('PATCH', `/webhooks/${hook.id}`, patch)
    expect(data).toMatchObject({ status: 'disabled', error: { code: 25005 } })
    await app.drain()
    expect(subscriber.received).toEqual([])
    expect(await states()).toMatchObject([{ status: 'dropped', attempts: 0 }])
    for (const body of [{}, { status: 'deleted' }, { status: 'requires_attention' }]) {
      expect((await app.call('PATCH', `/webhooks/${hook.id}`, { ...by(), body })).status).toBe(400)
    }
    expect((await app.call('PATCH', '/webhooks/whk_4444444444444', { ...by(), body: patch.body })).status).toBe(404)
  })

  it('keeps the order of what happened to one resource, while others go on', async () => {
    await subscribe('entity.update')
    const [one, other] = [await person(), await person()]
    const change = (id: string, individual: object) =>
      app.call('PUT', `/entities/${id}`, { ...by(), body: { individual } })
    subscriber.answer(500)
    await change(one.id, { first_name: 'Ada' })
    await app.drain()
    subscriber.answer(200)
    await change(one.id, { last_name: 'Byron' })
    await change(other.id, { first_name: 'Edith' })
    await app.drain()
    expect(subscriber.received.map(({ body }) => body.id)).toEqual([one.id, other.id])
    await comeDue()
    const events = subscriber.received.filter(({ body }) => body.id === one.id).map(({ body }) => body.event)
    expect(events).toHaveLength(3)
    expect(events[0]).toBe(events[1])
    expect(events[2]).not.toBe(events[1])
  })
})

describe('what was sent', () => {
  const everything = {
    deliveryId: null,
    eventId: null,
    webhookId: null,
    since: null,
    statuses: ['delivered', 'exhausted', 'dropped'],
  }

  it('is on record with its headers, its answer and how long that took, and without the token', async () => {
    await subscribe('entity.create', { auth_token: 'open sesame' })
    await person()
    await app.drain()
    const [delivery] = await deliveryLog(await app.ctx(keys), everything, 10)
    expect(delivery).toMatchObject({
      wireType: 'entity.create',
      status: 'delivered',
      body: subscriber.received[0]?.text,
      attempts: [{ outcome: '200', responseHead: 'thanks', tookMs: expect.any(Number) }],
    })
    expect(JSON.stringify(delivery)).not.toContain(Buffer.from('open sesame').toString('base64'))
  })

  it('can be sent again: the same bytes and id, signed anew', async () => {
    await subscribe('entity.create', { hmac_secret: 'shh' })
    await person()
    await app.drain()
    app.clock.advance(60_000)
    const ctx = await app.ctx(keys)
    expect(await inTx(ctx.db, (tx) => resend({ ...ctx, tx }, everything))).toBe(1)
    await app.drain()
    const [first, again] = subscriber.received
    expect(again?.text).toBe(first?.text)
    expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(again?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp'])
    const { 'webhook-id': id, 'webhook-timestamp': seconds } = again?.headers ?? {}
    const signature = createHmac('sha256', 'shh').update(`${id}.${seconds}.${again?.text}`).digest('base64')
    expect(again?.headers['webhook-signature']).toBe(`v1,${signature}`)
  })
})
