/**
 * Every route of the moneykit face, read from the document that it publishes, against callers who may not, ids of others, and
 * whatever else a body or a query can hold. A route that is missing from the bodies here fails the tests with its name.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, type Method, openApp, type Wire } from '../setup/app.js'
import { ask, exchangedLink, linked, type MoneykitCaller, moneykitClient, newUser } from '../setup/moneykit.js'

interface Route {
  readonly method: Method
  /** Below the face's prefix, with its places: `/links/{id}`. */
  readonly path: string
  readonly takesBody: boolean
  readonly isOpen: boolean
}

const USER = { id: 'nobody yet' }
const bodies: Readonly<Record<string, object>> = {
  'POST /auth/token': {},
  'POST /link-session': { customer_user: USER, redirect_uri: 'https://app.example.com' },
  'POST /link-session/exchange-token': { exchangeable_token: '708b55b6-e4bf-4d54-8b14-21cf668e3ea0' },
  'PATCH /links/{id}': { link_tags: ['taken'] },
  'POST /links/{id}/products': { products: ['accounts'] },
  'POST /links/import': { customer_user: USER, institution_id: 'moneykit-creds-bank', accounts: [], transactions: [] },
  'POST /links/{id}/import/transactions': { transactions: [] },
  'POST /links/{id}/transactions/{txn_id}/enrichment': { category: 'charity' },
  'POST /webhooks/test/link/{id}': { webhook_event: 'link.state_changed', webhook_idempotency_key: 'k' },
  'POST /simulate/link-session/complete': { link_session_token: 'nonsense' },
  'POST /simulate/institutions/{institution_id}': { fault: null },
  'POST /simulate/links/{id}/transactions': { account_id: 'acc_nobody', amount: '1.50', description: 'Bread' },
  'PATCH /simulate/links/{id}/transactions/{txn_id}': { amount: '1.50' },
}

let app: App
let owner: MoneykitCaller
let stranger: MoneykitCaller
let routes: readonly Route[]
/** Of the owner. */
let link: string
let account: string
let transaction: string
const user = newUser()

beforeAll(async () => {
  app = await openApp()
  owner = await moneykitClient(app)
  stranger = await moneykitClient(app, { team: (await app.newTeam()).team })
  const { paths } = JSON.parse((await app.http.inject('/moneykit/openapi.json')).payload)
  routes = Object.entries(paths as Record<string, Record<string, Wire>>).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase() as Method,
      path: path.replace(/^\/moneykit/, ''),
      takesBody: operation.requestBody !== undefined,
      isOpen: operation.security !== undefined,
    })),
  )
  link = await linked(app, owner, { user })
  const { transactions } = (await owner.call('GET', `/links/${link}/transactions?size=1`)).body
  account = transactions[0].account_id
  transaction = transactions[0].transaction_id
})
afterAll(() => app.close())

function bodyFor(route: Route): object | undefined {
  if (!route.takesBody) return undefined
  const body = bodies[`${route.method} ${route.path}`]
  if (!body) throw new Error(`test/abuse/moneykit.test.ts has no body for ${route.method} ${route.path}.`)
  return body
}

interface Ids {
  readonly link: string
  readonly user?: string
}

const fill = ({ path }: Route, ids: Ids) =>
  path
    .replace('/users/{id}', `/users/${encodeURIComponent(ids.user ?? 'nobody at all')}`)
    .replace('{id}', ids.link)
    .replace('{account_id}', account)
    .replace('{txn_id}', transaction)
    .replace('{institution_id}', 'moneykit-creds-bank')

const send = (by: MoneykitCaller, route: Route, ids: Ids) => {
  const body = bodyFor(route)
  return by.call(route.method, fill(route, ids), body === undefined ? {} : { body })
}
const UNKNOWN = 'mk_tok2LCcAFPzprjAypH9jRp'
const guarded = () => routes.filter(({ isOpen }) => !isOpen)
const ofLinks = () => routes.filter(({ path }) => /\/links?\/\{id\}/.test(path))

