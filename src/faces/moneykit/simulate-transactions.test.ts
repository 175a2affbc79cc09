/** A rehearsal of what happens on the accounts of a link, and a client that follows it. Contract: moneykit/data §5.2. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { linked, type MoneykitCaller, moneykitClient } from '../../../test/setup/moneykit.js'

let app: App
let client: MoneykitCaller
beforeAll(async () => {
  app = await openApp()
  client = await moneykitClient(app)
})
afterAll(() => app.close())

/** A link of somebody with few transactions, and its deposit account. */
async function arrange() {
  const link = await linked(app, client, { products: { transactions: { prefetch: true } } })
  const { accounts } = (await client.call('GET', `/links/${link}/accounts`)).body
  const base = `/simulate/links/${link}/transactions`
  const account = accounts.find(({ account_type }: Wire) => account_type === 'depository.checking').account_id
  return { link, base, account }
}

async function everything(link: string): Promise<readonly Wire[]> {
  const found: Wire[] = []
  for (let page = 1; ; page++) {
    const { body } = await client.call('GET', `/links/${link}/transactions?size=1000&page=${page}`)
    found.push(...body.transactions)
    if (found.length >= body.total) return found
  }
}

/** Keeps a copy by the rules that the contract gives to clients. */
class Follower {
  readonly held = new Map<string, Wire>()
  readonly link: string
  #cursor: string | null = null
  #refreshedAt: string | null = null

  constructor(link: string) {
    this.link = link
  }

  async run(size: number): Promise<void> {
    for (let hasMore = true; hasMore; ) {
      const cursor = this.#cursor === null ? '' : `&cursor=${encodeURIComponent(this.#cursor)}`
      const { status, body } = await client.call('GET', `/links/${this.link}/transactions/sync?size=${size}${cursor}`)
      expect(status).toBe(200)
      const { refreshed_at } = body.link.products.transactions
      if (refreshed_at !== this.#refreshedAt) {
        for (const [id, { pending }] of this.held) if (pending) this.held.delete(id)
      }
      this.#refreshedAt = refreshed_at
      const { created, updated, removed } = body.transactions
      for (const each of [...created, ...updated]) this.held.set(each.transaction_id, each)
      for (const id of removed) this.held.delete(id)
      this.#cursor = body.cursor.next
      hasMore = body.has_more
    }
  }
}

const byId = (transactions: Iterable<Wire>) =>
  [...transactions].sort((a, b) => (a.transaction_id < b.transaction_id ? -1 : 1))

