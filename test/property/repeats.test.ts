/**
 * The same seed and the same steps make the same rows, ids and times included. `REPEATED_SEEDS=100` is the whole of it. F13.
 */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../setup/app.js'
import { kevin, somebody } from '../setup/cast.js'
import { dumpOf } from '../setup/dump.js'
import { ROUTING } from '../setup/money.js'

const SEEDS = Number(process.env.REPEATED_SEEDS ?? 2)
const STEPS = 25
const TIME_LIMIT_PER_SEED_MS = 120_000

const masterKey = randomBytes(32)

test(
  'the same seed and steps end in the same rows, byte for byte, and another seed in others',
  async () => {
    const dumps: (readonly string[])[] = []
    for (let seed = 1; seed <= SEEDS; seed++) {
      const first = await lifeOf(seed)
      // Nothing of it was empty, or nothing was shown.
      for (const table of ['events', 'payments', 'ledger_entries', 'retrievals', 'world.ach_entries']) {
        expect(first.some((line) => line.includes(`${table} {`))).toBe(true)
      }
      expect(await lifeOf(seed)).toEqual(first)
      dumps.push(first)
    }
    expect(new Set(dumps.map((dump) => dump.join('\n'))).size).toBe(SEEDS)
  },
  SEEDS * TIME_LIMIT_PER_SEED_MS,
)

/** What a database of its own has of a team after the steps that follow from a seed. */
async function lifeOf(seed: number): Promise<readonly string[]> {
  const app = await openApp({ CLEARSPAN_SEED: String(seed) }, { masterKey })
  try {
    const { secret: key } = await app.admin.createKey({ team: 'repeat', environment: 'development', label: null })
    await live(app, key, stepsBy(seed))
    const { id } = await app.admin.showTeam({ name: 'repeat', environment: 'development' })
    return await dumpOf(app.fresh.database, id)
  } finally {
    await app.close()
  }
}

/** Whole numbers below something, that follow from a seed. */
function stepsBy(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

async function live(app: App, key: string, draw: (below: number) => number): Promise<void> {
  const send = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<Wire> => {
    const { data } = await app.call(method, path, { key, version: '2025-12-01', ...(body ? { body } : {}) })
    await app.drain()
    return data
  }
  await send('POST', '/simulate/clock', { freeze: true })
  const by = { key }
  const people = [await kevin(app).as(by).verified().connected().enter()]
  people.push(await somebody(app, '0002').as(by).verified().connected().enter())
  await send('POST', '/webhooks', { type: 'payment.update', url: 'http://127.0.0.1:9/' })
  const sources: string[] = []
  // By the end of its number, what its bank sends back.
  for (const ending of ['5555', '0001', '9001']) {
    const ach = { routing: ROUTING, number: `12345${ending}`, type: 'checking' }
    sources.push((await send('POST', '/accounts', { holder_id: people[0]?.id, ach })).id)
  }
  const debts = people.flatMap(({ accounts }) => accounts.map(({ id }) => String(id)))
  const pick = <T>(list: readonly T[]): T => list[draw(list.length)] as T
  const payments: string[] = []
  const subscribe = async (enroll: string) => send('POST', `/entities/${pick(people).id}/subscriptions`, { enroll })
  for (let step = 0; step < STEPS; step++) {
    switch (draw(6)) {
      case 0:
      case 1:
      case 2: {
        const body = {
          amount: 100 + draw(5_000),
          description: 'Again',
          source: pick(sources),
          destination: pick(debts),
        }
        const { id } = await send('POST', '/payments', body)
        if (id) payments.push(id)
        break
      }
      case 3:
        if (payments.length > 0) await send('DELETE', `/payments/${pick(payments)}`)
        break
      case 4:
        await subscribe(pick(['credit_score', 'attribute', 'connect']))
        break
      case 5:
        await send('POST', '/simulate/clock', { advance: draw(3 * 86_400) })
        break
    }
  }
  await send('POST', '/simulate/clock', { advance: 'P12D' })
}
