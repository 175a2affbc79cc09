/** What belongs to one team is, for another, not there at all. A4. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import { createTeamKey, type MethodApi, methodApi, type Reply, sharedEnvironment } from '../setup/method-api.js'
import { type SpawnedServer, spawnServer } from '../setup/server.js'
import {
  bodyFor,
  fillPath,
  type Ids,
  type Owned,
  ownedIds,
  ownerOf,
  ownersStatus,
  PUBLIC_PLACES,
  placesOf,
  publishedRoutes,
  type Route,
  unknownIds,
} from './routes.js'

let database: FreshDatabase
let server: SpawnedServer
let owner: MethodApi
let stranger: MethodApi
let owned: Owned
let foreign: Owned
let unknown: Ids
let routes: readonly Route[]

beforeAll(async () => {
  database = await freshDatabase()
  const environment = sharedEnvironment(database)
  server = await spawnServer({ environment })
  owner = methodApi(server)
  stranger = methodApi(server, await createTeamKey('stranger', environment))
  ;[owned, foreign] = await Promise.all([ownedIds(owner), ownedIds(stranger)])
  unknown = unknownIds(owned.ids)
  routes = (await publishedRoutes(server)).filter(({ path }) =>
    placesOf(path).some((place) => !PUBLIC_PLACES.includes(place)),
  )
})
afterAll(async () => {
  await server.stop()
  await database.close()
})

function call(api: MethodApi, route: Route, ids: Ids): Promise<Reply> {
  const body = bodyFor(route)
  const path = fillPath(route.path, ids)
  return body === undefined
    ? api.send(route.method, path)
    : api.send(route.method, path, JSON.stringify(body), { 'content-type': 'application/json' })
}

const told = ({ status, text }: Reply) => ({ status, text })

test('every route with an id answers another team as it answers for an id of nothing', async () => {
  expect(routes.length).toBeGreaterThan(15)
  for (const route of routes) {
    const name = `${route.method} ${route.path}`
    const answer = await call(stranger, route, owned.ids)
    expect(answer.status, name).toBe(404)
    expect(told(answer), name).toEqual(told(await call(stranger, route, unknown)))
    expect(answer.body.data.error.sub_type, name).toBe('NOT_FOUND')
  }
})

test('an id of another team is not there below an own one either', async () => {
  for (const route of routes.filter(({ path }) => placesOf(path).length > 1)) {
    const inner = placesOf(route.path).at(-1) ?? ''
    const name = `${route.method} ${route.path}`
    const ids = (place: string | undefined) => ({ ...foreign.ids, [inner]: place ?? '' })
    const answer = await call(stranger, route, ids(owned.ids[inner]))
    expect(answer.status, name).toBe(404)
    expect(told(answer), name).toEqual(told(await call(stranger, route, ids(unknown[inner]))))
  }
})

test('an own id is not there below a record of the same team that it does not belong to', async () => {
  const another = await ownedIds(owner)
  for (const route of routes.filter(({ path }) => placesOf(path).length > 1)) {
    const [outer = '', inner = ''] = placesOf(route.path)
    const stray = another.ids[outer] ?? ''
    const answer = await call(owner, route, { ...owned.ids, [outer]: stray, [ownerOf(inner)]: stray })
    expect(answer.status, `${route.method} ${route.path}`).toBe(404)
  }
})

test('all these attempts have changed nothing', async () => {
  const before = await database.database.pool.query('select count(*) as total from retrievals')
  for (const route of routes.filter(({ method }) => method !== 'GET')) await call(stranger, route, owned.ids)
  const after = await database.database.pool.query('select count(*) as total from retrievals')
  expect(after.rows).toEqual(before.rows)
  for (const route of routes.filter(({ method }) => method === 'GET')) {
    expect((await call(owner, route, owned.ids)).status, route.path).toBe(ownersStatus(route))
  }
  const { email } = (await owner.get(`/entities/${owned.kevin.entityId}`)).body.data.individual
  expect(email).toBeNull()
})

test('filters by ids of another team leave nothing and count nothing', async () => {
  const leaks = [`holder_id=${owned.kevin.entityId}`, `holder_id=${owned.kevin.entityId}&expand[]=update`]
  for (const query of leaks) {
    const answer = await stranger.get(`/accounts?${query}`)
    expect(answer.body.data).toEqual([])
    expect(answer.headers.get('pagination-total-count')).toBe('0')
  }
})

test('lists, with everything expanded, speak of own records only', async () => {
  const paths = [
    '/entities?page_limit=100&expand[]=connect&expand[]=identity_latest_verification_session',
    '/accounts?page_limit=100&expand[]=update&expand[]=balance',
    `/entities/${foreign.kevin.entityId}/connect?expand[]=accounts&expand[]=accounts.update`,
    '/webhooks',
    '/simulate/personas',
  ]
  await owner.post('/simulate/personas', { personas: [{ phone: '+15125550177' }] })
  const secrets = [...Object.values(owned.ids), ...owned.kevin.accountIds, '+15125550177'].filter(
    (secret) => secret !== owned.ids['/merchants'],
  )
  for (const path of paths) {
    const { status, text } = await stranger.get(path, { 'method-version': '2025-07-04' })
    expect(status, path).toBe(200)
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  }
})

test('a cursor of another team is as unknown as one of nothing', async () => {
  const lists = [
    ['/entities', owned.ids['/entities'], unknown['/entities']],
    ['/accounts', owned.ids['/accounts'], unknown['/accounts']],
    [`/accounts/${foreign.ids['/accounts']}/balances`, owned.ids['/accounts/balances'], unknown['/accounts/balances']],
  ] as const
  for (const [path, theirs, nobodys] of lists) {
    const answer = await stranger.get(`${path}?page_cursor=${theirs}`)
    expect(answer.status, path).toBe(400)
    expect(told(answer), path).toEqual(told(await stranger.get(`${path}?page_cursor=${nobodys}`)))
  }
})

test('a key of no team opens no route but those that are for anybody', async () => {
  const nobody = methodApi(server, 'sk_dev_nobody')
  const isOpen = ({ path }: Route) => ['/sna/', '/images/', '/.well-known/'].some((place) => path.startsWith(place))
  for (const route of (await publishedRoutes(server)).filter((each) => !isOpen(each))) {
    const answer = await call(nobody, route, owned.ids)
    expect(answer.status, `${route.method} ${route.path}`).toBe(401)
    expect(answer.body.data.error.type).toBe('INVALID_AUTHORIZATION')
  }
})
