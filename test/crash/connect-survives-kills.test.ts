/** A connect that goes on to ask for products ends once, however often the server dies on the way. F1. */
import { afterEach, expect, test } from 'vitest'
import { freshDatabase } from '../setup/database.js'
import { IDENTITY_SESSION, KEVIN, methodApi, PHONE_SESSION, sharedEnvironment } from '../setup/method-api.js'
import { spawnServer } from '../setup/server.js'

// A job that a killed process held is free again within 30 seconds, and each of the two kills may meet one.
const PATIENCE = { timeout: 60_000, interval: 20 }
const TIME_LIMIT_MS = 180_000
const LATE = { 'method-version': '2025-12-01' }

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

test('a connect that is killed before and after it has asked completes once, with one answer of each product', {
  timeout: TIME_LIMIT_MS,
}, async () => {
  const database = await freshDatabase()
  cleanUps.push(() => database.close())
  const environment = { ...sharedEnvironment(database), CLEARSPAN_ANSWER_DELAY_MS: '600' }
  let server = await spawnServer({ environment })
  cleanUps.push(() => server.stop())
  const restart = async () => {
    await server.kill9()
    server = await spawnServer({ environment, port: server.port })
  }
  const api = methodApi(server)
  const base = `/entities/${(await api.post('/entities', KEVIN)).body.data.id}`
  for (const session of [PHONE_SESSION, IDENTITY_SESSION]) await api.post(`${base}/verification_sessions`, session)

  const { body } = await api.post(`${base}/connect`, { products: ['balance', 'payoff', 'update'] }, LATE)
  expect(body.data).toMatchObject({ status: 'pending', accounts: null })
  await restart()
  const hasAsked = async () => {
    const { rows } = await database.database.pool.query<{ status: string }>(
      `select status from retrievals where product = 'connect' and result is not null`,
    )
    return rows.map(({ status }) => status)
  }
  // On a machine that is busy it may have ended before anybody looks.
  await expect.poll(hasAsked, PATIENCE).toHaveLength(1)
  await restart()

  const read = async () => (await api.get(`${base}/connect/${body.data.id}`, LATE)).body.data
  await expect.poll(async () => (await read()).status, PATIENCE).toBe('completed')
  const { accounts } = await read()
  expect(accounts).toHaveLength(7)
  for (const id of accounts) {
    const balances = (await api.get(`/accounts/${id}/balances`)).body.data as { status: string }[]
    expect(balances.map(({ status }) => status)).toEqual(['completed'])
  }
  const { rows } = await database.database.pool.query(
    `select after->>'status' as status from events where topic = 'connect.updated'`,
  )
  expect(rows).toEqual([{ status: 'completed' }])
})
