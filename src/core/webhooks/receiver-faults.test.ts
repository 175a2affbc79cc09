/** Receivers that each do one thing wrong, beside one that does not. Contract: method/webhooks-events §2.5. */
import { sql } from 'kysely'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, type Keys, openApp, type Wire } from '../../../test/setup/app.js'
import { FAULTS, type FaultyReceiver, openFaulty } from '../../../test/setup/faulty-receivers.js'
import { openSubscriber, type Subscriber } from '../../../test/setup/subscriber.js'
import { startRunner } from '../../jobs/runner.js'

const DELIVERIES = 5
const ATTEMPTS = 5
const DELAYS_S = [15, 60, 240, 960]
// Longer than the longest wait until the next attempt.
const RETRY_MS = 1_100_000
const PATIENCE = { timeout: 60_000, interval: 100 }

let app: App
let subscriber: Subscriber
beforeAll(async () => {
  app = await openApp()
  subscriber = await openSubscriber()
})
afterAll(async () => {
  await subscriber.close()
  await app.close()
})

const late = { version: '2024-04-04-late' } as const
const subscribe = async (type: string, url: string, keys: Keys = app.keys): Promise<string> =>
  (await app.call('POST', '/webhooks', { ...late, key: keys.development, body: { type, url } })).data.id
const shown = async (id: string, keys: Keys = app.keys) =>
  (await app.call('GET', `/webhooks/${id}`, { ...late, key: keys.development })).data
const makePerson = (keys: Keys = app.keys) =>
  app.call('POST', '/entities', { key: keys.development, body: { type: 'individual', individual: {} } })
/** Whatever waits for its time is due. */
const letTimePass = async () => {
  app.clock.advance(RETRY_MS)
  await sql`update graphile_worker._private_jobs set run_at = now() - interval '1 s' where locked_at is null`.execute(
    app.fresh.db,
  )
}

interface Row {
  readonly webhookId: string
  readonly status: string
  readonly attempts: number
  readonly outcome: string | null
  readonly waitS: number
}

