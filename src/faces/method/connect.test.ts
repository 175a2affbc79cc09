/** Contract: method/entities §3. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, register, somebody, stranger, topicsOf } from '../../../test/setup/cast.js'
import { withoutProduct } from '../../core/teams/teams.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const CHASE = { mch_id: 'mch_302086', account_number: '5555444433332222', balance: 50_000, credit_limit: 100_000 }
const HOUSE = { mch_id: 'mch_309067', account_number: '88812345', balance: 20_000_000 }

const connect = (id: string, call: Parameters<App['call']>[2] = {}) => app.call('POST', `/entities/${id}/connect`, call)
const accountsOf = async (id: string, call: Parameters<App['call']>[2] = {}) =>
  (await app.call('GET', `/accounts?holder_id=${id}&type=liability`, call)).data as unknown as readonly Wire[]

/** Runs what waits for an entity, as its job would, but nothing that this goes on to ask for: what a rehearsal begins with. */
async function answerConnect(id: string, by: Parameters<App['call']>[2]): Promise<void> {
  await app.call('POST', `/entities/${id}/credit_scores`, by)
  const { status } = await app.call('POST', '/simulate/events', {
    ...by,
    body: { type: 'credit_score.increased', entity_id: id },
  })
  expect(status).toBe(200)
}

