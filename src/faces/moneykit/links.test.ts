/** Contract: moneykit/links §1–§5. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import {
  CREDENTIALS_BANK,
  EVERYTHING,
  exchangedLink,
  goThrough,
  linked,
  type MoneykitCaller,
  moneykitClient,
  newUser,
  openSession,
} from '../../../test/setup/moneykit.js'

let app: App
let client: MoneykitCaller
beforeAll(async () => {
  app = await openApp()
  client = await moneykitClient(app)
})
afterAll(() => app.close())

const linkOf = async (id: string) => (await client.call('GET', `/links/${id}`)).body
const post = (path: string, body?: object) => client.call('POST', path, { body })
const ADDRESS = 'http://127.0.0.1:4001/hooks'
const FIRST_GENERATION = [
  'link_id',
  'institution_id',
  'institution_name',
  'state',
  'last_synced_at',
  'tags',
  'products',
  'provider',
]
const SECOND_GENERATION = ['institution_avatar', 'link_tags', 'available_products']

describe('the token of a link session', () => {
  const decode = (token: string) =>
    token
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))

  it('is a JWT of an hour that says nothing about the user', async () => {
    const user = newUser()
    const [header, claims] = decode(await openSession(client, { user }))
    expect(header).toMatchObject({ alg: 'ES256', typ: 'JWT' })
    expect(header).not.toHaveProperty('institution_id')
    expect(claims.exp - claims.iat).toBe(3600)
    expect(JSON.stringify(claims)).not.toContain(user)
  })

  it('says in its header which institution is settled', async () => {
    const [header] = decode(await openSession(client, { session: { institution_id: CREDENTIALS_BANK } }))
    expect(header.institution_id).toBe(CREDENTIALS_BANK)
  })

  it('is no access token, and an access token opens no session', async () => {
    const token = await openSession(client)
    const { status } = await client.call('GET', '/auth/introspect', { headers: { authorization: `Bearer ${token}` } })
    expect(status).toBe(401)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const text = new URLSearchParams({ client_id: client.id, client_secret: client.secret }).toString()
    const { body } = await client.call('POST', '/auth/token', { text, headers })
    expect((await goThrough(client, body.access_token)).status).toBe(400)
  })

  it('opens the session of no other team', async () => {
    const stranger = await moneykitClient(app, { team: (await app.newTeam()).team })
    const { status, body } = await goThrough(stranger, await openSession(client))
    expect([status, body.error_code]).toEqual([400, 'link_session_error.invalid_token_exchange'])
  })
})

describe('a session', () => {
  const create = (more: object, by = client) =>
    by.call('POST', '/link-session', {
      body: { customer_user: { id: newUser() }, redirect_uri: 'https://app.example.com/oauth', ...more },
    })

  it('is understood in the words of either generation', async () => {
    const { status } = await create({
      customer_user: {
        id: newUser(),
        email: { address: 'ada@example.com', customer_verified_at: '2026-02-16T00:00:00' },
        phone: { number: '(218) 555-0142', country: 'US', customer_verified_at: null },
      },
      settings: {
        providers: ['moneykit', 'sophtron'],
        countries: ['US', 'CA'],
        products: { identity: { required: true, reason: 'know you' }, transactions: null },
        link_permissions: { requested: [{ scope: 'transactions', reason: 'your spending', required: true }] },
      },
      moneylink_features: { bug_reporter: true },
      link_tags: ['cohort:spring'],
      webhook: ADDRESS,
      nobody_knows: 'this',
    })
    expect(status).toBe(201)
  })

  it('takes tags by their older name, unless the newer one is there', async () => {
    const tagsOf = async (session: object) =>
      (await goThrough(client, await openSession(client, { session }))).body.link.tags
    expect(await tagsOf({ tags: ['older'] })).toEqual(['older'])
    expect(await tagsOf({ tags: ['older'], link_tags: ['newer'] })).toEqual(['newer'])
  })

  it('is refused with every flaw it has', async () => {
    const { status, body } = await create({
      customer_user: { id: 'abc', email: {}, phone: { number: '1', country: 'FR' } },
      redirect_uri: 'https://app.example.com/oauth?state=1',
      webhook: 'ftp://example.com',
      link_tags: ['-dash', 'x'.repeat(100)],
      settings: { products: [] },
      custom_sandbox_data: { accounts: [] },
    })
    expect([status, body.error_code]).toEqual([422, 'api_error.request.validation_failed'])
    const found = body.validation_errors.map(({ location, type }: Wire) => `${location.join('.')} ${type}`)
    expect(found.sort()).toEqual(
      [
        'body.customer_user.id value_error.any_str.min_length',
        'body.customer_user.email.address value_error.missing',
        'body.customer_user.phone.number value_error.any_str.min_length',
        'body.customer_user.phone.country type_error.enum',
        'body.redirect_uri value_error.url',
        'body.webhook value_error.url',
        'body.link_tags.0 value_error.str.regex',
        'body.link_tags.1 value_error.any_str.max_length',
        'body.settings.products type_error.dict',
        'body.custom_sandbox_data.accounts value_error.list.min_items',
      ].sort(),
    )
  })

  it('is refused with accounts that cannot be', async () => {
    const account = { account_type: 'piggy bank', name: 'Pig', account_number: '1', routing_number: '123456789' }
    const { body } = await create({ custom_sandbox_data: { accounts: [account] } })
    expect(body.validation_errors.map(({ location, type }: Wire) => [location.at(-1), type])).toEqual([
      ['account_type', 'type_error.enum'],
      ['routing_number', 'value_error'],
    ])
  })

  it.each<[string, object]>([
    ['the issue reporter', { connect_features: { issue_reporter: true } }],
    ['the bug reporter', { moneylink_features: { bug_reporter: true } }],
    ['the wallet', { connect_features: { enable_money_id: true } }],
    ['reserved tags', { link_tags: ['moneykit:internal'] }],
    ['investments', { settings: { products: { investments: {} } } }],
  ])('needs a scope for %s', async (_, more) => {
    const plain = await moneykitClient(app, { scopes: ['link_session:create'] })
    const { status, body } = await create(more, plain)
    expect([status, body.error_code]).toEqual([403, 'link_session_error.forbidden_config'])
    expect((await create(more)).status).toBe(201)
  })

  it('leads back only to where its app lives, once that is settled', async () => {
    const { team } = await app.newTeam()
    const careful = await moneykitClient(app, { team, environment: 'sandbox' })
    const more = { redirect_uri: 'https://elsewhere.example.com/oauth' }
    expect((await create(more, careful)).body.error_code).toBe('link_session_error.forbidden_config')
    await app.admin.changeTeam({ name: team, environment: 'sandbox' }, (settings) => ({
      ...settings,
      moneykit: { redirectOrigins: ['https://elsewhere.example.com'] },
    }))
    const settled = await moneykitClient(app, { team, environment: 'sandbox' })
    expect((await create(more, settled)).status).toBe(201)
  })

  it('takes data for the test login in sandbox only', async () => {
    const live = await moneykitClient(app, { environment: 'production' })
    const account = { account_type: 'checking', name: 'Mine', account_number: '5550001111' }
    const more = { custom_sandbox_data: { accounts: [{ ...account, account_type: 'depository.checking' }] } }
    await app.admin.changeTeam({ name: app.keys.team, environment: 'production' }, (settings) => ({
      ...settings,
      moneykit: { redirectOrigins: ['https://app.example.com'] },
    }))
    const { status, body } = await create(more, live)
    expect([status, body.error_code]).toEqual([403, 'link_session_error.forbidden_config'])
    expect((await create(more)).status).toBe(201)
  })
})

describe('a link', () => {
  it('is there once its token is exchanged, which works once', async () => {
    const completed = await goThrough(client, await openSession(client, { session: { link_tags: ['a', 'b'] } }))
    expect(completed.body).toMatchObject({
      exchangeable_token: expect.stringMatching(/^[0-9a-f-]{36}$/),
      link: { state: 'awaiting_token_exchange', tags: ['a', 'b'] },
    })
    const body = { exchangeable_token: completed.body.exchangeable_token }
    const exchanged = await post('/link-session/exchange-token', body)
    expect(exchanged.status).toBe(201)
    expect(exchanged.body.link_id).toBe(completed.body.link_id)
    expect(exchanged.body.link.link_id).toBe(completed.body.link_id)
    expect(exchanged.body.link.state).toBe('connected')
    const again = await post('/link-session/exchange-token', body)
    expect([again.status, again.body.error_code]).toEqual([400, 'link_session_error.invalid_token_exchange'])
  })

  it('belongs to the app whose session made it', async () => {
    const other = await moneykitClient(app, { app: 'another app' })
    const completed = await goThrough(client, await openSession(client))
    const body = { exchangeable_token: completed.body.exchangeable_token }
    expect((await other.call('POST', '/link-session/exchange-token', { body })).status).toBe(400)
    const sameApp = await moneykitClient(app)
    expect((await sameApp.call('POST', '/link-session/exchange-token', { body })).status).toBe(201)
    const path = `/links/${completed.body.link_id}`
    const foreign = await other.call('GET', path)
    expect([foreign.status, foreign.body.error_code, foreign.body.error_message]).toEqual([
      401,
      'link_error.unauthorized_access',
      'Unauthorized link access.',
    ])
    const live = await moneykitClient(app, { environment: 'production' })
    for (const call of [
      live.call('GET', path),
      live.call('DELETE', path),
      live.call('PATCH', path, { body: { tags: ['mine'] } }),
      live.call('GET', `${path}/accounts`),
    ]) {
      const { status, body: error } = await call
      expect([status, error.error_code]).toEqual([401, 'link_error.unauthorized_access'])
    }
    const stranger = await moneykitClient(app, { team: (await app.newTeam()).team })
    expect((await stranger.call('GET', path)).body.error_code).toBe('link_error.not_found')
  })

  it('shows what was granted, with how it was asked for, in the documented order', async () => {
    const id = await linked(app, client, {
      products: {
        account_numbers: { prefetch: true },
        identity: { required: true, reason: 'check that the account is yours' },
        transactions: { prefetch: true, extend_history: true, require_permission: true },
      },
      session: { webhook: ADDRESS, link_tags: ['cohort:spring', 'plan:pro'] },
    })
    const link = await linkOf(id)
    expect(Object.keys(link)).toEqual([...FIRST_GENERATION, 'webhook', ...SECOND_GENERATION])
    expect(link).toMatchObject({
      link_id: id,
      institution_id: CREDENTIALS_BANK,
      institution_name: 'Credentials Bank',
      state: 'connected',
      tags: ['cohort:spring', 'plan:pro'],
      link_tags: ['cohort:spring', 'plan:pro'],
      provider: 'moneykit',
      webhook: ADDRESS,
      available_products: ['investments'],
    })
    expect(Object.keys(link.products).slice(0, 4)).toEqual(['accounts', 'account_numbers', 'identity', 'transactions'])
    expect(link.products.accounts).toEqual({ refreshed_at: expect.any(String), last_attempted_at: expect.any(String) })
    expect(link.products.identity.settings).toEqual({
      required: true,
      prefetch: false,
      product: 'identity',
      require_permission: false,
      reason: 'check that the account is yours',
    })
    expect(link.products.transactions).toEqual({
      refreshed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      last_attempted_at: link.products.transactions.refreshed_at,
      settings: {
        required: false,
        prefetch: true,
        product: 'transactions',
        extend_history: true,
        require_permission: true,
      },
      has_history: true,
    })
  })

  it('inside other answers has its other order and shorter settings', async () => {
    const id = await linked(app, client, { session: { webhook: ADDRESS } })
    const { link } = (await client.call('GET', `/links/${id}/accounts`)).body
    expect(Object.keys(link)).toEqual([
      'link_id',
      'institution_id',
      'institution_name',
      'provider',
      'state',
      'last_synced_at',
      'tags',
      'products',
      'institution_avatar',
      'link_tags',
      'webhook',
      'available_products',
    ])
    expect(link.products.transactions.settings).toEqual({ required: false, prefetch: true })
    expect(Object.keys(link.products.transactions)).toEqual([
      'refreshed_at',
      'last_attempted_at',
      'settings',
      'has_history',
    ])
  })

  it('without prefetching is connected and has nothing but its accounts', async () => {
    const id = await linked(app, client, { products: { identity: {}, transactions: {} } })
    const { products } = await linkOf(id)
    expect(products.accounts.refreshed_at).not.toBeNull()
    expect(products.identity).toMatchObject({ refreshed_at: null, last_attempted_at: null })
    expect(products.transactions).toMatchObject({ refreshed_at: null, has_history: false })
    const { body } = await client.call('GET', `/links/${id}/transactions`)
    expect(body).toMatchObject({ total: 0, size: 0, transactions: [] })
    expect((await client.call('GET', `/links/${id}/identity`)).body.accounts).toEqual([])
  })

  it.each([
    ['user_bad', 'invalid_credentials'],
    ['user_locked', 'user_setup_required'],
    ['user_no_accounts', 'no_accounts'],
    ['user_down', 'institution_error'],
    ['user_timeout', 'provider_error'],
  ])('of %s fails with %s', async (username, error) => {
    const token = await openSession(client)
    const { status, body } = await goThrough(client, token, { credentials: { username, password: 'x' } })
    expect(status).toBe(200)
    expect(body).toMatchObject({ exchangeable_token: null, link: { state: 'error', error_code: error } })
    expect(Object.keys(body.link).slice(0, 5)).toEqual([...FIRST_GENERATION.slice(0, 4), 'error_code'])
    const data = await client.call('GET', `/links/${body.link_id}/accounts`)
    expect([data.status, data.body.error_code, data.body.link_error_code]).toEqual([422, 'link_error.bad_state', error])
  })

  it.each([
    ['user_mfa', ['1234']],
    ['user_question', ['correct']],
  ])('of %s answers what it is asked', async (username, answers) => {
    const token = await openSession(client)
    const { body } = await goThrough(client, token, { credentials: { username, password: 'x' }, answers })
    expect(body.link.state).toBe('awaiting_token_exchange')
  })

  it('of the custom login is what its session says', async () => {
    const owner = {
      names: ['Marisol Okafor'],
      addresses: [{ city: 'Duluth', country: 'US', postal_code: '55802', region: 'MN', street: '418 Canal Park Dr' }],
      phone_numbers: [{ number: '+12185550142', primary: true, type: 'mobile' }],
      emails: [{ address: 'marisol.okafor@example.com', primary: true }],
    }
    const account_number = '483920067714'
    const id = await linked(app, client, {
      session: {
        custom_sandbox_data: {
          accounts: [
            { account_type: 'depository.checking', name: 'Everyday', account_number, routing_number: '021000021' },
            { account_type: 'credit_card', name: 'Rewards', account_number: '4111111111113052' },
          ],
          owners: [owner],
        },
      },
      login: { credentials: { username: 'user_custom', password: 'any' } },
    })
    const { accounts } = (await client.call('GET', `/links/${id}/identity`)).body
    expect(accounts).toHaveLength(2)
    expect(accounts).toMatchObject([
      { name: 'Everyday', account_type: 'depository.checking', account_mask: '7714' },
      { name: 'Rewards', account_type: 'liability.credit_card', account_mask: '3052' },
    ])
    for (const account of accounts) {
      expect(account.owners).toEqual([{ ...owner, addresses: [{ ...owner.addresses[0], primary: false }] }])
    }
    const numbers = (await client.call('GET', `/links/${id}/accounts/numbers`)).body.accounts
    expect(numbers[0].numbers.ach).toEqual([{ account_number, routing_number: '021000021', wire_routing_number: null }])
  })
})

describe('an institution that fails', () => {
  it('fails every login until it is told otherwise', async () => {
    const { team } = await app.newTeam()
    const unlucky = await moneykitClient(app, { team })
    const settle = (fault: string | null) =>
      unlucky.call('POST', `/simulate/institutions/mx.${CREDENTIALS_BANK}`, { body: { fault } })
    expect((await settle('institution_down')).body).toEqual({
      institution_id: CREDENTIALS_BANK,
      fault: 'institution_down',
    })
    const failed = await goThrough(unlucky, await openSession(unlucky))
    expect(failed.body.link).toMatchObject({ state: 'error', error_code: 'institution_error' })
    expect((await settle('exploded')).status).toBe(422)
    await settle(null)
    const fine = await goThrough(unlucky, await openSession(unlucky))
    expect(fine.body.link.state).toBe('awaiting_token_exchange')
  })
})

describe('changing a link', () => {
  it('replaces tags and webhook, and leaves what is absent', async () => {
    const id = await exchangedLink(client, { session: { webhook: ADDRESS, link_tags: ['one'] } })
    const patch = async (body: object) => (await client.call('PATCH', `/links/${id}`, { body })).body
    expect(await patch({})).toMatchObject({ webhook: ADDRESS, link_tags: ['one'] })
    expect(await patch({ tags: ['two'] })).toMatchObject({ webhook: ADDRESS, tags: ['two'], link_tags: ['two'] })
    expect(await patch({ tags: ['no'], link_tags: ['three'] })).toMatchObject({ link_tags: ['three'] })
    expect(await patch({ webhook: null, link_tags: null })).toMatchObject({ link_tags: [] })
    expect(await linkOf(id)).not.toHaveProperty('webhook')
    const other = `${ADDRESS}/other`
    expect(await patch({ webhook: other })).toMatchObject({ webhook: other })
  })

  it('is refused for tags that are none, and for reserved ones', async () => {
    const id = await exchangedLink(client)
    const { status, body } = await client.call('PATCH', `/links/${id}`, { body: { link_tags: [''], webhook: '' } })
    expect(status).toBe(422)
    expect(body.validation_errors).toHaveLength(2)
    const plain = await moneykitClient(app, { scopes: ['link:data:read'] })
    const reserved = await plain.call('PATCH', `/links/${id}`, { body: { link_tags: ['moneykit'] } })
    expect(reserved.body.error_code).toBe('link_session_error.forbidden_config')
  })
})

describe('deleting a link', () => {
  it('leaves a bare record, and nothing else answers any more', async () => {
    const id = await linked(app, client, { session: { webhook: ADDRESS, link_tags: ['kept'] } })
    const { status, text } = await client.call('DELETE', `/links/${id}`)
    expect([status, text]).toEqual([204, ''])
    expect(await linkOf(id)).toMatchObject({
      state: 'deleted',
      products: {},
      available_products: [],
      link_tags: ['kept'],
    })
    expect(await linkOf(id)).not.toHaveProperty('webhook')
    for (const [method, path, body] of [
      ['DELETE', ''],
      ['PATCH', '', {}],
      ['POST', '/reset'],
      ['POST', '/products', { products: ['accounts'] }],
      ['GET', '/accounts'],
      ['GET', '/accounts/numbers'],
      ['GET', '/identity'],
      ['GET', '/transactions'],
      ['GET', '/transactions/sync'],
      ['GET', '/investments/holdings'],
      ['GET', '/investments/transactions'],
    ] as const) {
      const reply = await client.call(method, `/links/${id}${path}`, body ? { body } : {})
      expect([reply.status, reply.body.error_code], `${method} ${path}`).toEqual([410, 'link_error.deleted'])
    }
  })
})

describe('the list of links', () => {
  it('has those that were connected, oldest first, read by cursors to an empty one', async () => {
    const { team } = await app.newTeam()
    const lister = await moneykitClient(app, { team })
    const [first, second] = [await exchangedLink(lister), await exchangedLink(lister)]
    await goThrough(lister, await openSession(lister))
    const gone = await exchangedLink(lister)
    await lister.call('DELETE', `/links/${gone}`)
    const { body } = await lister.call('GET', '/links')
    expect(body).toEqual({
      links: [first, second].map((link_id) => ({ link_id, created_at: expect.any(String) })),
      next_cursor: '',
    })
    expect((await lister.call('GET', '/links?cursor=&limit=500')).body).toEqual(body)
    expect((await lister.call('GET', '/links?limit=499')).status).toBe(422)
    expect((await lister.call('GET', '/links?limit=5001')).status).toBe(422)
    const wrong = await lister.call('GET', '/links?cursor=nonsense')
    expect(wrong.body.validation_errors[0].location).toEqual(['query', 'cursor'])
  })
})

describe('a refresh', () => {
  it('answers at once with the link as it is, and grows refreshed_at when it is done', async () => {
    const id = await linked(app, client)
    const before = await linkOf(id)
    app.clock.advance(2 * 86_400_000)
    const asked = await post(`/links/${id}/products`, { products: ['identity', 'identity', 'transactions'] })
    expect(asked.status).toBe(202)
    expect(asked.body.products.identity).toEqual(before.products.identity)
    await app.drain()
    const after = await linkOf(id)
    for (const name of ['identity', 'transactions']) {
      expect(after.products[name].refreshed_at > before.products[name].refreshed_at).toBe(true)
    }
  })

  it('is refused when it comes too soon, with how long to wait', async () => {
    const id = await linked(app, client)
    const { team } = app.keys
    await app.admin.changeTeam({ name: team, environment: 'development' }, (settings) => ({
      ...settings,
      connections: { refreshPauses: { accounts: 3600 } },
    }))
    const limited = await moneykitClient(app)
    const refresh = () => limited.call('POST', `/links/${id}/products`, { body: { products: ['accounts'] } })
    expect((await refresh()).status).toBe(202)
    await app.drain()
    const { status, body, headers } = await refresh()
    expect([status, body.error_code]).toEqual([429, 'api_error.rate_limit_exceeded'])
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  })

  it('is refused for what the link does not have, and for what is no product', async () => {
    const id = await exchangedLink(client, { products: { identity: {} } })
    const other = await post(`/links/${id}/products`, { products: ['transactions'] })
    expect([other.status, other.body.error_code]).toEqual([403, 'link_error.forbidden_action'])
    for (const products of [[], ['statements'], 'identity']) {
      expect((await post(`/links/${id}/products`, { products })).status).toBe(422)
    }
  })

  it('is refused while the link is disconnected, and its data stay readable', async () => {
    const id = await linked(app, client, { products: EVERYTHING })
    const reset = await post(`/links/${id}/reset`)
    expect([reset.status, reset.body.state, reset.body.error_code]).toEqual([200, 'error', 'auth_expired'])
    const { status, body } = await post(`/links/${id}/products`, { products: ['accounts'] })
    expect([status, body.error_code, body.link_error_code]).toEqual([422, 'link_error.bad_state', 'auth_expired'])
    expect((await client.call('GET', `/links/${id}/accounts`)).body.accounts.length).toBeGreaterThan(0)
  })
})

describe('linking again', () => {
  it('brings a disconnected link back without exchange, and replaces tags and webhook', async () => {
    const id = await linked(app, client, { session: { webhook: ADDRESS, link_tags: ['old'] } })
    await post(`/links/${id}/reset`)
    const before = (await client.call('GET', `/links/${id}/accounts`)).body.accounts.map(
      (each: Wire) => each.account_id,
    )
    const token = await openSession(client, { session: { existing_link_id: id, link_tags: ['new'] } })
    const { body } = await goThrough(client, token, { institution_id: null })
    expect(body).toMatchObject({ exchangeable_token: null, link_id: id, link: { state: 'connected', tags: ['new'] } })
    expect(body.link).not.toHaveProperty('webhook')
    await app.drain()
    const after = (await client.call('GET', `/links/${id}/accounts`)).body.accounts.map((each: Wire) => each.account_id)
    expect(after).toEqual(before)
  })

  it('is not possible for a link that is unknown or deleted', async () => {
    const create = (existing_link_id: string) =>
      post('/link-session', { customer_user: { id: newUser() }, redirect_uri: 'https://a.example', existing_link_id })
    expect((await create('mk_tok2LCcAFPzprjAypH9jRp')).body.error_code).toBe('link_error.not_found')
    const id = await exchangedLink(client)
    await client.call('DELETE', `/links/${id}`)
    expect((await create(id)).body.error_code).toBe('link_error.deleted')
  })
})
