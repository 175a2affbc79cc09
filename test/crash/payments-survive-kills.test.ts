/** Windows during which the server is killed, again and again: no payment is lost, moved twice or stuck. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import { connectedKevin, methodApi, sharedEnvironment } from '../setup/method-api.js'
import { runClearspan, spawnServer } from '../setup/server.js'

const KILLS = 20
const PAYMENTS_PER_ROUND = 25
// Where a window is stopped: before it posts, writes an entry down, tells of it, and before the banks have it.
const STOPS = ['ledger_entries', 'ach_entries', 'events', 'world.ach_entries', 'world.deposit_entries']
const TIME_LIMIT_MS = 400_000
const PATIENCE = { timeout: 30_000, interval: 100 }

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.close())

const query = async (text: string) => (await database.database.pool.query(text)).rows
/** Time passes: whatever waits has come to its time. */
const letTimePass = async () => {
  await query(`update payments set due_at = now() - interval '1 second' where due_at is not null`)
  await query(`update payment_reversals set due_at = now() - interval '1 second' where due_at is not null`)
}

/** Closes a table to writers; the window then stops in front of it, in the middle of its work. */
async function closed(table: string): Promise<() => Promise<void>> {
  const client = await database.database.pool.connect()
  await client.query('begin')
  await client.query(`lock table ${table} in share mode`)
  return async () => {
    await client.query('rollback')
    client.release()
  }
}
const isWindowStopped = async () =>
  (await query(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`))
    .length > 0
/** Something was due and is not done, or written down and not handed over. */
const isHalfway = async () =>
  (
    await query(`select 1 from payments where due_at <= now()
      union all select 1 from ach_entries where status = 'waiting' limit 1`)
  ).length > 0

test(
  `of payments whose server is killed ${KILLS} times during their windows none is lost, moved twice or stuck`,
  async () => {
    const environment = sharedEnvironment(database)
    const accounts = { source: '', destination: '' }
    let made = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const server = await spawnServer({ environment })
      const api = methodApi(server)
      if (kill === 0) {
        const { entityId, cardId } = await connectedKevin(api)
        const ach = { routing: '062103000', number: '123456789', type: 'checking' }
        accounts.source = (await api.post('/accounts', { holder_id: entityId, ach })).body.data.id
        accounts.destination = cardId
      }
      const body = { amount: 100 + kill, description: 'Survivor', ...accounts }
      const answers = await Promise.all(Array.from({ length: PAYMENTS_PER_ROUND }, () => api.post('/payments', body)))
      expect(answers.every(({ status }) => status === 200)).toBe(true)
      made += PAYMENTS_PER_ROUND
      const open = await closed(STOPS[kill % STOPS.length] ?? '')
      await letTimePass()
      await expect.poll(isWindowStopped, { timeout: 10_000, interval: 10 }).toBe(true)
      await server.kill9()
      await open()
      // Otherwise the kill came before or after, and nothing was shown.
      expect(await isHalfway()).toBe(true)
    }
    const server = await spawnServer({ environment })
    const statuses = async () => {
      await letTimePass()
      return query(
        `select distinct status from payments union all select status from ach_entries where status = 'waiting'`,
      )
    }
    await expect.poll(statuses, PATIENCE).toEqual([{ status: 'settled' }])
    expect(await query(`select count(*)::int as total from payments`)).toEqual([{ total: made }])
    // Each was taken from its source once and given to the debt once, by the books of the banks.
    const [books] = await query(`
      select (select sum(cents)::int from world.deposit_entries) as taken,
        (select sum(cents)::int from world.movements where kind = 'payment') as given,
        (select sum(amount_cents)::int from payments) as paid`)
    expect(books).toEqual({ taken: -books.paid, given: -books.paid, paid: books.paid })
    await server.stop()
    const { code, output } = await runClearspan(['ledger', 'check'], environment)
    expect(output).toContain(`${made} payments, ${made * 2} entries, all balanced`)
    expect(code).toBe(0)
  },
  TIME_LIMIT_MS,
)
