/** Contract: method/accounts §1.1, §1.6, §1.7, §1.11; dev-fixtures-accounts F.2. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, type Person, register, stranger } from '../../../test/setup/cast.js'

let app: App
let person: Person
beforeAll(async () => {
  app = await openApp()
  person = await kevin(app).verified().connected().enter()
})
afterAll(() => app.close())

describe('an account', () => {
  it('of a card that a connect found is shown whole', async () => {
    const found = person.account('mch_302086')
    const { data } = await app.call('GET', `/accounts/${found.id}`)
    expect(data).toEqual({
      id: found.id,
      holder_id: person.id,
      status: 'active',
      type: 'liability',
      liability: {
        mch_id: 'mch_302086',
        mask: '1580',
        ownership: 'primary',
        fingerprint: found.liability.fingerprint,
        type: 'credit_card',
        name: 'Chase Sapphire Reserve Credit Card',
      },
      latest_verification_session: null,
      balance: null,
      update: found.update,
      card_brand: null,
      products: ['balance', 'card_brand', 'update', 'payment'],
      restricted_products: ['sensitive'],
      subscriptions: [],
      available_subscriptions: ['update', 'update.snapshot'],
      restricted_subscriptions: ['transactions'],
      error: null,
      metadata: null,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
  })

  it.each([
    ['mch_302086', 'credit_card', ['balance', 'card_brand', 'payment', 'update'], ['update', 'update.snapshot']],
    ['mch_2347', 'auto_loan', ['balance', 'payment', 'payoff', 'update'], ['update', 'update.snapshot']],
    ['mch_309067', 'mortgage', ['balance', 'payment', 'payoff', 'update'], ['update', 'update.snapshot']],
    ['mch_304444', 'student_loans', ['balance', 'payment', 'update'], ['update', 'update.snapshot']],
    ['mch_460001', 'personal_loan', ['balance', 'payment', 'update'], ['update', 'update.snapshot']],
  ])('at %s, a %s, has its type’s products', (merchant, type, products, subscriptions) => {
    const account = person.account(merchant)
    expect(account.liability.type).toBe(type)
    expect([...account.products].sort()).toEqual(products)
    expect(account.restricted_products).toEqual(['sensitive'])
    expect([...account.available_subscriptions].sort()).toEqual(subscriptions)
  })

  it.each(['collection', 'insurance', 'medical', 'utility', 'loan', 'credit_builder'])(
    'of the type %s has no subscription but the monthly one',
    async (type) => {
      const [merchant] = (await app.call('GET', `/merchants?type=${type}`)).data as unknown as readonly Wire[]
      const phone = `+1512555${String(300 + type.length).padStart(4, '0')}`
      const own = await register(app, { phone, liabilities: [{ mch_id: merchant?.id, balance: 10_000 }] })
      const [account] = (await own.verified().connected().enter()).accounts
      expect(account?.liability.type).toBe(type)
      expect(account?.products).toEqual(expect.arrayContaining(['balance', 'payment']))
      expect(account?.restricted_products).toEqual(['sensitive'])
      expect(account?.available_subscriptions).toEqual(['update.snapshot'])
      expect(account?.restricted_subscriptions).toEqual([])
    },
  )

  it('that is unknown or somebody else’s is not found', async () => {
    const { id } = person.account('mch_302086')
    const key = (await app.newTeam()).development
    expect((await app.call('GET', `/accounts/${id}`, { key })).status).toBe(404)
    expect((await app.call('GET', '/accounts/acc_fRkTdETCDWCA8')).status).toBe(404)
    expect((await app.call('GET', `/accounts/${person.id}`)).status).toBe(404)
  })
})

describe('a list of accounts', () => {
  const listed = async (query: string) =>
    (await app.call('GET', `/accounts?${query}`)).data as unknown as readonly Wire[]
  const merchants = (accounts: readonly Wire[]) => accounts.map(({ liability }) => liability.mch_id)

  it('shows each account as it is shown alone, newest first', async () => {
    const accounts = await listed(`holder_id=${person.id}`)
    expect(accounts).toEqual(person.accounts)
    for (const account of accounts) {
      expect((await app.call('GET', `/accounts/${account.id}`)).data).toEqual(account)
    }
  })

  it.each([
    ['liability.mch_id=mch_302086', ['mch_302086']],
    ['liability.mch_id=mch_302086&liability.type=credit_card&status=active', ['mch_302086']],
    ['liability.type=auto_loan', ['mch_2347', 'mch_311130']],
    ['liability.type=student_loans', ['mch_304444']],
    ['liability.type=student_loan', ['mch_304444']],
    ['liability.type=mortgage&liability.ownership=primary', ['mch_309067']],
    ['liability.ownership=authorized', []],
    ['status=closed', []],
    ['status=disabled', []],
    ['type=ach', []],
    ['type=ach&liability.type=mortgage', []],
    ['liability.mch_id=mch_999999', []],
    ['liability.mch_id=chase', []],
  ])('is filtered by %s, with a holder and without', async (query, wanted) => {
    expect([...merchants(await listed(`holder_id=${person.id}&${query}`))].sort()).toEqual(wanted)
    const all = await app.call('GET', `/accounts?${query}&page_limit=100`)
    const ofPerson = (all.data as unknown as Wire[]).filter(({ holder_id }) => holder_id === person.id)
    expect([...merchants(ofPerson)].sort()).toEqual(wanted)
    expect(all.headers['pagination-total-count']).toBe(String(all.data.length))
  })

  it.each(['ent_fRkTdETCDWCA8', 'nobody', ''])('of an unknown holder is empty: %j', async (holder) => {
    const answer = await app.call('GET', `/accounts?holder_id=${holder}`)
    expect([answer.status, answer.data]).toEqual([200, []])
  })

  it.each(['status=open', 'type=loan', 'liability.type=car', 'liability.ownership=mine'])(
    'is refused for a filter that cannot be: %s',
    async (query) => {
      expect((await app.call('GET', `/accounts?${query}`)).status).toBe(400)
    },
  )

  it('walks by cursor over one holder', async () => {
    const path = `/accounts?holder_id=${person.id}&page_limit=3`
    const seen: string[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { data, headers } = await app.call('GET', cursor ? `${path}&page_cursor=${cursor}` : path)
      seen.push(...(data as unknown as Wire[]).map(({ id }) => id))
      expect(headers['pagination-total-count']).toBe('7')
      cursor = headers['pagination-page-cursor-next']
    }
    expect(seen).toEqual(person.accounts.map(({ id }) => id))
  })
})

describe('the list of accounts from 2025-12-01 on', () => {
  const version = '2025-12-01'
  const listed = async (query: string) => (await app.call('GET', `/accounts?page_limit=100&${query}`, { version })).data

  it('can be of several holders', async () => {
    const [first, second] = [await kevin(app).verified().connected().enter(), await stranger(app).enter()]
    const ach = { routing: '062103000', number: '123456789', type: 'checking' }
    await app.call('POST', '/accounts', { body: { holder_id: second.id, ach } })
    const both = await listed(`holder_ids[]=${first.id}&holder_ids[]=${second.id}`)
    expect(new Set(both.map(({ holder_id }: Wire) => holder_id))).toEqual(new Set([first.id, second.id]))
    expect(both).toHaveLength(8)
    expect(await listed(`holder_ids[]=${first.id}&holder_id=${second.id}`)).toEqual([])
    expect(await listed('holder_ids[]=nobody')).toEqual([])
  })

  it('can be of those whose consent was withdrawn, or was not, and counts them', async () => {
    const keys = await app.newTeam()
    const call = { key: keys.development, version } as const
    const { accounts } = await kevin(app).as(call).verified().connected().enter()
    const withdraw = { type: 'withdraw', reason: 'holder_withdrew_consent' }
    await app.call('POST', `/accounts/${accounts[0]?.id}/consent`, { ...call, body: withdraw })
    for (const [consent, count] of [
      ['withdrawn', 1],
      ['approved', 6],
      ['pending', 0],
    ] as const) {
      const { data, headers } = await app.call('GET', `/accounts?consent_status=${consent}`, call)
      expect(data).toHaveLength(count)
      expect(headers['pagination-total-count']).toBe(String(count))
    }
    const older = await app.call('GET', '/accounts?consent_status=withdrawn', { key: keys.development })
    expect(older.data).toHaveLength(7)
  })

  it('shows merchants in place of their ids when asked to', async () => {
    const { account } = await kevin(app).verified().connected().enter()
    const path = `/accounts/${account('mch_302086').id}?expand[]=liability.mch_id`
    const { data } = await app.call('GET', path, { version })
    expect(data.liability.mch_id).toEqual((await app.call('GET', '/merchants/mch_302086')).data)
    expect(await app.call('GET', path, { version: '2025-07-04' })).toMatchObject({ status: 400 })
  })
})
