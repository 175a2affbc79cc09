/** Queries that mean nothing are refused with what to send instead, and never cost much. A13. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import { connectedKevin, type Kevin, type MethodApi, methodApi, sharedEnvironment } from '../setup/method-api.js'
import { type SpawnedServer, spawnServer } from '../setup/server.js'

let database: FreshDatabase
let server: SpawnedServer
let api: MethodApi
let kevin: Kevin

beforeAll(async () => {
  database = await freshDatabase()
  server = await spawnServer({ environment: sharedEnvironment(database) })
  api = methodApi(server)
  kevin = await connectedKevin(api)
})
afterAll(async () => {
  expect(server.output()).not.toContain('"level":50')
  await server.stop()
  await database.close()
})

function lists(): readonly string[] {
  const { entityId, cardId } = kevin
  return ['/entities', '/accounts', `/entities/${entityId}/connect`, `/accounts/${cardId}/balances`]
}

test('pages that cannot be are refused by every list', async () => {
  const queries = [
    'page_limit=0',
    'page_limit=101',
    'page_limit=1000000000',
    'page_limit=-1',
    'page_limit=ten',
    'page_limit=1e2000',
    'page_limit=5.5',
    'page=0',
    'page=-3',
    'page=9007199254740993',
    'page=x',
    'from_date=yesterday',
    'from_date=2026-02-30',
    'from_date=2026-1-1',
    'from_date=99999-01-01',
    'to_date=2026-13-01',
    'to_date=%00',
    'from_date=2026-01-01&from_date=2026-01-02',
    'page_cursor=',
    'page_cursor=nonsense',
    'page_cursor=ent_4444444444444',
    'page_cursor=%00',
    `page_cursor=${'x'.repeat(5_000)}`,
    `page=1&page_cursor=${kevin.entityId}`,
    'expand[]=%00',
  ]
  for (const path of lists()) {
    for (const query of queries) {
      const { status, body } = await api.get(`${path}?${query}`, { 'method-version': '2025-07-04' })
      // Balances know no expansion and leave it unread.
      if (query.startsWith('expand') && path.endsWith('balances')) continue
      expect(status, `${path}?${query}`).toBe(400)
      expect(body.data.error).toMatchObject({ type: 'INVALID_REQUEST', code: 400, sub_type: 'INVALID_REQUEST' })
    }
  }
})

test('filters and expansions that a resource does not have are refused', async () => {
  const queries = [
    '/entities?status=sleeping',
    '/entities?type=robot',
    '/entities?status=active&status=incomplete',
    '/entities?expand[]=everything',
    '/entities?expand[]=__proto__',
    '/entities?expand[]=constructor',
    `/entities?${Array.from({ length: 21 }, () => 'expand[]=connect').join('&')}`,
    '/accounts?status=sleeping',
    '/accounts?type=robot',
    '/accounts?liability.type=debt',
    '/accounts?liability.ownership=mine',
    '/accounts?expand[]=everything',
    '/accounts?holder_id=%00',
    '/accounts?liability.mch_id=%00',
    `/accounts/${kevin.cardId}?expand[]=everything`,
    `/entities/${kevin.entityId}?expand=everything`,
    '/merchants?type=debt',
    '/merchants?page_limit=1000000000',
    '/merchants?name=%00',
    '/merchants?provider_id.plaid=ins_10&provider_id.mx=amex',
  ]
  for (const path of queries) {
    const { status, body } = await api.get(path)
    expect(status, path).toBe(400)
    expect(body.data.error).toMatchObject({
      type: 'INVALID_REQUEST',
      sub_type: expect.stringMatching(/^INVALID_(REQUEST|SEARCH_PARAMETERS)$/),
    })
  }
})

test('text that looks like SQL or a pattern is only text', async () => {
  const texts = ["' or 1=1 --", "'; drop table consumers; --", '%', '_', '\\', '%%%%%%%%%%%%%%%%%%%%_', '$1', "\\'"]
  for (const text of texts) {
    const encoded = encodeURIComponent(text)
    for (const name of ['holder_id', 'liability.mch_id']) {
      const answer = await api.get(`/accounts?${name}=${encoded}`)
      expect(answer.body.data, `${name}=${text}`).toEqual([])
    }
    expect((await api.get(`/entities?page_cursor=${encoded}`)).status, text).toBe(400)
    expect((await api.get(`/entities/${encoded}`)).status, text).toBe(404)
    for (const name of ['name', 'creditor_name', 'provider_id.plaid']) {
      expect((await api.get(`/merchants?${name}=${encoded}`)).body.data, `${name}=${text}`).toEqual([])
    }
  }
  expect((await api.get('/accounts')).body.data).toHaveLength(kevin.accountIds.length)
})

test('a page far beyond the last, and dates far apart, are answered with nothing', async () => {
  expect((await api.get('/entities?page=1000000&page_limit=100')).body.data).toEqual([])
  expect((await api.get('/entities?from_date=0001-01-01&to_date=9999-12-31')).body.data).toHaveLength(1)
  expect((await api.get('/accounts?from_date=2999-01-01')).body.data).toEqual([])
})

test('unknown members of a query are left unread', async () => {
  const many = Array.from({ length: 300 }, (_, index) => `q${index}=${index}`).join('&')
  expect((await api.get(`/entities?${many}`)).status).toBe(200)
  expect((await api.get('/entities?a[b][c]=1&[]=2&=3&&&')).status).toBe(200)
})

test('headers that mean nothing are refused or left unread', async () => {
  for (const version of ['2019-01-01', 'nonsense', '2024-04-04x']) {
    expect((await api.get('/entities', { 'method-version': version })).status, version).toBe(400)
  }
  for (const authorization of ['', 'Bearer', 'Bearer ', 'Basic abc', `Bearer ${'x'.repeat(5_000)}`, 'Bearer a b']) {
    expect((await api.get('/entities', { authorization })).status, authorization).toBe(401)
  }
})
