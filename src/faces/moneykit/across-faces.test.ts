/** One world behind two faces: an account that is linked here is paid from there, and what was paid shows here. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin } from '../../../test/setup/cast.js'
import { passTo, pay } from '../../../test/setup/money.js'
import { linked, type MoneykitCaller, moneykitClient } from '../../../test/setup/moneykit.js'

// The app's clock begins on Tuesday 2026-03-10, 10:00 in Chicago.
const SOURCE_WINDOW = '2026-03-10T15:30:00.000Z'
const CLEARED = '2026-03-11T21:30:00.000Z'

let app: App
let client: MoneykitCaller
beforeAll(async () => {
  app = await openApp()
  client = await moneykitClient(app)
})
afterAll(() => app.close())

test('a payment from an account that was linked here is a debit among its transactions, and lowers its balance', {
  timeout: 120_000,
}, async () => {
  const link = await linked(app, client)
  const get = async (path: string) => (await client.call('GET', `/links/${link}${path}`)).body
  const { accounts } = await get('/accounts/numbers')
  const account = accounts.find(
    ({ account_type, balances }: Wire) => account_type === 'depository.checking' && balances.available > 60,
  )
  const [{ account_number: number, routing_number: routing }] = account.numbers.ach

  const payer = await kevin(app).verified().connected().enter()
  const ach = { routing, number, type: 'checking' }
  const checking = (await app.call('POST', '/accounts', { body: { holder_id: payer.id, ach } })).data
  expect(checking.status).toBe('active')
  const cursor = await endOf(get, '')
  const amount = 4321
  await pay(app, { source: checking.id, destination: payer.account('mch_302086').id, amount })
  await passTo(app, SOURCE_WINDOW, CLEARED)

  await client.call('POST', `/links/${link}/products`, { body: { products: ['transactions', 'accounts'] } })
  await app.drain()
  const { transactions, accounts: later } = await get(`/transactions/sync?size=500&cursor=${cursor}`)
  const posted: readonly Wire[] = transactions.created.filter(
    ({ account_id, pending }: Wire) => account_id === account.account_id && !pending,
  )
  const debits = posted.filter((each) => each.amount === '43.21' && each.type === 'debit')
  expect(debits).toHaveLength(1)
  expect(debits[0]).toMatchObject({ date: '2026-03-10', currency: 'USD' })
  const moved = posted.reduce((sum, each) => sum + Number(each.amount) * (each.type === 'debit' ? -1 : 1), 0)
  const { balances } = later.find(({ account_id }: Wire) => account_id === account.account_id)
  expect(balances.current).toBeCloseTo(account.balances.current + moved, 2)
})

/** The cursor behind everything that there is. */
async function endOf(get: (path: string) => Promise<Wire>, cursor: string): Promise<string> {
  const page = await get(`/transactions/sync?size=500&cursor=${cursor}`)
  return page.has_more ? endOf(get, page.cursor.next) : page.cursor.next
}
