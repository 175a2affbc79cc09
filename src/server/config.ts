/** The environment, read once: `readConfig` gives what may be printed, `readSecrets` what must not. */
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Problem } from './problem.js'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const METHOD_SHAPES = ['early', 'late', 'auto'] as const
const MASTER_KEY_BYTES = 32
const TOKEN_CHARACTERS_MIN = 16
const KEPT_DAYS_MAX = 36_500

/** Safe to print. Secrets are in `Secrets`. */
export interface Config {
  /** PORT: where HTTP is served; 0 takes any free one. Default 4000. */
  readonly port: number
  /** HOST: the address it is served on. Default 127.0.0.1, this machine only. */
  readonly host: string
  /** CLEARSPAN_PUBLIC_URL: how callers reach this server, without a slash at the end. Default: http, host and port. */
  readonly publicUrl: string
  /** CLEARSPAN_DATA: the folder of the built-in PostgreSQL and of the master key. Default .clearspan. */
  readonly dataFolder: string
  /** DATABASE_URL: whether it is set. Without it the built-in PostgreSQL is used. */
  readonly usesOwnPostgres: boolean
  /** CLEARSPAN_POOL_SIZE: connections for requests; jobs have their own. Default 10. */
  readonly poolSize: number
  /** LOG_LEVEL. Default: warn on a terminal, otherwise info. */
  readonly logLevel: (typeof LOG_LEVELS)[number]
  /** CLEARSPAN_METHOD_SHAPE_2024: which of its two documented shapes version 2024-04-04 has; auto goes by the caller. Default auto. */
  readonly methodShape2024: (typeof METHOD_SHAPES)[number]
  /** CLEARSPAN_ACH_OUTBOX: the folder to which each processing window writes its ACH file. Default: none is written. */
  readonly achOutbox: string | null
  /** CLEARSPAN_ACH_INBOX: the folder where banks' files of returns are dropped. Default: none is read. */
  readonly achInbox: string | null
  /** CLEARSPAN_MX_WIDGET: the folder of the bundle that an operator made of MX's widget. Default: that of the example, if built. */
  readonly mxWidget: string | null
  /** CLEARSPAN_EVENT_DAYS: how many days events can be read at least. Default 400. */
  readonly eventsKeptDays: number
  /** CLEARSPAN_DELIVERY_DAYS: how many days deliveries can be looked up and sent again at least. Default 90. */
  readonly deliveriesKeptDays: number
  /** CLEARSPAN_REQUEST_DAYS: how many days requests can be looked up at least; 0 keeps none. Default 30. */
  readonly requestsKeptDays: number
  /** CLEARSPAN_SEED: makes ids and other chance of teams in development follow from it and from their clocks. Default: real chance. */
  readonly seed: string | null
  /** CLEARSPAN_ANSWER_DELAY_MS: how long simulated institutions take to answer. Default 1500. */
  readonly answerDelayMs: number
}

export interface Secrets {
  /** DATABASE_URL; null when the built-in PostgreSQL is used. */
  readonly databaseUrl: string | null
  /** CLEARSPAN_MASTER_KEY, base64: wraps the teams' data keys. Default: the file master.key in the data folder, made at the first start. */
  readonly masterKey: Buffer
  /** CLEARSPAN_METRICS_TOKEN: what readers of /metrics have to send. Default: none, and only where no other machine reaches the server. */
  readonly metricsToken: string | null
}

type Environment = Readonly<Record<string, string | undefined>>

/** Throws `Problem` naming the variable, what it holds and what it may hold. Reads no file. */
export function readConfig(environment: Environment, terminal: { readonly isTTY: boolean }): Config {
  const read = reader(environment)
  const port = read.integer('PORT', { otherwise: 4000, min: 0, max: 65_535 })
  const host = read.text('HOST', '127.0.0.1')
  return {
    port,
    host,
    publicUrl: read.url('CLEARSPAN_PUBLIC_URL') ?? `http://${nameOf(host)}:${port}`,
    dataFolder: resolve(read.text('CLEARSPAN_DATA', '.clearspan')),
    usesOwnPostgres: databaseUrl(environment) === null,
    poolSize: read.integer('CLEARSPAN_POOL_SIZE', { otherwise: 10, min: 1, max: 500 }),
    logLevel: read.oneOf('LOG_LEVEL', LOG_LEVELS, terminal.isTTY ? 'warn' : 'info'),
    methodShape2024: read.oneOf('CLEARSPAN_METHOD_SHAPE_2024', METHOD_SHAPES, 'auto'),
    achOutbox: read.folder('CLEARSPAN_ACH_OUTBOX'),
    achInbox: read.folder('CLEARSPAN_ACH_INBOX'),
    mxWidget: read.folder('CLEARSPAN_MX_WIDGET'),
    eventsKeptDays: read.integer('CLEARSPAN_EVENT_DAYS', { otherwise: 400, min: 1, max: KEPT_DAYS_MAX }),
    deliveriesKeptDays: read.integer('CLEARSPAN_DELIVERY_DAYS', { otherwise: 90, min: 1, max: KEPT_DAYS_MAX }),
    requestsKeptDays: read.integer('CLEARSPAN_REQUEST_DAYS', { otherwise: 30, min: 0, max: KEPT_DAYS_MAX }),
    seed: environment.CLEARSPAN_SEED?.trim() || null,
    answerDelayMs: read.integer('CLEARSPAN_ANSWER_DELAY_MS', { otherwise: 1_500, min: 0, max: 600_000 }),
  }
}

