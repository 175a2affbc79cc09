/** Contract: moneykit/data, links §6.1–§6.3. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import {
  ask,
  exchangedLink,
  linked,
  type MoneykitCaller,
  moneykitClient,
  newUser,
} from '../../../test/setup/moneykit.js'

let app: App
let client: MoneykitCaller
let user: string
/** A link with all its data. */
let link: string
beforeAll(async () => {
  app = await openApp()
  client = await moneykitClient(app)
  user = newUser()
  link = await linked(app, client, { user })
})
afterAll(() => app.close())

const get = async (path: string) => {
  const { status, body, text } = await client.call('GET', path)
  if (status !== 200) throw new Error(text)
  return body
}
const of = (path: string) => get(`/links/${link}${path}`)
const ids = (accounts: readonly Wire[]) => accounts.map(({ account_id }) => account_id)

const ACCOUNT = ['account_id', 'account_type', 'name', 'account_mask', 'balances']
const LATER = ['nickname', 'original_id', 'closed']

describe('accounts', () => {
  it('are in one order always, with their members in the documented one', async () => {
    const { accounts } = await of('/accounts')
    expect(accounts.length).toBeGreaterThan(1)
    for (const account of accounts) {
      expect(Object.keys(account)).toEqual([...ACCOUNT, ...LATER])
      expect(Object.keys(account.balances)).toEqual(['currency', 'available', 'current', 'limit', 'balance_date'])
      expect(account.account_id).toMatch(/^acc_[2-9A-HJ-NP-Za-km-z]{22}$/)
      expect(account.account_type).toMatch(/^(depository|investment|liability|other)\.\w+$/)
      expect(account.balances.balance_date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    }
    expect((await of('/accounts')).accounts).toEqual(accounts)
  })

  it('are filtered in every spelling of a list; ids of nobody mean nothing', async () => {
    const [first, second] = ids((await of('/accounts')).accounts)
    const both = [first, second]
    for (const query of [
      `account_ids=${first}&account_ids=${second}`,
      `account_ids[]=${first}&account_ids[]=${second}`,
      `account_ids%5B%5D=${first}&account_ids%5B%5D=${second}`,
      `account_ids=${first},${second}`,
      `account_ids=${first}%2C${second}`,
      `account_ids[]=${first},${second}&account_ids=acc_nobody`,
    ]) {
      expect(ids((await of(`/accounts?${query}`)).accounts), query).toEqual(both)
    }
    expect((await of('/accounts?account_ids=acc_nobody')).accounts).toEqual([])
    expect((await of('/accounts?account_ids=')).accounts).toEqual((await of('/accounts')).accounts)
  })

  it('are read one by one', async () => {
    const [first] = (await of('/accounts')).accounts
    expect((await of(`/accounts/${first.account_id}`)).account).toEqual(first)
    for (const other of ['acc_nobody', 'acc_rnDyUKwuo9BQeyqhuwrXe6']) {
      const { status, body } = await client.call('GET', `/links/${link}/accounts/${other}`)
      expect([status, body.error_code, body.error_message]).toEqual([404, 'link_error.not_found', 'Account not found.'])
    }
  })

  it('have numbers where they have any, one for each rail', async () => {
    const { accounts } = await of('/accounts/numbers')
    const deposits = (await of('/accounts')).accounts.filter(({ account_type }: Wire) =>
      /^depository/.test(account_type),
    )
    expect(accounts.length).toBeGreaterThan(0)
    expect(ids(deposits)).toEqual(expect.arrayContaining([...ids(accounts)]))
    for (const account of accounts) {
      expect(Object.keys(account)).toEqual([...ACCOUNT, ...LATER, 'numbers'])
      expect(account.numbers).toEqual({
        ach: [
          {
            account_number: expect.stringMatching(new RegExp(`${account.account_mask}$`)),
            routing_number: '131000005',
            wire_routing_number: account.numbers.ach[0].wire_routing_number,
          },
        ],
        eft: [],
        bacs: [],
        international: [],
      })
    }
  })

  it.each([
    ['albion_mutual', 'bacs', 1],
    ['maple_crown', 'eft', 0],
  ])('of %s are numbered by %s', async (institution_id, rail, international) => {
    const settings = { products: { account_numbers: { prefetch: true } }, countries: ['GB', 'CA'] }
    const id = await linked(app, client, { session: { settings }, login: { institution_id } })
    const { accounts } = await get(`/links/${id}/accounts/numbers`)
    expect(accounts.length).toBeGreaterThan(0)
    for (const { numbers } of accounts) {
      expect(numbers[rail]).toHaveLength(1)
      expect(numbers.ach).toEqual([])
      expect(numbers.international).toHaveLength(international)
    }
  })
})

describe('identity', () => {
  it('shows the owners of every account, where the first generation has them', async () => {
    const { accounts } = await of('/identity')
    expect(ids(accounts)).toEqual(ids((await of('/accounts')).accounts))
    for (const account of accounts) {
      expect(Object.keys(account)).toEqual([...ACCOUNT, 'owners', ...LATER])
      for (const owner of account.owners) {
        expect(Object.keys(owner)).toEqual(['names', 'addresses', 'phone_numbers', 'emails'])
        expect(Object.keys(owner.addresses[0])).toEqual([
          'city',
          'country',
          'postal_code',
          'region',
          'street',
          'primary',
        ])
        for (const phone of owner.phone_numbers) expect(Object.keys(phone)).toEqual(['number', 'primary', 'type'])
      }
    }
    const [first] = accounts
    expect((await of(`/identity?account_ids=${first.account_id}`)).accounts).toEqual([first])
  })

  it('is refused where it was not granted', async () => {
    const other = await exchangedLink(client, { products: { transactions: {} } })
    for (const path of ['identity', 'accounts/numbers', 'investments/holdings', 'investments/transactions']) {
      const { status, body } = await client.call('GET', `/links/${other}/${path}`)
      expect([status, body.error_code], path).toEqual([403, 'link_error.forbidden_action'])
    }
  })
})

describe('transactions', () => {
  it('are listed page by page, newest first, to their end and not beyond', async () => {
    const all: Wire[] = []
    for (let page = 1; ; page++) {
      const { total, size, transactions, ...rest } = await of(`/transactions?page=${page}&size=400`)
      expect([rest.page, size]).toEqual([page, transactions.length])
      all.push(...transactions)
      if (all.length === total) break
      expect(size).toBe(400)
    }
    expect(new Set(all.map(({ transaction_id }) => transaction_id)).size).toBe(all.length)
    const days = all.map(({ date }) => date)
    expect(days).toEqual([...days].sort().reverse())
    expect(await of('/transactions?page=1000')).toMatchObject({
      total: all.length,
      page: 1000,
      size: 0,
      transactions: [],
    })
    for (const transaction of all) {
      expect(Object.keys(transaction)).toEqual([
        'transaction_id',
        'account_id',
        'amount',
        'type',
        'currency',
        'date',
        'datetime',
        'description',
        'raw_description',
        'pending',
        'category',
        'enrichment',
        'original_id',
      ])
      expect(transaction.amount).toMatch(/^\d+\.\d\d$/)
    }
    expect(all.some(({ enrichment }) => enrichment?.merchant?.logo)).toBe(true)
  })

  it('are filtered by account and by days, both of which count', async () => {
    const { transactions, accounts } = await of('/transactions?size=1000')
    const [account] = ids(accounts)
    const totals: number[] = []
    for (const id of ids(accounts)) totals.push((await of(`/transactions?account_ids=${id}&size=1`)).total)
    expect(totals.reduce((sum, each) => sum + each, 0)).toBe((await of('/transactions?size=1')).total)
    expect(totals.filter((total) => total > 0).length).toBeGreaterThan(1)
    const day = transactions[20].date
    const found = (await of(`/transactions?start_date=${day}&end_date=${day}&size=1000`)).transactions
    expect(found).toEqual(transactions.filter(({ date }: Wire) => date === day))
    expect((await of(`/transactions?account_ids=${account}`)).accounts.map((each: Wire) => each.account_id)).toEqual([
      account,
    ])
  })

  it.each([
    ['start_date=2026-02-30', 'start_date', 'value_error.date'],
    ['start_date=2026-03-02&end_date=2026-03-01', 'end_date', 'value_error.date'],
    ['page=0', 'page', 'value_error.number.not_ge'],
    ['size=1001', 'size', 'value_error.number.not_le'],
    ['size=1.5', 'size', 'type_error.integer'],
  ])('are not listed for %s', async (query, member, type) => {
    const { status, body } = await client.call('GET', `/links/${link}/transactions?${query}`)
    expect(status).toBe(422)
    expect(body.validation_errors).toEqual([{ location: ['query', member], message: expect.any(String), type }])
  })

  it('come in runs of changes that end equal to the list', async () => {
    const id = await linked(app, client)
    const held = new Map<string, Wire>()
    let cursor = ''
    let refreshedAt = ''
    const run = async () => {
      for (;;) {
        const page = await get(`/links/${id}/transactions/sync?size=500&cursor=${encodeURIComponent(cursor)}`)
        expect(Object.keys(page)).toEqual(['transactions', 'accounts', 'cursor', 'has_more', 'link'])
        const { created, updated, removed } = page.transactions
        if (cursor === '') expect([updated, removed]).toEqual([[], []])
        const at = page.link.products.transactions.refreshed_at
        if (at > refreshedAt) for (const [key, { pending }] of held) if (pending) held.delete(key)
        refreshedAt = at
        for (const transaction of [...created, ...updated]) held.set(transaction.transaction_id, transaction)
        for (const gone of removed) held.delete(gone)
        cursor = page.cursor.next
        if (!page.has_more) return
      }
    }
    const expectEqual = async () => {
      const { transactions, total } = await get(`/links/${id}/transactions?size=1000&start_date=2025-10-01`)
      expect(total).toBe(transactions.length)
      const recent = [...held.values()].filter(({ date }) => date >= '2025-10-01')
      const byId = (a: Wire, b: Wire) => (a.transaction_id < b.transaction_id ? -1 : 1)
      expect(recent.sort(byId)).toEqual([...transactions].sort(byId))
    }
    await run()
    await expectEqual()
    for (let week = 0; week < 2; week++) {
      app.clock.advance(7 * 86_400_000)
      await client.call('POST', `/links/${id}/products`, { body: { products: ['transactions'] } })
      await app.drain()
      await run()
      await expectEqual()
    }
    const nothing = await get(`/links/${id}/transactions/sync?cursor=${encodeURIComponent(cursor)}`)
    expect(nothing).toMatchObject({ transactions: { created: [], updated: [], removed: [] }, has_more: false })
    for (const wrong of ['nonsense', (await of('/transactions/sync')).cursor.next]) {
      const path = `/links/${id}/transactions/sync?cursor=${encodeURIComponent(wrong)}`
      const { status, body } = await client.call('GET', path)
      expect([status, body.validation_errors[0].location]).toEqual([422, ['query', 'cursor']])
    }
  })

  it('change their category when they are corrected, with those like them', async () => {
    const { transactions } = await of('/transactions?size=200')
    const found = transactions.find(({ enrichment, pending }: Wire) => enrichment?.merchant && !pending)
    const path = `/links/${link}/transactions/${found.transaction_id}/enrichment`
    const correct = (body: object) => client.call('POST', path, { body })
    const { status, body } = await correct({ category: 'charity', subcategory: 'other_charity' })
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['transactions', 'accounts', 'link', 'cursor'])
    expect(body.cursor).toEqual({ next: null })
    const changed = body.transactions.find((each: Wire) => each.transaction_id === found.transaction_id)
    expect(changed.enrichment.category).toEqual({ value: 'charity', confidence: 100 })
    expect(changed.enrichment.subcategory).toEqual({ value: 'other_charity', confidence: 100 })
    const foreign = await correct({ category: 'charity', subcategory: 'taxi' })
    expect([foreign.status, foreign.body.validation_errors[0].location]).toEqual([422, ['body', 'subcategory']])
    const older = await correct({ category: 'transport', subcategory: 'petrol_and_vehicle_charging' })
    expect(older.body.transactions[0].enrichment.subcategory.value).toBe('vehicle_fuel_and_charging')
    expect((await correct({ category: 'nonsense' })).status).toBe(422)
    const unknown = await client.call('POST', `/links/${link}/transactions/txn_nobody/enrichment`, {
      body: { category: 'charity' },
    })
    expect([unknown.status, unknown.body.error_message]).toEqual([404, 'Transaction not found.'])
  })
})

