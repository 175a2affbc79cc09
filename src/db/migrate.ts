/**
 * Migrations: `migrations/NNNN-name.sql` beside this file, forward only, each applied once and all in one transaction.
 * Any number of processes may call at once: one of them applies, the others wait and find nothing left to do.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runMigrations as migrateQueue } from 'graphile-worker'
import { Kysely, type Migration, Migrator, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { DatabaseUnavailable } from './unavailable.js'

const FOLDER = fileURLToPath(new URL('./migrations/', import.meta.url))
// Any number no other program in the database uses: the letters of "clear".
const LOCK_KEY = 0x63_6c_65_61_72
const POSTGRES_MAJOR_MIN = 14
const CONNECT_TIMEOUT_MS = 10_000

/** Brings the database up to date: the queue's tables first, then ours. Returns the names of what was applied. */
export async function migrate(connectionString: string): Promise<readonly string[]> {
  const pool = new pg.Pool({ connectionString, max: 3, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  pool.on('error', ignore).on('connect', (client) => client.on('error', ignore))
  const guard = await pool.connect().catch((cause: unknown) => {
    throw new DatabaseUnavailable(explainConnect(cause, connectionString), { cause })
  })
  try {
    await requireVersion(guard)
    await guard.query('select pg_advisory_lock($1)', [LOCK_KEY])
    await migrateQueue({ pgPool: pool, noHandleSignals: true })
    return await migrateOwn(pool)
  } finally {
    // Ending the connection frees the lock.
    guard.release(true)
    await pool.end()
  }
}

// A connection that breaks fails the statement it carries; nobody else has to hear of it.
function ignore(): void {}

async function migrateOwn(pool: pg.Pool): Promise<readonly string[]> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  const migrator = new Migrator({
    db,
    provider: { getMigrations: readMigrations },
    // Kysely looks for its tables by name in every schema, and the queue has a `migrations` too.
    migrationTableName: 'schema_migrations',
    migrationLockTableName: 'schema_migrations_lock',
  })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) {
    const failed = results.find((result) => result.status === 'Error')?.migrationName
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${failed ? `Migration ${failed}` : 'Migrating'} failed: ${reason}`, { cause: error })
  }
  return results.map((result) => result.migrationName)
}

/** Tells one set of migrations from another, for databases that are made once and copied often. */
export async function fingerprintMigrations(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of await migrationFiles()) hash.update(file).update(await readFile(`${FOLDER}${file}`))
  return hash.digest('hex').slice(0, 16)
}

async function readMigrations(): Promise<Record<string, Migration>> {
  return Object.fromEntries((await migrationFiles()).map((file) => [file.replace('.sql', ''), migrationFrom(file)]))
}

async function migrationFiles(): Promise<readonly string[]> {
  return (await readdir(FOLDER)).filter((file) => /^\d{4}-[a-z0-9-]+\.sql$/.test(file)).sort()
}

function migrationFrom(file: string): Migration {
  return {
    async up(db) {
      await sql.raw(await readFile(`${FOLDER}${file}`, 'utf8')).execute(db)
    },
  }
}

async function requireVersion(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  )
  const major = Math.floor((rows[0]?.version ?? 0) / 10_000)
  if (major < POSTGRES_MAJOR_MIN) {
    throw new DatabaseUnavailable(`Clearspan needs PostgreSQL ${POSTGRES_MAJOR_MIN} or newer; this is ${major}.`)
  }
}

/** Host and database, never the password. */
function explainConnect(error: unknown, connectionString: string): string {
  const { host, pathname } = new URL(connectionString)
  const reasons = error instanceof AggregateError ? error.errors : [error]
  const reason = reasons.map((each) => (each instanceof Error ? each.message : String(each))).join(', ')
  return `The database ${pathname.slice(1)} at ${host} can't be reached (${reason}): check DATABASE_URL and that PostgreSQL runs.`
}
