/**
 * One PostgreSQL for every test process of a user. It runs in a keeper, a process of its own that the first one to need it
 * starts and that ends by itself a while after the last connection is gone: no test process has to outlive the others. What
 * is in it is thrown away, so nothing of it has to be safe on disk; the cluster stays there for a quick start the next time.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findRunningEmbedded, startEmbedded } from '../../db/embedded.js'
import { DatabaseUnavailable } from '../../db/unavailable.js'
import { lockData } from '../data-lock.js'
import { Problem } from '../problem.js'
import { untilSignal } from '../signals.js'

const START_PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 25
const LINGER_MS = 10_000
const FORGETFUL = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '500' }

/** A connection to the shared PostgreSQL's maintenance database, which keeps it running while it is open. */
export async function joinPostgres(folder: string, program: string): Promise<pg.Client> {
  const until = performance.now() + START_PATIENCE_MS
  for (let keeper: { readonly hasEnded: boolean } | undefined; ; await sleep(LOOK_EVERY_MS)) {
    const client = await connectToRunning(folder)
    if (client) return client
    // Of two keepers started at once one gives way, and one that was about to stop may be found last: both are tried again.
    if (!keeper || keeper.hasEnded) keeper = spawnKeeper(folder, program)
    if (performance.now() > until) {
      throw new DatabaseUnavailable(`No PostgreSQL for tests came up in ${folder}: ${readComplaint(folder)}`)
    }
  }
}

/** The keeper's own life: returns at a signal, or when nobody has been connected for a while. At once where another one keeps the folder. */
export async function keepPostgres(folder: string): Promise<void> {
  const lock = lockOrGiveWay(folder)
  if (!lock) return
  try {
    const postgres = await startAnew(folder)
    await Promise.race([untilSignal(), untilLonely(maintenanceUrl(postgres.connectionString))])
    await postgres.stop()
  } finally {
    lock.release()
  }
}

function lockOrGiveWay(folder: string) {
  try {
    return lockData(folder)
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

/** A cluster that doesn't start, such as one of an older PostgreSQL, holds nothing that anyone would miss. */
async function startAnew(folder: string) {
  try {
    return await startEmbedded({ folder, settings: FORGETFUL })
  } catch {
    rmSync(join(folder, 'postgres'), { recursive: true, force: true })
    return startEmbedded({ folder, settings: FORGETFUL })
  }
}

async function untilLonely(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  for (let lonelySince = performance.now(); performance.now() - lonelySince < LINGER_MS; await sleep(LINGER_MS / 20)) {
    const { rows } = await client.query(
      `select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1`,
    )
    if (rows.length > 0) lonelySince = performance.now()
  }
  await client.end()
}

function spawnKeeper(folder: string, program: string): { readonly hasEnded: boolean } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const log = openSync(join(folder, 'keeper.log'), 'w', 0o600)
  const child = spawn(process.execPath, [program, 'testing', 'postgres', '--folder', folder], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
  })
  child.unref()
  const keeper = { hasEnded: false }
  const ended = () => {
    keeper.hasEnded = true
  }
  child.once('exit', ended).once('error', ended)
  return keeper
}

function readComplaint(folder: string): string {
  return readFileSync(join(folder, 'keeper.log'), 'utf8').trim().split('\n')[0] || 'it says nothing'
}

async function connectToRunning(folder: string): Promise<pg.Client | undefined> {
  const url = findRunningEmbedded(folder)
  if (!url) return undefined
  const client = new pg.Client({ connectionString: maintenanceUrl(url) })
  client.on('error', () => {})
  return client.connect().then(
    () => client,
    () => undefined,
  )
}

function maintenanceUrl(url: string): string {
  const address = new URL(url)
  address.pathname = '/postgres'
  return address.href
}