describe('investments', () => {
  it('show what is held, with each security once', async () => {
    const { holdings, securities, accounts, ...rest } = await of('/investments/holdings')
    expect(Object.keys(rest)).toEqual(['link'])
    expect(holdings.length).toBeGreaterThan(0)
    expect(new Set(securities.map(({ security_id }: Wire) => security_id))).toEqual(
      new Set(holdings.map(({ security_id }: Wire) => security_id)),
    )
    for (const { account_type } of accounts) expect(account_type).toMatch(/^investment\./)
    for (const holding of holdings) expect(typeof holding.quantity).toBe('string')
    const none = await of('/investments/holdings?account_ids=acc_nobody')
    expect([none.holdings, none.accounts]).toEqual([[], []])
  })

  it('show what was done, page by page and within days', async () => {
    const { total, investment_transactions: all } = await of('/investments/transactions?size=1000')
    expect(all).toHaveLength(total)
    const days = all.map(({ date }: Wire) => date)
    expect(days).toEqual([...days].sort().reverse())
    const part = await of(`/investments/transactions?size=1&page=2`)
    expect(part.investment_transactions).toEqual([all[1]])
    const since = await of(`/investments/transactions?size=1000&start_date=${days[0]}`)
    expect(since.investment_transactions).toEqual(all.filter(({ date }: Wire) => date >= days[0]))
  })
})

