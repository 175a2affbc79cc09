import { createHash, createPublicKey, verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { ask, type MoneykitCaller, moneykitClient } from '../../../test/setup/moneykit.js'
import { ensureDemoClient, openClientDesk } from '../../core/api-clients/api-clients.js'
import { openSigner, rotateSigningKey } from '../../core/signing/signing.js'

let app: App
let client: MoneykitCaller
beforeAll(async () => {
  app = await openApp()
  client = await moneykitClient(app)
})
afterAll(() => app.close())

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
const form = (members: Readonly<Record<string, string>>) => new URLSearchParams(members).toString()
const credentials = ({ id, secret }: MoneykitCaller) => ({ client_id: id, client_secret: secret })
const grant = (text: string, headers: Readonly<Record<string, string>> = {}) =>
  ask(app, 'POST', '/auth/token', { text, headers: { ...FORM, ...headers } })
const tokenOf = async (of: MoneykitCaller, scope = '') =>
  (await grant(form({ ...credentials(of), scope }))).body.access_token as string
const introspect = (authorization: string) => ask(app, 'GET', '/auth/introspect', { headers: { authorization } })

describe('an access token', () => {
  it.each([
    ['the form', () => grant(form({ grant_type: 'client_credentials', ...credentials(client) }))],
    ['the form without a grant type', () => grant(form(credentials(client)))],
    ['Basic', () => grant('grant_type=client_credentials', { authorization: basic(client.id, client.secret) })],
    ['Basic and an empty body', () => grant('', { authorization: basic(client.id, client.secret) })],
    [
      'the form beside a Basic header with nothing in it',
      () => grant(form(credentials(client)), { authorization: 'Basic Og==' }),
    ],
    ['the form with an empty version', () => grant(form(credentials(client)), { 'moneykit-version': '' })],
  ])('is given for %s', async (_, request) => {
    const { status, body } = await request()
    expect(status).toBe(201)
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'bearer', expires_in: 3600 })
    expect((await introspect(`Bearer ${body.access_token}`)).status).toBe(200)
  })

  it.each([
    ['a wrong secret', () => grant(form({ ...credentials(client), client_secret: 'wrong' }))],
    ['an unknown client', () => grant(form({ client_id: 'live_528eca4b97cff0815b6a', client_secret: client.secret }))],
    ['no credentials', () => grant('grant_type=client_credentials')],
    ['a scope that the client lacks', () => grant(form({ ...credentials(client), scope: 'api_compatibility:plaid' }))],
    [
      'the headers of a client, which count everywhere else',
      () => grant('', { 'x-client-id': client.id, 'x-client-secret': client.secret }),
    ],
  ])('is refused for %s', async (_, request) => {
    const { status, body } = await request()
    expect([status, body.error_code]).toEqual([401, 'api_error.auth.unauthorized'])
  })

  it.each(['refresh_token', 'password'])('is refused for the grant type %s with 400', async (grant_type) => {
    const { status, body } = await grant(form({ grant_type, ...credentials(client) }))
    expect([status, body.error_code]).toEqual([400, 'api_error.auth.unauthorized'])
  })

  it('is asked for with a form and nothing else', async () => {
    const { status, body } = await ask(app, 'POST', '/auth/token', { body: credentials(client) })
    expect([status, body.error_code]).toEqual([415, 'api_error.request.unsupported_media_type'])
  })

  it('is good for the scopes that were asked for, and all of the client without any', async () => {
    const scope = 'link:data:read institutions:read'
    expect((await introspect(`Bearer ${await tokenOf(client, scope)}`)).body.scope).toBe(scope)
    const few = await moneykitClient(app, { scopes: ['link:delete', 'link:data:read'] })
    expect((await introspect(`Bearer ${await tokenOf(few)}`)).body.scope).toBe('link:delete link:data:read')
  })

  it('expires after an hour, which is told from being unknown', async () => {
    const token = await tokenOf(client)
    app.clock.advance(3_599_000)
    expect((await introspect(`Bearer ${token}`)).status).toBe(200)
    app.clock.advance(1_000)
    const expired = await introspect(`Bearer ${token}`)
    expect(expired.status).toBe(401)
    expect(expired.body).toEqual({
      error_code: 'api_error.auth.expired_access_token',
      error_message: 'Access token expired',
      documentation_url: null,
    })
    const [header, claims] = token.split('.')
    for (const other of [`${header}.${claims}.AAAA`, 'nonsense', `${header}.e30.${'A'.repeat(86)}`]) {
      expect((await introspect(`Bearer ${other}`)).body.error_code).toBe('api_error.auth.unauthorized')
    }
  })

  it('is not one of a signature: no published key has signed it', async () => {
    const { body } = await ask(app, 'GET', '/.well-known/jwks.json')
    const [header = ''] = (await tokenOf(client)).split('.')
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString())
    expect(body.keys.map((key: { kid: string }) => key.kid)).not.toContain(kid)
  })

  it('ends with its client, in a server that has not heard of the client yet', async () => {
    const leaver = await moneykitClient(app)
    const token = await tokenOf(leaver)
    await app.admin.disableClient(leaver.id)
    const other = await openedElsewhere(token)
    expect(other).toBe(401)
  })
})

