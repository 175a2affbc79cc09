/** Every failure that a caller can meet. Contract: moneykit/conventions §5. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import {
  ask,
  exchangedLink,
  goThrough,
  imported,
  linked,
  type MoneykitCaller,
  type MoneykitReply,
  moneykitClient,
  newUser,
  openSession,
  REDIRECT_URI,
} from '../../../test/setup/moneykit.js'
import { inTx } from '../../db/database.js'
import { errorRows, ownErrors } from './errors.js'
import { SCOPES } from './scopes.js'

let app: App
let client: MoneykitCaller
/** A link with all its data. */
let link: string
beforeAll(async () => {
  app = await openApp()
  client = await moneykitClient(app)
  link = await linked(app, client)
})
afterAll(() => app.close())

type Raise = () => Promise<MoneykitReply>

const get = (path: string) => client.call('GET', path)
const post = (path: string, body?: object) => client.call('POST', path, { body })
const UNKNOWN = 'mk_tok2LCcAFPzprjAypH9jRp'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const grant = (members: Readonly<Record<string, string>>) =>
  ask(app, 'POST', '/auth/token', { text: new URLSearchParams(members).toString(), headers: FORM })
const credentials = ({ id, secret }: MoneykitCaller) => ({ client_id: id, client_secret: secret })
const ofEnvironment = async (environment: 'sandbox' | 'production') => {
  await app.admin.changeTeam({ name: app.keys.team, environment }, (settings) => ({
    ...settings,
    moneykit: { redirectOrigins: [new URL(REDIRECT_URI).origin] },
  }))
  return moneykitClient(app, { environment })
}
const session = (more: object) => ({ customer_user: { id: newUser() }, redirect_uri: REDIRECT_URI, ...more })