describe('a user', () => {
  const at = (path: string, name = user) => get(`/users/${encodeURIComponent(name)}${path}`)

  it('has all their links, in the serialization of a link by itself', async () => {
    const { links } = await at('/links')
    expect(links).toEqual({ [link]: await of('') })
  })

  it('has all their accounts, by link', async () => {
    const { links } = await at('/accounts')
    const { accounts, link: shown } = await of('/accounts')
    expect(links).toEqual({ [link]: { accounts, last_synced_at: shown.last_synced_at } })
    const [first] = accounts
    for (const query of [`account_ids=${first.account_id}`, `account_id=${first.account_id}&institution_ids=ignored`]) {
      expect((await at(`/accounts?${query}`)).links).toMatchObject({ [link]: { accounts: [first] } })
    }
    expect((await at('/accounts?account_ids=acc_nobody')).links).toEqual({})
  })

  it('has all their transactions, with the accounts they are on', async () => {
    const body = await at('/transactions?size=5&category=ignored')
    expect(body.transactions).toEqual((await of('/transactions?size=5')).transactions)
    expect([body.page, body.size]).toEqual([1, 5])
    const named = new Set(body.transactions.map(({ account_id }: Wire) => account_id))
    expect(new Set(Object.keys(body.accounts))).toEqual(named)
    for (const account of Object.values<Wire>(body.accounts)) {
      expect(account).toEqual({
        name: expect.any(String),
        last_synced_at: expect.any(String),
        institution_id: 'moneykit-creds-bank',
        link_id: link,
      })
    }
  })

  it('that nobody knows has nothing', async () => {
    expect(await at('/links', 'nobody at all')).toEqual({ links: {} })
    expect(await at('/accounts', 'nobody at all')).toEqual({ links: {} })
    expect(await at('/transactions', 'nobody at all')).toEqual({
      total: 0,
      page: 1,
      size: 0,
      transactions: [],
      accounts: {},
    })
  })

  it('may be called by any name that can be written', async () => {
    const name = 'ada/lovelace@example.com?x=1'
    const id = await exchangedLink(client, { user: name })
    expect(Object.keys((await at('/links', name)).links)).toEqual([id])
  })
})

describe('images of merchants', () => {
  it('are drawn for every name that a transaction points to, without credentials', async () => {
    const { transactions } = await of('/transactions?size=200')
    const logo = transactions.find(({ enrichment }: Wire) => enrichment?.merchant?.logo).enrichment.merchant.logo
    const { statusCode, headers } = await app.http.inject(new URL(logo).pathname)
    expect([statusCode, headers['content-type']]).toEqual([200, 'image/svg+xml; charset=utf-8'])
    expect((await ask(app, 'GET', '/assets/merchants/').catch(() => ({ status: 404 }))).status).toBe(404)
  })
})
