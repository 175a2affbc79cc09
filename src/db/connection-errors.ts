import pg from 'pg'

// PostgreSQL's classes 08 (connection), 53 (resources), 57P (shutdown) and a cancelled statement; Node's names for a socket
// that broke; pg's own words where it gives no code.
const SQL_STATES = /^(08|53|57P0|57014$)/
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT'])
const PG_WORDS =
  /timeout exceeded when trying to connect|connection terminated|connection timeout|Client has encountered a connection error/i

/** True when the database could not be reached or had no room: trying again may help. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return SQL_STATES.test(error.code ?? '')
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError) return error.errors.some(isUnavailable)
  return ('code' in error && SOCKET_CODES.has(String(error.code))) || PG_WORDS.test(error.message)
}
