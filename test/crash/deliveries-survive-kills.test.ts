/** A worker that is killed between sending deliveries and writing that down: each arrives at least once, and no more twice than were on their way. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import { methodApi, sharedEnvironment } from '../setup/method-api.js'
import { spawnServer } from '../setup/server.js'
import { openSubscriber, type Subscriber } from '../setup/subscriber.js'

const EVENTS = 120
const KILLS = 2
// Sent to one webhook at a time.
const IN_FLIGHT_MAX = 16
const TIME_LIMIT_MS = 400_000
// A killed worker's jobs are free after half a minute.
const PATIENCE = { timeout: 90_000, interval: 100 }

let database: FreshDatabase
let subscriber: Subscriber
beforeAll(async () => {
  database = await freshDatabase()
  subscriber = await openSubscriber()
})
afterAll(async () => {
  await subscriber.close()
  await database.close()
})

const query = async (text: string) => (await database.database.pool.query(text)).rows

/** Closes the table of attempts to writers: what is sent from now on cannot be written down. */
async function closed(): Promise<() => Promise<void>> {
  const client = await database.database.pool.connect()
  await client.query('begin')
  await client.query('lock table delivery_attempts in share mode')
  return async () => {
    await client.query('rollback')
    client.release()
  }
}

test(
  `of ${EVENTS} events none is lost, and no more arrive twice than were on their way at ${KILLS} kills`,
  async () => {
    const environment = sharedEnvironment(database)
    const api = await spawnServer({ environment, command: ['serve', '--no-worker'] })
    const { post } = methodApi(api)
    await post('/webhooks', { type: 'entity.create', url: subscriber.url, hmac_secret: 'shh' })
    for (let made = 0; made < EVENTS; made++) await post('/entities', { type: 'individual', individual: {} })
    await api.stop()
    expect(subscriber.received).toEqual([])
    for (let kill = 0; kill < KILLS; kill++) {
      const open = await closed()
      const before = subscriber.received.length
      const worker = await spawnServer({ environment })
      // Sixteen have arrived, and nobody has written that down yet.
      await expect.poll(() => subscriber.received.length - before, PATIENCE).toBe(IN_FLIGHT_MAX)
      await worker.kill9()
      await open()
      const [{ written }] = await query('select count(*) as written from delivery_attempts')
      expect(written).toBeLessThan(subscriber.received.length)
    }
    const last = await spawnServer({ environment })
    const waiting = () => query(`select count(*) as count from deliveries where status <> 'delivered'`)
    await expect.poll(waiting, PATIENCE).toEqual([{ count: 0 }])
    await last.stop()
    const copies = new Map<string, string[]>()
    for (const { headers, text } of subscriber.received) {
      const id = headers['webhook-id'] ?? ''
      copies.set(id, [...(copies.get(id) ?? []), text])
    }
    const events = await query(`select 'evt_' || id as id from events where topic = 'consumer.created' order by 1`)
    expect([...copies.keys()].sort()).toEqual(events.map(({ id }) => id).sort())
    for (const texts of copies.values()) expect(new Set(texts).size).toBe(1)
    expect(subscriber.received.length - EVENTS).toBeLessThanOrEqual(KILLS * IN_FLIGHT_MAX)
    // Otherwise no kill came in between, and nothing was shown.
    expect(subscriber.received.length).toBeGreaterThan(EVENTS)
  },
  TIME_LIMIT_MS,
)
