/** What was promised to a caller is kept by a server that was killed meanwhile. F1, F10. */
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { findRunningEmbedded } from '../../src/db/embedded.js'
import { freshDatabase } from '../setup/database.js'
import { connectedKevin, methodApi, sharedEnvironment } from '../setup/method-api.js'
import { spawnServer, temporaryFolder } from '../setup/server.js'
import { openSubscriber, type Subscriber } from '../setup/subscriber.js'

// On a machine that is busy with other things, twice what the first start took there.
const CARD_BALANCE_CENTS = 1_866_688 // contract: method/dev-fixtures §6
const PATIENCE = { timeout: 15_000, interval: 30 }

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

test('a balance asked for before a kill completes after the restart and is told, on a database of its own', async () => {
  const database = await freshDatabase()
  cleanUps.push(() => database.close())
  const environment = { ...sharedEnvironment(database), CLEARSPAN_ANSWER_DELAY_MS: '500' }
  const story = await begin(environment)

  const balanceId = await story.askForBalance()
  await story.killAndRestart()

  await story.expectCompleted(balanceId)
  await story.expectTold(balanceId)
  const { rows } = await database.database.pool.query(
    `select after->>'status' as status from events where resource = 'balance' and topic = 'balance.updated'`,
  )
  expect(rows).toEqual([{ status: 'completed' }])
})

test('a balance whose job was running at the kill completes once, on the built-in database', async () => {
  const { folder, environment } = await ownFolder()
  const story = await begin({ ...environment, CLEARSPAN_ANSWER_DELAY_MS: '300' })

  const balanceId = await story.askForBalance()
  await holdUntilJobWaits(folder, balanceId.replace('bal_', ''))
  await story.killAndRestart()

  await story.expectCompleted(balanceId)
  await story.expectTold(balanceId)
})

test('a delivery that was under way at the kill is sent again with the same body', async () => {
  const { environment } = await ownFolder()
  const story = await begin(environment)
  story.subscriber.answer('never')

  const balanceId = await story.askForBalance()
  await expect.poll(() => story.copiesOf(balanceId).length, PATIENCE).toBe(1)
  await story.killAndRestart()

  await expect.poll(() => story.copiesOf(balanceId).length, PATIENCE).toBe(2)
  await story.expectTold(balanceId)
})

interface Story {
  readonly subscriber: Subscriber
  askForBalance(): Promise<string>
  killAndRestart(): Promise<void>
  expectCompleted(balanceId: string): Promise<void>
  /** At least once, and every copy the same. */
  expectTold(balanceId: string): Promise<void>
  /** The bodies that told of the balance's end. */
  copiesOf(balanceId: string): readonly string[]
}

/** A server with a connected Kevin, and somebody who wants to hear of his balances. */
async function begin(environment: Readonly<Record<string, string>>): Promise<Story> {
  const subscriber = await openSubscriber()
  cleanUps.push(() => subscriber.close())
  let server = await spawnServer({ environment })
  cleanUps.push(() => server.stop())
  const api = methodApi(server)
  const { cardId } = await connectedKevin(api)
  await api.post('/webhooks', { type: 'balance.update', url: subscriber.url })

  const copiesOf = (balanceId: string) =>
    subscriber.received.filter(({ body }) => body.id === balanceId).map(({ text }) => text)
  return {
    subscriber,
    copiesOf,
    async askForBalance() {
      const asked = await api.post(`/accounts/${cardId}/balances`, {})
      expect(asked.body.data).toMatchObject({ status: 'pending', amount: null })
      return asked.body.data.id
    },
    async killAndRestart() {
      await server.kill9()
      subscriber.answer(200)
      server = await spawnServer({ environment, port: server.port })
    },
    async expectCompleted(balanceId) {
      const path = `/accounts/${cardId}/balances/${balanceId}`
      await expect.poll(async () => (await api.get(path)).body.data.status, PATIENCE).toBe('completed')
      expect((await api.get(path)).body.data.amount).toBe(CARD_BALANCE_CENTS)
      expect((await api.get(`/accounts/${cardId}/balances`)).body.data).toHaveLength(1)
    },
    async expectTold(balanceId) {
      await expect.poll(() => copiesOf(balanceId).length, PATIENCE).toBeGreaterThan(0)
      const told = { id: balanceId, type: 'balance.update', path: `/accounts/${cardId}/balances/${balanceId}` }
      expect(new Set(copiesOf(balanceId))).toEqual(new Set([JSON.stringify(told)]))
    },
  }
}

async function ownFolder() {
  const folder = await temporaryFolder()
  cleanUps.push(() => folder.remove())
  return { folder: folder.path, environment: { CLEARSPAN_DATA: folder.path } }
}

/** Locks a retrieval until its job stands in front of the lock; the kill then finds the job in the middle of its work. */
async function holdUntilJobWaits(folder: string, retrievalId: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: findRunningEmbedded(folder), max: 2 })
  // The database ends with its server, and every connection with it.
  pool.on('error', () => {})
  const client = await pool.connect()
  client.on('error', () => {})
  cleanUps.push(async () => {
    client.release(true)
    await pool.end()
  })
  await client.query('begin')
  const held = await client.query(`select 1 from retrievals where id = $1 and status = 'pending' for update`, [
    retrievalId,
  ])
  expect(held.rowCount).toBe(1)
  const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%for update%'`
  await expect.poll(async () => (await pool.query(waiting)).rowCount, PATIENCE).toBe(1)
}
