import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { openSigner } from '../signing/signing.js'
import { ensureTeam } from '../teams/teams.js'
import {
  createClient,
  DEMO_CLIENT_ID,
  disableClient,
  ensureDemoClient,
  listClients,
  openClientDesk,
} from './api-clients.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const client = async (name: string, environment: 'development' | 'production' = 'development') =>
  createClient(app.base, {
    team: await ensureTeam(app.base, { name, environment }),
    label: 'ci',
    scopes: ['read', 'write'],
  })

/** A desk with a steady clock of its own, in milliseconds. */
function openDesk() {
  let nowMs = 0
  const readMs = () => nowMs
  const signer = openSigner(app.base, { readMs })
  const desk = openClientDesk(app.base, { signer, refusesDemo: false, readMs })
  return {
    ...desk,
    advance(ms: number) {
      nowMs += ms
    },
  }
}

describe('a client', () => {
  it('is listed without its secret, which is kept only as a hash', async () => {
    const { client: made, secret } = await client('listed')
    expect(await listClients(app.base, { teamName: 'listed' })).toEqual([made])
    const { rows } = await app.fresh.database.pool.query('select * from api_clients where id = $1', [made.id])
    expect(JSON.stringify(rows)).not.toContain(secret)
    expect(secret).toMatch(/^\w{40}$/)
  })

  it('wears whether people are real', async () => {
    expect((await client('worn')).client.id).toMatch(/^sandbox_[0-9a-f]{20}$/)
    expect((await client('worn', 'production')).client.id).toMatch(/^live_[0-9a-f]{20}$/)
  })

  it('that is disabled is refused within a second where it was known, with its tokens', async () => {
    const { client: made, secret } = await client('leaver')
    const desk = openDesk()
    const token = await desk.issue(await desk.bySecret({ id: made.id, secret }), [])
    await disableClient(app.base, made.id)
    desk.advance(1000)
    await expect(desk.bySecret({ id: made.id, secret })).rejects.toMatchObject({ code: 'api_client.unknown' })
    await expect(desk.byToken(token.text)).rejects.toMatchObject({ code: 'api_client.unknown' })
  })

  it('keeps the moment it was first disabled at, and must exist', async () => {
    const { client: made } = await client('twice')
    await disableClient(app.base, made.id)
    const [first] = await listClients(app.base, { teamName: 'twice' })
    app.clock.advance(1000)
    await disableClient(app.base, made.id)
    expect(await listClients(app.base, { teamName: 'twice' })).toEqual([first])
    await expect(disableClient(app.base, 'nobody')).rejects.toMatchObject({ code: 'api_client.not_found' })
  })
})

describe('an access token', () => {
  it('is good for what its client may still do', async () => {
    const { client: made, secret } = await client('narrowed')
    const desk = openDesk()
    const token = await desk.issue(await desk.bySecret({ id: made.id, secret }), [])
    await app.fresh.database.pool.query(`update api_clients set scopes = '{read}' where id = $1`, [made.id])
    desk.advance(1000)
    expect((await desk.byToken(token.text)).scopes).toEqual(['read'])
  })

  it('is not given for what the client may not do', async () => {
    const { client: made, secret } = await client('greedy')
    const desk = openDesk()
    const admitted = await desk.bySecret({ id: made.id, secret })
    await expect(desk.issue(admitted, ['read', 'erase'])).rejects.toMatchObject({ code: 'api_client.missing_scope' })
  })
})

describe('the demo client', () => {
  it('is made once, and gets the scopes that the software has by then', async () => {
    await ensureDemoClient(app.base, ['read'])
    await ensureDemoClient(app.base, ['read', 'new'])
    const found = (await listClients(app.base, { teamName: 'demo' })).filter(({ id }) => id === DEMO_CLIENT_ID)
    expect(found.map(({ scopes }) => scopes)).toEqual([['read', 'new']])
  })
})
