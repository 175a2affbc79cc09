/**
 * Servers that are killed while payments are asked for and moved, each at another moment; callers then ask again by the same
 * key. `CRASH_ROUNDS=500` is the whole of it, `PROPERTY_SEED` chooses other moments. F1.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import { connectedKevin, type MethodApi, methodApi, sharedEnvironment } from '../setup/method-api.js'
import { runClearspan, spawnServer } from '../setup/server.js'

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 8)
const PAYMENTS_PER_ROUND = 4
const KILLED_WITHIN_MS = 50
const RETRIES_MAX = 200
const RETRY_MS = 100
const TIME_LIMIT_PER_ROUND_MS = 60_000

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.close())

const query = async (text: string) => (await database.database.pool.query(text)).rows

/** A request under a key, and what its caller was told: null while nothing was. */
interface Asked {
  readonly path: string
  readonly body: object
  readonly key: string
  told: string | null
}

const asking = (path: string, body: object): Asked => ({ path, body, key: randomUUID(), told: null })
const idOf = ({ told }: Asked): string => JSON.parse(told ?? '').data.id

/** Asks again while the server says that it is not up to it yet, as callers do. */
async function ask(api: MethodApi, asked: Asked): Promise<void> {
  const send = () => api.post(asked.path, asked.body, { 'idempotency-key': asked.key })
  let { status, text } = await send()
  for (let again = 0; status === 503 && again < RETRIES_MAX; again++) {
    await sleep(RETRY_MS)
    ;({ status, text } = await send())
  }
  expect(status, text).toBe(200)
  if (asked.told !== null) expect(text).toBe(asked.told)
  asked.told = text
}

test(
  `payments that are asked for while the server is killed, ${ROUNDS} times, are made once and moved once`,
  async () => {
    const environment = sharedEnvironment(database)
    const moments = fc.sample(fc.integer({ min: 0, max: KILLED_WITHIN_MS }), ROUNDS)
    let server = await spawnServer({ environment })
    let api = methodApi(server)
    const { entityId, cardId: destination } = await connectedKevin(api)
    const ach = { routing: '062103000', number: '123456789', type: 'checking' }
    const source = (await api.post('/accounts', { holder_id: entityId, ach })).body.data.id
    const payments: Asked[] = []
    let lost = 0
    for (const [round, moment] of moments.entries()) {
      const moved = payments.slice(-PAYMENTS_PER_ROUND).map(idOf)
      const begun = Array.from({ length: PAYMENTS_PER_ROUND }, (_, index) =>
        asking('/payments', {
          amount: 100 + round,
          description: 'Survivor',
          metadata: { name: `${round}.${index}` },
          source,
          destination,
        }),
      )
      const answers = Promise.allSettled([
        ...begun.map((each) => ask(api, each)),
        ...moved.map((id) => api.post(`/simulate/payments/${id}`, { status: 'processing' })),
      ])
      await sleep(moment)
      await server.kill9()
      await answers
      lost += begun.filter(({ told }) => told === null).length
      server = await spawnServer({ environment })
      api = methodApi(server)
      // Whoever was told is told the same, byte for byte; whoever was not is told now.
      await Promise.all([...begun.map((each) => ask(api, each)), ...moved.map((id) => moveUnlessMoved(api, id))])
      payments.push(...begun)
      await expectWhole(payments)
    }
    // Some were interrupted, or nothing was shown.
    expect(lost).toBeGreaterThan(0)
    await server.stop()
    const { code, output } = await runClearspan(['ledger', 'check'], environment)
    expect(output).toContain(`${payments.length} payments`)
    expect(code, output).toBe(0)
  },
  60_000 + ROUNDS * TIME_LIMIT_PER_ROUND_MS,
)

async function moveUnlessMoved(api: MethodApi, id: string): Promise<void> {
  const { status } = (await api.get(`/payments/${id}`)).body.data
  if (status !== 'pending') expect(status).toBe('processing')
  else expect((await api.post(`/simulate/payments/${id}`, { status: 'processing' })).status).toBe(200)
}

/** Each payment is there once and under the id that was told, with its event; the ledger adds up to nothing. */
async function expectWhole(payments: readonly Asked[]): Promise<void> {
  const made = await query(`
    select metadata->>'name' as name, min('pmt_' || p.id) as id, count(*)::int as times,
      (select count(*)::int from events e where e.resource_id = min(p.id) and e.topic = 'payment.created') as events
    from payments p group by 1`)
  const expected = payments.map((each) => ({
    name: JSON.parse(each.told ?? '').data.metadata.name,
    id: idOf(each),
    times: 1,
    events: 1,
  }))
  const byName = (one: { readonly name: string }, other: { readonly name: string }) =>
    one.name < other.name ? -1 : one.name > other.name ? 1 : 0
  expect(made.sort(byName)).toEqual(expected.sort(byName))
  const moved = Math.max(0, payments.length - PAYMENTS_PER_ROUND)
  expect(
    await query(`select count(*)::int as entries, coalesce(sum(cents), 0)::int as cents from ledger_entries`),
  ).toEqual([{ entries: 2 * moved, cents: 0 }])
}
