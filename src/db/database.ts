import {
  type Dialect,
  type Driver,
  Kysely,
  type KyselyProps,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Transaction,
} from 'kysely'
import pg from 'pg'
import { PreparingClient } from './client.js'
import { createDriver } from './driver.js'
import type { Tables } from './schema.generated.js'
import { transact } from './transaction.js'

export { sendOff } from './transaction.js'

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

/** An open database: `db` for statements, `pool` for what needs its own connection (jobs, COPY). */
export interface Database {
  readonly db: Db
  readonly pool: pg.Pool
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly connectionString: string
  /** Connections kept by this process. */
  readonly poolSize: number
  /** A statement running longer is cancelled by PostgreSQL. */
  readonly statementTimeoutMs: number
  /** How long a request waits for a free connection or for a connection to open. */
  readonly connectTimeoutMs: number
  readonly onIdleError?: (error: Error) => void
}

/** Opens a pool. Nothing is sent before the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const connection = {
    connectionString: options.connectionString,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: 30_000,
    pipeline: true,
  }
  const pool = new pg.Pool({ ...connection, max: options.poolSize, idleTimeoutMillis: 0, Client: PreparingClient })
  pool.on('error', (error) => {
    // A pool that is ending lets go of its connections, however they end.
    if (!pool.ending) options.onIdleError?.(error)
  })
  // A connection that breaks in use fails its statement; without a listener the same error would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  const driver = createDriver({ pool, openReader: () => new PreparingClient(connection) })
  const dialect = dialectOver(driver)
  const db = new Kysely<Tables>({ dialect })
  known.set(db, { config: { dialect }, dialect, driver, executor: db.getExecutor() })
  return { db, pool, close: () => close(db, pool) }
}

function dialectOver(driver: Driver): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

/** Kysely ends the pool only if it has used it; jobs and COPY use the pool alone. */
async function close(db: Db, pool: pg.Pool): Promise<void> {
  await db.destroy()
  if (!pool.ending) await pool.end()
}

const known = new WeakMap<Db, KyselyProps>()

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export async function inTx<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const props = known.get(db)
  if (!props) throw new Error('A transaction can only be begun in an open database, and not within another.')
  return transact(props, work)
}
