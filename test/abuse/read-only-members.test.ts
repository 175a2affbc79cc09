/** What only the server decides can't be decided by sending it. A5. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import {
  connectedKevin,
  IDENTITY_SESSION,
  KEVIN,
  type MethodApi,
  methodApi,
  PHONE_SESSION,
  sharedEnvironment,
} from '../setup/method-api.js'
import { type SpawnedServer, spawnServer } from '../setup/server.js'
import { bodyFor, fillPath, type Owned, ownedIds, publishedRoutes } from './routes.js'

const STOLEN = '4444444444444'
/** Members of every resource that nobody may write, in wire words and in the words of rows. */
const READ_ONLY: Wire = {
  id: STOLEN,
  team_id: STOLEN,
  teamId: STOLEN,
  entity_id: `ent_${STOLEN}`,
  account_id: `acc_${STOLEN}`,
  holder_id: `ent_${STOLEN}`,
  person_ref: STOLEN,
  personRef: STOLEN,
  status: 'active',
  status_reason: null,
  verification: { identity: { verified: true, matched: true }, phone: { verified: true } },
  verified: true,
  authenticated: true,
  phone_verified_at: '2001-01-01T00:00:00.000Z',
  identity_verified_at: '2001-01-01T00:00:00.000Z',
  accounts: [`acc_${STOLEN}`],
  amount: 1,
  balance: 1,
  products: [],
  restricted_products: [],
  subscriptions: [],
  source: 'direct',
  error: { type: 'X', sub_type: 'X', message: 'x' },
  created_at: '2001-01-01T00:00:00.000Z',
  updated_at: '2001-01-01T00:00:00.000Z',
  expires_at: '2001-01-01T00:00:00.000Z',
}

let database: FreshDatabase
let server: SpawnedServer
let api: MethodApi
let owned: Owned

beforeAll(async () => {
  database = await freshDatabase()
  server = await spawnServer({ environment: sharedEnvironment(database) })
  api = methodApi(server)
  owned = await ownedIds(api)
})
afterAll(async () => {
  await server.stop()
  await database.close()
})

/** The body with the members added to it, and to every object inside it. */
function laced(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(laced)
  if (typeof value !== 'object' || value === null) return value
  return { ...READ_ONLY, ...Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, laced(inner)])) }
}

test('no route that writes takes over a member that only the server decides', async () => {
  const routes = (await publishedRoutes(server)).filter(({ takesBody }) => takesBody)
  expect(routes.length).toBeGreaterThan(5)
  for (const route of routes) {
    const name = `${route.method} ${route.path}`
    const answer = await api.send(
      route.method,
      fillPath(route.path, owned.ids),
      JSON.stringify(laced(bodyFor(route))),
      {
        'content-type': 'application/json',
      },
    )
    expect(answer.status, name).toBeLessThan(500)
    expect(answer.text, name).not.toContain(STOLEN)
    expect(answer.text, name).not.toContain('2001-01-01')
  }
  expect(await rowsHolding(STOLEN)).toEqual([])
  expect(await rowsHolding('2001-01-01')).toEqual([])
})

test('an entity is made, and changed, as if the members had not been sent', async () => {
  const plain = (await api.post('/entities', KEVIN)).body.data
  const made = (await api.post('/entities', laced(KEVIN))).body.data
  const free = { id: expect.any(String), created_at: expect.any(String), updated_at: expect.any(String) }
  expect(made).toStrictEqual({ ...plain, ...free })
  expect(made.status).toBe('incomplete')

  const changed = (await api.put(`/entities/${made.id}`, laced({ individual: { email: 'k@example.com' } }))).body.data
  expect(changed).toStrictEqual({
    ...made,
    individual: { ...made.individual, email: 'k@example.com' },
    updated_at: expect.any(String),
  })
})

test('a session with questions is not verified by saying so', async () => {
  // An invented person whom the bureau asks three questions.
  const individual = { first_name: 'Ann', last_name: 'Lee', phone: '+17375550001' }
  const entity = (await api.post('/entities', { type: 'individual', individual })).body.data
  const sessions = `/entities/${entity.id}/verification_sessions`
  await api.post(sessions, PHONE_SESSION)
  const made = (await api.post(sessions, laced({ ...IDENTITY_SESSION, kba: { authenticated: true, questions: [] } })))
    .body.data
  expect(made).toMatchObject({ status: 'in_progress', kba: { authenticated: false } })
  expect(made.kba.questions).toHaveLength(3)
  await api.put(`${sessions}/${made.id}`, laced({ ...IDENTITY_SESSION, kba: { authenticated: true } }))
  const shown = (await api.get(`/entities/${entity.id}`)).body.data
  expect(shown).toMatchObject({ status: 'incomplete', verification: { identity: { verified: false } } })
})

test('a balance and a connect come from outside, whatever is sent along', async () => {
  const kevin = await connectedKevin(api)
  const pending = (await api.post(`/accounts/${kevin.cardId}/balances`, laced({}))).body.data
  expect(pending).toMatchObject({ status: 'pending', amount: null })
  const path = `/accounts/${kevin.cardId}/balances/${pending.id}`
  const amount = async () => (await api.get(path)).body.data.amount
  await expect.poll(amount, { timeout: 10_000, interval: 30 }).toBe(1866688)
  const again = (await api.post(`/entities/${kevin.entityId}/connect`, laced({}))).body.data
  expect(again).toMatchObject({ status: 'completed', accounts: [] })
})

/** Tables of the public schema with a row that holds the text anywhere. */
async function rowsHolding(text: string): Promise<readonly string[]> {
  const { pool } = database.database
  const { rows: tables } = await pool.query<{ tablename: string }>(
    // The log of requests holds what was asked, which is not what was believed.
    `select tablename from pg_tables where schemaname = 'public' and tablename not like 'request_log%'`,
  )
  const holding: string[] = []
  for (const { tablename } of tables) {
    const found = await pool.query(`select 1 from ${tablename} t where t::text like $1 limit 1`, [`%${text}%`])
    if (found.rowCount) holding.push(tablename)
  }
  return holding
}
