/** Contract: moneykit/links §7. */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { ask, exchangedLink, linked, type MoneykitCaller, moneykitClient } from '../../../test/setup/moneykit.js'
import { type Delivery, openSubscriber, type Subscriber } from '../../../test/setup/subscriber.js'

let app: App
let client: MoneykitCaller
let subscriber: Subscriber
beforeAll(async () => {
  app = await openApp()
  client = await moneykitClient(app)
  subscriber = await openSubscriber()
})
beforeEach(() => {
  subscriber.received.length = 0
  subscriber.answer(200)
})
afterAll(async () => {
  await subscriber.close()
  await app.close()
})

const session = () => ({ webhook: `${subscriber.url}/hooks`, link_tags: ['cohort:spring'] })
const told = (event: string) =>
  subscriber.received.map(({ body }) => body).filter((body) => body.webhook_event === event)
const HEAD = [
  'webhook_event',
  'webhook_major_version',
  'webhook_minor_version',
  'webhook_idempotency_key',
  'webhook_timestamp',
  'link_id',
  'link_tags',
]

/** Lets the time until the next try pass. */
async function comeDue(): Promise<void> {
  app.clock.advance(60_000)
  await sql`update graphile_worker._private_jobs set run_at = now() - interval '1 s'`.execute(app.fresh.db)
  await app.drain()
}

/** What a published verifier does with a delivery. */
async function isGenuine({ headers, text }: Delivery): Promise<boolean> {
  const [header = '', claims = '', signature = ''] = (headers['moneykit-signature'] ?? '').split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const { alg, kid, typ } = read(header)
  const { keys } = (await ask(app, 'GET', '/.well-known/jwks.json')).body
  const jwk = keys.find((key: Wire) => key.kid === kid && key.use === 'sig')
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const isSigned = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  const { iat, iss, request_body_sha256: hash } = read(claims)
  expect([alg, typ, iss]).toEqual(['ES256', 'JWT', 'http://127.0.0.1:4000/moneykit'])
  expect(Math.abs(iat * 1000 - Date.parse(app.clock.now()))).toBeLessThan(300_000)
  return isSigned && hash === createHash('sha256').update(text).digest('hex')
}

describe('a link with a webhook', () => {
  it('is told of from the exchange on: its state, each step of each fetch, and new transactions', async () => {
    const id = await linked(app, client, {
      session: session(),
      products: { identity: { prefetch: true }, transactions: { required: true } },
    })
    const [connected, ...others] = told('link.state_changed')
    expect(others).toEqual([])
    expect(Object.keys(connected ?? {})).toEqual([...HEAD, 'state', 'error', 'error_message'])
    expect(connected).toMatchObject({
      webhook_major_version: 1,
      webhook_minor_version: 0,
      webhook_timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      link_id: id,
      link_tags: ['cohort:spring'],
      state: 'connected',
      error: null,
      error_message: null,
    })
    for (const product of ['identity', 'transactions']) {
      const steps = told('link.product_refresh').filter((body) => body.product === product)
      expect(steps.map(({ state }) => state)).toEqual(['pending', 'in_progress', 'completed'])
      expect(Object.keys(steps[0] ?? {})).toEqual([...HEAD, 'product', 'state', 'state_changed_at', 'error_message'])
    }
    const [available] = told('transactions.updates_available')
    expect(Object.keys(available ?? {})).toEqual([...HEAD, 'has_history'])
    expect(available?.has_history).toBe(true)
    const keys = subscriber.received.map(({ body }) => body.webhook_idempotency_key)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('is told of a reset and of its deletion, to the address that it had', async () => {
    const id = await linked(app, client, { session: session() })
    subscriber.received.length = 0
    await client.call('POST', `/links/${id}/reset`)
    await app.drain()
    expect(told('link.state_changed')).toMatchObject([
      { state: 'error', error: 'auth_expired', error_message: 'The institution no longer accepts this connection.' },
    ])
    await client.call('DELETE', `/links/${id}`)
    await app.drain()
    expect(told('link.state_changed').at(-1)).toMatchObject({ state: 'deleted', error: null, link_id: id })
  })

  it('is told nothing once the webhook is taken away', async () => {
    const id = await linked(app, client, { session: session() })
    subscriber.received.length = 0
    await client.call('PATCH', `/links/${id}`, { body: { webhook: null } })
    await client.call('POST', `/links/${id}/reset`)
    await app.drain()
    expect(subscriber.received).toEqual([])
  })
})

describe('a delivery', () => {
  it('is signed, for anybody with the published keys', async () => {
    await exchangedLink(client, { session: session() })
    await app.drain()
    expect(subscriber.received.length).toBeGreaterThan(0)
    for (const delivery of subscriber.received) expect(await isGenuine(delivery)).toBe(true)
  })

  it('that is not accepted comes again: the same bytes and token, the next number, signed anew', async () => {
    subscriber.answer(500)
    await exchangedLink(client, { session: session(), products: { identity: {} } })
    await app.drain()
    const [first] = subscriber.received
    subscriber.answer(204)
    await comeDue()
    const second = subscriber.received.find(
      ({ headers }) =>
        headers['moneykit-delivery-token'] === first?.headers['moneykit-delivery-token'] &&
        headers['moneykit-delivery-attempt'] === '2',
    )
    expect(first?.headers['moneykit-delivery-attempt']).toBe('1')
    expect(second?.text).toBe(first?.text)
    expect(second?.headers['moneykit-signature']).not.toBe(first?.headers['moneykit-signature'])
    expect(second && (await isGenuine(second))).toBe(true)
    subscriber.received.length = 0
    await comeDue()
    expect(subscriber.received).toEqual([])
  })
})

describe('a test of a webhook', () => {
  const test = (id: string, body: object, by = client) => by.call('POST', `/webhooks/test/link/${id}`, { body })

  it.each([
    ['link.state_changed', 'link.state_changed', { state: 'connected', error: null }],
    ['link.product_refresh', 'link.product_refresh', { product: 'accounts', state: 'completed' }],
    ['product.state_changed', 'link.product_refresh', { product: 'accounts', state: 'completed' }],
    ['transactions.updates_available', 'transactions.updates_available', { has_history: true }],
  ])('of %s sends what a link would be told', async (webhook_event, sent, content) => {
    const id = await linked(app, client, { session: session() })
    const before = (await client.call('GET', `/links/${id}`)).body
    subscriber.received.length = 0
    const { status, body } = await test(id, { webhook_event, webhook_idempotency_key: 'my key' })
    expect([status, Object.keys(body)]).toEqual([200, ['delivery_token']])
    await app.drain()
    const [delivery, ...others] = subscriber.received
    expect(others).toEqual([])
    expect(delivery?.headers['moneykit-delivery-token']).toBe(body.delivery_token)
    expect(delivery?.body).toMatchObject({
      webhook_event: sent,
      webhook_idempotency_key: 'my key',
      link_id: id,
      link_tags: ['cohort:spring'],
      ...content,
    })
    expect(delivery && (await isGenuine(delivery))).toBe(true)
    expect((await client.call('GET', `/links/${id}`)).body).toEqual(before)
  })

  it('needs a webhook, and an event that there is', async () => {
    const id = await exchangedLink(client)
    const none = await test(id, { webhook_event: 'link.state_changed', webhook_idempotency_key: 'k' })
    expect([none.status, none.body.error_code]).toEqual([400, 'link_error.bad_config'])
    const wrong = await test(id, { webhook_event: 'link.exploded' })
    expect(wrong.body.validation_errors.map(({ type }: Wire) => type).sort()).toEqual([
      'type_error.enum',
      'value_error.missing',
    ])
  })
})
