/** Contract: moneykit/links §4.6. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import {
  exchangedLink,
  goThrough,
  imported,
  type MoneykitCaller,
  moneykitClient,
  openSession,
} from '../../../test/setup/moneykit.js'

let app: App
let client: MoneykitCaller
beforeAll(async () => {
  app = await openApp()
  client = await moneykitClient(app)
})
afterAll(() => app.close())

const get = async (path: string) => (await client.call('GET', path)).body
const links = async () => (await get('/links?limit=5000')).links.length

describe('an imported link', () => {
  it('waits to be connected, and its data can be read at once', async () => {
    const { status, body } = await imported(client, { provider: 'a former one' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ state: 'error', error_code: 'auth_expired', provider: 'moneykit' })
    for (const name of ['accounts', 'transactions']) {
      expect(body.products[name].refreshed_at).toBe(app.clock.now().slice(0, 19))
    }
    const { accounts } = await get(`/links/${body.link_id}/accounts`)
    expect(accounts).toEqual([
      {
        account_id: expect.any(String),
        account_type: 'depository.checking',
        name: 'Everyday',
        account_mask: '7714',
        balances: { currency: 'USD', available: null, current: 12.5, limit: null, balance_date: null },
        nickname: null,
        original_id: 'a-1',
        closed: false,
      },
    ])
    const { transactions } = await get(`/links/${body.link_id}/transactions`)
    expect(transactions).toMatchObject([
      { original_id: 't-1', amount: '18.40', type: 'debit', date: '2026-02-15', datetime: null },
      { original_id: 't-2', amount: '2450.00', type: 'credit', date: '2026-02-14', datetime: '2026-02-14T08:00:00' },
    ])
  })

  it('takes more transactions, and renews those it knows', async () => {
    const { link_id } = (await imported(client)).body
    const before = await get(`/links/${link_id}/transactions/sync`)
    const { status, body } = await client.call('POST', `/links/${link_id}/import/transactions`, {
      body: {
        transactions: [
          { account_id: 'a-1', transaction_id: 't-1', amount: '-19.00', date: '2026-02-15' },
          { account_id: 'a-1', amount: '5', date: '2026-02-16' },
        ],
      },
    })
    expect([status, body.link_id]).toEqual([200, link_id])
    const { transactions } = await get(`/links/${link_id}/transactions/sync?cursor=${before.cursor.next}`)
    expect(transactions.created).toMatchObject([{ original_id: null, amount: '5.00', type: 'credit' }])
    expect(transactions.updated).toMatchObject([{ original_id: 't-1', amount: '19.00' }])
    expect((await get(`/links/${link_id}/transactions`)).total).toBe(3)
  })

  it('can be connected afterwards, through the same institution', async () => {
    const { link_id } = (await imported(client)).body
    const token = await openSession(client, { session: { existing_link_id: link_id } })
    const { body } = await goThrough(client, token, { institution_id: null })
    expect(body).toMatchObject({ link_id, link: { state: 'connected' } })
  })
})

describe('an import', () => {
  it.each<[string, object, readonly (string | number)[]]>([
    [
      'a transaction of no account',
      { transactions: [{ account_id: 'a-2', amount: '1', date: '2026-02-15' }] },
      ['body', 'transactions', 0, 'account_id'],
    ],
    [
      'an amount that is none',
      { transactions: [{ account_id: 'a-1', amount: '1.005', date: '2026-02-15' }] },
      ['body', 'transactions', 0, 'amount'],
    ],
    [
      'a day that is none',
      { transactions: [{ account_id: 'a-1', amount: '1', date: '2026-02-30' }] },
      ['body', 'transactions', 0, 'date'],
    ],
    [
      'two accounts of one name',
      {
        accounts: [1, 2].map(() => ({ account_id: 'a-1', name: 'Twin', type: 'savings', balances: {} })),
        transactions: [],
      },
      ['body', 'accounts', 1, 'account_id'],
    ],
    ['no balances', { accounts: [{ account_id: 'a', name: 'b', type: 'c' }] }, ['body', 'accounts', 0, 'balances']],
  ])('with %s is refused whole', async (_, more, location) => {
    const before = await links()
    const { status, body } = await imported(client, more)
    expect([status, body.error_code]).toEqual([422, 'api_error.request.validation_failed'])
    expect(body.validation_errors[0].location).toEqual(location)
    expect(await links()).toBe(before)
  })

  it('from an unknown institution is refused', async () => {
    const { status, body } = await imported(client, { institution_id: 'mx.nowhere' })
    expect([status, body.error_code]).toEqual([404, 'institution_error.not_found'])
  })

  it('finds the institution by a provider and its name', async () => {
    const { body } = await imported(client, { institution_id: 'mx.moneykit-creds-bank' })
    expect(body.institution_id).toBe('moneykit-creds-bank')
  })

  it('that is too large is refused with 413', async () => {
    const { status, body } = await imported(client, { padding: 'x'.repeat(1_000_001) })
    expect([status, body.error_code]).toEqual([413, 'api_error.request.too_large'])
  })

  it('into a link that was not imported is refused', async () => {
    const id = await exchangedLink(client)
    const body = { transactions: [] }
    const reply = await client.call('POST', `/links/${id}/import/transactions`, { body })
    expect([reply.status, reply.body.error_code]).toEqual([403, 'link_error.forbidden_action'])
  })
})