/** How each refusal comes about; a sentence for those that no request can bring about. */
const ways: Readonly<Record<keyof typeof errorRows, Raise | string>> = {
  'api_client.expired_token': async () => {
    const { body } = await grant(credentials(client))
    app.clock.advance(3_600_000)
    return ask(app, 'GET', '/links', { headers: { authorization: `Bearer ${body.access_token}` } })
  },
  'api_client.missing_scope': () => grant({ ...credentials(client), scope: 'api_compatibility:plaid' }),
  'api_client.not_found': 'only the command line names clients; core/api-clients has its test',
  'api_client.too_many_attempts': async () => {
    const victim = await moneykitClient(app)
    for (let count = 0; count < 20; count++) await grant({ ...credentials(victim), client_secret: 'wrong' })
    return grant({ ...credentials(victim), client_secret: 'wrong' })
  },
  'api_client.unknown': () => ask(app, 'GET', '/links', { headers: { authorization: 'Bearer nonsense' } }),
  'connect_session.completed': async () => {
    const token = await openSession(client)
    await goThrough(client, token)
    return goThrough(client, token)
  },
  'connect_session.expired': async () => {
    const token = await openSession(client)
    app.clock.advance(3_600_000)
    return goThrough(client, token)
  },
  'connect_session.invalid_choice': async () => goThrough(client, await openSession(client), { accounts: ['0000'] }),
  'connect_session.invalid_token': () => post('/link-session/exchange-token', { exchangeable_token: 'nonsense' }),
  'connect_session.not_found': 'a token is given for sessions that are there, and names no other',
  'connect_session.rehearsal_data': async () => {
    const account = { account_type: 'depository.savings', name: 'Mine', account_number: '5550001111' }
    const body = session({ custom_sandbox_data: { accounts: [account] } })
    return (await ofEnvironment('production')).call('POST', '/link-session', { body })
  },
  'connect_session.wrong_step': 'a session is gone through at once here; core/connections has its test',
  'connection.account_not_found': () => get(`/links/${link}/accounts/acc_rnDyUKwuo9BQeyqhuwrXe6`),
  'connection.bad_state': async () => {
    const id = await linked(app, client)
    await post(`/links/${id}/reset`)
    return post(`/links/${id}/products`, { products: ['accounts'] })
  },
  'connection.deleted': async () => {
    const id = await exchangedLink(client)
    await client.call('DELETE', `/links/${id}`)
    return get(`/links/${id}/accounts`)
  },
  'connection.institution_not_found': () => post('/link-session', session({ institution_id: 'nowhere' })),
  'connection.invalid_category': async () => {
    const { transactions } = (await get(`/links/${link}/transactions`)).body
    const path = `/links/${link}/transactions/${transactions.at(-1).transaction_id}/enrichment`
    return post(path, { category: 'charity', subcategory: 'taxi' })
  },
  'connection.invalid_import': () =>
    imported(client, { transactions: [{ account_id: 'a-2', amount: '1', date: '2026-02-15' }] }),
  'connection.no_webhook': () =>
    post(`/webhooks/test/link/${link}`, { webhook_event: 'link.state_changed', webhook_idempotency_key: 'k' }),
  'connection.not_a_rehearsal': async () => {
    const live = await moneykitClient(app, { environment: 'production' })
    const { link_id } = (await imported(live, { institution_id: 'albion_mutual' })).body
    return live.call('POST', `/links/${link_id}/reset`)
  },
  'connection.not_found': () => get(`/links/${UNKNOWN}`),
  'connection.not_imported': () => post(`/links/${link}/import/transactions`, { transactions: [] }),
  'connection.other_client': async () => {
    const other = await moneykitClient(app, { app: 'another app' })
    return other.call('GET', `/links/${link}/accounts`)
  },
  'connection.product_not_granted': async () => {
    const id = await exchangedLink(client, { products: {} })
    return get(`/links/${id}/identity`)
  },
  'connection.refreshed_too_recently': async () => {
    const { team } = await app.newTeam()
    const hurried = await moneykitClient(app, { team })
    const id = await linked(app, hurried)
    await app.admin.changeTeam({ name: team, environment: 'development' }, (settings) => ({
      ...settings,
      connections: { refreshPauses: { identity: 86_400 } },
    }))
    const again = await moneykitClient(app, { team })
    const refresh = () => again.call('POST', `/links/${id}/products`, { body: { products: ['identity'] } })
    await refresh()
    await app.drain()
    return refresh()
  },
  'connection.transaction_not_found': () =>
    post(`/links/${link}/transactions/txn_sg7QCUEwQCobkGTvnNbFLD/enrichment`, { category: 'charity' }),
  'connection.unknown_cursor': () => get(`/links/${link}/transactions/sync?cursor=nonsense`),
  'consumer.disabled': async () => {
    const user = newUser()
    await exchangedLink(client, { user })
    const { data } = await app.call('GET', '/entities')
    const body = { type: 'withdraw', reason: 'entity_withdrew_consent' }
    const withdrawn = await app.call('POST', `/entities/${data[0].id}/consent`, { body })
    if (withdrawn.status !== 200) throw new Error(withdrawn.text)
    return post('/link-session', { ...session({}), customer_user: { id: user } })
  },
  'simulation.cannot_happen': async () => {
    const { accounts } = (await get(`/links/${link}/accounts`)).body
    const card = accounts.find(({ account_type }: Wire) => account_type === 'liability.credit_card')
    const body = { account_id: card.account_id, amount: '1.00', description: 'Bread' }
    return post(`/simulate/links/${link}/transactions`, body)
  },
  'simulation.forbidden': async () => {
    const live = await moneykitClient(app, { environment: 'production' })
    return live.call('POST', '/simulate/link-session/complete', { body: {} })
  },
  'webhook.invalid_url': async () =>
    (await ofEnvironment('sandbox')).call('POST', '/link-session', {
      body: session({ webhook: 'http://hooks.example.com' }),
    }),
}

describe('the refusal', () => {
  const raisable = Object.entries(ways).flatMap(([code, raise]) =>
    typeof raise === 'string' ? [] : [[code as keyof typeof errorRows, raise] as const],
  )

  it.each(raisable)('%s is raised by a request and answered as its row says', async (code, raise) => {
    const row: { status: number; code: string; message?: string; location?: unknown; detail?: string } = errorRows[code]
    const { status, body, headers } = await raise()
    expect([status, body.error_code], JSON.stringify(body)).toEqual([row.status, row.code])
    expect(body.error_message).toMatch(row.message ?? /\S/)
    expect(body.documentation_url).toBeNull()
    const members = ['error_code', 'error_message', 'documentation_url']
    if (row.location) members.push('validation_errors')
    if (row.detail === 'link_error_code') members.push('link_error_code')
    if (row.detail === 'retry_after') expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(Object.keys(body)).toEqual(members)
  })

  it('in each row has its way here', () => {
    expect(Object.keys(ways).sort()).toEqual(Object.keys(errorRows).sort())
  })
})

