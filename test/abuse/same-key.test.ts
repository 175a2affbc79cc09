/** A request with an idempotency key happens once, whoever repeats it, however, and wherever. A1, A2, A3, F2. */
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import {
  connectedKevin,
  createTeamKey,
  IDENTITY_SESSION,
  KEVIN,
  type MethodApi,
  methodApi,
  PHONE_SESSION,
  type Reply,
  sharedEnvironment,
} from '../setup/method-api.js'
import { type SpawnedServer, spawnServer } from '../setup/server.js'

let database: FreshDatabase
let servers: readonly SpawnedServer[]
let apis: readonly MethodApi[]
let api: MethodApi
let otherTeam: MethodApi

// Two processes share one database, as behind a load balancer.
beforeAll(async () => {
  database = await freshDatabase()
  const environment = sharedEnvironment(database)
  const first = await spawnServer({ environment })
  servers = [first, await spawnServer({ environment })]
  apis = servers.map((server) => methodApi(server))
  api = methodApi(first)
  otherTeam = methodApi(first, await createTeamKey('other', environment))
})
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  await database.close()
})

async function rowsOf(table: 'consumers' | 'webhooks' | 'retrievals' | 'accounts' | 'payments'): Promise<number> {
  const { rows } = await database.database.pool.query(`select count(*)::int as total from ${table}`)
  return rows[0]?.total
}

const named = (key: string) => ({ 'idempotency-key': key })

/** The same request `times` over, at once, at both servers in turn. */
function atOnce(times: number, ask: (api: MethodApi) => Promise<Reply>): Promise<readonly Reply[]> {
  return Promise.all(Array.from({ length: times }, (_, index) => ask(apis[index % apis.length] ?? api)))
}

function expectOneAnswer(answers: readonly Reply[]): void {
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  const marks = answers.map(({ headers }) => headers.get('idem-status'))
  expect(marks.filter((mark) => mark === 'stored')).toHaveLength(1)
  expect(marks.filter((mark) => mark === 'replayed')).toHaveLength(answers.length - 1)
}

test('fifty clients at once with one key, at two servers, make one payment and get one answer', async () => {
  const { entityId, cardId: destination } = await connectedKevin(api)
  const ach = { routing: '062103000', number: '123456789', type: 'checking' }
  const source = (await api.post('/accounts', { holder_id: entityId, ach })).body.data.id
  const before = await rowsOf('payments')
  const body = { amount: 5000, source, destination, description: 'Once' }
  const key = named(randomUUID())
  expectOneAnswer(await atOnce(50, (each) => each.post('/payments', body, key)))
  expect(await rowsOf('payments')).toBe(before + 1)
})

test('fifty requests at once with one key, at two servers, make one entity and get one answer', async () => {
  const before = await rowsOf('consumers')
  const key = randomUUID()
  expectOneAnswer(await atOnce(50, (each) => each.post('/entities', KEVIN, named(key))))
  expect(await rowsOf('consumers')).toBe(before + 1)
})

test('fifty requests at once that ask nobody outside make one webhook', async () => {
  const before = await rowsOf('webhooks')
  const key = randomUUID()
  const webhook = { type: 'entity.create', url: 'https://example.com/hooks' }
  expectOneAnswer(await atOnce(50, (each) => each.post('/webhooks', webhook, named(key))))
  expect(await rowsOf('webhooks')).toBe(before + 1)
})

test('twenty connects at once with one key are one connect, and each debt one account', async () => {
  const entity = (await api.post('/entities', KEVIN)).body.data
  await api.post(`/entities/${entity.id}/verification_sessions`, PHONE_SESSION)
  await api.post(`/entities/${entity.id}/verification_sessions`, IDENTITY_SESSION)
  const key = randomUUID()
  const answers = await atOnce(20, (each) => each.post(`/entities/${entity.id}/connect`, {}, named(key)))
  expectOneAnswer(answers)
  expect((await api.get(`/entities/${entity.id}/connect`)).body.data).toEqual([answers[0]?.body.data])
  const accounts = await api.get(`/accounts?holder_id=${entity.id}`)
  expect(accounts.body.data).toHaveLength(answers[0]?.body.data.accounts.length)
})

