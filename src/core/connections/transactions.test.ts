/** Pages of transactions by number. Contract: moneykit/data §5.1, conventions §6. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { account, BANK, line, openBank } from '../../../test/setup/bank.js'
import { connect, deskAt, write } from '../../../test/setup/connecting.js'
import type { Asking, Ctx } from '../ctx.js'
import {
  type HeldTransaction,
  listHeldAccounts,
  listHeldTransactions,
  requestRefresh,
  type TransactionFilter,
} from './connections.js'

let app: App
let ctx: Ctx<Asking>
let whose: { readonly id: string; readonly clientId: null }
let checking: string
let everything: readonly HeldTransaction[]

const ALL: TransactionFilter = { accountIds: null, fromDate: null, toDate: null }
const day = (index: number) => new Date(Date.parse('2025-10-28') + index * 86_400_000).toISOString().slice(0, 10)

beforeAll(async () => {
  app = await openApp()
  const bank = openBank()
  bank.accounts = [account('checking'), account('savings', { mask: '7777' })]
  for (let index = 0; index < 150; index++) {
    const at = index % 4 === 0 ? null : `${day(index)}T0${index % 7}:00:00`
    const accountRef = index % 3 === 0 ? 'savings' : 'checking'
    const status = index > 140 ? 'pending' : 'posted'
    bank.tell(line(`${index}`, { on: day(Math.floor(index / 2)), at, accountRef, status }))
  }
  const desk = await deskAt(app, { moneykit: bank })
  ctx = desk.ctx
  const { id } = await connect(ctx, { login: { institutionId: BANK } })
  whose = { id, clientId: null }
  await desk.drain()
  for (let index = 0; index < 20; index++) bank.tell(line(`${index * 5}`, { status: 'removed' }))
  await write(ctx, (inside) => requestRefresh(inside, whose, ['transactions']))
  await desk.drain()
  checking = (await listHeldAccounts(ctx, whose, { accountIds: null })).accounts[0]?.id ?? ''
  everything = (await listHeldTransactions(ctx, whose, ALL, { page: 1, size: 1000 })).transactions
})
afterAll(() => app.close())

test('everything is there, newest first', () => {
  expect(everything).toHaveLength(130)
  const days = everything.map(({ on }) => on)
  expect(days).toEqual([...days].sort().reverse())
})

const date = fc.option(fc.integer({ min: -3, max: 80 }).map(day), { nil: null })

test('pages put together are the list, whatever it is filtered by', async () => {
  await fc.assert(
    fc.asyncProperty(
      date,
      date,
      fc.boolean(),
      fc.integer({ min: 1, max: 60 }),
      async (fromDate, toDate, isOne, size) => {
        const filter = { accountIds: isOne ? [checking] : null, fromDate, toDate }
        const expected = everything.filter(
          ({ on, accountId }) =>
            (fromDate === null || on >= fromDate) &&
            (toDate === null || on <= toDate) &&
            (!isOne || accountId === checking),
        )
        const found: HeldTransaction[] = []
        for (let page = 1; found.length < expected.length; page++) {
          const { transactions, total } = await listHeldTransactions(ctx, whose, filter, { page, size })
          expect([total, transactions.length]).toEqual([
            expected.length,
            Math.min(size, expected.length - found.length),
          ])
          found.push(...transactions)
        }
        expect(found).toEqual(expected)
        const beyond = await listHeldTransactions(ctx, whose, filter, {
          page: Math.ceil(expected.length / size) + 1,
          size,
        })
        expect([beyond.total, beyond.transactions]).toEqual([expected.length, []])
      },
    ),
    { numRuns: 40 },
  )
})

test('a filter by accounts also covers the accounts that are shown', async () => {
  const one = await listHeldTransactions(ctx, whose, { ...ALL, accountIds: [checking] }, { page: 1, size: 1 })
  expect(one.accounts.map(({ id }) => id)).toEqual([checking])
  const none = await listHeldTransactions(ctx, whose, { ...ALL, accountIds: ['unknown'] }, { page: 1, size: 1 })
  expect([none.total, none.accounts]).toEqual([0, []])
})