/** How each failure comes about that no refusal stands behind. */
const ownWays: Readonly<Record<keyof typeof ownErrors, Raise>> = {
  expiredToken: ways['api_client.expired_token'] as Raise,
  forbiddenConfig: async () => {
    const plain = await moneykitClient(app, { scopes: ['link_session:create'] })
    return plain.call('POST', '/link-session', { body: session({ link_tags: ['moneykit'] }) })
  },
  internal: () => broken('connections', () => get(`/links/${link}`)),
  invalid: () => get('/links?limit=1'),
  invalidSession: () => goThrough(client, 'nonsense'),
  methodNotAllowed: () => client.call('PUT', `/links/${link}`),
  notFound: () => get('/statements'),
  rateLimited: async () => {
    const { team } = await app.newTeam()
    const hurried = await moneykitClient(app, { team })
    await app.admin.changeTeam({ name: team, environment: 'development' }, (settings) => ({
      ...settings,
      moneykit: { requestsPerMinute: 1 },
    }))
    await hurried.call('GET', '/links')
    return hurried.call('GET', '/links')
  },
  tooLarge: () => post('/link-session', { padding: 'x'.repeat(1_000_001) }),
  unauthorized: () => ask(app, 'GET', '/links'),
  unavailable: async () => {
    const reply = await locked('connections', () => get(`/links/${link}`))
    // Other connections may have been cut as well, which whoever asks next finds out.
    while ((await get('/links')).status !== 200);
    return reply
  },
  unsupportedGrant: () => grant({ grant_type: 'password', ...credentials(client) }),
  unsupportedMediaType: () =>
    client.call('POST', '/link-session', {
      text: 'a=b',
      headers: { 'x-client-id': client.id, 'x-client-secret': client.secret, ...FORM },
    }),
}

describe('the failure', () => {
  it.each(Object.entries(ownWays))('%s is answered as its row says', async (name, raise) => {
    const row = ownErrors[name as keyof typeof ownErrors]
    const { status, body } = await raise()
    expect([status, body.error_code], JSON.stringify(body)).toEqual([row.status, row.code])
  })

  it.each([
    ['{', 'value_error.jsondecode', ['body']],
    ['[]', 'type_error.dict', ['body']],
    ['', 'value_error.missing', ['body']],
    ['{"a":"\\u0000"}', 'value_error.jsondecode', ['body']],
  ])('of the body %s names the body', async (text, type, location) => {
    const headers = { 'x-client-id': client.id, 'x-client-secret': client.secret, 'content-type': 'application/json' }
    const { status, body } = await client.call('POST', '/link-session', { text, headers })
    expect([status, body.validation_errors[0].type, body.validation_errors[0].location]).toEqual([422, type, location])
  })
})

describe('what is wrong is told in order', () => {
  const path = `/links/${UNKNOWN}/products`

  it('route, caller, scope, request, link', async () => {
    const body = { products: [] }
    expect((await ask(app, 'POST', '/links/nowhere/nothing', { body })).status).toBe(404)
    expect((await ask(app, 'POST', path, { body })).status).toBe(401)
    const scopes = SCOPES.filter((scope) => scope !== 'link:data:refresh')
    const unable = await moneykitClient(app, { scopes })
    expect((await unable.call('POST', path, { body })).body.error_message).toContain('link:data:refresh')
    expect((await post(path, body)).status).toBe(422)
    expect((await post(path, { products: ['identity'] })).body.error_code).toBe('link_error.not_found')
  })

  it('a deleted link is gone before it is asked what was granted', async () => {
    const id = await exchangedLink(client, { products: {} })
    await client.call('DELETE', `/links/${id}`)
    expect((await get(`/links/${id}/identity`)).status).toBe(410)
    expect((await post(`/links/${id}/products`, { products: ['identity'] })).status).toBe(410)
  })
})

async function broken(table: string, raise: Raise): Promise<MoneykitReply> {
  await sql`alter table ${sql.table(table)} rename to away`.execute(app.fresh.db)
  try {
    return await raise()
  } finally {
    await sql`alter table away rename to ${sql.table(table)}`.execute(app.fresh.db)
  }
}

/** Cuts the database connection of a request while it waits for its answer. */
async function locked(table: string, raise: Raise): Promise<MoneykitReply> {
  return inTx(app.fresh.db, async (tx) => {
    await sql`lock table ${sql.table(table)} in access exclusive mode`.execute(tx)
    const cut = raise()
    for (let isCut = false; !isCut; ) {
      const { rows } = await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(tx)
      isCut = rows.length > 0
    }
    return cut
  })
}
