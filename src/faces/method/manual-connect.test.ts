/** Contract: method/entities §10. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin } from '../../../test/setup/cast.js'
import { openSubscriber } from '../../../test/setup/subscriber.js'
import { withProduct } from '../../core/teams/teams.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

describe('tradelines of a caller’s own', () => {
  const LINES = [
    { mch_id: 'mch_302086', account_number: '4936494462408721', note: 'as the bureau printed it' },
    { creditor_name: 'no such creditor', account_number: '1' },
    { mch_id: 'mch_304444', account_number: '6720443305' },
    { mch_id: 'mch_3', account_number: '1' },
  ]
  const BROUGHT = { bureau: 'equifax', tradelines: LINES }

  async function partner() {
    const keys = await app.newTeam()
    await app.admin.changeTeam({ name: keys.team, environment: 'development' }, (was) =>
      withProduct(was, 'manual_connect'),
    )
    const call = { key: keys.development, version: '2025-12-01' } as const
    const { id } = await kevin(app).as(call).verified().enter()
    const bring = (body: object, more: object = {}) =>
      app.call('POST', `/entities/${id}/manual_connect`, { ...call, ...more, body })
    return { id, call, bring }
  }

  it('are refused to ordinary teams, and there are none to read', async () => {
    const { id } = await kevin(app).verified().enter()
    const bring = (entity: string, body: object) => app.call('POST', `/entities/${entity}/manual_connect`, { body })
    for (const body of [{ bureau: 'equifax' }, BROUGHT]) {
      expect(await bring(id, body)).toMatchObject({ status: 400, error: { sub_type: 'TEAM_CAPABILITY_RESTRICTED' } })
    }
    expect((await bring('ent_fRkTdETCDWCA8', BROUGHT)).status).toBe(404)
    expect((await app.call('GET', `/entities/${id}/manual_connect/mcxn_fRkTdETCDWCA8`)).status).toBe(404)
    expect((await app.call('GET', `/accounts?holder_id=${id}`)).data).toEqual([])
  })

  it('become accounts where their institutions know them, and are told of, for a team that was granted it', async () => {
    const { id, call, bring } = await partner()
    const subscriber = await openSubscriber()
    for (const type of ['manual_connect.create', 'manual_connect.update']) {
      await app.call('POST', '/webhooks', { ...call, body: { type, url: subscriber.url } })
    }
    const { data } = await bring(BROUGHT)
    expect(data).toEqual({
      id: expect.stringMatching(/^mcxn_\w{13}$/),
      entity_id: id,
      status: 'completed',
      accounts: [expect.stringMatching(/^acc_/), expect.stringMatching(/^acc_/)],
      requested_products: [],
      requested_subscriptions: [],
      error: null,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    expect((await app.call('GET', `/entities/${id}/manual_connect/${data.id}`, call)).data).toEqual(data)
    const { data: accounts } = await app.call('GET', `/accounts?holder_id=${id}`, call)
    expect(accounts.map((account: Wire) => [account.id, account.liability.mch_id, account.liability.mask])).toEqual(
      expect.arrayContaining([
        [data.accounts[0], 'mch_302086', '8721'],
        [data.accounts[1], 'mch_304444', '3305'],
      ]),
    )
    const { data: entity } = await app.call('GET', `/entities/${id}`, call)
    expect(entity.connect).toBeNull()
    const { data: products } = await app.call('GET', `/entities/${id}/products`, call)
    expect(products.manual_connect).toMatchObject({ status: 'available', latest_request_id: data.id })
    // What is brought again is known.
    const { data: again } = await bring(BROUGHT, { headers: { prefer: 'respond-async' } })
    expect([again.status, again.accounts]).toEqual(['pending', null])
    app.clock.advance(10_000)
    await app.drain()
    const { data: late } = await app.call('GET', `/entities/${id}/manual_connect/${again.id}`, call)
    expect([late.status, late.accounts]).toEqual(['completed', []])
    await subscriber.close()
    const told = subscriber.received.map(({ body: { type, op, path, refs } }) => ({ type, op, path, refs }))
    const event = (of: Wire, op: string) => ({
      type: `manual_connect.${op}`,
      op,
      path: `/entities/${id}/manual_connect/${of.id}`,
      refs: { entity: id },
    })
    expect(told).toEqual([event(data, 'create'), event(again, 'create'), event(again, 'update')])
  })

  it('that nobody knows are a thin file, and bad ones change nothing', async () => {
    const { id, call, bring } = await partner()
    const { data } = await bring({ bureau: 'experian', tradelines: [{ mch_id: 'mch_3', account_number: '1' }] })
    expect(data).toMatchObject({ status: 'failed', error: { code: 26001 } })
    const [line] = LINES
    const bad = [
      { tradelines: LINES },
      { bureau: 'fico', tradelines: LINES },
      { bureau: 'equifax' },
      { bureau: 'equifax', tradelines: [] },
      { bureau: 'equifax', tradelines: Array.from({ length: 101 }, () => line) },
      { bureau: 'equifax', tradelines: [line, { account_number: '1' }] },
      { bureau: 'equifax', tradelines: [{ ...line, creditor_name: 'CHASE' }] },
      { bureau: 'equifax', tradelines: [{ ...line, mch_id: 'chase' }] },
      { bureau: 'equifax', tradelines: [{ ...line, account_number: '' }] },
    ]
    for (const body of bad) {
      const { status, error } = await bring(body)
      expect([status, error.sub_type], JSON.stringify(body).slice(0, 100)).toEqual([400, 'INVALID_REQUEST'])
    }
    expect((await app.call('GET', `/accounts?holder_id=${id}`, call)).data).toEqual([])
  })

  it('are kept sealed, and are forgotten with the consent', async () => {
    const { id, call, bring } = await partner()
    await bring(BROUGHT)
    const kept = async () => {
      const { rows } = await sql<{ text: string }>`
        select (select string_agg(r::text, '') from retrievals r where owner_id = ${id.slice('ent_'.length)})
          || (select string_agg(e::text, '') from events e) as text`.execute(app.fresh.db)
      return rows[0]?.text ?? ''
    }
    expect(await kept()).toContain('"sealed"')
    expect(await kept()).not.toContain('6720443305')
    const body = { type: 'withdraw', reason: 'entity_withdrew_consent' }
    expect((await app.call('POST', `/entities/${id}/consent`, { ...call, body })).status).toBe(200)
    const { rows } = await sql`
      select detail from retrievals where product = 'manual_connect' and owner_id = ${id.slice('ent_'.length)}`.execute(
      app.fresh.db,
    )
    expect(rows).toEqual([{ detail: {} }])
  })
})
