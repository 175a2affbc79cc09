/** Addresses by which a webhook would reach into the network of whoever runs the server. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { openSubscriber, type Subscriber } from '../../../test/setup/subscriber.js'

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

const HOSTS = [
  '127.0.0.1',
  '127.8.8.8',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '[::1]',
  '[fd00::1]',
  '[fe80::1]',
  '[::ffff:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '2130706433',
  '0x7f000001',
  '017700000001',
  '127.1',
  '127.0.0.1.',
  'localhost',
]
const REFUSED = [
  'http://hooks.example.com/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:70/_',
  'ftp://hooks.example.com/',
  'https://user:password@hooks.example.com/',
  'https://user@hooks.example.com/',
  'https://hooks.example.com:22/',
  'https://hooks.example.com:80/',
  'https://hooks.example.com:5432/',
  '//hooks.example.com/',
]

it.each(['sandbox', 'production'] as const)('in %s none of them is taken, or none is dialled', async (environment) => {
  const keys = await app.newTeam()
  const key = keys[environment]
  const create = (url: string) => app.call('POST', '/webhooks', { key, body: { type: 'entity.create', url } })
  for (const url of REFUSED) expect([url, (await create(url)).status]).toEqual([url, 400])
  const { port } = new URL(subscriber.url)
  for (const host of HOSTS) expect([host, (await create(`https://${host}:${port}/`)).status]).toEqual([host, 200])
  await app.call('POST', '/entities', { key, body: { type: 'individual', individual: {} } })
  await app.drain()
  const { team } = await app.ctx(keys, environment)
  const { rows } = await sql<{ outcome: string; head: string | null; count: number }>`
    select outcome, response_head as head, count(*) from delivery_attempts where team_id = ${team.id} group by 1, 2`.execute(
    app.fresh.db,
  )
  // On record, and nothing of an answer with it.
  expect(rows).toEqual([{ outcome: 'forbidden_address', head: null, count: HOSTS.length }])
  expect(subscriber.received).toEqual([])
})
