/** Much that happens at once, of which many webhooks are told. */
import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { openSubscriber, type Subscriber } from '../../../test/setup/subscriber.js'
import { startRunner } from '../../jobs/runner.js'

const WEBHOOKS = 10
const EVENTS = 100
const AT_ONCE = 20

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

it('fails no request for the sake of webhooks, and everybody is told of everything', async () => {
  for (let made = 0; made < WEBHOOKS; made++) {
    await app.call('POST', '/webhooks', { body: { type: 'entity.create', url: `${subscriber.url}/${made}` } })
  }
  const { pool } = app.fresh.database
  const log = pino({ level: 'silent' })
  const runner = await startRunner({ pool, tasks: app.tasks, log, concurrency: 20, isAlone: true })
  try {
    const statuses = new Set<number>()
    for (let made = 0; made < EVENTS; made += AT_ONCE) {
      const body = { type: 'individual', individual: {} }
      const replies = await Promise.all(Array.from({ length: AT_ONCE }, () => app.call('POST', '/entities', { body })))
      for (const { status } of replies) statuses.add(status)
    }
    expect([...statuses]).toEqual([200])
    await expect.poll(() => subscriber.received.length, { timeout: 60_000, interval: 50 }).toBe(EVENTS * WEBHOOKS)
    const told = new Set(subscriber.received.map(({ path, body }) => `${path} ${body.event}`))
    expect(told.size).toBe(EVENTS * WEBHOOKS)
  } finally {
    await runner.stop()
  }
}, 90_000)
