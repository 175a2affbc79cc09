/** Bodies that nobody means well. Each gets an answer in the envelope, quickly, and the server stays as it was. A12. */
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import { KEVIN, type MethodApi, methodApi, type Reply, sharedEnvironment } from '../setup/method-api.js'
import { type SpawnedServer, spawnServer } from '../setup/server.js'

const JSON_TYPE = { 'content-type': 'application/json' }

let database: FreshDatabase
let server: SpawnedServer
let api: MethodApi

beforeAll(async () => {
  database = await freshDatabase()
  server = await spawnServer({ environment: sharedEnvironment(database) })
  api = methodApi(server)
})
afterAll(async () => {
  await server.stop()
  await database.close()
})
afterEach(async () => {
  expect(server.child.exitCode).toBeNull()
  expect(server.output()).not.toContain('"level":50')
  expect((await api.get('/ping')).status).toBe(200)
})

async function entityCount(): Promise<number> {
  const { rows } = await database.database.pool.query('select count(*)::int as total from consumers')
  return rows[0]?.total
}

/** Sends a body as it stands; expects a refusal of one of the statuses, in the envelope, and nothing written. */
async function expectRefused(
  body: string | Uint8Array,
  statuses: readonly number[],
  headers: Readonly<Record<string, string>> = JSON_TYPE,
): Promise<Reply> {
  const before = await entityCount()
  const answer = await api.send('POST', '/entities', body, headers)
  expect(statuses).toContain(answer.status)
  expectEnvelope(answer)
  expect(await entityCount()).toBe(before)
  return answer
}

function expectEnvelope({ status, body, headers }: Reply): void {
  const message = expect.stringMatching(/./)
  expect(body).toStrictEqual({
    success: false,
    data: { error: { type: 'INVALID_REQUEST', code: status, sub_type: expect.stringMatching(/^[A-Z_]+$/), message } },
    message: body.data.error.message,
  })
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect(headers.get('idem-request-id')).toMatch(/^req_/)
}

const withMetadata = (metadata: string) => `{"type":"individual","metadata":${metadata}}`

test('a body of more than a megabyte is too large, also as a million members', async () => {
  const members = Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":1`).join(',')
  await expectRefused(withMetadata(`{${members}}`), [413])
  await expectRefused(withMetadata(`{"text":"${'x'.repeat(1_000_001)}"}`), [413])
})

test('as many members as fit are refused too', async () => {
  const members = Array.from({ length: 90_000 }, (_, index) => `"${index}":1`).join(',')
  await expectRefused(withMetadata(`{${members}}`), [400])
  const unknown = Array.from({ length: 80_000 }, (_, index) => `"k${index}":1`).join(',')
  expect((await api.send('POST', '/entities', `{${unknown}}`, JSON_TYPE)).status).toBe(400)
})