describe('the first connect', () => {
  it('is completed at once and finds every liability that a list then shows', async () => {
    const { id } = await kevin(app).verified().enter()
    const { data } = await connect(id)
    expect(data).toEqual({
      id: data.id,
      entity_id: id,
      status: 'completed',
      accounts: data.accounts,
      error: null,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    expect([...data.accounts].sort()).toEqual((await accountsOf(id)).map((account) => account.id).sort())
    expect((await app.call('GET', `/entities/${id}/connect/${data.id}`)).data).toEqual(data)
    expect((await app.call('GET', `/entities/${id}`)).data.connect).toBe(data.id)
  })

  it('finds the debts of the fixtures, one for each merchant and all of them open', async () => {
    const { accounts, account } = await kevin(app).verified().connected().enter()
    expect(accounts.length).toBeLessThanOrEqual(10)
    expect(new Set(accounts.map(({ liability }) => liability.mch_id)).size).toBe(accounts.length)
    for (const found of accounts) expect(found).toMatchObject({ status: 'active', error: null, metadata: null })
    expect(account('mch_302086').liability).toMatchObject({ type: 'credit_card', mask: '1580', ownership: 'primary' })
    expect(account('mch_2347').liability).toMatchObject({ type: 'auto_loan', mask: '0966' })
    expect(account('mch_311130').liability.type).toBe('auto_loan')
    expect(account('mch_311289').liability.type).toBe('credit_card')
  })

  it('gives each account a snapshot at once, and the institution’s own report where there is one', async () => {
    const { id } = await kevin(app).verified().enter()
    await connect(id)
    for (const account of await accountsOf(id)) {
      const updates = (await app.call('GET', `/accounts/${account.id}/updates`)).data as unknown as readonly Wire[]
      expect(updates.map(({ source, status }) => `${source} ${status}`)).toContain('snapshot completed')
      expect(updates.length).toBeLessThanOrEqual(2)
      expect(account.update).toBe(updates[0]?.id)
    }
  })

  it('tells everything in order: itself, its accounts, their updates, the entity', async () => {
    const keys = await app.newTeam()
    const { id } = await kevin(app).as({ key: keys.development }).verified().enter()
    const before = (await topicsOf(app, keys)).length
    const { data } = await connect(id, { key: keys.development })
    const topics = (await topicsOf(app, keys)).slice(before)
    const count = data.accounts.length
    expect(topics.slice(0, count + 1)).toEqual(['connect.created', ...Array(count).fill('account.created')])
    expect(new Set(topics.slice(count + 1, -1))).toEqual(new Set(['update.created']))
    expect(topics.at(-1)).toBe('consumer.updated')
  })

  it('of somebody who owes nothing finds nothing', async () => {
    const { id } = await (await register(app, { phone: '+15125550201', liabilities: [] })).verified().enter()
    expect((await connect(id)).data).toMatchObject({ status: 'completed', accounts: [], error: null })
  })

  it.each([
    [{ phone: '+15125550203', liabilities: [] }, 26001, 'CONNECT_FAILED_THIN_CREDIT_FILE'],
    [{ phone: '+15125550204', liabilities: [CHASE], credit_frozen: true }, 26002, 'CONNECT_FAILED_CREDIT_FREEZE'],
  ])('into the file of %j fails with %d, except in the early shape', async (persona, code, sub_type) => {
    const { id } = await (await register(app, persona)).verified().enter()
    const error = { type: 'CONNECT_FAILED', code, sub_type, message: expect.stringMatching(/credit file/) }
    const late = { version: '2024-04-04-late' } as const
    const { data, status } = await connect(id, late)
    expect(status).toBe(200)
    expect(data).toMatchObject({ status: 'failed', accounts: null, error })
    const path = `/entities/${id}/connect/${data.id}`
    expect((await app.call('GET', path, late)).data).toEqual(data)
    expect((await app.call('GET', path)).data).toMatchObject({ status: 'completed', accounts: [], error: null })
    const entity = (await app.call('GET', `/entities/${id}`, late)).data
    expect(entity).toMatchObject({ connect: data.id, restricted_products: expect.arrayContaining(['attribute']) })

    const { data: pending } = await app.call('POST', `/entities/${id}/connect`, {
      version: '2025-12-01',
      headers: { prefer: 'respond-async' },
    })
    expect(pending).toMatchObject({ status: 'pending', error: null })
    await app.drain()
    const later = await app.call('GET', `/entities/${id}/connect/${pending.id}`, { version: '2025-12-01' })
    expect(later.data).toMatchObject({ status: 'failed', accounts: null, error })
  })

  it('of a frozen file leaves the rest of it closed, too', async () => {
    const frozen = { phone: '+15125550205', liabilities: [CHASE], credit_frozen: true }
    const { id } = await (await register(app, frozen)).verified().enter()
    const { data } = await app.call('POST', `/entities/${id}/credit_scores`)
    await app.drain()
    const score = (await app.call('GET', `/entities/${id}/credit_scores/${data.id}`)).data
    expect(score).toMatchObject({ status: 'failed', scores: null, error: { code: 23001 } })
    await register(app, { ...frozen, credit_frozen: false })
    expect((await connect(id)).data.accounts).toHaveLength(1)
  })

  it('finds closed debts as closed accounts, which have no products and tell no closing', async () => {
    const keys = await app.newTeam()
    const own = await register(
      app,
      { phone: '+15125550202', liabilities: [CHASE, { ...HOUSE, balance: 0, closed: true }] },
      { key: keys.development },
    )
    const { account } = await own.verified().connected().enter()
    expect(account('mch_302086').status).toBe('active')
    expect(account('mch_309067')).toMatchObject({
      status: 'closed',
      error: null,
      products: [],
      restricted_products: [],
      subscriptions: [],
      available_subscriptions: [],
      restricted_subscriptions: [],
    })
    expect(await topicsOf(app, keys)).not.toContain('account.closed')
  })
})

describe('a later connect', () => {
  it('finds nothing new, and is the entity’s latest', async () => {
    const { id } = await kevin(app).verified().connected().enter()
    const before = await accountsOf(id)
    app.clock.advance(1000)
    const { data } = await connect(id)
    expect(data).toMatchObject({ status: 'completed', accounts: [] })
    expect((await app.call('GET', `/entities/${id}`)).data.connect).toBe(data.id)
    expect(await accountsOf(id)).toEqual(before)
    const listed = (await app.call('GET', `/entities/${id}/connect`)).data as unknown as readonly Wire[]
    expect(listed.map(({ accounts }) => accounts.length)).toEqual([0, 7])
    expect(listed[0]).toEqual(data)
  })

  it('finds a debt that is new, and tells that it was opened', async () => {
    const keys = await app.newTeam()
    const call = { key: keys.development }
    const phone = '+15125550203'
    const own = await register(app, { phone, liabilities: [CHASE] }, call)
    const { id, accounts } = await own.verified().connected().enter()
    expect(await topicsOf(app, keys)).not.toContain('account.opened')
    await register(app, { phone, liabilities: [CHASE, HOUSE] }, call)
    const { data } = await connect(id, call)
    expect(data.accounts).toHaveLength(1)
    expect(data.accounts).not.toContain(accounts[0]?.id)
    const topics = await topicsOf(app, keys)
    expect(topics.filter((topic) => topic === 'account.opened')).toHaveLength(1)
    expect(topics.indexOf('account.opened')).toBeGreaterThan(topics.lastIndexOf('account.created'))
    expect(topics.at(-1)).toBe('consumer.updated')
  })

  it('closes the account of a debt that was paid off, and tells the change before the closing', async () => {
    const keys = await app.newTeam()
    const call = { key: keys.development }
    const phone = '+15125550204'
    const own = await register(app, { phone, liabilities: [CHASE, HOUSE] }, call)
    const { id, account } = await own.verified().connected().enter()
    await register(app, { phone, liabilities: [{ ...CHASE, balance: 0, closed: true }, HOUSE] }, call)
    app.clock.advance(1000)
    expect((await connect(id, call)).data.accounts).toEqual([])
    const closed = await app.call('GET', `/accounts/${account('mch_302086').id}`, call)
    expect(closed.data).toMatchObject({ status: 'closed', error: null, products: [], updated_at: app.clock.now() })
    const open = await app.call('GET', `/accounts/${account('mch_309067').id}`, call)
    expect(open.data).toEqual(account('mch_309067'))
    expect((await topicsOf(app, keys)).slice(-4)).toEqual([
      'connect.created',
      'account.updated',
      'account.closed',
      'consumer.updated',
    ])
  })
})

describe('twenty connects at once', () => {
  it('keep one set of accounts', async () => {
    const keys = await app.newTeam()
    const call = { key: keys.development }
    const { id } = await kevin(app).as(call).verified().enter()
    const answers = await Promise.all(Array.from({ length: 20 }, () => connect(id, call)))
    expect(answers.map(({ status, data }) => [status, data.status])).toEqual(answers.map(() => [200, 'completed']))
    const accounts = await accountsOf(id, call)
    expect(accounts).toHaveLength(7)
    const found = answers.flatMap(({ data }) => data.accounts as readonly string[])
    expect([...found].sort()).toEqual(accounts.map((account) => account.id).sort())
    const topics = await topicsOf(app, keys)
    expect(topics.filter((topic) => topic === 'account.created')).toHaveLength(7)
    expect(topics).not.toContain('account.opened')
  })
})

describe('twenty entities made and connected at once', () => {
  it('keep one set of accounts each, those of one person the same debts', async () => {
    const call = { key: (await app.newTeam()).development }
    const casts = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? kevin(app) : somebody(app, '0006')))
    const found = await Promise.all(
      casts.map(async (cast) => {
        const { id } = await cast.as(call).verified().enter()
        const { data } = await connect(id, call)
        const accounts = await accountsOf(id, call)
        expect([...data.accounts].sort()).toEqual(accounts.map((account) => account.id).sort())
        return accounts
      }),
    )
    expect(new Set(found.flat().map(({ id }) => id)).size).toBe(found.flat().length)
    const debtsOf = (accounts: readonly Wire[]) => accounts.map(({ liability }) => liability.fingerprint).sort()
    const [kevins, somebodies] = [0, 1].map((rest) => found.filter((_, index) => index % 2 === rest))
    for (const accounts of kevins ?? []) expect(accounts).toHaveLength(7)
    for (const accounts of somebodies ?? []) {
      expect(new Set(debtsOf(accounts)).size).toBe(accounts.length)
      expect(debtsOf(accounts)).toEqual(debtsOf(somebodies?.[0] ?? []))
    }
  })
})