async function rowsOf(webhookId: string): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select webhook_id as "webhookId", status, attempts, last_outcome as outcome,
           extract(epoch from due_at - last_attempt_at)::float8 as "waitS"
    from deliveries where webhook_id = ${webhookId.replace('whk_', '')}`.execute(app.fresh.db)
  return rows
}

// What each comes to in the end; `large` is an answer like any other, of which not all is read.
const ENDS: Readonly<Record<string, readonly [outcome: string, reason: string]>> = {
  '500': ['500', 'RECEIVED_5XX_ERROR'],
  '404': ['404', 'RECEIVED_4XX_ERROR'],
  '410': ['410', 'RECEIVED_4XX_ERROR'],
  '301': ['301', 'FAILED_OTHER'],
  reset: ['unreachable', 'FAILED_OTHER'],
  late: ['timeout', 'TIMEOUT_ON_RESPONSE'],
  drip: ['timeout', 'TIMEOUT_ON_RESPONSE'],
  'untrusted certificate': ['unreachable', 'FAILED_OTHER'],
  'unknown name': ['unreachable', 'FAILED_OTHER'],
}

it('tries five times at growing intervals, then disables for the right reason, and serves everybody else meanwhile', async () => {
  const receivers = new Map<string, FaultyReceiver>()
  for (const fault of FAULTS) receivers.set(fault, await openFaulty(fault))
  const ids = new Map<string, string>()
  for (const [fault, { url }] of receivers) ids.set(fault, await subscribe('entity.create', url))
  ids.set('unknown name', await subscribe('entity.create', 'http://nowhere.invalid/'))
  await subscribe('entity.create', `${subscriber.url}/healthy`)
  await subscribe('webhook.disabled', `${subscriber.url}/disabled`)
  const { pool } = app.fresh.database
  const log = pino({ level: 'silent' })
  const runner = await startRunner({ pool, tasks: app.tasks, log, concurrency: 20, isAlone: true })
  try {
    for (let made = 0; made < DELIVERIES; made++) await makePerson()
    const failing = [...ids].filter(([fault]) => fault !== 'large')
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1) await letTimePass()
      for (const [fault, id] of failing) {
        const made = async () => (await rowsOf(id)).map(({ attempts }) => attempts)
        await expect.poll(made, PATIENCE).toEqual(Array.from({ length: DELIVERIES }, () => attempt))
        const rows = await rowsOf(id)
        expect([fault, ...new Set(rows.map(({ outcome }) => outcome))]).toEqual([fault, ENDS[fault]?.[0]])
        const delay = DELAYS_S[attempt - 1]
        for (const { status, waitS } of rows) {
          expect([fault, status]).toEqual([fault, delay === undefined ? 'exhausted' : 'pending'])
          if (delay === undefined) continue
          expect(waitS).toBeGreaterThanOrEqual(delay * 0.899)
          expect(waitS).toBeLessThanOrEqual(delay * 1.101)
        }
      }
    }
    for (const [fault, id] of failing) {
      const sub_type = `WEBHOOK_DISABLED_${ENDS[fault]?.[1]}`
      await expect.poll(() => shown(id), PATIENCE).toMatchObject({ status: 'disabled', error: { sub_type } })
      if (receivers.has(fault)) {
        expect([fault, receivers.get(fault)?.requests()]).toEqual([
          fault,
          isTlsFault(fault) ? 0 : DELIVERIES * ATTEMPTS,
        ])
      }
    }
    const large = ids.get('large') ?? ''
    expect(await shown(large)).toMatchObject({ status: 'active', error: null })
    expect((await rowsOf(large)).map(({ status, attempts }) => [status, attempts])).toEqual(
      Array.from({ length: DELIVERIES }, () => ['delivered', 1]),
    )
    // What the two sockets hold on the way comes on top of the 64 kB.
    await expect.poll(() => receivers.get('large')?.bytesTaken(), PATIENCE).toBeGreaterThan(64 * 1024)
    expect(receivers.get('large')?.bytesTaken()).toBeLessThan(12_000_000)
    const at = (path: string) => subscriber.received.filter((each) => each.path === path).map(({ body }) => body)
    expect(at('/healthy')).toHaveLength(DELIVERIES)
    await expect.poll(() => at('/disabled').length, PATIENCE).toBe(failing.length)
    const told = at('/disabled').map(({ type, id, path }) => [type, id, path])
    expect(told.sort()).toEqual(failing.map(([, id]) => ['webhook.disabled', id, `/webhooks/${id}`]).sort())
    const { rows } = await sql<Wire>`
      select distinct resource_id as id, after->>'status' as status, before->>'status' <> 'disabled' as was_on
      from events where topic = 'webhook.disabled'`.execute(app.fresh.db)
    expect(rows).toHaveLength(failing.length)
    for (const row of rows) expect([row.was_on, row.status]).toEqual([true, 'disabled'])
  } finally {
    await runner.stop()
    for (const receiver of receivers.values()) await receiver.close()
  }
}, 180_000)

const isTlsFault = (fault: string) => fault === 'untrusted certificate'

describe('a receiver that fails now and then', () => {
  let keys: Keys
  let id: string
  beforeEach(async () => {
    keys = await app.newTeam()
    id = await subscribe('entity.create', subscriber.url, keys)
  })

  /** One more delivery that arrives, or that is given up: it has been tried four times already. */
  async function end(status: 200 | 500): Promise<void> {
    subscriber.answer(status)
    await makePerson(keys)
    if (status !== 200) await sql`update deliveries set attempts = 4 where status = 'pending'`.execute(app.fresh.db)
    await app.drain()
  }

  it('is disabled once five of a day were given up that are 40 % of what ended, though never five in a row', async () => {
    for (let turn = 0; turn < 4; turn++) {
      await end(200)
      await end(500)
      expect(await shown(id, keys)).toMatchObject({ status: 'requires_attention' })
    }
    await end(200)
    await end(200)
    await end(500)
    const error = { sub_type: 'WEBHOOK_DISABLED_RECEIVED_5XX_ERROR' }
    expect(await shown(id, keys)).toMatchObject({ status: 'disabled', error })
  })

  it('stays on where they are fewer than 40 %, or older than a day', async () => {
    for (let turn = 0; turn < 8; turn++) await end(200)
    for (let turn = 0; turn < 5; turn++) {
      await end(500)
      await end(200)
    }
    expect(await shown(id, keys)).toMatchObject({ status: 'active', error: null })
    app.clock.advance(25 * 3600 * 1000)
    await end(500)
    expect(await shown(id, keys)).toMatchObject({ status: 'requires_attention' })
  })

  it('is forgiven what was before it was switched on again', async () => {
    for (let turn = 0; turn < 5; turn++) await end(500)
    expect(await shown(id, keys)).toMatchObject({ status: 'disabled' })
    app.clock.advance(1000)
    await app.call('PATCH', `/webhooks/${id}`, { ...late, key: keys.development, body: { status: 'active' } })
    await end(200)
    await end(500)
    expect(await shown(id, keys)).toMatchObject({ status: 'requires_attention' })
  })
})
