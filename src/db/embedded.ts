/**
 * The built-in PostgreSQL: a cluster of its own in the data folder, a child process of ours on a free loopback port,
 * behind a random password. The caller holds the folder's lock, so there is one PostgreSQL per folder.
 *
 *   postgres/           the cluster (0700)
 *   postgres-password   the superuser's password (0600)
 *   postgres.json       how the running one is reached (0600), for commands run beside the server
 *   postgres.log        what PostgreSQL says
 */
import { type ChildProcess, execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { findPostgresBinaries, type PostgresBinaries } from './embedded-binaries.js'
import { findLauncher, handOver, type Launcher, launch, ownsFolder } from './embedded-launch.js'
import { isAlive, stopLeftover, stopPostmaster } from './embedded-leftover.js'
import { DatabaseUnavailable } from './unavailable.js'

const USER = 'clearspan'
const DATABASE = 'clearspan'
const START_PATIENCE_MS = 20_000
const START_ATTEMPTS_MAX = 4
const RESTART_DELAY_MS = 300
const LOG_BYTES_MAX = 5_000_000

export interface EmbeddedOptions {
  /** The data folder; made when missing. */
  readonly folder: string
  /** PostgreSQL settings on top of ours. */
  readonly settings?: Readonly<Record<string, string>>
  /** Told when PostgreSQL died by itself and is started again. */
  readonly onCrash?: (message: string) => void
}

export interface EmbeddedDatabase {
  readonly connectionString: string
  stop(): Promise<void>
}

/** Makes the cluster when there is none, starts PostgreSQL on it and returns once it answers. Throws `DatabaseUnavailable`. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const folder = resolve(options.folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const binaries = findPostgresBinaries()
  const cluster = join(folder, 'postgres')
  if (existsSync(cluster) && !ownsFolder(cluster)) {
    throw new DatabaseUnavailable(`${cluster} belongs to another user: start as that user, or set CLEARSPAN_DATA.`)
  }
  const launcher = findLauncher(binaries, cluster)
  const password = await findPassword(folder)
  if (!existsSync(join(cluster, 'PG_VERSION'))) await makeCluster({ folder, cluster, binaries, launcher })
  await stopLeftover(cluster)
  const running = new RunningPostgres({ ...options, folder }, { cluster, binaries, launcher, password })
  await running.start()
  return running
}

/** How to reach the PostgreSQL that another process runs in this data folder, or undefined when none does. */
export function findRunningEmbedded(folder: string): string | undefined {
  const address = join(folder, 'postgres.json')
  if (!existsSync(address)) return undefined
  const { pid, port }: { pid: number; port: number } = JSON.parse(readFileSync(address, 'utf8'))
  if (!isAlive(pid)) return undefined
  return connectionString(readFileSync(join(folder, 'postgres-password'), 'utf8').trim(), port)
}

interface Place {
  readonly cluster: string
  readonly binaries: PostgresBinaries
  readonly launcher: Launcher
  readonly password: string
}

class RunningPostgres implements EmbeddedDatabase {
  connectionString = ''
  readonly #options: EmbeddedOptions
  readonly #place: Place
  #child: ChildProcess | undefined
  #isStopping = false

  constructor(options: EmbeddedOptions, place: Place) {
    this.#options = options
    this.#place = place
  }

  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const failure = await this.#tryStart(await freePort())
      if (!failure) return
      // A port taken in the last instant, or children of a killed PostgreSQL still leaving: both pass.
      if (attempt === START_ATTEMPTS_MAX) throw new DatabaseUnavailable(`PostgreSQL did not start: ${failure}`)
      await sleep(attempt * RESTART_DELAY_MS)
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    const child = this.#child
    this.#child = undefined
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      await (process.platform === 'win32' ? this.#stopOnWindows() : stopPostmaster(child.pid))
      await ended
    }
    rmSync(join(this.#options.folder, 'postgres.json'), { force: true })
  }

  /** Returns what went wrong, or undefined once PostgreSQL answers. */
  async #tryStart(port: number): Promise<string | undefined> {
    const { folder } = this.#options
    const child = withLog(folder, (log) => launch(this.#place.launcher, this.#command(port), { log }))
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('exit', () => resolve(lastComplaint(folder)))
    })
    const url = connectionString(this.#place.password, port)
    const failure = await Promise.race([ended, waitForAnswer(url)])
    if (failure) return failure
    await writeSecret(join(folder, 'postgres.json'), JSON.stringify({ pid: child.pid, port }))
    this.connectionString = url
    this.#child = child
    child.once('exit', () => void this.#restart(port))
    return undefined
  }

  /** PostgreSQL died under us: the same port again, so that open pools find it. */
  async #restart(port: number): Promise<void> {
    while (!this.#isStopping) {
      this.#options.onCrash?.(lastComplaint(this.#options.folder))
      await sleep(RESTART_DELAY_MS)
      await stopLeftover(this.#place.cluster)
      if (this.#isStopping || !(await this.#tryStart(port))) return
    }
  }

  async #stopOnWindows(): Promise<void> {
    await promisify(execFile)(this.#place.binaries.pgCtl, ['stop', '-D', this.#place.cluster, '-m', 'fast'])
  }

  #command(port: number): readonly string[] {
    const { binaries, cluster } = this.#place
    const settings = { ...SETTINGS, ...statStatements(binaries), port: String(port), ...this.#options.settings }
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    return [binaries.postgres, '-D', cluster, ...flags]
  }
}

// Small: one process on a developer's machine. What a commit promises (fsync, synchronous_commit) stays as it is.
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '64MB',
  jit: 'off',
  track_io_timing: 'on',
  // Nobody replicates from the built-in database.
  wal_level: 'minimal',
  max_wal_senders: '0',
  random_page_cost: '1.1',
  // The log names what went wrong, never the values: those can be personal data.
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
}

/** Loaded but asleep: `alter system set pg_stat_statements.track = 'top'` wakes it without a restart. */
function statStatements(binaries: PostgresBinaries): Readonly<Record<string, string>> {
  if (!binaries.hasStatStatements) return {}
  return { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'none' }
}

/** initdb into a folder beside, renamed when complete: an interrupted first start leaves nothing half made. */
async function makeCluster(place: {
  readonly folder: string
  readonly cluster: string
  readonly binaries: PostgresBinaries
  readonly launcher: Launcher
}): Promise<void> {
  const unfinished = `${place.cluster}.new`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  // initdb reads the password from a file that it must be able to open as whoever it runs as.
  const passwordFile = join(unfinished, '..', 'postgres-password.new')
  await writeSecret(passwordFile, readFileSync(join(place.folder, 'postgres-password'), 'utf8'))
  handOver(place.launcher, unfinished)
  handOver(place.launcher, passwordFile)
  const flags = [`--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C']
  const command = [place.binaries.initdb, '-D', unfinished, '-U', USER, ...flags]
  const child = withLog(place.folder, (log) => launch(place.launcher, command, { log }))
  const code = await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject))
  rmSync(passwordFile, { force: true })
  if (code !== 0) throw new DatabaseUnavailable(`The database could not be made: ${lastComplaint(place.folder)}`)
  rmSync(place.cluster, { recursive: true, force: true })
  renameSync(unfinished, place.cluster)
}

async function findPassword(folder: string): Promise<string> {
  const file = join(folder, 'postgres-password')
  if (!existsSync(file)) await writeSecret(file, `${randomBytes(24).toString('base64url')}\n`)
  return readFileSync(file, 'utf8').trim()
}

async function writeSecret(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 })
  await chmod(file, 0o600)
}

/** Connects until PostgreSQL answers; makes our database when the cluster is new. Returns the problem, if any. */
async function waitForAnswer(url: string): Promise<string | undefined> {
  const until = performance.now() + START_PATIENCE_MS
  let problem = 'no answer'
  while (performance.now() < until) {
    const error = await connectOnce(url)
    if (!error) return undefined
    if (isCode(error, '3D000')) await createDatabase(url)
    problem = error.message
    await sleep(15)
  }
  return problem
}

async function connectOnce(url: string): Promise<Error | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: START_PATIENCE_MS })
  client.on('error', () => {})
  try {
    await client.connect()
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  } finally {
    await client.end().catch(() => {})
  }
}

async function createDatabase(url: string): Promise<void> {
  const maintenance = new URL(url)
  maintenance.pathname = '/postgres'
  const client = new pg.Client({ connectionString: maintenance.href })
  await client.connect()
  await client.query(`create database ${DATABASE}`)
  await client.end()
}

function isCode(error: Error, code: string): boolean {
  return error instanceof pg.DatabaseError && error.code === code
}

function connectionString(password: string, port: number): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.listen(0, '127.0.0.1', resolve).once('error', reject))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return address && typeof address === 'object' ? address.port : 0
}

/** Opens the log for a child and closes our end of it. A log that has grown too long starts anew. */
function withLog<T>(folder: string, use: (log: number) => T): T {
  const file = join(folder, 'postgres.log')
  const isLong = existsSync(file) && statSync(file).size > LOG_BYTES_MAX
  const log = openSync(file, isLong ? 'w' : 'a', 0o600)
  try {
    return use(log)
  } finally {
    closeSync(log)
  }
}

/** The last thing PostgreSQL complained about, for the person in front of the terminal. */
function lastComplaint(folder: string): string {
  const file = join(folder, 'postgres.log')
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-50)
  const complaint = lines.reverse().find((line) => /FATAL|PANIC|error:|could not/.test(line))
  return `${complaint?.replace(/^.*?(FATAL|PANIC|error):\s*/, '') ?? 'no reason given'} (see ${file})`
}