describe('a connect', () => {
  it.each(['incomplete', 'half proven'])('of an entity that is %s is refused', async (state) => {
    const { id } = await (state === 'incomplete' ? kevin(app) : stranger(app).phoned()).enter()
    expect(await connect(id)).toMatchObject({ status: 400, error: { sub_type: 'ENTITY_VERIFICATION_MISSING' } })
    expect((await app.call('GET', `/entities/${id}`)).data.connect).toBeNull()
  })

  it('of nobody, and one of somebody else, is not found', async () => {
    expect((await connect('ent_fRkTdETCDWCA8')).status).toBe(404)
    const { entity } = await kevin(app).verified().connected().enter()
    const { id } = await kevin(app).verified().enter()
    expect((await app.call('GET', `/entities/${id}/connect/${entity.connect}`)).status).toBe(404)
  })

  it('gives each entity accounts of its own, though the debts are the same', async () => {
    const [one, other] = [
      await kevin(app).verified().connected().enter(),
      await kevin(app).verified().connected().enter(),
    ]
    const ids = [...one.accounts, ...other.accounts].map(({ id }) => id)
    expect(new Set(ids).size).toBe(14)
    // The number of this card is the fixture's, whoever holds it.
    const fingerprint = one.account('mch_302086').liability.fingerprint
    expect(fingerprint).toMatch(/^[0-9a-f]{40}$/)
    expect(other.account('mch_302086').liability.fingerprint).toBe(fingerprint)
    const all = one.accounts.map(({ liability }) => liability.fingerprint)
    expect(new Set(all).size).toBe(7)
  })

  it('works for people who were never written down before, the same every time', async () => {
    const [one, other] = [
      await somebody(app, '0004').verified().connected().enter(),
      await somebody(app, '0004').verified().connected().enter(),
    ]
    const masks = (accounts: readonly Wire[]) => accounts.map(({ liability }) => liability.mask).sort()
    expect(masks(one.accounts)).toEqual(masks(other.accounts))
  })

  it('ignores in the early shape what is asked for beyond it', async () => {
    const { id } = await kevin(app).verified().enter()
    const call = { body: { products: ['card_brand'], subscriptions: ['update'] }, headers: { prefer: 'respond-async' } }
    expect((await connect(id, call)).data).toMatchObject({ status: 'completed' })
  })

  it('answers with what was asked for in later shapes', async () => {
    const { id } = await kevin(app).verified().enter()
    for (const version of ['2024-04-04-late', '2025-07-04', '2025-12-01'] as const) {
      const { data } = await connect(id, { version, body: { products: [], subscriptions: null } })
      expect(data).toMatchObject({ status: 'completed', requested_products: [], requested_subscriptions: [] })
    }
  })
})

