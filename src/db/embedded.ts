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
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { connectionString, freePort, waitForAnswer } from './embedded-answer.js'
import { findPostgresBinaries, type PostgresBinaries } from './embedded-binaries.js'
import { type ClusterPlan, ensureCluster, readPassword, writeSecret } from './embedded-cluster.js'
import { findLauncher, launch, ownsFolder } from './embedded-launch.js'
import { isAlive, stopLeftover, stopPostmaster } from './embedded-leftover.js'
import { openPostgresLog } from './embedded-log.js'
import { DatabaseUnavailable } from './unavailable.js'

const START_ATTEMPTS_MAX = 4
const RESTART_DELAY_MS = 300

export interface EmbeddedOptions {
  /** The data folder; made when missing. */
  readonly folder: string
  /** PostgreSQL settings on top of ours. */
  readonly settings?: Readonly<Record<string, string>>
  /** Told when PostgreSQL died by itself and is started again. */
  readonly onCrash?: (complaint: string) => void
}

export interface EmbeddedDatabase {
  readonly connectionString: string
  stop(): Promise<void>
}

/** Makes the cluster when there is none, starts PostgreSQL on it and returns once it answers. Throws `DatabaseUnavailable`. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const folder = resolve(options.folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const cluster = join(folder, 'postgres')
  if (existsSync(cluster) && !ownsFolder(cluster)) {
    throw new DatabaseUnavailable(`${cluster} belongs to another user: start as that user, or set CLEARSPAN_DATA.`)
  }
  const binaries = findPostgresBinaries()
  const plan = { folder, cluster, binaries, launcher: findLauncher(binaries, cluster) }
  const password = await ensureCluster(plan)
  await stopLeftover(cluster)
  const running = new RunningPostgres(options, plan, password)
  await running.start()
  return running
}

/** How to reach the PostgreSQL that another process runs in this data folder, or undefined when none does. */
export function findRunningEmbedded(folder: string): string | undefined {
  const address = join(folder, 'postgres.json')
  const text = readIfThere(address)
  if (text === undefined) return undefined
  const { pid, port }: { pid: number; port: number } = JSON.parse(text)
  return isAlive(pid) ? connectionString(readPassword(folder), port) : undefined
}

/** It goes when the PostgreSQL does, at any moment. */
function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

class RunningPostgres implements EmbeddedDatabase {
  connectionString = ''
  readonly #options: EmbeddedOptions
  readonly #plan: ClusterPlan
  readonly #password: string
  #child: ChildProcess | undefined
  #isStopping = false

  constructor(options: EmbeddedOptions, plan: ClusterPlan, password: string) {
    this.#options = options
    this.#plan = plan
    this.#password = password
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
    if (child) await this.#end(child)
    rmSync(this.#addressFile, { force: true })
  }

  /** Returns what went wrong, or undefined once PostgreSQL answers. */
  async #tryStart(port: number): Promise<string | undefined> {
    const log = openPostgresLog(this.#plan.folder)
    const child = log.lend((out) => launch(this.#plan.launcher, this.#command(port), out))
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('exit', () => resolve(log.lastComplaint()))
    })
    const url = connectionString(this.#password, port)
    const failure = await Promise.race([ended, waitForAnswer(url)])
    if (failure !== undefined) {
      await this.#end(child)
      return failure
    }
    await writeSecret(this.#addressFile, JSON.stringify({ pid: child.pid, port }))
    this.connectionString = url
    this.#child = child
    void ended.then((complaint) => this.#restart(port, complaint))
    return undefined
  }

  /** PostgreSQL died under us: the same port again, so that open pools find it. */
  async #restart(port: number, complaint: string): Promise<void> {
    let reason: string | undefined = complaint
    while (reason !== undefined && !this.#isStopping) {
      this.#options.onCrash?.(reason)
      await sleep(RESTART_DELAY_MS)
      await stopLeftover(this.#plan.cluster)
      if (!this.#isStopping) reason = await this.#tryStart(port)
    }
  }

  async #end(child: ChildProcess): Promise<void> {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    // A signal would be a kill there.
    if (process.platform === 'win32') await promisify(execFile)(this.#plan.binaries.pgCtl, this.#stopArguments)
    else await stopPostmaster(child.pid)
    await ended
  }

  #command(port: number): readonly string[] {
    const { binaries, cluster } = this.#plan
    const settings = { ...SETTINGS, ...statStatements(binaries), port: String(port), ...this.#options.settings }
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    return [binaries.postgres, '-D', cluster, ...flags]
  }

  get #stopArguments(): string[] {
    return ['stop', '-D', this.#plan.cluster, '-m', 'fast']
  }

  get #addressFile(): string {
    return join(this.#plan.folder, 'postgres.json')
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