/** What a second server over the same database says to a token. */
async function openedElsewhere(token: string): Promise<number> {
  const signer = openSigner(app.base, { readMs: () => 0 })
  const desk = openClientDesk(app.base, { signer, refusesDemo: false, readMs: () => 0 })
  return desk.byToken(token).then(
    () => 200,
    () => 401,
  )
}

describe('introspection', () => {
  it('shows the client and its app, the same app for every client of the team', async () => {
    const { body } = await client.call('GET', '/auth/introspect')
    expect(body).toEqual({
      client_id: client.id,
      client_name: app.keys.team,
      scope: expect.stringContaining('link_session:create '),
      app: { app_id: expect.stringMatching(UUID), name: app.keys.team, id: body.app.app_id, app_name: app.keys.team },
      disabled_at: null,
    })
    expect(Object.keys(body)).toEqual(['client_id', 'client_name', 'scope', 'app', 'disabled_at'])
    const second = await moneykitClient(app)
    expect((await second.call('GET', '/auth/introspect')).body.app).toEqual(body.app)
  })

  it.each<[string, Readonly<Record<string, string>>]>([
    ['nothing', {}],
    ['Basic, which is for tokens alone', { authorization: 'Basic Og==' }],
    ['half of a client', { 'x-client-id': 'clearspan_demo' }],
    ['a wrong secret', { 'x-client-id': 'clearspan_demo', 'x-client-secret': 'wrong' }],
  ])('is refused with %s', async (_, headers) => {
    const { status, body } = await ask(app, 'GET', '/auth/introspect', { headers })
    expect([status, body.error_code]).toEqual([401, 'api_error.auth.unauthorized'])
  })

  it('believes a token before the headers of a client', async () => {
    const headers = { 'x-client-id': client.id, 'x-client-secret': client.secret, authorization: 'Bearer nonsense' }
    expect((await ask(app, 'GET', '/auth/introspect', { headers })).status).toBe(401)
  })
})

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('the keys of webhooks', () => {
  const published = async () => (await ask(app, 'GET', '/.well-known/jwks.json')).body.keys

  it('need no credentials, and wrong ones do no harm', async () => {
    const headers = { authorization: 'Bearer nonsense', 'x-client-id': 'nobody', 'moneykit-version': '1999-01-01' }
    const { status, body } = await ask(app, 'GET', '/.well-known/jwks.json', { headers })
    expect(status).toBe(200)
    expect(body.keys).toEqual([
      {
        kty: 'EC',
        crv: 'P-256',
        alg: 'ES256',
        use: 'sig',
        kid: expect.stringMatching(/^wk-2026-03-\w{8}$/),
        x: expect.any(String),
        y: expect.any(String),
      },
    ])
  })

  it('follow one another: the next is published before it signs, the last one stays for 26 hours', async () => {
    const [first] = await published()
    const second = await rotateSigningKey(app.base, 'webhook')
    // A process that has just started: what others believe is a matter of seconds.
    const fresh = () => openSigner(app.base, { readMs: () => 0 })
    const kidOf = async () => {
      const [header = ''] = (await fresh().sign('webhook', {})).split('.')
      return JSON.parse(Buffer.from(header, 'base64url').toString()).kid
    }
    expect((await fresh().published('webhook')).map(({ kid }) => kid)).toEqual([second, first.kid])
    expect(await kidOf()).toBe(first.kid)
    app.clock.advance(60_000)
    expect(await kidOf()).toBe(second)
    app.clock.advance(26 * 3_600_000 - 1)
    expect((await fresh().published('webhook')).map(({ kid }) => kid)).toEqual([second, first.kid])
    app.clock.advance(1)
    expect((await fresh().published('webhook')).map(({ kid }) => kid)).toEqual([second])
  })

  it('check what was signed, by anybody with the set', async () => {
    const signer = openSigner(app.base, { readMs: () => 0 })
    const token = await signer.sign('webhook', { hash: createHash('sha256').update('body').digest('hex') })
    const [header = '', claims = '', signature = ''] = token.split('.')
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString())
    const jwk = (await signer.published('webhook')).find((key) => key.kid === kid)
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    const isGood = (text: string) =>
      verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
    expect(isGood(`${header}.${claims}`)).toBe(true)
    expect(isGood(`${header}.${claims}x`)).toBe(false)
    expect(await signer.read('token', token)).toBeNull()
  })

  test('private keys lie sealed in the database', async () => {
    const { rows } = await app.fresh.database.pool.query('select private_sealed from signing_keys')
    expect(rows.length).toBeGreaterThan(1)
    for (const row of rows) expect(row.private_sealed.toString('latin1')).not.toContain('PRIVATE KEY')
  })
})

