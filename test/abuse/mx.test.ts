/**
 * Every route of the mx face, read from the document that it publishes, against callers who may not, ids of others, and whatever
 * else a body or a query can hold. A route that is missing from the bodies here fails the tests with its name.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, type Method, openApp, type Wire } from '../setup/app.js'
import { ask, mxBackEnd, openWidget, triedMember, type Widget } from '../setup/mx.js'

interface Route {
  readonly method: Method
  /** Below the face's prefix, with its places. */
  readonly path: string
  readonly takesBody: boolean
}

const MEMBER = { member: {} }
const DEPOSIT = { micro_deposit: { account_number: '1', routing_number: '091000019', account_type: 1 } }
const bodies: Readonly<Record<string, object>> = {
  'POST /users': { user: { id: 'taken' } },
  'PUT /users/{user_guid}': { user: { metadata: 'taken' } },
  'POST /users/{user_guid}/widget_urls': { widget_url: {} },
  'POST /members': { member: { institution_guid: 'INS-nobody', credentials: [] } },
  'PUT /members/{guid}': MEMBER,
  'PUT /members/{guid}/resume': { member: { challenges: [] } },
  'POST /members/{guid}/jobs': { job: { job_type: 0 } },
  'POST /members/{guid}/oauth_window_uri': {},
  'POST /accounts': { account: { user_name: 'x', account_type: 9 } },
  'POST /micro_deposits': DEPOSIT,
  'PUT /micro_deposits/{guid}': DEPOSIT,
  'PUT /micro_deposits/{guid}/verify': { micro_deposit: { deposit_amount_1: 0.03, deposit_amount_2: 0.07 } },
  'PUT /simulate/members/{guid}': { member: { connection_status: 5 } },
  'PUT /simulate/oauth_states/{guid}': { oauth_state: { auth_status: 2 } },
  'PUT /simulate/micro_deposits/{guid}': { micro_deposit: { status: 2 } },
  'POST /simulate/clock': { advance: 1 },
  'POST /support_tickets': { support_ticket: { email: 'a@b.example', title: 't', message: 'm' } },
  'PUT /user_profile': { user_profile: { too_small_modal_dismissed_at: 1 } },
}

let app: App
let owner: Widget
let stranger: Widget
let routes: readonly Route[]
let member: Wire

beforeAll(async () => {
  app = await openApp()
  owner = await openWidget(app)
  stranger = await openWidget(app, { key: (await app.newTeam()).development })
  member = await triedMember(app, owner, 'anything')
  const { paths } = JSON.parse((await app.http.inject('/mx/openapi.json')).payload)
  routes = Object.entries(paths as Record<string, Record<string, Wire>>).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase() as Method,
      path: path.replace(/^\/mx/, ''),
      takesBody: operation.requestBody !== undefined,
    })),
  )
})
afterAll(() => app.close())

function bodyOf({ method, path, takesBody }: Route): object | undefined {
  if (!takesBody) return undefined
  const plain = path.replace(/^\/users\/\{user_guid\}\/(?!widget_urls)/, '/')
  const body = bodies[`${method} ${plain}`]
  if (!body) throw new Error(`test/abuse/mx.test.ts has no body for ${method} ${plain}.`)
  return body
}

/** Somebody else's ids in every place. */
function addressOf({ path }: Route): string {
  return path
    .replace('{user_guid}', owner.userGuid)
    .replace(/\/jobs\/\{guid\}/, `/jobs/${member.most_recent_job_guid}`)
    .replace(/\/institutions\/\{guid\}/, '/institutions/INS-nobody')
    .replace('{guid}', member.guid)
    .replace('{routing_number}', '091000019')
}

const isAboutNobody = ({ path }: Route) => /^\/(users|simulate)\b/.test(path)
const isForBackEnds = ({ path }: Route) => /\/(account_numbers|account_owners|transactions)$/.test(path)

