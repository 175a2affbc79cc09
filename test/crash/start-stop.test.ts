import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isAlive } from '../../src/db/embedded-leftover.js'
import { freshDatabase } from '../setup/database.js'
import { freePort, MAIN, runClearspan, type SpawnedServer, spawnServer, temporaryFolder } from '../setup/server.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: SpawnedServer

// One data folder lives through the whole file, as on a user's machine.
beforeAll(async () => {
  folder = await temporaryFolder()
  server = await spawnServer({ environment: { CLEARSPAN_DATA: folder.path } })
})
afterAll(async () => {
  await server.stop()
  await folder.remove()
})

test('a fresh install answers on loopback, and keeps its secrets to its owner', async () => {
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:/)
  for (const name of ['master.key', 'postgres-password', 'postgres.json']) {
    expect(statSync(join(folder.path, name)).mode & 0o077).toBe(0)
  }
  expect(statSync(join(folder.path, 'postgres')).mode & 0o077).toBe(0)
})

test('a second server on the same folder is refused in one sentence and leaves the first alone', async () => {
  const { code, output } = await runClearspan(['serve'], { CLEARSPAN_DATA: folder.path, PORT: '0' })
  expect(code).toBe(1)
  expect(output.trim().split('\n')).toHaveLength(1)
  expect(output).toContain(`Process ${server.pid} is already using the data folder ${folder.path}`)
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
})

test('a taken port is refused in one sentence, before anything is made', async () => {
  const other = await temporaryFolder()
  const { code, output } = await runClearspan(['serve'], { CLEARSPAN_DATA: other.path, PORT: String(server.port) })
  expect(code).toBe(1)
  expect(output.trim().split('\n')).toHaveLength(1)
  expect(output).toContain(`Port ${server.port} is taken`)
  expect(existsSync(join(other.path, 'postgres'))).toBe(false)
  await other.remove()
})

test('a command beside the server uses its database', async () => {
  const { code, output } = await runClearspan(['migrate'], { CLEARSPAN_DATA: folder.path })
  expect(output).toContain('The database is up to date.')
  expect(code).toBe(0)
})

test('after kill -9 the next start is ready, and no PostgreSQL is left over', async () => {
  const before = postgresPid()
  await server.kill9()
  server = await spawnServer({ environment: { CLEARSPAN_DATA: folder.path } })
  expect(postgresPid()).not.toBe(before)
  expect(isAlive(before)).toBe(false)
})

test('a PostgreSQL killed under the server comes back by itself', async () => {
  const killed = postgresPid()
  process.kill(killed, 'SIGKILL')
  // Its sessions outlive it for a moment and still answer.
  const isBack = async () => postgresPid() !== killed && (await isHealthy())
  await expect.poll(isBack, { timeout: 8_000, interval: 50 }).toBe(true)
})

test('SIGTERM ends server and PostgreSQL cleanly, and the folder is free', async () => {
  const postgres = postgresPid()
  expect(await server.stop()).toBe(0)
  expect(isAlive(postgres)).toBe(false)
  expect(existsSync(join(folder.path, 'lock'))).toBe(false)
  expect(readFileSync(join(folder.path, 'postgres.log'), 'utf8')).toMatch(/database system is shut down\n$/)
})

test('a command without a server starts the database for the duration', async () => {
  const { output } = await runClearspan(['migrate'], { CLEARSPAN_DATA: folder.path })
  expect(output).toContain('The database is up to date.')
  expect(existsSync(join(folder.path, 'postgres.json'))).toBe(false)
})

test('a lock and a postmaster.pid with numbers of other programs stop nobody', async () => {
  writeFileSync(join(folder.path, 'lock'), `${process.ppid} 1`)
  writeFileSync(join(folder.path, 'postgres', 'postmaster.pid'), `${process.ppid}\n/elsewhere\n`)
  server = await spawnServer({ environment: { CLEARSPAN_DATA: folder.path } })
  expect(isAlive(process.ppid)).toBe(true)
})

test('with DATABASE_URL nothing but the master key is kept in the data folder', async () => {
  const [database, other] = await Promise.all([freshDatabase(), temporaryFolder()])
  const environment = { DATABASE_URL: database.connectionString, CLEARSPAN_DATA: other.path }
  const external = await spawnServer({ environment })
  expect(existsSync(join(other.path, 'postgres'))).toBe(false)
  expect(existsSync(join(other.path, 'master.key'))).toBe(true)
  expect(await external.stop()).toBe(0)
  await Promise.all([database.close(), other.remove()])
})

test('a database that is not there is told in one sentence without the password', async () => {
  const free = await freePort()
  const { code, output } = await runClearspan(['serve'], {
    DATABASE_URL: `postgres://me:hunter2@127.0.0.1:${free}/nowhere`,
    CLEARSPAN_DATA: folder.path,
    PORT: '0',
  })
  expect(code).toBe(1)
  expect(output.trim().split('\n')).toHaveLength(1)
  expect(output).toContain(`The database nowhere at 127.0.0.1:${free} can't be reached`)
  expect(output).not.toContain('hunter2')
})

const STRANGER = { uid: 1234, gid: 1234 }

test.runIf(canBeStranger())('an ordinary user without an account can run it too', async () => {
  const own = await temporaryFolder()
  spawnSync('chown', [`${STRANGER.uid}:${STRANGER.gid}`, own.path])
  const environment = { PATH: process.env.PATH, CLEARSPAN_DATA: join(own.path, 'data') }
  const child = spawnSync(process.execPath, [MAIN, 'migrate'], { env: environment, encoding: 'utf8', ...STRANGER })
  expect(child.stdout + child.stderr).toBe('The database is up to date.\n')
  expect(statSync(join(own.path, 'data', 'postgres')).uid).toBe(STRANGER.uid)
  await own.remove()
})

/** Only root can become somebody else, and only where that one may read the checkout. */
function canBeStranger(): boolean {
  return process.getuid?.() === 0 && spawnSync('test', ['-r', MAIN], STRANGER).status === 0
}

function postgresPid(): number {
  return Number(readFileSync(join(folder.path, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
}

async function isHealthy(): Promise<boolean> {
  const answer = await fetch(`${server.url}/healthz`).catch(() => undefined)
  return answer?.status === 200
}