describe('a connect that answers later', () => {
  const call = { version: '2025-07-04', headers: { prefer: 'respond-async' } } as const

  it('is pending without accounts, and completed once it was worked on', async () => {
    const keys = await app.newTeam()
    const by = { key: keys.development }
    const { id } = await kevin(app).as(by).verified().enter()
    const { data } = await connect(id, { ...by, ...call })
    expect(data).toMatchObject({ status: 'pending', accounts: null, error: null })
    expect(await accountsOf(id, by)).toEqual([])
    app.clock.advance(2000)
    await app.drain()
    const after = (await app.call('GET', `/entities/${id}/connect/${data.id}`, { ...by, version: '2025-07-04' })).data
    expect(after).toMatchObject({ status: 'completed', created_at: data.created_at, updated_at: app.clock.now() })
    expect([...after.accounts].sort()).toEqual((await accountsOf(id, by)).map((account) => account.id).sort())
    expect((await app.call('GET', `/entities/${id}`, by)).data).toMatchObject({
      connect: data.id,
      restricted_products: [],
    })
    const topics = await topicsOf(app, keys)
    expect(topics.filter((topic) => topic.startsWith('connect.'))).toEqual(['connect.created', 'connect.updated'])
  })

  it('is not possible before 2025-07-04', async () => {
    const { id } = await kevin(app).verified().enter()
    const answer = await connect(id, { version: '2024-04-04-late', headers: call.headers })
    expect(answer.data.status).toBe('completed')
  })
})

