/** Clocks that are moved by one process and seen by others, and moves whose process is killed on the way. F13. */
import { afterEach, expect, test } from 'vitest'
import { freshDatabase } from '../setup/database.js'
import { connectedKevin, createTeamKey, type MethodApi, methodApi, sharedEnvironment } from '../setup/method-api.js'
import { runClearspan, spawnServer, temporaryFolder } from '../setup/server.js'

const DAY_MS = 86_400_000
const PATIENCE = { timeout: 30_000, interval: 50 }
const KILLS = 2

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function sharedDatabase() {
  const database = await freshDatabase()
  cleanUps.push(() => database.close())
  return sharedEnvironment(database)
}

async function start(environment: Readonly<Record<string, string>>, command = ['serve']) {
  const server = await spawnServer({ environment, command })
  cleanUps.push(() => server.stop())
  return { server, api: methodApi(server) }
}

const clockOf = async (api: MethodApi) => (await api.get('/simulate/clock')).body.data
const move = async (api: MethodApi, body: object) => (await api.post('/simulate/clock', body)).body.data

test('every process knows a new time when the call that made it returns, and never an earlier one', async () => {
  const environment = await sharedDatabase()
  const { api: one } = await start(environment)
  const { api: other } = await start(environment, ['serve', '--no-worker'])
  let latest = ''
  for (let step = 0; step < 20; step++) {
    const [mover, reader] = step % 2 === 0 ? [one, other] : [other, one]
    await reader.get('/entities')
    // The first move of a team's clock is news to whoever believed in real time.
    const { now } = await move(mover, step === 0 ? { freeze: true } : { advance: 'PT1H' })
    expect(now > latest).toBe(true)
    latest = now
    const { data } = (await reader.post('/entities', { type: 'individual', individual: {} })).body
    expect(data.created_at).toBe(now)
  }
})

test('a move whose process is killed on the way ends where it was to, with everything done once', async () => {
  const folder = await temporaryFolder()
  cleanUps.push(() => folder.remove())
  const environment = { CLEARSPAN_DATA: folder.path }
  let { server, api } = await start(environment)
  const { entityId: id, cardId } = await connectedKevin(api)
  const { now: begun } = await move(api, { freeze: true })
  await api.post(`/entities/${id}/subscriptions`, { enroll: 'credit_score' })
  await api.post(`/accounts/${cardId}/subscriptions`, { enroll: 'update' })
  let target = Date.parse(begun)
  for (let kill = 0; kill < KILLS; kill++) {
    target += 40 * DAY_MS
    const answer = move(api, { advance: 'P40D' }).catch(() => null)
    await new Promise((resolve) => setTimeout(resolve, 300 + 250 * kill))
    await server.kill9()
    await answer
    ;({ server, api } = await start(environment))
    await expect.poll(async () => (await clockOf(api)).moving_to, PATIENCE).toBeNull()
    expect((await clockOf(api)).now).toBe(new Date(target).toISOString())
  }
  const days = Array.from({ length: 40 * KILLS }, (_, day) =>
    new Date(Date.parse(begun) + (40 * KILLS - day) * DAY_MS).toISOString(),
  )
  for (const path of [`/entities/${id}/credit_scores`, `/accounts/${cardId}/updates`]) {
    const rows = []
    for (const page of [1, 2]) rows.push(...(await api.get(`${path}?page_limit=100&page=${page}`)).body.data)
    const made = rows.filter(({ created_at: at, source }) => at > begun && source !== 'snapshot')
    expect(made.map(({ created_at }) => created_at)).toEqual(days)
    expect(new Set(made.map(({ status }) => status))).toEqual(new Set(['completed']))
  }
}, 120_000)

test('a command moves a clock beside a server, whose answers then have that time', async () => {
  const environment = await sharedDatabase()
  const key = await createTeamKey('bank', environment)
  const { server } = await start(environment)
  const api = methodApi(server, key)
  const { entityId: id } = await connectedKevin(api)
  await api.post(`/entities/${id}/subscriptions`, { enroll: 'credit_score' })
  const run = async (...args: readonly string[]) => {
    const { code, output } = await runClearspan(['clock', ...args, '--team', 'bank'], environment)
    expect(code, output).toBe(0)
    return output.trim()
  }
  const frozen = await run('freeze')
  expect(frozen).toMatch(/^Team bank: \S+, frozen$/)
  expect(await run('show')).toBe(frozen)
  const moved = await run('advance', 'P2D')
  expect(frozen).toContain((await clockOf(api)).now.slice(11))
  expect(moved).toBe(`Team bank: ${(await clockOf(api)).now}, frozen`)
  expect((await api.get(`/entities/${id}/credit_scores`)).body.data).toHaveLength(2)
  const later = new Date(Date.parse((await clockOf(api)).now) + 3 * DAY_MS).toISOString()
  expect(await run('set', later)).toBe(`Team bank: ${later}, frozen`)
  expect(await run('resume')).toMatch(/^Team bank: [^,]+$/)
}, 60_000)

test('a command moves a clock without a server, and does what is due', async () => {
  const folder = await temporaryFolder()
  cleanUps.push(() => folder.remove())
  const environment = { CLEARSPAN_DATA: folder.path }
  const first = await spawnServer({ environment })
  const api = methodApi(first)
  const { entityId: id } = await connectedKevin(api)
  await api.post(`/entities/${id}/subscriptions`, { enroll: 'credit_score' })
  await first.stop()
  const { code, output } = await runClearspan(['clock', 'advance', 'P3D'], environment)
  expect(code, output).toBe(0)
  const { api: later } = await start(environment)
  const { data } = (await later.get(`/entities/${id}/credit_scores`)).body
  expect(data.map(({ status }: { status: string }) => status)).toEqual(['completed', 'completed', 'completed'])
}, 60_000)

test('a command says what it does not understand', async () => {
  const environment = await sharedDatabase()
  await createTeamKey('bank', environment)
  const complaintOf = async (...args: readonly string[]) => {
    const { code, output } = await runClearspan(['clock', ...args, '--team', 'bank'], environment)
    expect(code).toBe(1)
    return output
  }
  expect(await complaintOf('set', 'tomorrow')).toContain('is no instant')
  expect(await complaintOf('set', '2020-01-01')).toContain('never goes back')
  expect(await complaintOf('advance', 'soon')).toContain('ISO 8601 duration')
}, 60_000)