test('lists and objects nested a hundred thousand levels deep are refused', async () => {
  await expectRefused('['.repeat(100_000) + ']'.repeat(100_000), [400])
  await expectRefused(withMetadata(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), [400])
  await expectRefused(withMetadata(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`), [400])
  await expectRefused('['.repeat(900_000), [400])
})

test('members that reach for the prototype are refused and reach nothing', async () => {
  const bodies = [
    '{"type":"individual","__proto__":{"metadata":{"polluted":true},"status":"active"}}',
    '{"type":"individual","constructor":{"prototype":{"metadata":{"polluted":true}}}}',
    withMetadata('{"__proto__":{"polluted":true}}'),
    withMetadata('{"a":[{"constructor":{"prototype":{"polluted":true}}}]}'),
    '{"type":"individual","\\u005f_proto__":{"metadata":{"polluted":true}}}',
    '{"__proto__":{"type":"individual"}}',
    '{"constructor":{"prototype":{"type":"individual"}}}',
  ]
  for (const body of bodies) await expectRefused(body, [400])
  for (const query of ['__proto__[type]=individual', '__proto__=x', 'constructor[prototype][status]=active']) {
    expect((await api.get(`/entities?${query}`)).status, query).toBeLessThan(500)
  }
  // Had a prototype been reached, every later object would have these members.
  await expectRefused('{}', [400])
  const made = (await api.post('/entities', KEVIN)).body.data
  expect(made).toMatchObject({ metadata: null, status: 'incomplete' })
  expect((await api.post('/entities', { ...KEVIN, metadata: {} })).text).not.toContain('polluted')
})

test('text that no database can hold is refused wherever it stands', async () => {
  for (const evil of ['\\u0000', '\\ud800', '\\udc00\\ud800']) {
    await expectRefused(withMetadata(`{"text":"a${evil}b"}`), [400])
    await expectRefused(withMetadata(`{"a${evil}b":1}`), [400])
    await expectRefused(`{"type":"individual","individual":{"first_name":"a${evil}b"}}`, [400])
    await expectRefused(`{"type":"individual","unknown":"a${evil}b"}`, [400])
  }
})

test('numbers that are none are refused', async () => {
  for (const evil of ['NaN', '1e400', '-1e400', 'Infinity', '0x10', '01']) {
    await expectRefused(withMetadata(`{"n":${evil}}`), [400])
  }
})

test('of a member sent twice the last counts', async () => {
  const answer = await api.send('POST', '/entities', '{"type":"corporation","type":"individual"}', JSON_TYPE)
  expect(answer.body.data.type).toBe('individual')
  await expectRefused('{"type":"individual","type":"nonsense"}', [400])
})

test('what is no JSON object is refused', async () => {
  for (const body of [
    '{',
    '{"type":',
    'individual',
    "{'type':'individual'}",
    '{"type":"individual",}',
    '\u0000',
    ' ',
  ]) {
    await expectRefused(body, [400])
  }
  for (const body of ['null', 'true', '7', '"individual"', '[]', '[{"type":"individual"}]']) {
    await expectRefused(body, [400])
  }
  await expectRefused(Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d]), [400])
})

test('members of the wrong type are refused', async () => {
  const bodies = [
    { type: ['individual'] },
    { type: 'individual', individual: 'Kevin' },
    { type: 'individual', individual: { first_name: 7 } },
    { type: 'individual', individual: { first_name: { $ne: null } } },
    { type: 'individual', address: [] },
    { type: 'individual', metadata: 'text' },
    { type: 'individual', metadata: [1] },
    { type: 'corporation', corporation: { owners: {} } },
    { type: 'individual', individual: { phone: '1'.repeat(100_000) } },
    { type: 'individual', individual: { email: `${'a.'.repeat(50_000)}@` } },
    { type: 'individual', individual: { dob: '2026-02-30' } },
  ]
  for (const body of bodies) await expectRefused(JSON.stringify(body), [400])
})

test('a compressed body and other kinds of body are not taken', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20))
  await expectRefused(bomb, [400, 415], { ...JSON_TYPE, 'content-encoding': 'gzip' })
  await expectRefused(gzipSync(JSON.stringify(KEVIN)), [400, 415], {
    ...JSON_TYPE,
    'content-encoding': 'gzip',
  })
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
  ]
  for (const type of types) await expectRefused(JSON.stringify(KEVIN), [415], { 'content-type': type })
  for (const type of ['nonsense', 'application/json, text/plain']) {
    await expectRefused(JSON.stringify(KEVIN), [400, 415], { 'content-type': type })
  }
})

test('a path that is not there, and a method that is not possible, are told in the envelope', async () => {
  for (const path of ['/nothing', '/entities/', '/entities/x/y/z', '/entities/ent_%00']) {
    const answer = await api.get(path)
    expect(answer.status, path).toBe(404)
    expectEnvelope(answer)
  }
  for (const [method, path] of [
    ['DELETE', '/entities'],
    ['PATCH', '/entities/ent_4444444444444'],
    ['POST', '/ping'],
    ['PUT', '/webhooks'],
  ] as const) {
    const answer = await api.send(method, path, method === 'DELETE' ? undefined : '{}', JSON_TYPE)
    expect(answer.status, `${method} ${path}`).toBe(405)
    expectEnvelope(answer)
    expect(answer.headers.get('allow')).toMatch(/GET/)
  }
  const broken = await api.get('/entities/%E0%A4%A')
  expect([400, 404]).toContain(broken.status)
  expectEnvelope(broken)
})