test('the same key with another body is a replay and writes nothing', async () => {
  const key = randomUUID()
  const first = await api.post('/entities', KEVIN, named(key))
  const before = await rowsOf('consumers')
  const bodies = [{ type: 'corporation' }, {}, { type: 'nonsense' }, KEVIN]
  for (const body of bodies) {
    const again = await api.post('/entities', body, named(key))
    expect(again.text).toBe(first.text)
    expect(again.headers.get('idem-status')).toBe('replayed')
  }
  expect(await rowsOf('consumers')).toBe(before)
})

test('a refusal is replayed too, also when the request would succeed by now', async () => {
  const key = randomUUID()
  const entity = (await api.post('/entities', KEVIN)).body.data
  const refused = await api.post(`/entities/${entity.id}/connect`, {}, named(key))
  expect(refused.status).toBe(400)
  await api.post(`/entities/${entity.id}/verification_sessions`, PHONE_SESSION)
  await api.post(`/entities/${entity.id}/verification_sessions`, IDENTITY_SESSION)
  const again = await api.post(`/entities/${entity.id}/connect`, {}, named(key))
  expect({ status: again.status, text: again.text }).toEqual({ status: 400, text: refused.text })
  expect((await api.get(`/entities/${entity.id}/connect`)).body.data).toEqual([])
})

test('the same key of two teams names two requests', async () => {
  const key = randomUUID()
  const ours = await api.post('/entities', KEVIN, named(key))
  const theirs = await otherTeam.post('/entities', KEVIN, named(key))
  expect(theirs.headers.get('idem-status')).toBe('stored')
  expect(theirs.body.data.id).not.toBe(ours.body.data.id)
})

// Contract: method/conventions §10: a key belongs to the team, whatever the route.
test('the same key on another route replays the first answer and does nothing', async () => {
  const key = randomUUID()
  const first = await api.post('/entities', KEVIN, named(key))
  const before = await rowsOf('webhooks')
  const again = await api.post('/webhooks', { type: 'entity.create', url: 'https://example.com' }, named(key))
  expect(again.text).toBe(first.text)
  expect(await rowsOf('webhooks')).toBe(before)
})

test('an unauthorised request does not use up its key', async () => {
  const key = randomUUID()
  const stranger = methodApi(servers[0] ?? { url: '' }, 'sk_dev_nobody')
  expect((await stranger.post('/entities', KEVIN, named(key))).status).toBe(401)
  expect((await api.post('/entities', KEVIN, named(key))).headers.get('idem-status')).toBe('stored')
})

test('a key that is empty, too long or not printable is refused, in the header and in the query', async () => {
  const before = await rowsOf('consumers')
  for (const key of ['', 'k'.repeat(256), 'clé']) {
    expect((await api.post('/entities', KEVIN, named(key))).status, `header ${key}`).toBe(400)
  }
  for (const key of ['', 'k'.repeat(256), '%E2%82%AC', '%00', '%0d%0a', '%07', 'a&idempotency_key=b']) {
    const answer = await api.post(`/entities?idempotency_key=${key}`, KEVIN)
    expect(answer.status, `query ${key}`).toBe(400)
    expect(answer.body.data.error.sub_type).toBe('INVALID_REQUEST')
  }
  expect(await rawStatus('\x01')).toBe(400)
  expect(await rowsOf('consumers')).toBe(before)
  expect((await api.post('/entities', KEVIN, named('k'.repeat(255)))).status).toBe(200)
})

/** Clients refuse to send control characters, so this one is written to the socket by hand. */
async function rawStatus(key: string): Promise<number> {
  const socket = connect(servers[0]?.port ?? 0, '127.0.0.1')
  socket.end(
    `POST /method/entities HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk_dev_clearspan_demo\r\nConnection: close\r\n` +
      `Content-Type: application/json\r\nContent-Length: 21\r\nIdempotency-Key: ${key}\r\n\r\n{"type":"individual"}`,
  )
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
}