/** How this machine reaches itself: an address that means all of them is not one to call. */
function nameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

/** Throws `Problem`. Makes the master key's file when there is neither a variable nor a file. */
export function readSecrets(environment: Environment, dataFolder: string): Secrets {
  return {
    databaseUrl: databaseUrl(environment),
    masterKey: masterKey(environment, dataFolder),
    metricsToken: metricsToken(environment),
  }
}

function databaseUrl(environment: Environment): string | null {
  const text = environment.DATABASE_URL?.trim()
  if (!text) return null
  // Its value holds a password: the message does not repeat it.
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw new Problem('DATABASE_URL must look like postgres://user:password@host:5432/database.')
  }
  return text
}

function metricsToken(environment: Environment): string | null {
  const token = environment.CLEARSPAN_METRICS_TOKEN?.trim() || null
  if (token === null || token.length >= TOKEN_CHARACTERS_MIN) return token
  throw new Problem(
    `CLEARSPAN_METRICS_TOKEN must have ${TOKEN_CHARACTERS_MIN} characters or more; openssl rand -hex 16 makes one.`,
  )
}

function masterKey(environment: Environment, dataFolder: string): Buffer {
  const given = environment.CLEARSPAN_MASTER_KEY?.trim()
  if (given) return decodeKey(given, 'CLEARSPAN_MASTER_KEY')
  const file = join(dataFolder, 'master.key')
  if (!existsSync(file)) writeKeyFile(dataFolder, file)
  return decodeKey(readFileSync(file, 'utf8').trim(), file)
}

function writeKeyFile(dataFolder: string, file: string): void {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  try {
    // `wx`: of two processes that start at once, one writes the key and both read it.
    writeFileSync(file, `${randomBytes(MASTER_KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
    chmodSync(file, 0o600)
  } catch (error) {
    if (!existsSync(file)) throw new Problem(`The master key can't be written to ${file}.`, { cause: error })
  }
}

function decodeKey(text: string, source: string): Buffer {
  const key = Buffer.from(text, 'base64')
  if (key.length !== MASTER_KEY_BYTES || !/^[A-Za-z0-9+/_-]+=*$/.test(text)) {
    throw new Problem(`${source} must hold ${MASTER_KEY_BYTES} bytes in base64; openssl rand -base64 32 makes one.`)
  }
  return key
}

function reader(environment: Environment) {
  const raw = (name: string) => environment[name]?.trim() || undefined
  return {
    text: (name: string, otherwise: string) => raw(name) ?? otherwise,
    folder(name: string): string | null {
      const path = raw(name)
      return path === undefined ? null : resolve(path)
    },
    integer(name: string, range: { readonly otherwise: number; readonly min: number; readonly max: number }): number {
      const text = raw(name)
      if (text === undefined) return range.otherwise
      const value = Number(text)
      if (/^\d+$/.test(text) && value >= range.min && value <= range.max) return value
      throw new Problem(
        `${name} must be a whole number from ${range.min} to ${range.max}, not ${JSON.stringify(text)}.`,
      )
    },
    oneOf<T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
      const text = raw(name)
      if (text === undefined) return otherwise
      const found = allowed.find((value) => value === text)
      if (found !== undefined) return found
      throw new Problem(`${name} must be one of ${allowed.join(', ')}, not ${JSON.stringify(text)}.`)
    },
    url(name: string): string | null {
      const text = raw(name)
      if (text === undefined) return null
      if (/^https?:\/\//.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '')
      throw new Problem(`${name} must start with http:// or https://, not ${JSON.stringify(text)}.`)
    },
  }
}
