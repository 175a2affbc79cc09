/** A clock whose server is killed on its way leads to the rows that it would have led to, ids included. F13. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { freshDatabase } from '../setup/database.js'
import { dumpOf } from '../setup/dump.js'
import { connectedKevin, DEMO_KEY, methodApi } from '../setup/method-api.js'
import { spawnServer } from '../setup/server.js'

const KILLS = Number(process.env.CRASH_ROUNDS ?? 3)
const KILLED_WITHIN_MS = 1_500
const PATIENCE = { timeout: 60_000, interval: 50 }
const masterKey = randomBytes(32).toString('base64')

// What a killed transaction had taken from a sequence stays taken, so these are different numbers that mean the same.
const SEQUENCED = /("(?:\w*[tT]race_?[iI]d|returned_number|until)": )("\d+"|\d+)/g

test(
  `a way that is killed ${KILLS} times ends in the rows of one that is not`,
  async () => {
    const whole = await rowsAfterWay([])
    expect(whole.some((line) => line.startsWith('public.ledger_entries'))).toBe(true)
    const kills = fc.sample(fc.integer({ min: 0, max: KILLED_WITHIN_MS }), KILLS)
    expect(await rowsAfterWay(kills)).toEqual(whole)
  },
  120_000 + KILLS * 90_000,
)

/** The rows of the demo team after thirty days, on which the server was killed so long after it had begun to move. */
async function rowsAfterWay(killsMs: readonly number[]): Promise<readonly string[]> {
  const database = await freshDatabase()
  const { pool } = database.database
  const environment = {
    DATABASE_URL: database.connectionString,
    CLEARSPAN_MASTER_KEY: masterKey,
    CLEARSPAN_SEED: 'again',
  }
  let server = await spawnServer({ environment })
  let killed = 0
  try {
    let api = methodApi(server, DEMO_KEY)
    const jobsLeft = async () => {
      const { rows } = await pool.query(`select 1 from graphile_worker.jobs where task_identifier <> 'requests.forget'`)
      return rows.length
    }
    const settled = () => expect.poll(jobsLeft, PATIENCE).toBe(0)
    await api.post('/simulate/clock', { freeze: true })
    await api.post('/simulate/clock', { set: '2031-01-15T09:00:00Z' })
    const { entityId, cardId: destination } = await connectedKevin(api)
    await settled()
    await api.post(`/entities/${entityId}/subscriptions`, { enroll: 'credit_score' })
    await api.post(`/accounts/${destination}/subscriptions`, { enroll: 'update' })
    await settled()
    // By the end of its number, what its bank sends back.
    for (const ending of ['5555', '0001', '9001']) {
      const ach = { routing: '062103000', number: `12345${ending}`, type: 'checking' }
      const source = (await api.post('/accounts', { holder_id: entityId, ach })).body.data.id
      for (let count = 1; count <= 5; count++) {
        await api.post('/payments', { amount: 100 * count, description: 'Again', source, destination })
      }
    }
    const advance = () => api.post('/simulate/clock', { advance: 'P30D' }).catch(() => null)
    const moving = async () => (await pool.query('select 1 from team_clocks where target_at is not null')).rows.length
    let moved: Promise<unknown> | null = null
    for (const ms of killsMs) {
      // Nothing is posted until the server is dead, so that no machine is quick enough to arrive before.
      const obstacle = await pool.connect()
      try {
        await obstacle.query('begin; lock table ledger_entries in share mode')
        if (!moved) {
          moved = advance()
          await expect.poll(moving, PATIENCE).toBe(1)
        }
        await sleep(ms)
        await server.kill9()
        killed += await moving()
      } finally {
        await obstacle.query('rollback')
        obstacle.release()
      }
      server = await spawnServer({ environment })
    }
    await (moved ?? advance())
    // On its way, or nothing was shown.
    expect(killed > 0).toBe(killsMs.length > 0)
    api = methodApi(server, DEMO_KEY)
    const clock = async () => (await api.get('/simulate/clock')).body.data
    await expect.poll(async () => (await clock()).moving_to, PATIENCE).toBeNull()
    expect((await clock()).now).toBe('2031-02-14T09:00:00.000Z')
    await settled()
    const { rows } = await pool.query(`select id from teams where name = 'demo'`)
    const lines = await dumpOf(database.database, rows[0].id)
    return lines.map((line) => line.replaceAll(SEQUENCED, '$1…')).sort()
  } finally {
    await server.kill9()
    await database.close()
  }
}
