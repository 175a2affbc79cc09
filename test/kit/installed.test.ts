import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { ROOT } from '../docs/pages.js'
import { type Installation, installClearspan } from '../setup/installation.js'
import { temporaryFolder } from '../setup/server.js'

// Of whole programs that start many others.
const PATIENCE_MS = 180_000

let user: Installation
beforeAll(async () => {
  user = await installClearspan('examples/testing')
}, PATIENCE_MS)
afterAll(() => user.remove())

const onTestCluster = () => ({ CLEARSPAN_TESTING_DATABASE_URL: inject('clusterUrl') })

test('the suite of the example passes where the packed kit is installed', { timeout: PATIENCE_MS }, async () => {
  const printed = await user.run('npm', ['test'], onTestCluster())
  expect(printed).toMatch(/^# pass 5$/m)
  expect(printed).toMatch(/^# fail 0$/m)
})

const FILES = 20

// Every file moves time by days of its own, makes as many people, and afterwards finds its own time and people only.
const fileOf = (number: number) => `
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { connectClearspan } from '@clearspan/testing'

const clearspan = await connectClearspan()
after(() => clearspan.close())

test('file ${number} is alone in its world', async () => {
  const team = await clearspan.team()
  const begun = Date.parse(await team.clock.freeze())
  const told = await team.webhooks.expect('entity.create', {
    cause: () => team.ask('POST', '/entities', { type: 'individual', individual: { first_name: 'File ${number}' } }),
  })
  const [entity] = await team.ask('GET', '/entities')
  assert.equal(told.body.id, entity.id)
  assert.equal(entity.individual.first_name, 'File ${number}')
  const debts = Array.from({ length: ${(number % 4) + 1} }, () => ({ mch_id: 'mch_302086', balance: ${1000 + number} }))
  const { accountIds } = await team.connectedPerson(await team.persona({ liabilities: debts }))
  assert.equal(accountIds.length, debts.length)
  assert.equal(Date.parse(await team.clock.advance('P${number}D')) - begun, ${number} * 86_400_000)
  assert.equal((await team.ask('GET', '/accounts')).length, debts.length)
  console.log('server: ' + clearspan.url)
})
`

test('twenty files at once, each with a team of its own, share one server', { timeout: PATIENCE_MS }, async () => {
  const folder = join(user.path, 'many')
  await mkdir(folder)
  const files = Array.from({ length: FILES }, (_, index) => join(folder, `file-${index + 1}.test.js`))
  await Promise.all(files.map((file, index) => writeFile(file, fileOf(index + 1))))
  const runner = ['node', '--test', `--test-concurrency=${FILES}`, ...files]
  const printed = await user.run('clearspan-testing', runner, onTestCluster())
  expect(printed).toMatch(new RegExp(`^# pass ${FILES}$`, 'm'))
  expect(new Set(printed.match(/server: \S+/g)).size).toBe(1)
})

const VITEST_CONFIG = `export default { test: { globalSetup: '@clearspan/testing/global-setup', include: ['*.test.js'] } }`

const vitestFile = (name: string) => `
import { connectClearspan } from '@clearspan/testing'
import { expect, test } from 'vitest'
test('${name}', async () => {
  const clearspan = await connectClearspan()
  const team = await clearspan.team()
  await team.connectedPerson()
  expect(await team.ask('GET', '/entities')).toHaveLength(1)
  console.log('server: ' + clearspan.url)
  await clearspan.close()
})
`

test('the global setup gives all files of a vitest run one server', { timeout: PATIENCE_MS }, async () => {
  const folder = join(user.path, 'by-vitest')
  await mkdir(folder)
  await symlink(join(ROOT, 'node_modules', 'vitest'), join(user.path, 'node_modules', 'vitest'))
  await writeFile(join(folder, 'vitest.config.js'), VITEST_CONFIG)
  for (const name of ['one', 'other']) await writeFile(join(folder, `${name}.test.js`), vitestFile(name))
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const printed = await user.run('node', [vitest, 'run', '--root', folder], { ...onTestCluster(), ...OUTSIDE })
  expect(printed).toContain('2 passed')
  const servers = printed.match(/server: \S+/g)
  expect(servers).toHaveLength(2)
  expect(new Set(servers).size).toBe(1)
})

// What vitest tells its own workers.
const OUTSIDE = { VITEST: '', VITEST_WORKER_ID: '', VITEST_POOL_ID: '', NO_COLOR: '1' }

const TWO_SERVERS = `
import { startClearspan } from '@clearspan/testing'
// The first one starts the PostgreSQL.
const servers = [await startClearspan(), await startClearspan()]
const teams = await Promise.all(servers.map((server) => server.team()))
await teams[0].connectedPerson()
const counts = await Promise.all(teams.map((team) => team.ask('GET', '/entities')))
console.log(counts.map(({ length }) => length).join())
await servers[0].close()
await servers[1].reset()
await servers[1].team()
await servers[1].close()
const forgotten = await startClearspan()
await forgotten.team()
`

test('servers side by side share one built-in PostgreSQL and leave no database behind', {
  timeout: PATIENCE_MS,
}, async () => {
  const cache = await temporaryFolder()
  const folder = join(cache.path, 'clearspan', 'testing')
  await writeFile(join(user.path, 'two.js'), TWO_SERVERS)
  // As under `npm test`, where whoever started the PostgreSQL ends before others that use it.
  const underNpm = { npm_lifecycle_event: 'test' }
  const environment = { XDG_CACHE_HOME: cache.path, CLEARSPAN_TESTING_DATABASE_URL: '', ...underNpm }
  expect(await user.run('node', ['two.js'], environment)).toBe('1,0\n')
  const keeper = Number((await readFile(join(folder, 'lock'), 'utf8')).split(' ')[0])
  try {
    expect((await readdir(folder)).filter((name) => name === 'postgres')).toHaveLength(1)
    await expect.poll(() => scratchDatabases(folder), { timeout: 10_000 }).toEqual([])
  } finally {
    process.kill(keeper, 'SIGTERM')
    await expect.poll(() => readdir(folder), { timeout: 10_000 }).not.toContain('lock')
    await cache.remove()
  }
})

async function scratchDatabases(folder: string): Promise<readonly string[]> {
  const { port } = JSON.parse(await readFile(join(folder, 'postgres.json'), 'utf8'))
  const password = (await readFile(join(folder, 'postgres-password'), 'utf8')).trim()
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'clearspan', password, database: 'postgres' })
  await client.connect()
  const { rows } = await client
    .query<{ name: string }>(`select datname as name from pg_database where starts_with(datname, 'clearspan_test_')`)
    .finally(() => client.end())
  return rows.map(({ name }) => name)
}
