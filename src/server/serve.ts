/**
 * A server from start to stop: config, port, data folder and database, tables, wiring, HTTP, jobs; released in reverse.
 * Everything hangs on the returned value, so two servers fit in one process.
 */
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { ClockWatch } from '../core/clock/clock.js'
import { openDatabase } from '../db/database.js'
import { listen as listenToDatabase } from '../db/listen.js'
import { startRunner } from '../jobs/runner.js'
import { isLoopback } from './addresses.js'
import type { Admin } from './admin.js'
import { Closers } from './closers.js'
import { type Config, readConfig, readSecrets } from './config.js'
import { startDueLoop } from './due-loop.js'
import { openLog } from './log.js'
import { claimPort, explainListen } from './port.js'
import { openStorage } from './storage.js'
import { type Wired, wire } from './wiring.js'

const STATEMENT_TIMEOUT_MS = 5_000
const JOB_STATEMENT_TIMEOUT_MS = 30_000
const CONNECT_TIMEOUT_MS = 2_000
// For each of two queues one connection listens, two fetch and complete: they neither starve nor are starved by requests.
const QUEUE_CONNECTIONS = 6
// Senders of webhooks write much at a time: they wait for each other rather than keep requests waiting.
const SENDER_CONNECTIONS = 4
const JOBS_AT_ONCE = 10
const RECEIVERS_AT_ONCE = 40
const DRAIN_LIMIT_MS = 9_000

export interface ServerOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly isTTY: boolean
  /** Which parts this process runs. */
  readonly parts: readonly ('api' | 'worker')[]
  /** How long a request waits for a connection to the database; default: two seconds, after which its caller had better come again. */
  readonly connectTimeoutMs?: number
}

export interface RunningServer {
  /** With the actual port. */
  readonly config: Config
  readonly log: Logger
  readonly admin: Admin
  /** Where the console is opened: by a link that is good once, where only this machine reaches the server. */
  readonly consoleUrl: string
  /** Lets requests and jobs in progress end, within 10 seconds, and releases everything. */
  stop(): Promise<void>
}

/** Starts what `parts` says and returns once it is ready. Throws `Problem` or `DatabaseUnavailable`, with nothing left running. */
export function startServer(options: ServerOptions): Promise<RunningServer> {
  return Closers.around((closers) => start(options, closers))
}

async function start(options: ServerOptions, closers: Closers): Promise<RunningServer> {
  const { environment, isTTY, parts, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options
  const config = await readConfigWithPort(environment, { isTTY, isServing: parts.includes('api') })
  const log = openLog(config)
  const secrets = readSecrets(environment, config.dataFolder)
  const storage = await openStorage(config, secrets, log)
  closers.add(storage.close)
  const open = (poolSize: number, statementTimeoutMs: number) => {
    const database = openDatabase({
      connectionString: storage.connectionString,
      poolSize,
      statementTimeoutMs,
      connectTimeoutMs,
      onIdleError: (error) => log.warn({ err: error }, 'database.connection_lost'),
    })
    closers.add(database.close)
    return database
  }
  const database = open(config.poolSize, STATEMENT_TIMEOUT_MS)
  const { pool } = open(QUEUE_CONNECTIONS, JOB_STATEMENT_TIMEOUT_MS)
  const senders = open(SENDER_CONNECTIONS, STATEMENT_TIMEOUT_MS)
  const wired = wire({ database, senderDb: senders.db, config, secrets, log, role: parts.join() })
  // Requests and jobs end side by side, so that together they keep to the time limit of one.
  const ending: (() => Promise<void>)[] = [parts.includes('api') ? () => closeHttp(wired) : wired.close]
  closers.add(() => Promise.all(ending.map((end) => end())))
  const listener = await hearClocks(wired.clockWatch, storage.connectionString, log)
  closers.add(() => listener.stop())
  await wired.prepare()
  if (parts.includes('api')) await listen(wired.http, config)
  if (parts.includes('worker')) {
    const isAlone = config.usesOwnPostgres
    const quick = wired.tasks.filter((task) => !wired.deliveries.includes(task))
    // What repeats is done in one order.
    const concurrency = config.seed === null ? JOBS_AT_ONCE : 1
    const runner = await startRunner({ pool, tasks: quick, log, concurrency, isAlone })
    ending.push(() => runner.stop())
    // Receivers may take their time: whoever waits for them keeps nobody else waiting.
    const sender = await startRunner({
      pool,
      tasks: wired.deliveries,
      log,
      concurrency: RECEIVERS_AT_ONCE,
      isAlone: false,
    })
    ending.push(() => sender.stop())
    const dueLoop = startDueLoop(wired, log)
    ending.push(() => dueLoop.stop())
  }
  log.info({ parts, publicUrl: config.publicUrl }, 'server.ready')
  const consoleUrl = isLoopback(config.host) ? await wired.admin.createConsoleLink() : `${config.publicUrl}/dashboard`
  return { config, log, admin: wired.admin, consoleUrl, stop: () => closers.close() }
}

/** Every process knows at once how a team's clock was set by another. */
function hearClocks(watch: ClockWatch, connectionString: string, log: Logger) {
  return listenToDatabase({
    connectionString,
    channel: watch.channel,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    onOpen: watch.begin,
    onMessage: watch.hear,
    onLost(error) {
      watch.end()
      log.warn({ err: error }, 'clocks.not_heard')
    },
  })
}

/** The config with the port that will be used, known to be free before anything is started. */
async function readConfigWithPort(
  environment: ServerOptions['environment'],
  { isTTY, isServing }: { readonly isTTY: boolean; readonly isServing: boolean },
): Promise<Config> {
  const config = readConfig(environment, { isTTY })
  if (!isServing) return config
  const port = await claimPort(config.host, config.port)
  return port === config.port ? config : readConfig({ ...environment, PORT: String(port) }, { isTTY })
}

async function listen(http: FastifyInstance, { host, port }: Config): Promise<void> {
  try {
    await http.listen({ host, port })
  } catch (error) {
    throw explainListen(error, host, port)
  }
}

/** Takes no more connections, lets running requests end, and cuts those that take too long. */
async function closeHttp(wired: Wired): Promise<void> {
  const cut = setTimeout(() => wired.http.server.closeAllConnections(), DRAIN_LIMIT_MS)
  await wired.close()
  clearTimeout(cut)
}