test('every route but two needs credentials, and those of a client without scopes are not enough', async () => {
  expect(routes.length).toBeGreaterThan(25)
  expect(routes.filter(({ isOpen }) => isOpen).map(({ path }) => path)).toEqual([
    '/.well-known/jwks.json',
    '/auth/token',
  ])
  const unable = await moneykitClient(app, { scopes: [] })
  for (const route of guarded()) {
    const name = `${route.method} ${route.path}`
    expect((await ask(app, route.method, fill(route, { link }))).status, name).toBe(401)
    if (route.path === '/auth/introspect') continue
    const { status, body } = await send(unable, route, { link })
    expect([status, body.error_code], name).toEqual([401, 'api_error.auth.unauthorized'])
  }
})

test('a link of another team is answered as one that nobody has', async () => {
  expect(ofLinks().length).toBeGreaterThan(14)
  for (const route of ofLinks()) {
    const name = `${route.method} ${route.path}`
    const reply = await send(stranger, route, { link })
    expect([reply.status, reply.body.error_code], name).toEqual([404, 'link_error.not_found'])
    expect(reply.text, name).toBe((await send(stranger, route, { link: UNKNOWN })).text)
  }
  expect((await owner.call('GET', `/links/${link}`)).body).toMatchObject({ state: 'connected', link_tags: [] })
})

test('a user of another team has nothing, whatever they are called', async () => {
  for (const route of routes.filter(({ path }) => path.startsWith('/users/'))) {
    const reply = await send(stranger, route, { link, user })
    expect(reply.status, route.path).toBe(200)
    expect(reply.text, route.path).toBe((await send(stranger, route, { link })).text)
  }
  expect((await stranger.call('GET', '/links')).body.links).toEqual([])
})

test('an account or a transaction of another link of the same team is not there below an own one', async () => {
  const other = await exchangedLink(owner)
  expect((await owner.call('GET', `/links/${other}/accounts/${account}`)).status).toBe(404)
  expect((await owner.call('GET', `/links/${other}/accounts?account_ids=${account}`)).body.accounts).toEqual([])
  const path = `/links/${other}/transactions/${transaction}/enrichment`
  expect((await owner.call('POST', path, { body: { category: 'charity' } })).status).toBe(404)
})

describe('nonsense', () => {
  const values: readonly unknown[] = [
    null,
    1,
    -1,
    '',
    'x'.repeat(70_000),
    [],
    {},
    [null],
    { a: { b: {} } },
    '\u0000',
    '\ud800',
    1e308,
  ]

  test('in any member of a body is refused as invalid or has no effect, and is never a defect', {
    timeout: 120_000,
  }, async () => {
    for (const route of guarded().filter(({ takesBody }) => takesBody)) {
      const good = bodyFor(route) ?? {}
      for (const member of Object.keys(good)) {
        for (const value of values) {
          const body = { ...good, [member]: value }
          const { status, text } = await stranger.call(route.method, fill(route, { link: UNKNOWN }), { body })
          expect(status, `${route.method} ${route.path} ${member} ${text}`).toBeLessThan(500)
        }
      }
      for (const text of ['', '[', 'null', '"text"', '['.repeat(10_000), '{"__proto__":{"a":1}}']) {
        const headers = {
          'x-client-id': stranger.id,
          'x-client-secret': stranger.secret,
          'content-type': 'application/json',
        }
        const { status } = await stranger.call(route.method, fill(route, { link: UNKNOWN }), { text, headers })
        expect(status, `${route.method} ${route.path} ${text.slice(0, 20)}`).toBe(422)
      }
    }
  })

  test('in a query or a path is never a defect', { timeout: 120_000 }, async () => {
    const queries = [
      'size=%00',
      'size=1e9',
      'page=99999999999999',
      'cursor=%ff',
      'account_ids=%00,%ed%a0%80',
      'start_date[]=x',
      'a=1&a=2&__proto__=3',
      'limit[]=',
      `cursor=${'A'.repeat(5_000)}`,
    ]
    for (const route of guarded().filter(({ method }) => method === 'GET')) {
      for (const query of queries) {
        const { status, text } = await owner.call('GET', `${fill(route, { link })}?${query}`)
        expect(status, `${route.path}?${query} ${text}`).toBeLessThan(500)
      }
      for (const id of ['%00', '..%2f..', 'x'.repeat(3_000), '%ed%a0%80', 'mk_', '__proto__']) {
        const path = route.path.replaceAll(/\{\w+\}/g, id)
        const { status, text } = await owner.call('GET', path)
        expect(status, `${path} ${text}`).toBeLessThan(500)
      }
    }
  })
})
