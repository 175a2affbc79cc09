import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const BYTES_MAX = 5_000_000
// What every start says while it is not ready yet.
const ORDINARY = /the database system is (starting|not yet accepting)|database "clearspan" does not exist/

/** What a PostgreSQL program writes while it runs: appended to `postgres.log`, so that it outlives us. */
export interface PostgresLog {
  /** Lends the open file to a child that is started meanwhile. */
  lend<T>(use: (descriptor: number) => T): T
  /** The last complaint since this log was opened, for the person in front of the terminal. */
  lastComplaint(): string
}

/** A log that has grown too long starts anew. */
export function openPostgresLog(folder: string): PostgresLog {
  const file = join(folder, 'postgres.log')
  const size = existsSync(file) ? statSync(file).size : 0
  const isLong = size > BYTES_MAX
  const start = isLong ? 0 : size
  return {
    lend(use) {
      const descriptor = openSync(file, isLong ? 'w' : 'a', 0o600)
      try {
        return use(descriptor)
      } finally {
        closeSync(descriptor)
      }
    },
    lastComplaint() {
      // Whoever removed the data folder under a running server removed the log too.
      const log = existsSync(file) ? readFileSync(file).subarray(start).toString('utf8') : ''
      const lines = log.trimEnd().split('\n')
      const complaint = lines
        .reverse()
        .find((line) => /FATAL|PANIC|error:|could not/.test(line) && !ORDINARY.test(line))
      return `${complaint?.replace(/^.*?(FATAL|PANIC|error):\s*/, '') ?? 'no reason given'} (see ${file})`
    },
  }
}
