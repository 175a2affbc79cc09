/** Contract: method/webhooks-events §5, method/simulate §3. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, type Call, type Keys, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, register, stranger } from '../../../test/setup/cast.js'
import { payer } from '../../../test/setup/money.js'
import { VERSIONS } from './versions/versions.js'

let app: App
/** A team of its own for each test, so that only its own events are listed. */
let keys: Keys
beforeAll(async () => {
  app = await openApp()
})
beforeEach(async () => {
  keys = await app.newTeam()
})
afterAll(() => app.close())

type By = Pick<Call, 'version'>
const by = (call: By = {}) => ({ key: keys.development, ...call })
const events = async (query = '', call: By = {}) =>
  (await app.call('GET', `/events?page_limit=100${query}`, by(call))).data as unknown as readonly Wire[]
const typesOf = async (query: string) => (await events(query)).map(({ type }) => type)
const connected = () => kevin(app).as(by()).verified().connected().enter()
const simulate = (body: object, call: By = {}) => app.call('POST', '/simulate/events', { ...by(call), body })
const post = async (path: string, body: object = {}) => (await app.call('POST', path, { ...by(), body })).data

describe('an event', () => {
  it('is read by its id as it stands in the list, with exactly eight keys before 2025-12-01', async () => {
    const { id } = await stranger(app).as(by()).enter()
    const [event] = await events(`&resource_id=${id}`)
    expect(event).toEqual({
      id: expect.stringMatching(/^evt_\w{13}$/),
      type: 'entity.create',
      resource_id: id,
      resource_type: 'entity',
      data: (await app.call('GET', `/entities/${id}`, by())).data,
      diff: { before: null, after: event?.data },
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    for (const version of VERSIONS) {
      const { data } = await app.call('GET', `/events/${event?.id}`, by({ version }))
      expect(data.data).toEqual((await app.call('GET', `/entities/${id}`, by({ version }))).data)
      expect('related_ids' in data).toBe(version === '2025-12-01')
    }
  })

  it('shows what changed, old and new, and nothing that did not', async () => {
    const { id, entity } = await stranger(app).as(by()).enter()
    app.clock.advance(1000)
    const body = { individual: { email: 'ada@example.com' } }
    const { data } = await app.call('PUT', `/entities/${id}`, { ...by(), body })
    const [event] = await events(`&resource_id=${id}`)
    expect(event).toMatchObject({ type: 'entity.update', data })
    expect(event?.diff).toEqual({
      before: { id, individual: entity.individual, updated_at: entity.updated_at },
      after: { id, individual: data.individual, updated_at: data.updated_at },
    })
  })

  it('of an account is related to its holder, and shows no more of a number than its last four', async () => {
    const { id } = await stranger(app).as(by()).enter()
    const ach = { routing: '062103000', number: '123456789', type: 'checking' }
    const account = await post('/accounts', { holder_id: id, ach })
    const [event] = await events('&type=account.create', { version: '2025-12-01' })
    expect(event).toMatchObject({ resource_id: account.id, related_ids: [id] })
    expect(JSON.stringify(event)).not.toContain('123456789')
  })

  it('of another team, or of a resource that has none, is not found', async () => {
    await stranger(app).as(by()).enter()
    const [event] = await events()
    expect((await app.call('GET', `/events/${event?.id}`, { key: keys.sandbox })).status).toBe(404)
    for (const id of ['evt_4444444444444', 'ent_4444444444444', 'nothing']) {
      expect(await app.call('GET', `/events/${id}`, by())).toMatchObject({
        status: 404,
        error: { sub_type: 'NOT_FOUND' },
      })
    }
  })

  it('can still be read when consent was withdrawn, and tells nothing of the person any more', async () => {
    const { id } = await connected()
    await app.call('POST', `/entities/${id}/consent`, {
      ...by(),
      body: { type: 'withdraw', reason: 'entity_withdrew_consent' },
    })
    for (const version of VERSIONS) {
      const told = await events('', { version })
      expect(told.length).toBeGreaterThan(10)
      expect(JSON.stringify(told)).not.toMatch(/Kevin|Doyle|15121231111/)
    }
  })
})

describe('the list of events', () => {
  it('is newest first, and holds only what the filters leave, with a true total', async () => {
    const { id, accounts } = await connected()
    const [account] = accounts
    const everything = await events()
    const times = everything.map(({ created_at }) => created_at)
    expect(times).toEqual([...times].sort().reverse())
    expect(new Set(everything.map(({ resource_type }) => resource_type))).toEqual(
      new Set(['entity', 'account', 'connect']),
    )
    const filters: readonly [string, (event: Wire) => boolean][] = [
      ['', () => true],
      ['&type=account.create', ({ type }) => type === 'account.create'],
      ['&resource_type=account', ({ resource_type }) => resource_type === 'account'],
      [`&resource_id=${id}`, ({ resource_id }) => resource_id === id],
      [
        `&resource_id=${account?.id}&type=account.create`,
        (e) => e.resource_id === account?.id && e.type === 'account.create',
      ],
      ['&resource_type=entity&type=account.create', () => false],
      ['&type=balance.create', () => false],
      ['&resource_id=nothing', () => false],
    ]
    for (const [query, keeps] of filters) {
      const { data, headers } = await app.call('GET', `/events?page_limit=100${query}`, by())
      const kept = everything.filter(keeps)
      expect((data as unknown as readonly Wire[]).map((event) => event.id)).toEqual(kept.map((event) => event.id))
      expect(headers['pagination-total-count']).toBe(String(kept.length))
    }
  })

  it('is walked to its end by cursors', async () => {
    await connected()
    const all = (await events()).map(({ id }) => id)
    const walked: string[] = []
    for (let cursor: string | undefined = all[0]; cursor; ) {
      const { data, headers } = await app.call('GET', `/events?page_limit=3&page_cursor=${cursor}`, by())
      walked.push(...(data as unknown as readonly Wire[]).map(({ id }) => id))
      cursor = headers['pagination-page-cursor-next']
    }
    expect(walked).toEqual(all)
  })

  it('holds a balance that moved for readers of 2025-12-01 only', async () => {
    const newest = { version: '2025-12-01' } as const
    const phone = '+15125550188'
    const owing = (balance: number, credit_limit: number) => {
      const liabilities = [{ mch_id: 'mch_302086', balance, credit_limit, opened_at: '2024-01-05' }]
      return register(app, { phone, liabilities }, by())
    }
    const [card] = (await (await owing(200_00, 900_00)).verified().connected().enter()).accounts
    await post(`/accounts/${card?.id}/updates`)
    await app.drain()
    const before = (await events()).map(({ id }) => id)
    await owing(250_00, 800_00)
    await post(`/accounts/${card?.id}/updates`)
    await app.drain()
    expect((await events()).map(({ id }) => id)).toEqual(before)
    const { headers } = await app.call('GET', '/events?page_limit=100', by())
    expect(headers['pagination-total-count']).toBe(String(before.length))
    const { status } = await app.call('GET', '/events?type=account.balance_increased', by())
    expect(status).toBe(400)
    const [rise] = await events('&type=account.balance_increased', newest)
    expect(rise).toMatchObject({ resource_type: 'account', resource_id: card?.id, data: { id: card?.id } })
    expect(rise?.diff).toEqual({ before: { id: card?.id, balance: 200_00 }, after: { id: card?.id, balance: 250_00 } })
    const [fall] = await events('&type=account.credit_limit_decreased', newest)
    expect(fall?.diff).toEqual({
      before: { id: card?.id, credit_limit: 900_00 },
      after: { id: card?.id, credit_limit: 800_00 },
    })
  })

  it('refuses words that it does not know', async () => {
    for (const query of ['type=entity.delete', 'resource_type=balance', 'type=', 'page_cursor=evt_4444444444444']) {
      expect((await app.call('GET', `/events?${query}`, by())).status).toBe(400)
    }
  })
})

describe('a simulated event', () => {
  it('moves the credit score by ten and is the newest of its type, after the record it is about', async () => {
    const { id } = await connected()
    const asked = await post(`/entities/${id}/credit_scores`)
    expect(await simulate({ type: 'credit_score.increased', entity_id: id })).toMatchObject({ status: 200, data: null })
    const [event] = await events('&type=credit_score.increased')
    const scores = (await app.call('GET', `/entities/${id}/credit_scores`, by())).data as unknown as readonly Wire[]
    const [moved, first] = scores
    expect(first).toMatchObject({ id: asked.id, status: 'completed' })
    expect(moved?.scores[0].score).toBe(Math.min(850, first?.scores[0].score + 10))
    expect(event).toMatchObject({ resource_type: 'credit_score', resource_id: moved?.id, data: moved })
    expect(event?.diff).toEqual({ before: first, after: moved })
    expect(await typesOf(`&resource_id=${moved?.id}`)).toEqual(['credit_score.increased', 'credit_score.create'])
    await simulate({ type: 'credit_score.decreased', entity_id: id })
    const [back] = await events('&type=credit_score.decreased')
    expect(back?.data.scores[0].score).toBe(moved?.scores[0].score - 10)
    await simulate({ type: 'credit_score.update', entity_id: id })
    expect((await events('&type=credit_score.update'))[0]?.resource_id).toBe(back?.resource_id)
    await simulate({ type: 'credit_score.create', entity_id: id })
    expect((await events('&type=credit_score.create'))[0]?.data.scores).toEqual(back?.data.scores)
  })

  it.each(['credit_card_usage', 'derogatory_marks', 'hard_inquiries', 'total_accounts', 'credit_age', 'open_accounts'])(
    'moves the figure %s by one',
    async (figure) => {
      const { id } = await connected()
      const name = `credit_health_${figure}`
      const late = { version: '2024-04-04-late' } as const
      const { data: first } = await app.call('POST', `/entities/${id}/attributes`, {
        ...by(late),
        body: { attributes: [name] },
      })
      await simulate({ type: `attribute.${name}.increased`, entity_id: id })
      const [event] = await events(`&type=attribute.${name}.increased`, late)
      expect(event).toMatchObject({ resource_type: 'attribute' })
      expect(event?.data.attributes[name].value).toBe(first.attributes[name].value + 1)
      expect(event?.diff.before.id).toBe(first.id)
      expect(await typesOf(`&resource_id=${event?.resource_id}`)).toEqual([
        `attribute.${name}.increased`,
        'attribute.create',
      ])
    },
  )

  it('opens an account of a debt that the person took on, as a connect would find it', async () => {
    const { id, accounts } = await connected()
    await simulate({ type: 'account.opened', entity_id: id })
    const [event] = await events('&type=account.opened')
    expect(event).toMatchObject({ resource_type: 'account', diff: { before: null, after: event?.data } })
    expect(accounts.map((account) => account.id)).not.toContain(event?.resource_id)
    const { data } = await app.call('GET', `/accounts/${event?.resource_id}`, by())
    expect(data).toMatchObject({ holder_id: id, status: 'active' })
    expect(await typesOf(`&resource_id=${data.id}`)).toEqual(['account.opened', 'account.create'])
  })

  it('closes an account, for the world as well', async () => {
    const { id, accounts } = await connected()
    const open = accounts.find(({ status }) => status === 'active')
    await simulate({ type: 'account.closed', account_id: open?.id })
    const told = await events(`&resource_id=${open?.id}`)
    expect(told.slice(0, 2).map(({ type }) => type)).toEqual(['account.closed', 'account.update'])
    expect(told[0]?.diff).toMatchObject({ before: { status: 'active' }, after: { status: 'closed' } })
    await app.call('POST', `/entities/${id}/connect`, by())
    expect((await app.call('GET', `/accounts/${open?.id}`, by())).data.status).toBe('closed')
    expect((await simulate({ type: 'account.closed', account_id: open?.id })).refusal).toBe('simulation.cannot_happen')
  })

  it('is answered with the event from 2025-12-01 on, where an id of the resource is enough', async () => {
    const { accounts } = await connected()
    const body = { type: 'account.closed', resource_id: accounts.find(({ status }) => status === 'active')?.id }
    const { data } = await simulate(body, { version: '2025-12-01' })
    expect(data).toEqual((await app.call('GET', `/events/${data.id}`, by({ version: '2025-12-01' }))).data)
  })

  it('needs what it builds on', async () => {
    const { id } = await kevin(app).as(by()).verified().enter()
    for (const type of [
      'credit_score.increased',
      'credit_score.create',
      'attribute.credit_health_credit_age.decreased',
      'account.opened',
    ]) {
      const { status, refusal, error } = await simulate({ type, entity_id: id })
      expect([status, refusal, error.sub_type]).toEqual([400, 'simulation.cannot_happen', 'INVALID_REQUEST'])
    }
    for (const body of [
      { type: 'entity.create', entity_id: id },
      { type: 'payment.update', entity_id: id },
      { type: 'attribute.create' },
      { type: 'account.closed', entity_id: id },
      { type: 'nothing' },
    ]) {
      expect((await simulate(body)).status).toBe(400)
    }
    expect((await simulate({ type: 'account.closed', account_id: 'acc_4444444444444' })).status).toBe(404)
    expect((await simulate({ type: 'account.opened', entity_id: 'ent_4444444444444' })).status).toBe(404)
    expect(await typesOf('&resource_type=account')).toEqual([])
  })

  it('is for development only, whatever it says', async () => {
    for (const key of [keys.sandbox, keys.production]) {
      expect(await app.call('POST', '/simulate/events', { key, body: { type: 'nothing' } })).toMatchObject({
        status: 403,
        error: { sub_type: 'FORBIDDEN' },
      })
    }
  })
})

describe('the events of a payment', () => {
  it('tell its life, the newest first, with what changed', async () => {
    const { checking: source, card: destination } = await payer(app, undefined, by())
    const { id } = await post('/payments', { amount: 5000, source, destination, description: 'Told' })
    await app.call('DELETE', `/payments/${id}`, by())
    const [update, creation] = await events(`&resource_id=${id}`)
    expect([update?.type, creation?.type]).toEqual(['payment.update', 'payment.create'])
    expect(update).toMatchObject({
      resource_type: 'payment',
      data: { id, status: 'canceled' },
      diff: { before: { status: 'pending' }, after: { status: 'canceled' } },
    })
  })
})
