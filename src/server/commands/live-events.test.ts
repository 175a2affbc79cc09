/** `clearspan listen` and `clearspan trigger`, beside a running server. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/setup/database.js'
import { methodApi, sharedEnvironment } from '../../../test/setup/method-api.js'
import {
  runClearspan,
  type SpawnedServer,
  spawnClearspan,
  spawnServer,
  temporaryFolder,
} from '../../../test/setup/server.js'
import { openSubscriber, type Subscriber } from '../../../test/setup/subscriber.js'

const PATIENCE = { timeout: 30_000, interval: 50 }

let database: FreshDatabase
let environment: Readonly<Record<string, string>>
let server: SpawnedServer
let subscriber: Subscriber
beforeAll(async () => {
  database = await freshDatabase()
  environment = sharedEnvironment(database)
  server = await spawnServer({ environment })
  subscriber = await openSubscriber()
}, 60_000)
afterAll(async () => {
  await server.stop()
  await Promise.all([subscriber.close(), database.close()])
})

const trigger = (...args: readonly string[]) => runClearspan(['trigger', ...args], environment)
const webhooks = async () => (await methodApi(server).get('/webhooks')).body.data

async function listening(...args: readonly string[]) {
  const session = spawnClearspan(['listen', ...args], environment)
  await expect.poll(session.output, PATIENCE).toMatch(/Signed with \S+/)
  return {
    ...session,
    secret: /Signed with (\S+)/.exec(session.output())?.[1] ?? '',
    async interrupt() {
      const closed = once(session.child, 'close')
      session.child.kill('SIGINT')
      return (await closed)[0] as number | null
    },
  }
}

test('a session prints and forwards what is triggered, byte by byte as it was signed, and leaves no webhook', async () => {
  const session = await listening('--forward-to', `${subscriber.url}/here`, '--types', 'account.closed,entity.create')
  expect(await webhooks()).toHaveLength(2)
  const { code, output } = await trigger('account.closed')
  expect(code, output).toBe(0)
  const [, id, event] = /^account\.closed {2}\/accounts\/(acc_\w+) {2}(evt_\w+)$/m.exec(output) ?? []
  expect(output).toMatch(/^POST \/entities {2}→ {2}ent_\w+$/m)
  await expect
    .poll(session.output, PATIENCE)
    .toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z {2}account\\.closed {2}${id} {2}→ {2}200$`, 'm'))
  expect(session.output()).toMatch(/ {2}entity\.create {2}ent_\w+ {2}→ {2}200$/m)
  const forwarded = subscriber.received.find(({ body }) => body.type === 'account.closed')
  expect(forwarded).toMatchObject({ path: '/here', body: { id, event, path: `/accounts/${id}` } })
  const seconds = forwarded?.headers['method-webhook-timestamp']
  const signature = createHmac('sha256', session.secret).update(`${seconds}:${forwarded?.text}`).digest('hex')
  expect(forwarded?.headers).toMatchObject({
    'method-webhook-signature': signature,
    'content-type': 'application/json',
    'webhook-id': event,
  })
  expect(await session.interrupt()).toBe(0)
  expect(session.output()).toContain('the webhooks of this session are gone')
  expect(await webhooks()).toEqual([])
}, 60_000)

test('a session goes on when its address refuses, redirects or is not there, and says so', async () => {
  const session = await listening('--forward-to', subscriber.url, '--types', 'entity.create', '--secret', 'mine')
  expect(session.secret).toBe('mine')
  for (const [status, headers] of [[500], [302, { location: `${subscriber.url}/elsewhere` }]] as const) {
    subscriber.answer(status, headers)
    await methodApi(server).post('/entities', { type: 'individual', individual: {} })
    await expect.poll(session.output, PATIENCE).toMatch(new RegExp(`→ {2}${status}$`, 'm'))
  }
  expect(subscriber.received.filter(({ path }) => path === '/elsewhere')).toEqual([])
  expect(await session.interrupt()).toBe(0)
  const lost = await listening('--forward-to', 'http://127.0.0.1:9/', '--types', 'entity.create')
  await methodApi(server).post('/entities', { type: 'individual', individual: {} })
  await expect.poll(lost.output, PATIENCE).toMatch(/entity\.create {2}ent_\w+ {2}→ {2}not reached$/m)
  expect(await lost.interrupt()).toBe(0)
}, 60_000)

test('a session that was killed is cleared away by the next, and a living one is left alone', async () => {
  const living = await listening('--types', 'entity.create')
  const killed = await listening('--types', 'entity.create,entity.update')
  killed.child.kill('SIGKILL')
  await once(killed.child, 'close')
  expect(await webhooks()).toHaveLength(3)
  const next = await listening('--types', 'account.create')
  expect((await webhooks()).map(({ type }: { type: string }) => type)).toEqual(['account.create', 'entity.create'])
  expect([await next.interrupt(), await living.interrupt()]).toEqual([0, 0])
  expect(await webhooks()).toEqual([])
}, 60_000)

test('a session without an address prints every type of its version', async () => {
  const session = await listening('--wire-version', '2025-12-01')
  expect(session.output()).toContain('Listening to 91 types of team demo\n')
  await methodApi(server).post('/entities', { type: 'individual', individual: {} })
  await expect.poll(session.output, PATIENCE).toMatch(/Z {2}entity\.create {2}ent_\w+$/m)
  expect(await session.interrupt()).toBe(0)
  expect(await webhooks()).toEqual([])
}, 60_000)

test.each<[string, readonly string[], RegExp]>([
  [
    'a type that is none',
    ['listen', '--types', 'entity.create,entity.delete'],
    /clearspan: POST \/webhooks was answered with 400: type must be/,
  ],
  ['an address that is none', ['listen', '--forward-to', 'example'], /clearspan: "example" is no address/],
  ['a team that is none', ['listen', '--team', 'nobody'], /clearspan: No team has this name/],
  ['a type to trigger that is none', ['trigger', 'entity.delete'], /clearspan: "entity\.delete" is no type of event/],
  ['no type to trigger', ['trigger'], /clearspan: Name a type of event/],
  ['a type that is never sent', ['trigger', 'connection.create'], /clearspan: connection\.create is never sent\./],
])(
  '%s is a sentence and exit code 1, and nothing stays',
  async (_, args, sentence) => {
    const { code, output } = await runClearspan(args, environment)
    expect([code, output]).toEqual([1, expect.stringMatching(sentence)])
    expect(await webhooks()).toEqual([])
  },
  30_000,
)

test('without a server on the data folder there is nothing to listen to', async () => {
  const folder = await temporaryFolder()
  const { code, output } = await runClearspan(['listen'], { CLEARSPAN_DATA: folder.path })
  expect([code, output]).toEqual([1, expect.stringMatching(/clearspan: No server runs on .*: start one with/)])
  await folder.remove()
})

test('the list has every type', async () => {
  const { code, output } = await trigger('--list')
  expect([code, output.trim().split('\n').length]).toEqual([0, 91])
})

test('what is settled for a trigger is as it was before when it is over', async () => {
  const settled = async () => (await runClearspan(['teams', 'show', 'demo'], environment)).output
  await runClearspan(['teams', 'restrict', 'demo', '--product', 'payoff'], environment)
  const before = await settled()
  const { code, output } = await trigger('payment_instrument.create')
  expect(code, output).toBe(0)
  expect(output).toMatch(
    /^payment_instrument\.create {2}\/accounts\/acc_\w+\/payment_instruments\/pmt_inst_\w+ {2}\(no event/m,
  )
  expect(await settled()).toBe(before)
}, 60_000)
