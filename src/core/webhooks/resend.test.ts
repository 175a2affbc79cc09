/** Sending much again, by whoever runs the server. */
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { type Delivery, openSubscriber, type Subscriber } from '../../../test/setup/subscriber.js'
import { inTx } from '../../db/database.js'
import { record } from '../events/events.js'

const RESOURCES = 200
const ROUNDS = 50
const EVENTS = RESOURCES * ROUNDS
const SECRET = 'shh'

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

it('replays ten thousand events twice: the same ids and bytes, signed anew, and each resource in its order', async () => {
  const { data: person } = await app.call('POST', '/entities', { body: { type: 'individual', individual: {} } })
  const ctx = await app.ctx()
  const { rows: snapshots } = await sql<{ after: object }>`
    select after from events where resource_id = ${person.id.replace('ent_', '')}`.execute(app.fresh.db)
  const body = { type: 'entity.update', url: subscriber.url, hmac_secret: SECRET }
  await app.call('POST', '/webhooks', { body })
  for (let round = 0; round < ROUNDS; round++) {
    const changes = Array.from({ length: RESOURCES }, (_, index) => {
      const after = { ...snapshots[0]?.after, id: `4444444444${String(index).padStart(3, '3')}` }
      return { resource: 'consumer', op: 'updated', resourceId: after.id, before: after, after }
    })
    await inTx(ctx.db, (tx) => record({ ...ctx, db: tx, tx }, changes))
  }
  // They count as told, so that all that arrives is a replay.
  await sql`update deliveries set status = 'delivered'`.execute(app.fresh.db)
  await app.drain()
  expect(subscriber.received).toEqual([])
  const { rows: wanted } = await sql<{ id: string; body: string; resourceId: string }>`
    select 'evt_' || event_id as id, body, resource_id as "resourceId" from deliveries order by created_at, id`.execute(
    app.fresh.db,
  )
  expect(wanted).toHaveLength(EVENTS)

  const replay = async () => {
    app.clock.advance(60_000)
    const filter = { deliveryId: null, eventId: null, webhookId: null, since: null, statuses: ['delivered'] }
    expect(await app.admin.resend({ name: app.keys.team, environment: 'development' }, filter)).toBe(EVENTS)
    await app.drain()
    return subscriber.received.splice(0)
  }
  const stamps = new Set<string>()
  for (const told of [await replay(), await replay()]) {
    expect(told.map(idOf).sort()).toEqual(wanted.map(({ id }) => id).sort())
    const bodies = new Map(wanted.map(({ id, body: text }) => [id, text]))
    expect(told.filter((each) => each.text !== bodies.get(idOf(each)))).toEqual([])
    expect(told.filter((each) => !isSigned(each))).toEqual([])
    expect(byResource(told.map((each) => [each.body.id, idOf(each)]))).toEqual(
      byResource(wanted.map(({ id, resourceId }) => [`ent_${resourceId}`, id])),
    )
    for (const { headers } of told) stamps.add(headers['webhook-timestamp'] ?? '')
  }
  expect(stamps.size).toBe(2)
}, 300_000)

const idOf = ({ headers }: Delivery) => headers['webhook-id'] ?? ''

function isSigned({ headers, text }: Delivery): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature } = headers
  const own = createHmac('sha256', SECRET).update(`${seconds}:${text}`).digest('hex')
  const standard = createHmac('sha256', SECRET).update(`${id}.${seconds}.${text}`).digest('base64')
  return headers['method-webhook-signature'] === own && signature === `v1,${standard}`
}

/** The events of each resource, in the order given. */
function byResource(pairs: readonly (readonly [resource: string, event: string])[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [resource, event] of pairs) found.set(resource, [...(found.get(resource) ?? []), event])
  return found
}