describe('a transaction of a rehearsal', () => {
  test('is fetched like any other, changes as it is told to, and goes', async () => {
    const { link, base, account } = await arrange()
    const before = await everything(link)
    const draft = {
      account_id: account,
      amount: '12.34',
      description: 'Corner Bakery',
      merchant: 'Corner Bakery',
      category: 'food_and_drink',
      subcategory: 'eating_out_and_takeaways',
      pending: true,
    }
    const answer = await client.call('POST', base, { body: draft })
    expect([answer.status, answer.body.link_id]).toEqual([202, link])
    const find = async () => {
      await app.drain()
      const known = new Set(before.map(({ transaction_id }) => transaction_id))
      const rest = (await everything(link)).filter(
        ({ transaction_id, description }) => !known.has(transaction_id) && /bakery/i.test(description),
      )
      expect(rest.length).toBeLessThanOrEqual(1)
      return rest[0]
    }
    const begun = await find()
    expect(begun).toMatchObject({ amount: '12.34', type: 'debit', pending: true, account_id: account })
    expect(begun).toMatchObject({
      date: app.clock.now().slice(0, 10),
      category: 'food_and_drink.eating_out_and_takeaways',
    })

    const posting = { pending: false, amount: '14.81', description: 'Corner Bakery & Tip' }
    expect((await client.call('PATCH', `${base}/${begun?.transaction_id}`, { body: posting })).status).toBe(202)
    const posted = await find()
    expect(posted).toMatchObject({ amount: '14.81', pending: false, description: 'Corner Bakery & Tip' })
    expect(posted).toMatchObject({ enrichment: { merchant: { name: 'Corner Bakery' } } })

    expect((await client.call('DELETE', `${base}/${posted?.transaction_id}`)).status).toBe(202)
    expect(await find()).toBeUndefined()
    const gone = await client.call('DELETE', `${base}/${posted?.transaction_id}`)
    expect([gone.status, gone.body.error_code]).toEqual([404, 'link_error.not_found'])
  })

  test('moves the balance of its account', async () => {
    const { link, base, account } = await arrange()
    const balance = async () => {
      const { accounts } = (await client.call('GET', `/links/${link}/accounts`)).body
      return Math.round(accounts.find(({ account_id }: Wire) => account_id === account).balances.current * 100)
    }
    const before = await balance()
    await client.call('POST', base, { body: { account_id: account, amount: 25, type: 'credit', description: 'Gift' } })
    await app.drain()
    expect(await balance()).toBe(before + 2500)
  })

  test.each([
    [{ amount: '-1.00' }, ['body', 'amount']],
    [{ amount: '1.005' }, ['body', 'amount']],
    [{ description: '' }, ['body', 'description']],
    [{ category: 'luck' }, ['body', 'category']],
    [{ date: 'today' }, ['body', 'date']],
  ])('with %j is refused with the member, and nothing happens', async (flaw, location) => {
    const { base, account } = await arrange()
    const body = { account_id: account, amount: '1.00', description: 'Bread', ...flaw }
    const { status, body: error } = await client.call('POST', base, { body })
    expect([status, error.validation_errors.map((each: Wire) => each.location)]).toEqual([422, [location]])
  })

  test('on a day to come, or of an account that is not there, is refused', async () => {
    const { base, account } = await arrange()
    const later = { account_id: account, amount: 1, description: 'Bread', date: '2100-01-01' }
    expect((await client.call('POST', base, { body: later })).status).toBe(422)
    const nowhere = { account_id: 'acc_rnDyUKwuo9BQeyqhuwrXe6', amount: 1, description: 'Bread' }
    expect((await client.call('POST', base, { body: nowhere })).status).toBe(404)
  })
})

test('whatever happens at the institution, a client that follows has what the full list has', {
  timeout: 120_000,
}, async () => {
  const { link, base, account } = await arrange()
  const follower = new Follower(link)
  const late = new Follower(link)
  const amount = fc.integer({ min: 1, max: 99_999 }).map((cents) => (cents / 100).toFixed(2))
  const pick = fc.nat()
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('add'), amount, pending: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('change'), amount, pick }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('post'), amount, pick }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove'), amount, pick }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait'), amount, pick }) },
  )
  const mine: Wire[] = []
  const take = async (place: { readonly pick: number }, wanted: (transaction: Wire) => boolean) => {
    const possible = (await everything(link)).filter((each) => each.account_id === account && wanted(each))
    return possible[place.pick % Math.max(1, possible.length)]
  }
  const doStep = async (told: Wire) => {
    if (told.kind === 'wait') app.clock.advance(7 * 3_600_000)
    if (told.kind === 'add') {
      const body = {
        account_id: account,
        amount: told.amount,
        description: `Line ${mine.length}`,
        pending: told.pending,
      }
      mine.push(body)
      expect((await client.call('POST', base, { body })).status).toBe(202)
      return
    }
    const found = await take(told as { pick: number }, ({ pending }) => told.kind !== 'post' || pending)
    if (!found || told.kind === 'wait') return
    const path = `${base}/${found.transaction_id}`
    const body =
      told.kind === 'post' ? { pending: false } : { amount: told.amount, description: `Changed ${told.amount}` }
    const call = told.kind === 'remove' ? client.call('DELETE', path) : client.call('PATCH', path, { body })
    expect((await call).status).toBe(202)
  }
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 500 }),
      async (steps, size) => {
        for (const each of steps) {
          await doStep(each)
          await app.drain()
          app.clock.advance(1000)
        }
        await follower.run(Math.max(size, 20))
        expect(byId(follower.held.values())).toEqual(byId(await everything(link)))
      },
    ),
    { numRuns: 12 },
  )
  await late.run(500)
  expect(byId(late.held.values())).toEqual(byId(follower.held.values()))
})
