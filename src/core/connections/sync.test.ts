/** A client that follows a connection's transactions. Contract: moneykit/data §5.2. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { account, BANK, type Bank, line, openBank } from '../../../test/setup/bank.js'
import { connect, type Desk, deskAt, write } from '../../../test/setup/connecting.js'
import type { HeldTransaction as ToldTransaction } from '../../network/port.js'
import type { Asking, Ctx } from '../ctx.js'
import {
  type Connection,
  correctCategory,
  type HeldTransaction,
  listHeldTransactions,
  requestRefresh,
  syncTransactions,
} from './connections.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

/** What a client sees. */
interface Scene {
  readonly ctx: Ctx<Asking>
  readonly connection: Connection
}

interface Stage extends Scene {
  readonly bank: Bank
  readonly desk: Desk
}

async function arrange(lines: readonly ToldTransaction[] = []): Promise<Stage> {
  const bank = openBank()
  bank.accounts = [account('checking'), account('savings', { mask: '7777' })]
  for (const each of lines) bank.tell(each)
  const desk = await deskAt(app, { moneykit: bank })
  const connection = await connect(desk.ctx, { login: { institutionId: BANK } })
  await desk.drain()
  return { bank, desk, ctx: desk.ctx, connection }
}

const whose = ({ connection: { id } }: Scene) => ({ id, clientId: null })

async function refresh(stage: Stage): Promise<void> {
  await write(stage.ctx, (inside) => requestRefresh(inside, whose(stage), ['transactions']))
  await stage.desk.drain()
}

async function full(stage: Scene): Promise<readonly HeldTransaction[]> {
  const filter = { accountIds: null, fromDate: null, toDate: null }
  const found: HeldTransaction[] = []
  for (let page = 1; ; page++) {
    const { transactions, total } = await listHeldTransactions(stage.ctx, whose(stage), filter, { page, size: 1000 })
    found.push(...transactions)
    if (found.length >= total) return found
  }
}

/** Follows the rules that the contract gives to clients, and holds the server to what it promises about one run. */
class Client {
  readonly held = new Map<string, HeldTransaction>()
  cursor: string | null = null
  #refreshedAt: string | null = null
  /** Posted ones that the present run has brought. */
  #seen = new Set<string>()

  async page(stage: Scene, size: number): Promise<boolean> {
    const isFirst = this.cursor === null
    const page = await syncTransactions(stage.ctx, whose(stage), { cursor: this.cursor, size })
    const { created, updated, removed } = page
    expect(created.length + updated.length + removed.length).toBeLessThanOrEqual(size)
    if (isFirst) expect([updated, removed]).toEqual([[], []])
    const refreshedAt = page.connection.products.transactions?.refreshedAt ?? null
    if (refreshedAt !== this.#refreshedAt) {
      for (const { id, isPending } of this.held.values()) if (isPending) this.held.delete(id)
    }
    this.#refreshedAt = refreshedAt
    for (const each of [...created, ...updated]) if (!each.isPending) this.#once(each.id)
    for (const id of removed) this.#once(id)
    for (const { id } of created) expect(this.held.has(id)).toBe(false)
    for (const { id, isPending } of updated) expect([this.held.has(id), isPending]).toEqual([true, false])
    for (const id of removed) expect(this.held.has(id)).toBe(true)
    for (const each of [...created, ...updated]) this.held.set(each.id, each)
    for (const id of removed) this.held.delete(id)
    this.cursor = page.next
    if (!page.hasMore) this.#seen = new Set()
    return page.hasMore
  }

  async run(stage: Scene, size: number): Promise<void> {
    while (await this.page(stage, size));
  }

  #once(id: string): void {
    expect(this.#seen.has(id)).toBe(false)
    this.#seen.add(id)
  }
}

const byId = (transactions: Iterable<HeldTransaction>) => [...transactions].sort((a, b) => (a.id < b.id ? -1 : 1))

async function expectEqual(stage: Scene, client: Client): Promise<void> {
  expect(byId(client.held.values())).toEqual(byId(await full(stage)))
}

test('everything comes as created, and nothing comes twice', async () => {
  const stage = await arrange([line('a'), line('b', { status: 'pending' }), line('c', { accountRef: 'savings' })])
  const client = new Client()
  await client.run(stage, 1)
  await expectEqual(stage, client)
  const again = await syncTransactions(stage.ctx, whose(stage), { cursor: client.cursor, size: 50 })
  expect(again).toMatchObject({ created: [], updated: [], removed: [], hasMore: false, next: client.cursor })
})

