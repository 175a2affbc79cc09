/** Many events to many receivers, some of which fail. Contract: method/webhooks-events §2.5. */
import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { openSubscriber, type Subscriber } from '../../../test/setup/subscriber.js'
import { inTx } from '../../db/database.js'
import { startRunner } from '../../jobs/runner.js'
import { record } from '../events/events.js'

const LIVE = 13
const FAILING = 7
// A thousand events in all.
const RESOURCES = 100
const ROUNDS = 10

let app: App
let subscribers: readonly Subscriber[]
beforeAll(async () => {
  app = await openApp()
  subscribers = await Promise.all(Array.from({ length: LIVE + FAILING }, openSubscriber))
})
afterAll(async () => {
  await Promise.all(subscribers.map((subscriber) => subscriber.close()))
  await app.close()
})

it('reaches every receiver that lives, each resource in order, while a third of them fails', async () => {
  const failing = subscribers.slice(LIVE)
  for (const [index, subscriber] of failing.entries()) subscriber.answer(index % 2 === 0 ? 500 : 'never')
  for (const { url } of subscribers) await app.call('POST', '/webhooks', { body: { type: 'entity.update', url } })
  const people = await Promise.all(
    Array.from({ length: RESOURCES }, async () => {
      const { data } = await app.call('POST', '/entities', { body: { type: 'individual', individual: {} } })
      return data.id.slice('ent_'.length) as string
    }),
  )
  const ctx = await app.ctx()
  const snapshots = new Map<string, object>()
  for (const id of people) {
    const { rows } = await app.fresh.database.pool.query('select after from events where resource_id = $1', [id])
    snapshots.set(id, rows[0].after)
  }
  const { pool } = app.fresh.database
  const runner = await startRunner({
    pool,
    tasks: app.tasks,
    log: pino({ level: 'silent' }),
    concurrency: LIVE + FAILING,
    isAlone: true,
  })
  for (let round = 0; round < ROUNDS; round++) {
    await inTx(ctx.db, (tx) =>
      record(
        { ...ctx, db: tx, tx },
        people.map((resourceId) => {
          const after = snapshots.get(resourceId) ?? {}
          return { resource: 'consumer', op: 'updated', resourceId, before: after, after }
        }),
      ),
    )
  }
  const live = subscribers.slice(0, LIVE)
  const arrived = () => live.map(({ received }) => received.length)
  await expect.poll(arrived, { timeout: 170_000, interval: 50 }).toEqual(live.map(() => RESOURCES * ROUNDS))
  // Those that never answer take five seconds each time, so they would be further along had anybody waited for them.
  for (const { received } of failing) expect(received.length).toBeLessThan((RESOURCES * ROUNDS) / 2)
  await runner.stop()
  const { rows } = await pool.query('select id, resource_id from events where topic = $1 order by created_at', [
    'consumer.updated',
  ])
  for (const { received } of live) {
    for (const id of people) {
      const expected = rows.filter((row) => row.resource_id === id).map((row) => `evt_${row.id}`)
      const told = received.filter(({ body }) => body.id === `ent_${id}`).map(({ body }) => body.event)
      expect(told).toEqual(expected)
    }
  }
}, 180_000)
