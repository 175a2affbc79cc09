/** Contract: moneykit/links §6.4, §6.5. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { ask, type MoneykitCaller, moneykitClient } from '../../../test/setup/moneykit.js'
import { SCOPES } from './scopes.js'

let app: App
let client: MoneykitCaller
beforeAll(async () => {
  app = await openApp()
  client = await moneykitClient(app)
})
afterAll(() => app.close())

const list = async (query = '', by = client) => (await by.call('GET', `/institutions${query}`)).body
const names = async (query: string) => (await list(query)).institutions.map(({ name }: Wire) => name)

describe('an institution', () => {
  it('is found by its id and by its aliases, which lead to the same', async () => {
    const { status, body } = await client.call('GET', '/institutions/moneykit-creds-bank')
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual([
      'institution_id',
      'institution_id_aliases',
      'name',
      'country',
      'domain',
      'color',
      'color_dark',
      'is_featured',
    ])
    expect(body).toMatchObject({ institution_id: 'moneykit-creds-bank', name: 'Credentials Bank', country: 'US' })
    for (const alias of body.institution_id_aliases) {
      expect((await client.call('GET', `/institutions/${alias}`)).body).toEqual(body)
    }
  })

  it('that nobody knows is not there', async () => {
    const { status, body } = await client.call('GET', '/institutions/nowhere')
    expect([status, body.error_code, body.error_message]).toEqual([
      404,
      'institution_error.not_found',
      'Institution not found',
    ])
  })

  it('has an image that anybody may load, and no other address leads to one', async () => {
    const { body } = await client.call('GET', '/institutions/moneykit-creds-bank/styling')
    expect(Object.keys(body)).toEqual([
      'name',
      'domain',
      'color',
      'color_dark',
      'avatar',
      'avatar_dark',
      'logo',
      'logo_dark',
    ])
    const image = await app.http.inject(new URL(body.avatar).pathname)
    expect([image.statusCode, image.headers['content-type']]).toEqual([200, 'image/svg+xml; charset=utf-8'])
    expect(image.payload).toContain(body.color)
    expect(image.payload).toContain('>CB</text>')
    expect((await ask(app, 'GET', '/assets/institutions/nowhere.svg')).status).toBe(404)
  })
})

describe('the list of institutions', () => {
  it('is read to its end by cursors, featured ones first, then by name, none twice', async () => {
    const all: Wire[] = []
    let cursor = ''
    do {
      const { institutions, cursors } = await list(`?limit=100&cursor=${encodeURIComponent(cursor)}`)
      all.push(...institutions)
      cursor = cursors.next ?? ''
    } while (cursor !== '')
    expect(all.length).toBeGreaterThan(100)
    expect(new Set(all.map(({ institution_id }) => institution_id)).size).toBe(all.length)
    const order = all.map(({ is_featured, name }) => `${is_featured ? 0 : 1} ${name.toLowerCase()}`)
    expect(order).toEqual([...order].sort())
    expect(await list('?limit=1000')).toMatchObject({ institutions: all, cursors: { next: null } })
    expect((await list()).institutions).toHaveLength(50)
  })

  it('finds names by their beginning and by those of their later words, in any case', async () => {
    expect(await names('?name=credentials%20b')).toEqual(['Credentials Bank'])
    expect(await names('?name=MUTUAL&limit=1000')).toContain('Albion Mutual')
    expect(await names('?name=redentials')).toEqual([])
    expect((await names('?name=')).length).toBe(50)
  })

  it('can be of featured ones alone', async () => {
    const { institutions } = await list('?featured=true&limit=1000')
    expect(institutions.every(({ is_featured }: Wire) => is_featured)).toBe(true)
    expect(await list('?featured=0')).toEqual(await list())
  })

  it('shows a sandbox client those for tests, unless it may see others, and a live one the real ones', async () => {
    const scopes = SCOPES.filter((scope) => scope !== 'link_session:features:provider_sandbox_institutions')
    const kept = await moneykitClient(app, { environment: 'sandbox', scopes })
    expect((await list('?limit=1000', kept)).institutions.map(({ institution_id: id }: Wire) => id).sort()).toEqual([
      'moneykit-creds-bank',
      'moneykit-instant-bank',
      'moneykit-oauth-bank',
    ])
    const live = await moneykitClient(app, { environment: 'production' })
    expect(JSON.stringify(await list('?limit=1000', live))).not.toContain('moneykit-creds-bank')
  })

  it.each([
    ['limit=0', 'limit', 'value_error.number.not_ge'],
    ['limit=1001', 'limit', 'value_error.number.not_le'],
    ['limit=ten', 'limit', 'type_error.integer'],
    ['featured=maybe', 'featured', 'type_error.bool'],
    ['cursor=nowhere', 'cursor', 'value_error'],
  ])('refuses %s', async (query, member, type) => {
    const { status, body } = await client.call('GET', `/institutions?${query}`)
    expect([status, body.error_code]).toEqual([422, 'api_error.request.validation_failed'])
    expect(body.validation_errors).toEqual([{ location: ['query', member], message: expect.any(String), type }])
  })

  it('reports everything that is wrong at once', async () => {
    const headers = { 'x-client-id': client.id, 'x-client-secret': client.secret, 'moneykit-version': '1' }
    const { body } = await ask(app, 'GET', '/institutions?limit=0&featured=perhaps', { headers })
    expect(body.validation_errors.map(({ location }: Wire) => location)).toEqual([
      ['header', 'moneykit-version'],
      ['query', 'featured'],
      ['query', 'limit'],
    ])
  })

  it('needs its scope', async () => {
    const other = await moneykitClient(app, { scopes: ['link:data:read'] })
    const { status, body } = await other.call('GET', '/institutions')
    expect([status, body.error_code]).toEqual([401, 'api_error.auth.unauthorized'])
    expect(body.error_message).toContain('institutions:read')
  })
})
