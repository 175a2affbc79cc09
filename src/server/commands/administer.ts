import { openDatabase } from '../../db/database.js'
import { startRunner } from '../../jobs/runner.js'
import type { Admin } from '../admin.js'
import { Closers } from '../closers.js'
import { readConfig, readSecrets } from '../config.js'
import { openLog } from '../log.js'
import { findStorage, reachStorage } from '../storage.js'
import { wire } from '../wiring.js'

// The queue listens with one of them.
const POOL_SIZE = 6
const STATEMENT_TIMEOUT_MS = 60_000
const CONNECT_TIMEOUT_MS = 10_000

/**
 * Does something beside a running server, or without one: on the same database, and gone afterwards. With `runsFetches` it
 * does the jobs meanwhile that fetch what was asked for, so that nobody has to run a server for that. `needsServer`: without a
 * server it fails at once.
 */
export async function administer(
  work: (admin: Admin) => Promise<string>,
  { runsFetches = false, needsServer = false }: { readonly runsFetches?: boolean; readonly needsServer?: boolean } = {},
): Promise<void> {
  const closers = new Closers()
  try {
    const config = readConfig(process.env, { isTTY: true })
    const log = openLog(config)
    const secrets = readSecrets(process.env, config.dataFolder)
    const storage = await (needsServer ? findStorage(config, secrets) : reachStorage(config, secrets, log))
    closers.add(storage.close)
    const database = openDatabase({
      connectionString: storage.connectionString,
      poolSize: POOL_SIZE,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
    })
    closers.add(database.close)
    const wired = wire({ database, config, secrets, log, role: 'command' })
    closers.add(wired.close)
    if (runsFetches) {
      const { pool } = database
      const runner = await startRunner({
        pool,
        tasks: wired.fetches,
        log,
        concurrency: config.seed === null ? 2 : 1,
        isAlone: false,
      })
      closers.add(() => runner.stop())
    }
    process.stdout.write(`${await work(wired.admin)}\n`)
  } finally {
    await closers.close()
  }
}