test('nobody in particular is told nothing', async () => {
  expect(routes.length).toBeGreaterThan(60)
  for (const route of routes) {
    const reply = await ask(app, route.method, addressOf(route), { body: bodyOf(route) })
    expect(reply, `${route.method} ${route.path}`).toMatchObject({ status: 401, body: { type: 'unauthorized' } })
  }
})

test('what is somebody else’s is not there, for widgets and for back ends, and stays as it was', async () => {
  const before = (await owner.call('GET', `/members/${member.guid}`)).body
  const strangeKey = mxBackEnd(app, (await app.newTeam()).development)
  for (const route of routes) {
    const isTheirs = /\{guid\}/.test(route.path) && !route.path.includes('/institutions/')
    if (!isTheirs) continue
    const call = isAboutNobody(route) ? strangeKey : stranger.call
    const { status } = await call(route.method, addressOf(route), bodyOf(route))
    expect(status, `${route.method} ${route.path}`).toBe(call === stranger.call && isForBackEnds(route) ? 401 : 404)
  }
  expect((await owner.call('GET', `/members/${member.guid}`)).body).toEqual(before)
})

describe('bodies that are none', () => {
  const values = [null, [], 'text', 7, true, { member: null }, { member: [] }, { micro_deposit: { account_type: 'x' } }]

  test('are refused, by every route that takes one, without a defect', async () => {
    for (const route of routes.filter(({ takesBody, path }) => takesBody && !path.startsWith('/users/{user_guid}/'))) {
      const by = isAboutNobody(route) ? mxBackEnd(app) : owner.call
      for (const body of values) {
        const { status } = await by(route.method, addressOf(route), body)
        expect(status, `${route.method} ${route.path} ${JSON.stringify(body)}`).toBeLessThan(500)
      }
    }
  })

  test('deep, long and strange ones as well', async () => {
    const deep = `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`
    const texts = [deep, '{"member":{"institution_guid":"\\ud800"}}', '{"__proto__":{"member":1}}', '{"member":1e999}']
    for (const text of texts) {
      const reply = await ask(app, 'POST', '/members', { text, authorization: `Bearer ${owner.token}` })
      expect(reply.status, text.slice(0, 40)).toBe(text.includes('1e999') ? 400 : reply.status)
      expect(reply.status).toBeGreaterThanOrEqual(400)
      expect(reply.status).toBeLessThan(500)
    }
  })
})

test('queries that are none are refused without a defect', async () => {
  for (const path of ['/institutions', '/institutions/favorites', '/oauth_states', '/members', '/accounts']) {
    for (const query of [
      'page=-1',
      'per_page=1e9',
      'products[]=%00',
      'search_name=%27%25_',
      'auth_status[]=1&auth_status[]=2',
    ]) {
      const { status } = await owner.call('GET', `${path}?${query}`)
      expect(status, `${path}?${query}`).toBeLessThan(500)
    }
  }
})

test('what is typed and asked for at the bank cannot run in its page', async () => {
  const script = '"><script>alert(1)</script>'
  const page = await app.http.inject(`/mx/oauth/authorize?state=${encodeURIComponent(script)}`)
  expect(page.statusCode).toBe(400)
  expect(page.payload).not.toContain('alert(1)')
})

test('the hosted page says how it is built where it is not, and who may hold it', async () => {
  const bare = await openApp({ CLEARSPAN_MX_WIDGET: '/nowhere/at/all' })
  try {
    const page = await bare.http.inject('/mx/connect?token=x')
    expect(page).toMatchObject({ statusCode: 501, headers: { 'content-type': 'text/html; charset=utf-8' } })
    expect(page.payload).toContain('npm run build')
    expect((await bare.http.inject('/mx/connect/widget.js')).statusCode).toBe(404)
    const { token } = await openWidget(bare, { settings: { target_origin: 'https://app.example.com' } })
    const own = await bare.http.inject(`/mx/connect?token=${token}`)
    expect(own.headers['content-security-policy']).toContain('frame-ancestors https://app.example.com')
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'self'")
  } finally {
    await bare.close()
  }
})
