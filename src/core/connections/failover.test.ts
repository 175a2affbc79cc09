/** Reading a connection through another provider while its own one fails. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { account, BANK, type Bank, line, openBank } from '../../../test/setup/bank.js'
import { connect, type Desk, deskAt, HOOK, toldOf, write } from '../../../test/setup/connecting.js'
import type { Asking, Ctx } from '../ctx.js'
import {
  type Connection,
  type ConnectionProduct,
  deleteConnection,
  getConnection,
  listHeldAccounts,
  listHeldTransactions,
  listNumbers,
  listOwners,
  type RoutingRule,
  requestRefresh,
} from './connections.js'

let app: App
let first: Bank
let second: Bank
let desk: Desk
let ctx: Ctx<Asking>
let connection: Connection
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

/** The second provider shows the same bank, and names everything in its own way. */
async function open(rules: readonly RoutingRule[] = []): Promise<void> {
  first = openBank()
  second = openBank()
  second.accounts = [account('acct-9', { name: 'Checking', mask: '4321' })]
  first.tell(line('bread'))
  second.tell(line('tx-1', { accountRef: 'acct-9' }))
  desk = await deskAt(app, { moneykit: first, plaid: second }, rules)
  ctx = desk.ctx
  connection = await connect(ctx, { login: { institutionId: BANK }, session: { webhook: HOOK } })
  await desk.drain()
}
beforeEach(() => open())

const own = () => ({ id: connection.id, clientId: null })
const now = () => getConnection(ctx, own())
const ask = (...products: ConnectionProduct[]) => write(ctx, (inside) => requestRefresh(inside, own(), products))
const everything = { accountIds: null, fromDate: null, toDate: null }
const lines = async () =>
  (await listHeldTransactions(ctx, own(), everything, { page: 1, size: 50 })).transactions.map(
    ({ id, accountId, cents }) => ({ id, accountId, cents }),
  )
const refresh = async (...products: ConnectionProduct[]) => {
  app.clock.advance(60_000)
  await ask(...products)
  await desk.drain()
}

describe('a login that one provider opened', () => {
  test('is made with the next one, too, and the connection is of the first', () => {
    expect(connection.provider).toBe('moneykit')
    expect([first.logins.length, second.logins.length]).toEqual([1, 1])
  })

  test('does without a next one that asks, refuses or breaks', async () => {
    for (const login of [
      async () => ({ kind: 'challenged', attemptRef: 'a', challenges: [], isAskedAgain: false }) as const,
      async () => ({ kind: 'refused', reason: 'locked' }) as const,
      () => Promise.reject(new Error('no route to host')),
    ]) {
      const silent = openBank()
      const alone = await deskAt(app, {
        moneykit: openBank(),
        plaid: { ...silent, network: { ...silent.network, login } },
      })
      expect(await connect(alone.ctx, { login: { institutionId: BANK } })).toMatchObject({ state: 'connected' })
    }
  })

  test('ends with all of them', async () => {
    await write(ctx, (inside) => deleteConnection(inside, own()))
    await desk.drain()
    expect([first.ended, second.ended]).toEqual([first.logins, second.logins])
  })
})

