/** What a receiver that checks signatures takes for genuine, also while a secret is being replaced. Contract: method/webhooks-events §2.4. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, type Keys, openApp } from '../../../test/setup/app.js'
import { type Delivery, openSubscriber, type Subscriber } from '../../../test/setup/subscriber.js'

const HOUR_MS = 3_600_000
const AGE_MAX_SECONDS = 5 * 60

let app: App
let subscriber: Subscriber
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

type Sent = Pick<Delivery, 'headers' | 'text'>
type Receiver = (sent: Sent, secret: string) => boolean

const isFresh = (seconds: string | undefined) =>
  Math.abs(Date.parse(app.clock.now()) / 1000 - Number(seconds)) <= AGE_MAX_SECONDS
const areEqual = (one: Buffer, other: Buffer) => one.length === other.length && timingSafeEqual(one, other)

/** As Method's guide tells receivers to check. */
const checksOwn: Receiver = ({ headers, text }, secret) => {
  const seconds = headers['method-webhook-timestamp']
  const expected = createHmac('sha256', secret).update(`${seconds}:${text}`).digest('hex')
  return isFresh(seconds) && areEqual(Buffer.from(headers['method-webhook-signature'] ?? ''), Buffer.from(expected))
}

/** As the libraries of Standard Webhooks check: any of the signatures will do. */
const checksStandard: Receiver = ({ headers, text }, secret) => {
  const { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures = '' } = headers
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret
  const expected = createHmac('sha256', key).update(`${id}.${seconds}.${text}`).digest('base64')
  const matches = signatures.split(' ').map((each) => areEqual(Buffer.from(each), Buffer.from(`v1,${expected}`)))
  return isFresh(seconds) && matches.includes(true)
}

const receivers = [
  ['its own signature', checksOwn],
  ['that of Standard Webhooks', checksStandard],
] as const

async function subscribe(secret: string | null): Promise<string> {
  const body = { type: 'entity.create', url: subscriber.url, hmac_secret: secret }
  return (await app.call('POST', '/webhooks', { key: keys.development, body })).data.id
}

const makePerson = () =>
  app.call('POST', '/entities', { key: keys.development, body: { type: 'individual', individual: {} } })

/** What arrives when something happens. */
async function nextDelivery(): Promise<Delivery> {
  const before = subscriber.received.length
  await makePerson()
  await app.drain()
  const delivery = subscriber.received[before]
  if (!delivery) throw new Error('Nothing arrived.')
  return delivery
}

const rotate = (id: string, overlapMs: number, secret: string | null = null) =>
  app.admin.rotateSecret(
    { name: keys.team, environment: 'development' },
    { id: id.replace('whk_', ''), secret, overlapMs },
  )

/** Every text that differs in one character. */
const altered = (text: string) =>
  Array.from(text, (letter, at) => `${text.slice(0, at)}${letter === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`)

describe.each(receivers)('a receiver that checks %s', (_, accepts) => {
  const secret = 'known to both'
  const signature = accepts === checksOwn ? 'method-webhook-signature' : 'webhook-signature'
  const timestamp = accepts === checksOwn ? 'method-webhook-timestamp' : 'webhook-timestamp'
  const withHeader = ({ headers, text }: Sent, name: string, value: string) => ({
    text,
    headers: { ...headers, [name]: value },
  })

  it('refuses whatever was altered on the way, character by character', async () => {
    await subscribe(secret)
    const sent = await nextDelivery()
    expect(accepts(sent, secret)).toBe(true)
    const forged: Sent[] = [
      ...altered(sent.text).map((text) => ({ headers: sent.headers, text })),
      ...[sent.text.slice(1), sent.text.slice(0, -1), `${sent.text} `, ''].map((text) => ({ ...sent, text })),
      ...altered(sent.headers[signature] ?? '').map((value) => withHeader(sent, signature, value)),
      withHeader(sent, signature, ''),
      ...(accepts === checksStandard
        ? altered(sent.headers['webhook-id'] ?? '').map((value) => withHeader(sent, 'webhook-id', value))
        : []),
      ...[-600, -1, 1, 600].map((later) =>
        withHeader(sent, timestamp, String(Number(sent.headers[timestamp]) + later)),
      ),
    ]
    expect(forged.length).toBeGreaterThan(150)
    expect(forged.filter((each) => accepts(each, secret))).toEqual([])
    expect(altered(secret).filter((other) => accepts(sent, other))).toEqual([])
  })

  it('refuses what is sent a second time by somebody who listened', async () => {
    await subscribe(secret)
    const sent = await nextDelivery()
    app.clock.advance((AGE_MAX_SECONDS + 1) * 1000)
    expect(accepts(sent, secret)).toBe(false)
  })

  it('takes nothing for genuine where no secret was given', async () => {
    await subscribe(null)
    const sent = await nextDelivery()
    expect(sent.headers).not.toHaveProperty(signature)
    expect(accepts(sent, '')).toBe(false)
  })
})

