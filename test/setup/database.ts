import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { type Database, type Db, openDatabase } from '../../src/db/database.js'
import { inDatabase, runOn } from './address.js'

export interface FreshDatabase {
  readonly db: Db
  readonly database: Database
  readonly connectionString: string
  /** Closes the pool and drops the database. */
  close(): Promise<void>
}

/** A migrated, empty database of one's own. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const clusterUrl = inject('clusterUrl')
  const name = `test_${randomBytes(8).toString('hex')}`
  await runOn(clusterUrl, `create database ${name} ${inject('template')}`)
  const connectionString = inDatabase(clusterUrl, name)
  const database = openDatabase({ connectionString, poolSize: 8, statementTimeoutMs: 15_000, connectTimeoutMs: 10_000 })
  return {
    db: database.db,
    database,
    connectionString,
    async close() {
      await database.close()
      await runOn(clusterUrl, `drop database if exists ${name} with (force)`)
    },
  }
}