describe('the demo client', () => {
  const headers = { 'x-client-id': 'clearspan_demo', 'x-client-secret': 'clearspan_demo_secret' }

  it('opens the demo team on a server that only this machine reaches', async () => {
    const { status, body } = await ask(app, 'GET', '/auth/introspect', { headers })
    expect([status, body.client_id, body.app.name]).toEqual([200, 'clearspan_demo', 'demo'])
  })

  it('opens nothing on a server that others reach, even where it exists', async () => {
    const open = await openApp({ HOST: '0.0.0.0' })
    try {
      await ensureDemoClient(open.base, ['link:data:read'])
      expect((await ask(open, 'GET', '/auth/introspect', { headers })).status).toBe(401)
      const text = form({ client_id: 'clearspan_demo', client_secret: 'clearspan_demo_secret' })
      expect((await ask(open, 'POST', '/auth/token', { text, headers: FORM })).status).toBe(401)
    } finally {
      await open.close()
    }
  })
})

describe('guessing secrets', () => {
  it('ends with 429 after twenty wrong ones, and never keeps out who knows the right one', async () => {
    const victim = await moneykitClient(app)
    const guess = () => grant(form({ client_id: victim.id, client_secret: 'wrong' }))
    for (let count = 0; count < 20; count++) expect((await guess()).status).toBe(401)
    const { status, body } = await guess()
    expect([status, body.error_code]).toEqual([429, 'api_error.rate_limit_exceeded'])
    expect((await grant(form(credentials(victim)))).status).toBe(201)
  })
})

describe('the rate of a client', () => {
  it('is limited where its team says so, and the answer says when to come back', async () => {
    const { team } = await app.newTeam()
    const hurried = await moneykitClient(app, { team })
    await app.admin.changeTeam({ name: team, environment: 'development' }, (settings) => ({
      ...settings,
      moneykit: { requestsPerMinute: 2 },
    }))
    expect((await hurried.call('GET', '/auth/introspect')).status).toBe(200)
    expect((await hurried.call('GET', '/auth/introspect')).status).toBe(200)
    const { status, body, headers } = await hurried.call('GET', '/auth/introspect')
    expect([status, body.error_message]).toEqual([429, 'Rate limit exceeded'])
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect((await client.call('GET', '/auth/introspect')).status).toBe(200)
  })
})

describe('the version', () => {
  it.each(['', '2023-02-18'])('may be sent as "%s"', async (version) => {
    const headers = { 'x-client-id': client.id, 'x-client-secret': client.secret, 'MoneyKit-Version': version }
    expect((await ask(app, 'GET', '/auth/introspect', { headers })).status).toBe(200)
  })

  it('is refused when it is another one, after the caller is known', async () => {
    const headers = { 'x-client-id': client.id, 'x-client-secret': client.secret, 'moneykit-version': '2024-01-01' }
    const { status, body } = await ask(app, 'GET', '/auth/introspect', { headers })
    expect([status, body.error_code]).toEqual([422, 'api_error.request.validation_failed'])
    expect(body.validation_errors).toEqual([
      { location: ['header', 'moneykit-version'], message: expect.any(String), type: 'type_error.enum' },
    ])
    const nobody = await ask(app, 'GET', '/auth/introspect', { headers: { 'moneykit-version': '2024-01-01' } })
    expect(nobody.status).toBe(401)
  })
})

describe('an address', () => {
  it('that is none answers 404, before anybody asks who calls', async () => {
    const { status, body } = await ask(app, 'GET', '/nothing')
    expect([status, body.error_code, body.documentation_url]).toEqual([404, 'api_error.not_found', null])
  })

  it('with other methods answers 405 and names them', async () => {
    const { status, body, headers } = await ask(app, 'DELETE', '/auth/token')
    expect([status, body.error_code, headers.allow]).toEqual([405, 'api_error.method_not_allowed', 'POST'])
  })

  it('needs no prefix under the name of the vendor', async () => {
    const { payload, statusCode } = await app.http.inject({
      url: '/.well-known/jwks.json',
      headers: { host: 'api.moneykit.com' },
    })
    expect([statusCode, Object.keys(JSON.parse(payload))]).toEqual([200, ['keys']])
  })
})