test('a pending one that posts is another transaction', async () => {
  const stage = await arrange([line('coffee', { status: 'pending' })])
  const client = new Client()
  await client.run(stage, 50)
  const [pending] = await full(stage)
  stage.bank.tell(line('coffee', { cents: 1990 }))
  await refresh(stage)
  await client.run(stage, 50)
  const [posted] = await full(stage)
  expect([pending?.isPending, posted?.isPending, posted?.cents]).toEqual([true, false, 1990])
  expect(posted?.id).not.toBe(pending?.id)
  await expectEqual(stage, client)
})

test('pending ones get new ids with each refresh, and are sent only after one', async () => {
  const stage = await arrange([line('coffee', { status: 'pending' })])
  const client = new Client()
  await client.run(stage, 50)
  const [before] = await full(stage)
  await refresh(stage)
  const page = await syncTransactions(stage.ctx, whose(stage), { cursor: client.cursor, size: 50 })
  expect(page.created.map(({ isPending }) => isPending)).toEqual([true])
  expect(page.created[0]?.id).not.toBe(before?.id)
})

test('what came and went between two runs is never told', async () => {
  const stage = await arrange([line('a')])
  const client = new Client()
  await client.run(stage, 50)
  stage.bank.tell(line('b'))
  await refresh(stage)
  stage.bank.tell(line('b', { status: 'removed' }))
  await refresh(stage)
  const page = await syncTransactions(stage.ctx, whose(stage), { cursor: client.cursor, size: 50 })
  expect(page).toMatchObject({ created: [], updated: [], removed: [] })
})

test('a cursor of another connection, or of none, is refused', async () => {
  const [one, other] = [await arrange([line('a')]), await arrange([line('a')])]
  const client = new Client()
  await client.run(one, 50)
  const spelled = (text: string) => Buffer.from(text).toString('base64url')
  const mark = Buffer.from(client.cursor ?? '', 'base64url')
    .toString()
    .split(':')[1]
  for (const [stage, cursor] of [
    [other, client.cursor],
    [one, 'nonsense'],
    [one, spelled(`v1:${mark}:9:9::1::`)],
    [one, spelled(`v1:${mark}:1:0::1::`)],
    [one, spelled(`v1:${mark}:0:0::99::`)],
  ] as const) {
    await expect(syncTransactions(stage.ctx, whose(stage), { cursor, size: 50 })).rejects.toMatchObject({
      code: 'connection.unknown_cursor',
    })
  }
})

const refs = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const edit = fc.record({
  kind: fc.constant('edit' as const),
  ref: refs,
  status: fc.constantFrom('pending', 'posted', 'posted', 'removed'),
  cents: fc.integer({ min: 0, max: 3 }),
  accountRef: fc.constantFrom('checking', 'savings'),
})
const step = fc.oneof(
  { arbitrary: edit, weight: 5 },
  { arbitrary: fc.constant({ kind: 'refresh' } as const), weight: 3 },
  { arbitrary: fc.record({ kind: fc.constant('page' as const), size: fc.integer({ min: 1, max: 4 }) }), weight: 4 },
  { arbitrary: fc.record({ kind: fc.constant('correct' as const), ref: refs }), weight: 1 },
)

test('a client that applies runs always equals the full list, whatever happens between its pages', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const stage = await arrange([line('a'), line('b'), line('p', { status: 'pending' })])
      const [client, late] = [new Client(), new Client()]
      for (const each of steps) {
        if (each.kind === 'edit') stage.bank.tell(line(each.ref, { ...each, ref: each.ref }))
        if (each.kind === 'refresh') await refresh(stage)
        if (each.kind === 'page') await client.page(stage, each.size)
        if (each.kind === 'correct') await correct(stage)
      }
      // What is pending and was corrected shows with the next refresh.
      await refresh(stage)
      // The run that was under way ends where it began to; the next one brings the rest.
      await client.run(stage, 3)
      await client.run(stage, 3)
      await expectEqual(stage, client)
      await late.run(stage, 2)
      await expectEqual(stage, late)
    }),
    { numRuns: 25 },
  )
}, 240_000)

test('a client keeps up with the life that the world goes through behind a login', async () => {
  const ctx = await app.ctx(await app.newTeam())
  const connection = await connect(ctx)
  await app.drain()
  const stage = { ctx, connection }
  const client = new Client()
  for (let week = 0; week < 4; week++) {
    await client.run(stage, 37)
    await expectEqual(stage, client)
    app.clock.advance(7 * 86_400_000)
    await app.drain()
  }
  expect(client.held.size).toBeGreaterThan(0)
})

/** Somebody says that the newest posted transaction, and all like it, are for charity. */
async function correct(stage: Scene): Promise<void> {
  const subject = (await full(stage)).find(({ isPending }) => !isPending)
  if (!subject) return
  const correction = { transactionId: subject.id, category: 'charity', subcategory: null }
  await write(stage.ctx, (inside) => correctCategory(inside, whose(stage), correction))
}