describe('a connect that goes on to ask', () => {
  const late = { version: '2025-07-04' } as const
  const asked = {
    products: ['balance', 'payoff', 'card_brand', 'attribute', 'update'],
    subscriptions: ['update', 'transaction'],
  }

  it('is pending with what was requested, and requests it of each account that can have it', async () => {
    const keys = await app.newTeam()
    const by = { key: keys.development, ...late }
    const { id } = await kevin(app).as(by).verified().enter()
    const { data } = await connect(id, { ...by, body: asked })
    const requested = { requested_products: asked.products, requested_subscriptions: asked.subscriptions }
    expect(data).toMatchObject({ status: 'pending', accounts: null, ...requested })
    await app.drain()
    const { data: done } = await app.call('GET', `/entities/${id}/connect/${data.id}`, by)
    expect(done).toMatchObject({ status: 'completed', ...requested })
    const accounts = await accountsOf(id, by)
    expect(done.accounts).toHaveLength(accounts.length)
    for (const account of accounts) {
      const { type } = account.liability
      expect(account.balance, type).toMatch(/^bal_/)
      expect(account.payoff !== null, type).toBe(type === 'auto_loan' || type === 'mortgage')
      expect(account.attribute, type).toMatch(/^acc_attr_/)
      expect(account.subscriptions, type).toEqual(account.products.includes('update') ? ['update'] : [])
      const updates = (await app.call('GET', `/accounts/${account.id}/updates`, by)).data as unknown as readonly Wire[]
      expect(updates.length, type).toBeLessThanOrEqual(2)
    }
    const chase = accounts.find(({ liability }) => liability.mch_id === 'mch_302086')
    const brand = (await app.call('GET', `/accounts/${chase?.id}/card_brands/${chase?.card_brand}`, by)).data
    expect(brand).toMatchObject({ status: 'completed', brands: [{ id: 'pdt_15_brd_1' }] })
    const topics = await topicsOf(app, keys)
    expect(topics.indexOf('balance.created')).toBeGreaterThan(topics.lastIndexOf('account.created'))
    for (const product of ['balance', 'payoff', 'card_brand', 'account_attribute', 'update']) {
      expect(topics.indexOf('connect.updated'), product).toBeGreaterThan(topics.lastIndexOf(`${product}.updated`))
    }
    expect(topics.slice(topics.indexOf('connect.updated'))).toEqual(['connect.updated', 'consumer.updated'])
    expect(topics.filter((topic) => topic === 'subscription.created')).toHaveLength(
      accounts.filter(({ subscriptions }) => subscriptions.length > 0).length,
    )
  })

  it('is failed by a product that fails, and what the others answered stays', async () => {
    const keys = await app.newTeam()
    const by = { key: keys.development, ...late }
    const phone = '+15125550210'
    const own = await register(app, { phone, liabilities: [CHASE, HOUSE] }, by)
    const { id } = await own.as(by).verified().enter()
    const { data } = await connect(id, { ...by, body: { products: ['balance'] } })
    await answerConnect(id, by)
    const path = `/entities/${id}/connect/${data.id}`
    expect((await app.call('GET', path, by)).data).toMatchObject({ status: 'pending', accounts: null, error: null })
    const found = await accountsOf(id, by)
    expect(found).toHaveLength(2)
    expect((await app.call('GET', `/entities/${id}`, by)).data.restricted_products).toContain('attribute')

    await register(app, { phone, liabilities: [CHASE] }, by)
    await app.drain()
    const failed = (await app.call('GET', path, by)).data
    expect(failed).toMatchObject({
      status: 'failed',
      accounts: null,
      requested_products: ['balance'],
      error: {
        type: 'PRODUCT_EXECUTION_FAILED',
        code: 24001,
        sub_type: 'PRODUCT_EXECUTION_FAILED',
        message: 'Product execution failed.',
      },
    })
    const statuses = await Promise.all(
      found.map(async ({ id: account, balance }) => {
        const answer = await app.call('GET', `/accounts/${account}/balances/${balance}`, by)
        return answer.data.status as string
      }),
    )
    expect(statuses.sort()).toEqual(['completed', 'failed'])
    const topics = await topicsOf(app, keys)
    expect(topics.filter((topic) => topic.startsWith('connect.'))).toEqual(['connect.created', 'connect.updated'])
    // It never completed, so what needs a completed connect is still missing.
    expect((await app.call('GET', `/entities/${id}`, by)).data.restricted_products).toContain('attribute')
    const { data: again } = await connect(id, by)
    expect(again).toMatchObject({ status: 'completed', accounts: [] })
    expect(await accountsOf(id, by)).toHaveLength(2)
  })

  it('is failed by the institution’s own report, where updates were asked for', async () => {
    const by = { key: (await app.newTeam()).development, ...late }
    const phone = '+15125550210'
    const own = await register(app, { phone, liabilities: [CHASE] }, by)
    const { id } = await own.as(by).verified().enter()
    const { data } = await connect(id, { ...by, body: { products: ['update'] } })
    await answerConnect(id, by)
    await register(app, { phone, liabilities: [] }, by)
    await app.drain()
    const failed = (await app.call('GET', `/entities/${id}/connect/${data.id}`, by)).data
    expect(failed).toMatchObject({ status: 'failed', error: { code: 24001 } })
  })

  it('that was answered again and again while it waits finds and asks everything once', async () => {
    const keys = await app.newTeam()
    const by = { key: keys.development, ...late }
    const { id } = await kevin(app).as(by).verified().enter()
    const { data } = await connect(id, { ...by, body: asked })
    await Promise.all(Array.from({ length: 5 }, () => answerConnect(id, by)))
    await answerConnect(id, by)
    expect(await topicsOf(app, keys)).not.toContain('connect.updated')
    await app.drain()
    const { data: done } = await app.call('GET', `/entities/${id}/connect/${data.id}`, by)
    expect(done.status).toBe('completed')
    expect(done.accounts).toHaveLength(7)
    const topics = await topicsOf(app, keys)
    const count = (topic: string) => topics.filter((each) => each === topic).length
    expect([count('account.created'), count('balance.created'), count('connect.updated')]).toEqual([7, 7, 1])
  })

  it('asks nothing of accounts that were known before', async () => {
    const { id } = await kevin(app).as(late).verified().connected().enter()
    const before = await accountsOf(id, late)
    const { data } = await connect(id, { ...late, body: { products: ['balance'], subscriptions: ['update'] } })
    await app.drain()
    const { data: done } = await app.call('GET', `/entities/${id}/connect/${data.id}`, late)
    expect(done).toMatchObject({ status: 'completed', accounts: [], requested_products: ['balance'] })
    expect(await accountsOf(id, late)).toEqual(before)
  })

  it('asks nothing of closed accounts', async () => {
    const own = await register(app, {
      phone: '+15125550209',
      liabilities: [CHASE, { ...HOUSE, balance: 0, closed: true }],
    })
    const { id } = await own.as(late).verified().enter()
    await connect(id, { ...late, body: { products: ['balance'], subscriptions: ['update'] } })
    await app.drain()
    const found = await accountsOf(id, late)
    expect(
      Object.fromEntries(found.map(({ status, balance, subscriptions }) => [status, [balance, subscriptions]])),
    ).toEqual({
      active: [expect.stringMatching(/^bal_/), ['update']],
      closed: [null, []],
    })
  })

  it.each([
    [{ products: ['luck'] }, 'products'],
    [{ products: ['payment'] }, 'products'],
    [{ subscriptions: ['connect'] }, 'subscriptions'],
    [{ subscriptions: ['transactions'] }, 'subscriptions'],
  ])('%j is refused with the name of the member', async (body, member) => {
    const { id } = await kevin(app).verified().enter()
    const answer = await connect(id, { ...late, body })
    expect(answer).toMatchObject({ status: 400, error: { sub_type: 'INVALID_REQUEST' } })
    expect(answer.error.message).toMatch(new RegExp(`^${member} has no `))
    expect((await app.call('GET', `/entities/${id}`)).data.connect).toBeNull()
  })

  it('is refused for a product that the team may not use', async () => {
    const keys = await app.newTeam()
    const by = { key: keys.development, ...late }
    await app.admin.changeTeam({ name: keys.team, environment: 'development' }, (was) => withoutProduct(was, 'balance'))
    const { id } = await kevin(app).as(by).verified().enter()
    const answer = await connect(id, { ...by, body: { products: ['balance'] } })
    expect(answer).toMatchObject({ status: 400, error: { sub_type: 'TEAM_CAPABILITY_RESTRICTED' } })
  })
})
