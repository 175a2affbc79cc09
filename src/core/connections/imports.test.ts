/** Data that the team had already, what is made of transactions, and what a consumer has in all. Contract: moneykit/links §4.6, §6, data §4.1, §6. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { account, BANK, type Bank, line, openBank } from '../../../test/setup/bank.js'
import { complete, connect, type Desk, deskAt, HOOK, toldOf, write } from '../../../test/setup/connecting.js'
import type { Asking, Ctx } from '../ctx.js'
import {
  accountsOfConsumer,
  type ConnectionImport,
  correctCategory,
  getConnection,
  type HeldTransaction,
  importConnection,
  importTransactions,
  listHeldAccounts,
  listHeldTransactions,
  requestRefresh,
  syncTransactions,
  type TransactionImport,
  transactionsOfConsumer,
} from './connections.js'

let app: App
let bank: Bank
let desk: Desk
let ctx: Ctx<Asking>
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())
beforeEach(async () => {
  bank = openBank()
  desk = await deskAt(app, { moneykit: bank })
  ctx = desk.ctx
})

const of = ({ id }: { readonly id: string }) => ({ id, clientId: null })
const all = { accountIds: null, fromDate: null, toDate: null }
const refusal = (code: string) => expect.objectContaining({ code })
const listed = async (
  whose: { readonly id: string },
  filter: Partial<typeof all> = {},
  page = { page: 1, size: 100 },
) => listHeldTransactions(ctx, of(whose), { ...all, ...filter }, page)

const bought: TransactionImport = {
  accountOriginalId: 'a-1',
  originalId: 't-1',
  cents: -1840,
  on: '2026-02-15',
  at: null,
  description: 'Corner Bakery',
  type: 'Groceries',
}
const given: ConnectionImport = {
  externalConsumerId: 'user-1',
  contact: { email: null, emailVerifiedAt: null, phone: null, phoneVerifiedAt: null },
  clientId: null,
  provider: 'mx',
  institutionId: `mx.${BANK}`,
  accounts: [
    {
      originalId: 'a-1',
      name: 'My Checking',
      nickname: null,
      type: 'CHECKING',
      mask: '4321',
      balances: { currency: 'USD', availableCents: 5_00, currentCents: 5_00, limitCents: null, at: null },
    },
  ],
  transactions: [bought, { ...bought, originalId: null, cents: 2450_00, type: 'paycheck', description: null }],
}

describe('an import', () => {
  test('can be read at once, although it is not connected', async () => {
    const connection = await importConnection(ctx, given)
    expect(connection).toMatchObject({ state: 'error', errorCode: 'auth_expired', provider: 'mx', isImported: true })
    expect(connection.products).toMatchObject({
      accounts: { refreshedAt: expect.any(String) },
      transactions: { refreshedAt: expect.any(String), hasHistory: true },
    })
    expect((await listHeldAccounts(ctx, of(connection), { accountIds: null })).accounts).toMatchObject([
      { originalId: 'a-1', type: 'depository.checking', balances: { availableCents: 5_00 } },
    ])
    const { transactions } = await listed(connection)
    const groceries = { category: { value: 'food_and_drink' }, subcategory: { value: 'groceries' } }
    expect(transactions).toHaveLength(2)
    expect(transactions.find(({ originalId }) => originalId === 't-1')).toMatchObject({
      cents: 1840,
      direction: 'debit',
      enrichment: groceries,
    })
    expect(transactions.find(({ originalId }) => originalId === null)).toMatchObject({
      cents: 2450_00,
      direction: 'credit',
      enrichment: null,
    })
  })

  test('can be added to, and what is known is renewed', async () => {
    const connection = await importConnection(ctx, given)
    const { next } = await syncTransactions(ctx, of(connection), { cursor: null, size: 50 })
    const more = [
      { ...bought, cents: -2000 },
      { ...bought, originalId: 't-2' },
    ]
    const after = await write(ctx, (inside) => importTransactions(inside, of(connection), more))
    expect(after.products.transactions?.refreshedAt).not.toBe(connection.products.transactions?.refreshedAt)
    const changes = await syncTransactions(ctx, of(connection), { cursor: next, size: 50 })
    expect(changes.created).toMatchObject([{ originalId: 't-2' }])
    expect(changes.updated).toMatchObject([{ originalId: 't-1', cents: 2000 }])
    expect((await listed(connection)).total).toBe(3)
  })

  test('is refused whole for one wrong part', async () => {
    const wrong = { ...given, transactions: [bought, { ...bought, accountOriginalId: 'a-9' }] }
    await expect(importConnection(ctx, wrong)).rejects.toMatchObject({
      code: 'connection.invalid_import',
      fault: { member: 'transactions[1].accountOriginalId' },
    })
    const twice = { ...given, accounts: [...given.accounts, ...given.accounts] }
    await expect(importConnection(ctx, twice)).rejects.toMatchObject({ fault: { member: 'accounts[1].originalId' } })
    await expect(importConnection(ctx, { ...given, institutionId: 'mx.nowhere' })).rejects.toEqual(
      refusal('connection.institution_not_found'),
    )
    expect(await accountsOfConsumer(ctx, { externalId: 'user-1', clientId: null }, { accountIds: null })).toEqual([])
    const connected = await connect(ctx, { login: { institutionId: BANK } })
    const added = write(ctx, (inside) => importTransactions(inside, of(connected), [bought]))
    await expect(added).rejects.toEqual(refusal('connection.not_imported'))
  })

  test('is attached to the institution when the consumer connects it, and keeps its ids', async () => {
    const connection = await importConnection(ctx, given)
    const before = await listed(connection)
    bank.tell(line('t-9', { on: '2026-02-15', cents: 1840 }))
    bank.tell(line('t-10', { on: '2026-02-20' }))
    await complete(ctx, { session: { existingConnectionId: connection.id }, login: { institutionId: null } })
    await desk.drain()
    const after = await listed(connection)
    expect(after.connection).toMatchObject({ state: 'connected', provider: 'moneykit' })
    expect(after.accounts.map(({ id }) => id)).toEqual(before.accounts.map(({ id }) => id))
    expect(after.total).toBe(3)
    const ids = (page: { readonly transactions: readonly HeldTransaction[] }) => page.transactions.map(({ id }) => id)
    expect(ids(after)).toEqual(expect.arrayContaining(ids(before)))
  })
})

describe('what is made of transactions', () => {
  test('comes with the first fetch, and after later ones as a change', async () => {
    bank.tell(line('bread', { rawDescription: 'SQ *CORNER BAKERY', recurrence: 'weekly' }))
    bank.tell(line('coffee', { status: 'pending' }))
    const connection = await connect(ctx, { login: { institutionId: BANK }, session: { webhook: HOOK } })
    await desk.drain()
    const { transactions } = await listed(connection)
    const merchant = {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Corner Bakery',
      domain: null,
      confidence: 97,
    }
    expect(transactions.find(({ isPending }) => isPending)?.enrichment).toMatchObject({ merchant })
    expect(transactions.find(({ isPending }) => !isPending)?.enrichment).toEqual({
      category: { value: 'food_and_drink', confidence: 97 },
      subcategory: { value: 'eating_out_and_takeaways', confidence: 97 },
      merchant,
      processor: expect.objectContaining({ name: 'Square' }),
      recurrence: { frequency: 'weekly', nextOn: '2026-03-08' },
    })
    const news = async () =>
      (await toldOf(ctx)).filter(({ topic }) => topic === 'connection.transactions_available').length
    expect(await news()).toBe(1)
    expect((await getConnection(ctx, of(connection))).products.enrichment?.refreshedAt).not.toBeNull()

    const whose = of(connection)
    const { next: cursor } = await syncTransactions(ctx, whose, { cursor: null, size: 50 })
    bank.tell(line('milk', { on: '2026-03-02' }))
    await write(ctx, (inside) => requestRefresh(inside, whose, ['transactions']))
    await desk.drain()
    expect(await news()).toBe(3)
    const { created } = await syncTransactions(ctx, whose, { cursor, size: 50 })
    expect(created.map(({ on, isPending, enrichment }) => [on, isPending, enrichment?.merchant?.name])).toEqual(
      expect.arrayContaining([['2026-03-02', false, 'Corner Bakery']]),
    )
  })

  test('is corrected with similar earlier ones, and later ones follow', async () => {
    const days = ['2026-01-05', '2026-02-05', '2026-03-05']
    for (const on of days) bank.tell(line(on, { on }))
    bank.tell(line('other', { on: '2026-01-01', counterparty: null, description: 'Something else' }))
    const connection = await connect(ctx, { login: { institutionId: BANK } })
    await desk.drain()
    const { next } = await syncTransactions(ctx, of(connection), { cursor: null, size: 50 })
    const before = (await listed(connection)).transactions
    const subject = before.find(({ on }) => on === '2026-02-05')
    const correction = {
      transactionId: subject?.id ?? '',
      category: 'shopping',
      subcategory: 'clothing_and_accessories',
    }
    const { transactions } = await write(ctx, (inside) => correctCategory(inside, of(connection), correction))
    expect(transactions.map(({ on }) => on)).toEqual(['2026-02-05', '2026-01-05'])
    const corrected = {
      category: { value: 'shopping', confidence: 100 },
      subcategory: { value: 'clothing_and_accessories', confidence: 100 },
    }
    for (const each of transactions) expect(each.enrichment).toMatchObject(corrected)
    const { updated } = await syncTransactions(ctx, of(connection), { cursor: next, size: 50 })
    expect(updated.map(({ id }) => id).sort()).toEqual(transactions.map(({ id }) => id).sort())
    bank.tell(line('new', { on: '2026-03-09' }))
    await write(ctx, (inside) => requestRefresh(inside, of(connection), ['transactions']))
    await desk.drain()
    const [newest, later] = (await listed(connection)).transactions
    expect(newest?.enrichment).toMatchObject(corrected)
    expect(later).toEqual(before[0])
  })

  test('is refused for categories that do not exist, and for unknown transactions', async () => {
    bank.tell(line('bread'))
    const connection = await connect(ctx, { login: { institutionId: BANK } })
    await desk.drain()
    const transactionId = (await listed(connection)).transactions[0]?.id ?? ''
    const correct = (correction: Parameters<typeof correctCategory>[2]) =>
      write(ctx, (inside) => correctCategory(inside, of(connection), correction))
    const known = { transactionId, category: 'shopping', subcategory: null }
    await expect(correct({ ...known, category: 'nonsense' })).rejects.toEqual(refusal('connection.invalid_category'))
    await expect(correct({ ...known, subcategory: 'groceries' })).rejects.toEqual(
      refusal('connection.invalid_category'),
    )
    await expect(correct({ ...known, transactionId: '4444444444444' })).rejects.toEqual(
      refusal('connection.transaction_not_found'),
    )
  })
})

describe('what a consumer has', () => {
  test('is there over all connections, newest first, page by page', async () => {
    const second = openBank({ institutionSlug: 'hill_bank', name: 'Hill Bank' })
    const both = await deskAt(app, { moneykit: bank, plaid: second })
    bank.tell(line('a', { on: '2026-03-01' }))
    bank.tell(line('b', { on: '2026-03-03' }))
    second.tell(line('c', { on: '2026-03-02' }))
    second.accounts = [account('checking', { mask: '9999' })]
    const first = await connect(both.ctx, { login: { institutionId: BANK } })
    const other = await connect(both.ctx, { login: { institutionId: 'hill_bank' } })
    await both.drain()
    const whose = { externalId: 'user-1', clientId: null }
    const groups = await accountsOfConsumer(both.ctx, whose, { accountIds: null })
    expect(groups.map(({ connection }) => connection.id)).toEqual([first.id, other.id])
    const [mask] = groups.map(({ accounts }) => accounts.map(({ id }) => id))
    expect(await accountsOfConsumer(both.ctx, whose, { accountIds: mask ?? [] })).toHaveLength(1)
    const page = (number: number) => transactionsOfConsumer(both.ctx, whose, all, { page: number, size: 2 })
    const [one, two, three] = [await page(1), await page(2), await page(3)]
    expect([one, two, three].map(({ transactions }) => transactions.map(({ on }) => on))).toEqual([
      ['2026-03-03', '2026-03-02'],
      ['2026-03-01'],
      [],
    ])
    expect([one.total, two.accounts.map(({ connection }) => connection.id)]).toEqual([3, [first.id]])
    const filtered = await transactionsOfConsumer(
      both.ctx,
      whose,
      { ...all, fromDate: '2026-03-02', toDate: '2026-03-02' },
      { page: 1, size: 9 },
    )
    expect(filtered.total).toBe(1)
  })
})