describe('while a secret is being replaced', () => {
  it('both are valid for who checks by Standard Webhooks, and after it only the new one', async () => {
    const id = await subscribe('the former')
    const { secret, formerUntil } = await rotate(id, HOUR_MS)
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/)
    expect(formerUntil).toBe(new Date(Date.parse(app.clock.now()) + HOUR_MS).toISOString())
    const during = await nextDelivery()
    expect(during.headers['webhook-signature']?.split(' ')).toHaveLength(2)
    expect([checksStandard(during, 'the former'), checksStandard(during, secret)]).toEqual([true, true])
    expect(checksStandard(during, 'another')).toBe(false)
    app.clock.advance(HOUR_MS)
    const after = await nextDelivery()
    expect([checksStandard(after, 'the former'), checksStandard(after, secret)]).toEqual([false, true])
    expect(checksOwn(after, secret)).toBe(true)
  })

  it('who checks the single signature accepts the first attempt by the former secret, or the second by the new one', async () => {
    const id = await subscribe('the former')
    const { secret } = await rotate(id, HOUR_MS)
    subscriber.answer(401)
    const first = await nextDelivery()
    expect([checksOwn(first, 'the former'), checksOwn(first, secret)]).toEqual([true, false])
    subscriber.answer(200)
    app.clock.advance(20_000)
    await sql`update graphile_worker._private_jobs set run_at = now() - interval '1 s'`.execute(app.fresh.db)
    await app.drain()
    const second = subscriber.received.at(-1)
    expect(second?.text).toBe(first.text)
    expect([second && checksOwn(second, 'the former'), second && checksOwn(second, secret)]).toEqual([false, true])
  })

  it('a third secret ends the first, and no overlap ends the one before at once', async () => {
    const id = await subscribe('the first')
    await rotate(id, HOUR_MS, 'the second')
    await rotate(id, HOUR_MS, 'the third')
    const valid = async (secrets: readonly string[]) => {
      const sent = await nextDelivery()
      return secrets.filter((secret) => checksStandard(sent, secret))
    }
    const all = ['the first', 'the second', 'the third', 'the fourth']
    expect(await valid(all)).toEqual(['the second', 'the third'])
    expect(await rotate(id, 0, 'the fourth')).toEqual({ secret: 'the fourth', formerUntil: null })
    expect(await valid(all)).toEqual(['the fourth'])
  })

  it('a webhook that had none is signed from then on', async () => {
    const id = await subscribe(null)
    const { secret, formerUntil } = await rotate(id, HOUR_MS)
    expect(formerUntil).toBeNull()
    const sent = await nextDelivery()
    expect([checksOwn(sent, secret), checksStandard(sent, secret)]).toEqual([true, true])
  })

  it('no secret is kept in clear, and no other webhook has its secret replaced', async () => {
    const id = await subscribe('the former')
    const other = await subscribe('the other')
    const { secret } = await rotate(id, HOUR_MS)
    const { rows } = await sql<{ row: string }>`select to_jsonb(w)::text as row from webhooks w`.execute(app.fresh.db)
    expect(JSON.stringify(rows)).not.toMatch(/the former|the other/)
    expect(JSON.stringify(rows)).not.toContain(secret)
    await app.call('DELETE', `/webhooks/${id}`, { key: keys.development })
    expect(checksOwn(await nextDelivery(), 'the other')).toBe(true)
    await expect(rotate(id, 0)).rejects.toMatchObject({ code: 'webhook.not_found' })
    await expect(rotate('whk_nonsense', 0)).rejects.toMatchObject({ code: 'webhook.not_found' })
    const elsewhere = { name: (await app.newTeam()).team, environment: 'development' } as const
    const foreign = app.admin.rotateSecret(elsewhere, { id: other.replace('whk_', ''), secret: null, overlapMs: 0 })
    await expect(foreign).rejects.toMatchObject({ code: 'webhook.not_found' })
  })
})
