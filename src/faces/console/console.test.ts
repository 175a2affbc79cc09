/** What the console answers, and to whom. */
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { addChecking, type Payer, pay, payer } from '../../../test/setup/money.js'
import { exchangedLink, type MoneykitCaller, moneykitClient } from '../../../test/setup/moneykit.js'
import { createLink, setPassword } from '../../core/operators/operators.js'
import { methodIds } from '../method/method.js'
import { moneykitIds } from '../moneykit/moneykit.js'

const PASSWORD = 'correct horse battery'

interface Signed {
  readonly cookie: string
  readonly token: string
}

let app: App
let me: Signed
let teamId: string
let routes: readonly { readonly method: 'GET' | 'POST' | 'DELETE'; readonly path: string }[]

beforeAll(async () => {
  app = await openApp()
  me = await signIn(app)
  teamId = (await app.ctx()).team.id
  const printed = app.http.printRoutes({ commonPrefix: false, includeHooks: false })
  routes = routesIn(printed)
})
afterAll(() => app.close())

/** Every route below `/dashboard/api`, out of the tree that Fastify draws. */
function routesIn(drawn: string) {
  const stack: string[] = []
  return drawn.split('\n').flatMap((line) => {
    const found = /^([│├└─\s]*)(\S.*?)(?: \(([A-Z, ]+)\))?$/.exec(line)
    if (!found) return []
    const [, indent = '', part = '', methods] = found
    stack.length = Math.floor(indent.length / 4)
    stack.push(part)
    const path = stack.join('')
    if (methods === undefined || !path.startsWith('/dashboard/api/')) return []
    return methods
      .split(', ')
      .filter((method) => method !== 'HEAD')
      .map((method) => ({ method: method as 'GET' | 'POST' | 'DELETE', path: path.replace('/dashboard/api', '') }))
  })
}

async function signIn(of: App): Promise<Signed> {
  const answer = await raw(of, 'POST', '/session', { body: { link: await createLink(of.base) } })
  expect(answer.statusCode).toBe(200)
  return { cookie: cookieOf(answer), token: answer.json().token }
}

const cookieOf = (answer: LightMyRequestResponse) => String(answer.headers['set-cookie']).split(';', 1)[0] ?? ''