describe('a provider that fails for one product', () => {
  test.each(['provider_failed', 'not_supported', 'broken'] as const)(
    'because of %s has it read by the next one, and the others by itself',
    async (reason) => {
      first.failures = { account_numbers: reason }
      const before = await now()
      await refresh('account_numbers', 'identity')
      const after = await now()
      expect(after).toMatchObject({ state: 'connected', provider: 'moneykit', errorCode: null })
      for (const product of ['account_numbers', 'identity'] as const) {
        expect(after.products[product]).toMatchObject({ errorCode: null, unavailable: null })
        expect(after.products[product]?.refreshedAt).not.toBe(before.products[product]?.refreshedAt)
      }
      expect((await listNumbers(ctx, own())).accounts).toMatchObject([{ mask: '4321' }])
      expect((await listOwners(ctx, own(), everything)).accounts).toHaveLength(1)
    },
  )

  test('keeps accounts and transactions under the ids that they have', async () => {
    const accounts = async () => (await listHeldAccounts(ctx, own(), everything)).accounts.map(({ id }) => id)
    const [accountsBefore, linesBefore] = [await accounts(), await lines()]
    expect(linesBefore).toHaveLength(1)
    first.failures = { transactions: 'provider_failed' }
    await refresh('transactions')
    expect([await accounts(), await lines()]).toEqual([accountsBefore, linesBefore])
    second.tell(line('tx-2', { accountRef: 'acct-9', cents: 500, on: '2026-03-02' }))
    await refresh('transactions')
    const [newest, ...rest] = await lines()
    expect([newest?.cents, rest]).toEqual([500, linesBefore])

    first.failures = {}
    first.tell(line('milk', { cents: 500, on: '2026-03-02' }))
    await refresh('transactions')
    expect(await lines()).toEqual([newest, ...rest])
    const news = (await toldOf(ctx)).filter(({ topic }) => topic === 'connection.transactions_available')
    // The first fetch, and the second line with its enrichment: nothing was new about the changes of provider.
    expect(news).toHaveLength(3)
  })

  test('has nothing to fall back on where the next one fails as well', async () => {
    first.failures = { identity: 'provider_failed' }
    second.failures = { identity: 'unreachable' }
    await refresh('identity')
    expect(await now()).toMatchObject({ state: 'error', errorCode: 'provider_error' })
  })

  test('has nothing to fall back on in one that shows other accounts', async () => {
    first.failures = { identity: 'provider_failed' }
    second.accounts = [account('other', { mask: '0007' })]
    await refresh('identity')
    expect(await now()).toMatchObject({ state: 'error', errorCode: 'provider_error' })
    expect((await listHeldAccounts(ctx, own(), everything)).accounts).toMatchObject([{ mask: '4321' }])
  })

  test.each(['access_ended', 'unreachable'] as const)('because of %s is believed', async (reason) => {
    first.failures = { identity: reason }
    await refresh('identity')
    const errorCode = reason === 'access_ended' ? 'auth_expired' : 'institution_error'
    expect(await now()).toMatchObject({ state: 'error', errorCode })
  })
})

describe('a rule for a product', () => {
  test('has it read by the provider that it puts first, and the others in the order of the registry', async () => {
    await open([{ product: 'identity', providers: ['plaid'] }])
    // Identity is among what the session asks for.
    expect(connection.provider).toBe('plaid')
    first.failures = { identity: 'unreachable' }
    second.failures = { account_numbers: 'unreachable' }
    await refresh('identity', 'account_numbers')
    expect(await now()).toMatchObject({ state: 'connected', errorCode: null, provider: 'plaid' })
  })
})

describe('an adapter that throws', () => {
  test('is asked again, and a failure of ours once its tries are over; a later answer mends it', async () => {
    desk = await deskAt(app, { moneykit: first })
    ctx = desk.ctx
    connection = await connect(ctx, { login: { institutionId: BANK }, session: { webhook: HOOK } })
    await desk.drain()
    first.failures = { identity: 'broken' }
    await ask('identity')
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect(await now()).toMatchObject({ state: 'connected', errorCode: null })
      await expect(desk.drain()).rejects.toThrow('The adapter cannot read')
      await sql`update graphile_worker._private_jobs set run_at = now()`.execute(app.fresh.db)
    }
    const after = await now()
    expect(after).toMatchObject({ state: 'error', errorCode: 'system_error' })
    expect(after.products.identity).toMatchObject({
      errorCode: 'unknown',
      errorMessage: 'Something failed on our side.',
    })
    const told = (await toldOf(ctx)).filter(
      ({ topic, product }) => topic.endsWith('refreshed') && product === 'identity',
    )
    expect(told.slice(-3).map(({ state }) => state)).toEqual(['pending', 'in_progress', 'failed'])

    first.failures = {}
    app.clock.advance(6 * 3_600_000)
    await desk.drain()
    expect(await now()).toMatchObject({ state: 'connected', errorCode: null })
  })
})
