/** Fetching what a connection gives access to. Contract: moneykit/links §2.3, §5, conventions §8.2, §10. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { account, BANK, type Bank, line, openBank } from '../../../test/setup/bank.js'
import { ASKED, complete, connect, type Desk, deskAt, HOOK, toldOf, write } from '../../../test/setup/connecting.js'
import type { Asking, Ctx } from '../ctx.js'
import { changeSettings } from '../teams/teams.js'
import {
  type Connection,
  type ConnectionProduct,
  getConnection,
  listHeldAccounts,
  listHoldings,
  listInvestmentTransactions,
  listNumbers,
  requestRefresh,
  resetConnection,
} from './connections.js'
import { nextSecond } from './refresh.js'

let app: App
let bank: Bank
let desk: Desk
let ctx: Ctx<Asking>
let connection: Connection
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())
beforeEach(async () => {
  bank = openBank()
  desk = await deskAt(app, { moneykit: bank })
  ctx = desk.ctx
  connection = await connect(ctx, { login: { institutionId: BANK }, session: { webhook: HOOK } })
  await desk.drain()
})

const at = { institutionId: BANK }
const own = () => ({ id: connection.id, clientId: null })
const now = () => getConnection(ctx, own())
const ask = (...products: ConnectionProduct[]) => write(ctx, (inside) => requestRefresh(inside, own(), products))
const told = async (topic: string) => (await toldOf(ctx)).filter((news) => news.topic === topic)
const refreshes = async (product: ConnectionProduct) =>
  (await told('connection.product_refreshed')).filter((news) => news.product === product).map(({ state }) => state)
const HOUR_MS = 3_600_000

describe('a refresh that was asked for', () => {
  test('brings new data later, and is told step by step', async () => {
    const before = await now()
    bank.accounts = [account('checking', { name: 'Renamed' })]
    app.clock.advance(60_000)
    const asked = await ask('accounts', 'accounts')
    expect(asked.products.accounts).toEqual(before.products.accounts)
    await desk.drain()
    const { products } = await now()
    expect(products.accounts?.refreshedAt).toBe('2026-03-10T15:01:00.000Z')
    expect((await listHeldAccounts(ctx, own(), { accountIds: null })).accounts).toMatchObject([{ name: 'Renamed' }])
    expect(await refreshes('accounts')).toEqual(['pending', 'in_progress', 'completed'])
  })

  test('is joined by others, and is one question to the institution', async () => {
    let open = () => {}
    bank.gate = new Promise((resolve) => {
      open = resolve
    })
    await ask('identity')
    const running = desk.drain()
    await ask('identity')
    open()
    await running
    await desk.drain()
    expect((await refreshes('identity')).filter((state) => state === 'completed')).toHaveLength(2)
  })

  test('is always later than the one before, even within a second', async () => {
    const times = []
    for (let count = 0; count < 3; count++) {
      await ask('accounts')
      await desk.drain()
      times.push((await now()).products.accounts?.refreshedAt)
    }
    expect(new Set(times).size).toBe(3)
    expect(times).toEqual([...times].sort())
    expect(nextSecond('2026-03-10T15:00:00.900Z', '2026-03-10T15:00:00.000Z')).toBe('2026-03-10T15:00:01.000Z')
    expect(nextSecond('2026-03-10T15:00:05.900Z', '2026-03-10T15:00:00.000Z')).toBe('2026-03-10T15:00:05.000Z')
    expect(nextSecond('2026-03-10T15:00:05.900Z', null)).toBe('2026-03-10T15:00:05.000Z')
  })

  test('brings new balances with new transactions', async () => {
    const balances = {
      currency: 'USD',
      availableCents: 1,
      currentCents: 2,
      limitCents: null,
      at: '2026-03-10T16:00:00.000Z',
    }
    bank.accounts = [account('checking', { balances })]
    bank.tell(line('bread'))
    await ask('transactions')
    await desk.drain()
    expect((await listHeldAccounts(ctx, own(), { accountIds: null })).accounts).toMatchObject([{ balances }])
    expect(await told('connection.transactions_available')).toMatchObject([{ hasHistory: true }, { hasHistory: true }])
  })

  test('is told to nobody as news when nothing is new', async () => {
    await ask('transactions')
    await desk.drain()
    expect(await told('connection.transactions_available')).toEqual([])
  })

  test('is refused for what was not granted, too soon, or in the wrong state', async () => {
    const { name } = ctx.team
    const refreshPauses = { identity: 3600 }
    await changeSettings(ctx, { name, environment: 'development' }, () => ({ connections: { refreshPauses } }))
    const team = { ...ctx.team, settings: { connections: { refreshPauses } } }
    const limited = (...products: ConnectionProduct[]) =>
      write({ ...ctx, team }, (inside) => requestRefresh(inside, own(), products))
    await limited('identity')
    await desk.drain()
    app.clock.advance(60_000)
    await expect(limited('accounts', 'identity')).rejects.toMatchObject({
      code: 'connection.refreshed_too_recently',
      detail: '3540',
    })
    expect(await refreshes('accounts')).toEqual([])
    app.clock.advance(HOUR_MS)
    await limited('identity')
    await write(ctx, (inside) => resetConnection(inside, own()))
    await expect(ask('accounts')).rejects.toMatchObject({ code: 'connection.bad_state', detail: 'auth_expired' })
    const few = await connect(ctx, { login: at, session: { products: { transactions: ASKED } } })
    const wanted = write(ctx, (inside) => requestRefresh(inside, { id: few.id, clientId: null }, ['identity']))
    await expect(wanted).rejects.toMatchObject({ code: 'connection.product_not_granted' })
    const { connection: waiting } = await complete(ctx, { login: at })
    const early = write(ctx, (inside) => requestRefresh(inside, { id: waiting.id, clientId: null }, ['accounts']))
    await expect(early).rejects.toMatchObject({ code: 'connection.bad_state', detail: 'awaiting_exchange' })
  })
})

describe('a refresh that fails', () => {
  test.each([
    ['access_ended', 'auth_expired', 'auth_expired'],
    ['unreachable', 'institution_error', 'institution_error'],
    ['provider_failed', 'unknown', 'provider_error'],
  ] as const)('because of %s says so in the product and in the connection', async (failure, productError, error) => {
    const before = await now()
    bank.failure = failure
    app.clock.advance(60_000)
    await ask('identity')
    await desk.drain()
    const after = await now()
    expect(after).toMatchObject({ state: 'error', errorCode: error })
    expect(after.products.identity).toMatchObject({
      refreshedAt: before.products.identity?.refreshedAt,
      lastAttemptedAt: app.clock.now(),
      errorCode: productError,
      errorMessage: expect.any(String),
    })
    expect((await refreshes('identity')).at(-1)).toBe('failed')
    expect((await told('connection.state_changed')).at(-1)).toMatchObject({ state: 'error', errorCode: error })
    expect((await listNumbers(ctx, own())).accounts).toHaveLength(1)
  })

  test('because the institution does not offer it leaves the connection as it is', async () => {
    bank.failure = 'not_supported'
    await ask('investments')
    await desk.drain()
    const after = await now()
    expect(after.state).toBe('connected')
    expect(after.products.investments).toMatchObject({ errorCode: 'not_supported', unavailable: expect.any(String) })
    bank.failure = null
    await ask('investments')
    await desk.drain()
    expect((await now()).products.investments).toMatchObject({ errorCode: null, errorMessage: null, unavailable: null })
  })
})

describe('the schedule', () => {
  test('reads several times a day what was read before, silently', async () => {
    const before = (await refreshes('transactions')).length
    bank.tell(line('bread'))
    app.clock.advance(6 * HOUR_MS)
    await desk.drain()
    const { products } = await now()
    for (const product of ['accounts', 'transactions', 'investments'] as const) {
      expect(products[product]?.refreshedAt?.slice(0, 13)).toBe(app.clock.now().slice(0, 13))
    }
    expect(products.identity?.refreshedAt?.slice(0, 13)).not.toBe(app.clock.now().slice(0, 13))
    expect(await refreshes('transactions')).toHaveLength(before)
    expect((await told('connection.transactions_available')).length).toBeGreaterThan(0)
  })

  test('finds that what had failed by itself works again', async () => {
    bank.failure = 'unreachable'
    app.clock.advance(6 * HOUR_MS)
    await desk.drain()
    expect(await now()).toMatchObject({ state: 'error', errorCode: 'institution_error' })
    bank.failure = null
    app.clock.advance(6 * HOUR_MS)
    await desk.drain()
    expect(await now()).toMatchObject({ state: 'connected', errorCode: null })
    const states = (await told('connection.state_changed')).map(({ state }) => state)
    expect(states).toEqual(['connected', 'error', 'connected'])
  })

  test('leaves alone what waits for the consumer', async () => {
    bank.failure = 'access_ended'
    await ask('accounts')
    await desk.drain()
    bank.failure = null
    app.clock.advance(24 * HOUR_MS)
    await desk.drain()
    expect(await now()).toMatchObject({ state: 'error', errorCode: 'auth_expired' })
  })

  test('is driven by a clock that is moved', async () => {
    const own = await openApp()
    const world = await own.ctx()
    const linked = await connect(world)
    await own.drain()
    await own.mover.move(world.team, { advance: 'P2D' })
    const { products } = await getConnection(world, { id: linked.id, clientId: null })
    // Six hours after it was connected, and then once a day.
    expect(products.accounts?.refreshedAt).toBe('2026-03-11T21:00:00.000Z')
    await own.close()
  })
})

describe('investments', () => {
  const security = {
    ref: 's1',
    name: 'Northern Lights ETF',
    type: 'etf',
    currency: 'USD',
    ticker: 'NLTM',
    isin: null,
    sedol: null,
    closePrice: '88.40',
    closeOn: '2026-03-09',
  } as const
  const holding = {
    accountRef: 'broker',
    securityRef: 's1',
    quantity: '12.5',
    price: '88.40',
    value: '1105.00',
    costBasis: null,
    pricedAt: null,
  }
  const bought = {
    ref: 't1',
    accountRef: 'broker',
    securityRef: 's1',
    amount: '446.95',
    on: '2026-01-20',
    at: null,
    description: 'Bought 5 NLTM',
    type: 'buy',
    fees: '4.95',
    forexRate: null,
    price: '88.40',
    quantity: '5',
  }
  const page = { page: 1, size: 10 }
  const all = { accountIds: null, fromDate: null, toDate: null }

  test('are kept as they are told, under ids that stay', async () => {
    bank.accounts = [account('checking'), account('broker', { type: 'investment.brokerage', mask: '9021' })]
    bank.investments = { securities: [security], holdings: [holding], transactions: [bought] }
    connection = await connect(ctx, { login: at })
    await desk.drain()
    const first = await listHoldings(ctx, own(), { accountIds: null })
    expect(first.accounts.map(({ type }) => type)).toEqual(['investment.brokerage'])
    expect(first.holdings).toMatchObject([{ quantity: '12.5', value: '1105.00', securityId: first.securities[0]?.id }])
    expect(first.securities).toMatchObject([{ ticker: 'NLTM', closeOn: '2026-03-09' }])
    const before = await listInvestmentTransactions(ctx, own(), all, page)
    expect([before.total, before.transactions]).toMatchObject([
      1,
      [{ on: '2026-01-20', amount: '446.95', type: 'buy' }],
    ])
    bank.investments = {
      securities: [{ ...security, closePrice: '90.00' }],
      holdings: [],
      transactions: [{ ...bought, ref: 't2', on: '2026-02-20' }, bought],
    }
    await ask('investments')
    await desk.drain()
    const after = await listInvestmentTransactions(ctx, own(), all, page)
    expect(after.transactions.map(({ on }) => on)).toEqual(['2026-02-20', '2026-01-20'])
    expect(after.transactions[1]?.id).toBe(before.transactions[0]?.id)
    expect(after.securities).toMatchObject([{ id: first.securities[0]?.id, closePrice: '90.00' }])
    expect((await listHoldings(ctx, own(), { accountIds: null })).holdings).toEqual([])
    const filtered = await listInvestmentTransactions(ctx, own(), { ...all, toDate: '2026-01-31' }, page)
    expect(filtered.total).toBe(1)
  })
})