interface Asked {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

function raw(of: App, method: 'GET' | 'POST' | 'DELETE', path: string, { body, headers = {} }: Asked = {}) {
  return of.http.inject({
    method,
    url: `/dashboard/api${path}`,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
}

const headersOf = ({ cookie, token }: Signed) => ({ cookie, 'x-console-token': token })

async function get(path: string): Promise<Wire> {
  const answer = await raw(app, 'GET', path, { headers: headersOf(me) })
  expect(answer.statusCode, answer.payload).toBe(200)
  return answer.json()
}
const ofTeam = (path: string) => get(`/teams/${teamId}${path}`)

async function post(path: string, body: object = {}): Promise<Wire> {
  const answer = await raw(app, 'POST', `/teams/${teamId}${path}`, { body, headers: headersOf(me) })
  return { ...answer.json(), statusCode: answer.statusCode }
}

const OPEN = ['GET /session', 'POST /session']
const isOpen = ({ method, path }: { readonly method: string; readonly path: string }) =>
  OPEN.includes(`${method} ${path}`) || path === '/*'

it('nobody gets anything without a session, and nothing is changed without the page’s token', async () => {
  expect(routes.length).toBeGreaterThan(35)
  const guarded = routes.filter((route) => !isOpen(route))
  for (const { method, path } of guarded) {
    const filled = path.replace(':team', teamId).replace(':id', '4444444444444')
    const name = `${method} ${filled}`
    const bare = await raw(app, method, filled, { ...(method === 'GET' ? {} : { body: {} }) })
    expect([name, bare.statusCode]).toEqual([name, 401])
    const madeUp = { cookie: 'clearspan_console=made-up', 'x-console-token': me.token }
    expect([name, (await raw(app, method, filled, { headers: madeUp })).statusCode]).toEqual([name, 401])
    if (method === 'GET') continue
    for (const token of ['', 'x', me.token.slice(1), `${me.token}x`]) {
      const answer = await raw(app, method, filled, {
        body: {},
        headers: { ...headersOf(me), 'x-console-token': token },
      })
      expect([name, token, answer.statusCode]).toEqual([name, token, 403])
    }
  }
  expect((await get('/sessions')).items).toHaveLength(1)
})

it.each([
  ['another origin', { origin: 'https://evil.example' }],
  ['an origin that is none', { origin: 'null' }],
  ['the same host at another port', { origin: 'http://localhost:81' }],
  ['what the browser calls another site', { 'sec-fetch-site': 'cross-site' }],
  ['a sibling domain', { 'sec-fetch-site': 'same-site' }],
])('a page of %s changes nothing and signs nobody in', async (_, headers) => {
  const link = await createLink(app.base)
  expect((await raw(app, 'POST', '/session', { body: { link }, headers })).statusCode).toBe(403)
  const changing = { body: { label: 'x' }, headers: { ...headersOf(me), ...headers } }
  expect((await raw(app, 'POST', `/teams/${teamId}/keys`, changing)).statusCode).toBe(403)
  // The link is still good for whom it is meant.
  expect((await raw(app, 'POST', '/session', { body: { link } })).statusCode).toBe(200)
})

it('behind a proxy the console is known by the address that callers use', async () => {
  const behind = await openApp({ CLEARSPAN_PUBLIC_URL: 'https://clearspan.example.com' })
  const body = { link: await createLink(behind.base) }
  const headers = { origin: 'https://clearspan.example.com', 'sec-fetch-site': 'same-origin', host: 'internal:4000' }
  expect((await raw(behind, 'POST', '/session', { body, headers })).statusCode).toBe(200)
  await behind.close()
})

it('a form of another site has no body that the console reads', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const answer = await app.http.inject({
      method: 'POST',
      url: `/dashboard/api/teams/${teamId}/keys`,
      headers: { ...headersOf(me), 'content-type': type },
      payload: '{"label":"x"}',
    })
    expect(answer.statusCode).toBe(415)
  }
})

it('the cookie is out of reach of scripts and of other sites', async () => {
  const answer = await raw(app, 'POST', '/session', { body: { link: await createLink(app.base) } })
  const cookie = String(answer.headers['set-cookie'])
  expect(cookie).toMatch(/; Path=\/dashboard;.*HttpOnly;.*SameSite=Strict/)
  expect(cookie).not.toContain('Secure')
  expect(answer.headers['cache-control']).toBe('no-store')
})

it('where others reach the server only the password lets in, the cookie needs HTTPS, and guessing ends', async () => {
  const open = await openApp({ HOST: '0.0.0.0' })
  const link = await createLink(open.base)
  expect((await raw(open, 'POST', '/session', { body: { link } })).statusCode).toBe(403)
  const unset = await raw(open, 'POST', '/session', { body: { password: PASSWORD } })
  expect([unset.statusCode, unset.json().error]).toEqual([401, expect.stringContaining('clearspan console password')])
  await setPassword(open.base, PASSWORD)
  expect((await raw(open, 'GET', '/session')).json()).toEqual({ isSignedIn: false, usesPassword: true })
  const entered = await raw(open, 'POST', '/session', { body: { password: PASSWORD } })
  expect(entered.statusCode).toBe(200)
  expect(String(entered.headers['set-cookie'])).toContain('Secure')
  const statuses = []
  for (let tries = 0; tries < 6; tries++) {
    statuses.push((await raw(open, 'POST', '/session', { body: { password: 'guess' } })).statusCode)
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
  await open.close()
})

it('signing out ends the session here, signing somebody out ends it there', async () => {
  const [mine, other] = [await signIn(app), await signIn(app)]
  const { items } = (await raw(app, 'GET', '/sessions', { headers: headersOf(mine) })).json()
  const session = (await raw(app, 'GET', '/session', { headers: headersOf(other) })).json()
  expect(items.map(({ id }: Wire) => id)).toContain(session.sessionId)
  await raw(app, 'DELETE', `/sessions/${session.sessionId}`, { headers: headersOf(mine) })
  expect((await raw(app, 'GET', '/teams', { headers: headersOf(other) })).statusCode).toBe(401)
  const left = await raw(app, 'DELETE', '/session', { headers: headersOf(mine) })
  expect(String(left.headers['set-cookie'])).toMatch(/clearspan_console=;/)
  expect((await raw(app, 'GET', '/teams', { headers: headersOf(mine) })).statusCode).toBe(401)
})

it.each([
  ['no JSON', '{', 400],
  ['a list', '[]', 400],
  ['a member of another kind', '{"label":7}', 400],
  ['too much', `{"label":"${'x'.repeat(300_000)}"}`, 413],
])('a body that is %s is refused with a sentence', async (_, payload, status) => {
  const answer = await app.http.inject({
    method: 'POST',
    url: `/dashboard/api/teams/${teamId}/keys`,
    headers: { ...headersOf(me), 'content-type': 'application/json' },
    payload,
  })
  expect(answer.statusCode).toBe(status)
  expect(answer.json().error).toMatch(/\w{4,}/)
})

it.each(['/teams/none/overview', '/teams/4444444444444/overview', '/nowhere', '/teams/4444444444444'])(
  'there is nothing at %s',
  async (path) => {
    const answer = await raw(app, 'GET', path, { headers: headersOf(me) })
    expect([answer.statusCode, typeof answer.json().error]).toEqual([404, 'string'])
  },
)

interface Scene {
  readonly payer: Payer
  readonly payment: Wire
  readonly link: string
  readonly webhook: Wire
  readonly client: MoneykitCaller
  readonly user: string
}

let scene: Promise<Scene> | null = null
/** Kevin pays a debt, is told of it, and somebody has a link. */
function whatThereIs(): Promise<Scene> {
  scene ??= (async () => {
    const { data: webhook } = await app.call('POST', '/webhooks', {
      body: { type: 'payment.create', url: 'https://hooks.example/in?key=hidden-key', auth_token: 'hidden-auth-token' },
    })
    const kevin = await payer(app)
    const payment = await pay(app, { source: kevin.checking, destination: kevin.card })
    const client = await moneykitClient(app)
    const link = await exchangedLink(client)
    return { payer: kevin, payment, link, webhook, client, user: '' }
  })()
  return scene
}

it('any id finds its thing, however it is spelled', async () => {
  const { payer: kevin, payment, link, webhook } = await whatThereIs()
  const find = async (text: string) => (await ofTeam(`/search?q=${encodeURIComponent(text)}`)).found
  const stored = (text: string) => (methodIds.read(text) ?? moneykitIds.read(text))?.id
  for (const [text, kind] of [
    [payment.id, 'payment'],
    [kevin.person.id, 'consumer'],
    [kevin.card, 'account'],
    [webhook.id, 'webhook'],
  ] as const) {
    expect(await find(text)).toEqual({ kind, id: stored(text) })
    expect(await find(stored(text) ?? '')).toEqual({ kind, id: stored(text) })
  }
  const events = await ofTeam(`/events?resource=${stored(payment.id)}`)
  expect(events.items[0]).toMatchObject({ topic: 'payment.created', from: null, to: 'pending' })
  expect(await find(`evt_${events.items[0].id}`)).toEqual({ kind: 'event', id: events.items[0].id })
  // The app's second team has the link.
  const teams = (await get('/teams')).items as readonly Wire[]
  const everywhere = await Promise.all(
    teams.map(async ({ id }) => (await get(`/teams/${id}/search?q=${link}`)).found as Wire | null),
  )
  expect(everywhere.filter((found) => found !== null)).toEqual([{ kind: 'connection', id: stored(link) }])
  expect(await find('kevin')).toBeNull()
  expect((await ofTeam('/search?q=kev')).people).toMatchObject([{ name: 'Kevin Doyle' }])
})

it('a connection shows what is behind it, without numbers', async () => {
  const { link } = await whatThereIs()
  const id = moneykitIds.read(link)?.id
  const teams = (await get('/teams')).items as readonly Wire[]
  const answers = await Promise.all(
    teams.map((team) => raw(app, 'GET', `/teams/${team.id}/connections/${id}`, { headers: headersOf(me) })),
  )
  const [shown] = answers.filter(({ statusCode }) => statusCode === 200).map((answer) => answer.json())
  expect(shown).toMatchObject({ state: 'connected', ids: { moneykit: link, mx: expect.stringMatching(/^MBR-/) } })
  expect(shown.accounts.length).toBeGreaterThan(0)
  for (const account of shown.accounts) {
    expect(Object.keys(account)).toEqual(['id', 'type', 'name', 'mask', 'currency', 'currentCents', 'ids'])
    const teamOfIt = teams[answers.findIndex(({ statusCode }) => statusCode === 200)]?.id
    const found = await get(`/teams/${teamOfIt}/search?q=${account.ids.moneykit}`)
    expect(found.found).toEqual({ kind: 'connection', id })
  }
})

it('a team’s things are not found from another team', async () => {
  const { payment } = await whatThereIs()
  const keys = await app.newTeam()
  const stranger = (await app.ctx(keys)).team.id
  expect((await get(`/teams/${stranger}/search?q=${payment.id}`)).found).toBeNull()
  const id = methodIds.read(payment.id)?.id
  for (const path of [`/payments/${id}`, `/resources/${id}`]) {
    const answer = await raw(app, 'GET', `/teams/${stranger}${path}`, { headers: headersOf(me) })
    expect(answer.statusCode).toBe(404)
  }
  const { keys: theirs } = await get(`/teams/${stranger}/keys`)
  expect((await post(`/keys/${theirs[0].id}/revoke`)).statusCode).toBe(404)
})

it('a payment shows its life, its ledger and its ends', async () => {
  const { payment, payer: kevin } = await whatThereIs()
  const { data: other } = await app.call('POST', '/payments', {
    body: { amount: 100, source: kevin.checking, destination: kevin.card, description: 'Moved' },
  })
  const id = methodIds.read(other.id)?.id
  const ran = await post('/rehearsals', {
    face: 'method',
    method: 'POST',
    path: `/simulate/payments/${other.id}`,
    body: { status: 'processing' },
  })
  expect(ran).toMatchObject({ statusCode: 200, status: 200 })
  const shown = await ofTeam(`/payments/${id}`)
  expect(shown).toMatchObject({ amountCents: 100, status: 'processing', ids: { method: other.id } })
  expect(shown.ledger.length).toBeGreaterThan(0)
  for (const { entries } of shown.ledger) {
    expect(entries.reduce((sum: number, { cents }: Wire) => sum + cents, 0)).toBe(0)
  }
  expect(shown.events.map(({ to }: Wire) => to)).toEqual(expect.arrayContaining(['processing', 'pending']))
  expect(shown.accounts).toHaveLength(2)
  expect((await ofTeam('/payments?status=processing')).items).toMatchObject([{ id }])
  const { payments } = await ofTeam('/overview')
  expect(payments).toMatchObject({ pending: 1, processing: 1 })
  expect(payment.status).toBe('pending')
})

it('pages of a list follow one another', async () => {
  const first = await ofTeam('/events')
  expect(first.items).toHaveLength(25)
  const second = await ofTeam(`/events?cursor=${first.next}`)
  const ids = [...first.items, ...second.items].map(({ id }: Wire) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const answer = await raw(app, 'GET', `/teams/${teamId}/consumers?cursor=none`, { headers: headersOf(me) })
  expect(answer.statusCode).toBe(422)
})

it('only what is below /simulate is asked in a team’s name', async () => {
  for (const path of [
    '/entities',
    '/simulate/../entities',
    '/simulate/%2e%2e/entities',
    '/simulate//entities',
    '/simulate/x?y=1',
    'http://example.com/simulate/x',
  ]) {
    const asked = { face: 'method', method: 'GET', path }
    expect([path, (await post('/rehearsals', asked)).statusCode]).toEqual([path, 400])
  }
  for (const face of ['console', 'dashboard', '..', '']) {
    const asked = { face, method: 'GET', path: '/simulate/clock' }
    expect([face, (await post('/rehearsals', asked)).statusCode]).toEqual([face, 400])
  }
})

it('every simulation that a face publishes can be asked, once, and whatever team asks', async () => {
  const { items } = await ofTeam('/rehearsals')
  const published = await Promise.all(
    ['method', 'moneykit', 'mx'].map(async (face) => {
      const { paths } = (await app.http.inject(`/${face}/openapi.json`)).json()
      return Object.entries(paths as Record<string, object>)
        .filter(([path]) => new RegExp(`^/${face}/(users/[^/]+/)?simulate/`).test(path))
        .flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`))
    }),
  )
  const names = items.map(({ face, method, path }: Wire) => `${method} /${face}${path}`)
  const all = published.flat()
  const isForWidgets = (name: string) =>
    name.includes(' /mx/simulate/') && all.includes(name.replace('/mx/', '/mx/users/{user_guid}/'))
  expect(names.toSorted()).toEqual(all.filter((name) => !isForWidgets(name)).toSorted())
  expect(names).toContain('POST /moneykit/simulate/links/{id}/transactions')
  for (const { summary, schema, method } of items) {
    expect(summary).not.toBe('')
    if (method === 'GET' || method === 'DELETE') expect(schema).toBeNull()
  }
})

it('a transaction happens on a link when it is asked as its app, and as no other', async () => {
  const { link } = await whatThereIs()
  const connection = await ofTeam(`/connections/${moneykitIds.read(link)?.id}`)
  await moneykitClient(app, { app: 'another' })
  expect((await ofTeam('/rehearsals')).apps).toEqual(expect.arrayContaining(['another', connection.clientId]))
  const asked = {
    face: 'moneykit',
    method: 'POST',
    path: `/simulate/links/${link}/transactions`,
    body: { account_id: connection.accounts[0].ids.moneykit, amount: '12.34', description: 'Out of the console' },
  }
  expect(await post('/rehearsals', { ...asked, app: 'another' })).toMatchObject({ statusCode: 200, status: 401 })
  expect(await post('/rehearsals', { ...asked, app: connection.clientId })).toMatchObject({ status: 202 })
})

it('a webhook is made, tried, switched off and on, and deleted', async () => {
  await whatThereIs()
  const { items: types } = await ofTeam('/webhook-types')
  expect(types).toContain('entity.update')
  const secrets = { hmacSecret: 'whsec-of-mine', authToken: 'token-of-mine' }
  expect(await post('/webhooks', { type: 'entity.update', url: 'nowhere', ...secrets })).toMatchObject({
    statusCode: 422,
    error: expect.stringContaining('url'),
  })
  expect((await post('/webhooks', { type: 'nonsense', url: 'http://127.0.0.1:9/x' })).statusCode).toBe(422)
  const draft = { type: 'entity.update', url: 'http://127.0.0.1:9/mine', ...secrets }
  const { id } = await post('/webhooks', draft)
  expect(await ofTeam(`/webhooks/${id}`)).toMatchObject({ wireType: 'entity.update', status: 'active', recent: {} })
  const { deliveryId } = await post(`/webhooks/${id}/try`)
  expect(await post(`/webhooks/${id}/try`)).toMatchObject({ deliveryId })
  expect((await ofTeam(`/webhooks/${id}/deliveries`)).items).toMatchObject([{ id: deliveryId }])
  const { items: events } = await ofTeam('/events?topic=consumer.updated')
  expect(await ofTeam(`/deliveries/${deliveryId}`)).toMatchObject({ webhookId: id, eventId: events[0].id })
  expect(await post(`/webhooks/${id}/switch`, { isOn: false })).toMatchObject({ status: 'disabled' })
  expect((await post(`/webhooks/${id}/try`)).statusCode).toBe(422)
  expect(await ofTeam(`/deliveries/${deliveryId}`)).toMatchObject({ status: 'dropped' })
  expect(await post(`/webhooks/${id}/switch`, { isOn: true })).toMatchObject({ status: 'active' })
  const { id: quiet } = await post('/webhooks', { ...draft, type: 'payment_reversal.create' })
  expect(await post(`/webhooks/${quiet}/try`)).toMatchObject({
    statusCode: 422,
    error: expect.stringContaining('Nothing'),
  })
  const shown = JSON.stringify([await ofTeam('/webhooks'), await ofTeam(`/webhooks/${id}`)])
  for (const secret of Object.values(secrets)) expect(shown).not.toContain(secret)
  for (const made of [id, quiet]) expect(await post(`/webhooks/${made}/delete`)).toMatchObject({ statusCode: 200 })
  const gone = await raw(app, 'GET', `/teams/${teamId}/webhooks/${id}`, { headers: headersOf(me) })
  expect(gone.statusCode).toBe(404)
})

it('whoever follows a team is told of its news, by kind, and of nobody else’s', async () => {
  const keys = await app.newTeam()
  const { id } = (await app.ctx(keys)).team
  const answer = await app.http.inject({
    url: `/dashboard/api/teams/${id}/live`,
    headers: headersOf(me),
    payloadAsStream: true,
  })
  expect(answer.headers['content-type']).toBe('text/event-stream')
  const stream = answer.stream()
  const heard = stream.setEncoding('utf8')[Symbol.asyncIterator]()
  const next = async (): Promise<Wire> => {
    for (;;) {
      const { value, done } = await heard.next()
      if (done) throw new Error('The stream ended.')
      const data = /^data: (.*)$/m.exec(String(value))?.[1]
      if (data !== undefined) return JSON.parse(data)
    }
  }
  const first = await next()
  await app.call('POST', '/entities', { body: { type: 'individual', individual: {} } })
  await app.call('POST', '/entities', { key: keys.development, body: { type: 'individual', individual: {} } })
  const { items: events } = await get(`/teams/${id}/events`)
  let marks = await next()
  while (marks.events === first.events) marks = await next()
  expect(marks).toMatchObject({ events: events[0].id, deliveries: first.deliveries })
  stream.destroy()
})

it('the clock says what will happen, and goes there', async () => {
  await whatThereIs()
  expect(await post('/clock', { freeze: true })).toMatchObject({ isFrozen: true })
  const before = await ofTeam('/clock')
  expect(before.upcoming.map(({ work }: Wire) => work)).toContain('payments.move')
  const [next] = before.upcoming
  expect(await post('/clock', { set: next.dueAt })).toMatchObject({ now: next.dueAt, targetAt: null })
  const after = await ofTeam('/clock')
  expect(after.upcoming).not.toContainEqual(next)
  expect((await post('/clock', { advance: 'PT-1S' })).statusCode).toBe(422)
  expect((await post('/clock', { set: 'tomorrow' })).statusCode).toBe(400)
  expect(await post('/clock', { freeze: false })).toMatchObject({ isFrozen: false })
})

it('nothing is driven where things are real', async () => {
  const { team } = await app.ctx(app.keys, 'production')
  const asked: readonly (readonly ['GET' | 'POST', string, object?])[] = [
    ['GET', '/clock'],
    ['POST', '/clock', { freeze: true }],
    ['GET', '/personas'],
    ['GET', '/rehearsals'],
    ['GET', '/institutions'],
    ['POST', '/faults', { institution: 'chase', fault: null }],
    ['POST', '/rehearsals', { face: 'method', method: 'POST', path: '/simulate/personas', body: { personas: [] } }],
  ]
  for (const [method, path, body] of asked) {
    const answer = await raw(app, method, `/teams/${team.id}${path}`, {
      headers: headersOf(me),
      ...(body ? { body } : {}),
    })
    expect([path, answer.statusCode]).toEqual([path, 422])
  }
})

it('an institution fails until it is told otherwise', async () => {
  const { items, faults } = await ofTeam('/institutions?q=chase')
  const institution = items[0].slug
  expect(await post('/faults', { institution, fault: faults[0] })).toMatchObject({ institution, fault: faults[0] })
  expect(await post('/faults', { institution, fault: null })).toMatchObject({ fault: null })
  expect((await post('/faults', { institution, fault: 'nonsense' })).statusCode).toBe(400)
  expect((await post('/faults', { institution: 'nobody', fault: null })).statusCode).toBe(404)
})

it('a key made here works, and its secret is never told again', async () => {
  const { id, secret } = await post('/keys', { label: 'from the console' })
  expect((await app.call('GET', '/ping', { key: secret })).status).toBe(200)
  const listed = await ofTeam('/keys')
  expect(listed.keys).toContainEqual(expect.objectContaining({ id, label: 'from the console', revokedAt: null }))
  expect(JSON.stringify(listed)).not.toContain(secret)
  expect((await post(`/keys/${id}/revoke`)).statusCode).toBe(200)
  expect((await ofTeam('/keys')).keys.find((key: Wire) => key.id === id).revokedAt).not.toBeNull()
  const client = await post('/clients', {})
  expect(client).toMatchObject({ id: expect.any(String), secret: expect.any(String) })
  expect((await post(`/clients/${client.id}/disable`)).statusCode).toBe(200)
})

it('a report is made and downloaded in one row for each payment', async () => {
  await whatThereIs()
  const { id } = await post('/reports', { kind: 'payments_created_this_cycle' })
  const answer = await raw(app, 'GET', `/teams/${teamId}/reports/${id}/download`, { headers: headersOf(me) })
  expect(answer.headers['content-disposition']).toContain('attachment')
  expect(answer.payload.split('\n')[0]).toContain('id')
  expect((await ofTeam('/reports')).items).toMatchObject([{ id }])
})

it('nothing that has to stay hidden is in any answer', async () => {
  const { payer: kevin } = await whatThereIs()
  await app.call('PUT', `/entities/${kevin.person.id}`, { body: { individual: { ssn: '111223333' } } })
  await addChecking(app, kevin.person.id, '778899')
  await app.drain()
  const hidden = ['111223333', '15121231111', '0778899', 'hidden-key', 'hidden-auth-token', 'sk_dev_c']
  const ids = await Promise.all(
    ['consumers', 'accounts', 'payments', 'events', 'webhooks', 'requests'].map(async (kind) => {
      const { items } = await ofTeam(`/${kind}`)
      return items.slice(0, 8).map(({ id }: Wire) => `/${kind}/${id}`)
    }),
  )
  const [webhook] = (await ofTeam('/webhooks')).items
  const { items: deliveries } = await ofTeam(`/webhooks/${webhook.id}/deliveries`)
  const paths = [...ids.flat(), ...deliveries.map(({ id }: Wire) => `/deliveries/${id}`)]
  expect(paths.length).toBeGreaterThan(20)
  for (const path of [...paths, '/overview', '/personas']) {
    const text = JSON.stringify(await ofTeam(path))
    for (const secret of hidden) expect([path, secret, text.includes(secret)]).toEqual([path, secret, false])
    expect(text).not.toMatch(/[sS]ealed":"(?!•••)/)
  }
})
