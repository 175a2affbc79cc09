import pino, { type Logger } from 'pino'
import type { Config } from './config.js'

/**
 * Fields that never reach the log, wherever they hang in a line. Lines hold ids and event names; this is the net under
 * the rope. By name rather than by pino's paths: those cost more than the rest of a request's log line together.
 */
export const REDACTED_FIELDS = [
  'access_token',
  'accountNumber',
  'account_number',
  'answers',
  'authorization',
  'cardNumber',
  'card_number',
  'clientSecret',
  'client_secret',
  'cookie',
  'credentials',
  'cvv',
  'databaseUrl',
  'dob',
  'encrypted_account_number',
  'masterKey',
  'number',
  'password',
  'public_token',
  'refresh_token',
  'routing_number',
  'secret',
  'ssn',
  'ssn4',
  'ssn_4',
  'token',
  'x-api-key',
] as const

const redacted: ReadonlySet<string> = new Set(REDACTED_FIELDS)
const DEPTH_MAX = 6

/** JSON lines on standard error; standard output belongs to the banner and to what commands print. */
export function openLog(
  config: Pick<Config, 'logLevel'>,
  destination: pino.DestinationStream = pino.destination(2),
): Logger {
  return pino(
    {
      level: config.logLevel,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { log: (line) => redact(line, 0) },
      serializers: { err: describeError },
    },
    destination,
  )
}

/** The same object when there is nothing to hide, otherwise a copy. Looks into plain objects and lists only. */
function redact<T extends object>(value: T, depth: number): T {
  let copy: T | undefined
  for (const [key, inner] of Object.entries(value)) {
    const shown = redacted.has(key.toLowerCase()) || redacted.has(key) ? '[redacted]' : redactInner(inner, depth)
    if (shown === inner) continue
    copy ??= Array.isArray(value) ? Object.assign([], value) : { ...value }
    Object.assign(copy, { [key]: shown })
  }
  return copy ?? value
}

function redactInner(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
  if (!isPlain) return value
  return depth < DEPTH_MAX ? redact(value, depth + 1) : '[too deep]'
}

/** What went wrong and where. Further fields are left out: PostgreSQL's `detail` quotes the row it refused. */
function describeError(error: unknown): object {
  const { type, message, stack, code } = pino.stdSerializers.err(
    error instanceof Error ? error : new Error(String(error)),
  )
  return { type, message, code, stack }
}
