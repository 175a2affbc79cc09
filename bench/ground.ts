/** What both sides stand on: one PostgreSQL with the settings the server ships with, durable, and a folder for the run. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../src/db/embedded.js'

export interface Ground {
  /** Removed at the end. */
  readonly folder: string
  /** The server's environment: its database, and a folder for its master key. */
  readonly clearspan: Readonly<Record<string, string>>
  /** The baselines' environment: their database in the same PostgreSQL, and as many connections as the server has. */
  readonly baseline: Readonly<Record<string, string>>
  /** One connection to each database. */
  readonly clearspanDb: pg.Client
  readonly baselineDb: pg.Client
  readonly postgresVersion: string
  clear(): Promise<void>
}

const POOL_SIZE = 10

export async function prepareGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'clearspan-bench-'))
  const postgres = await startEmbedded({ folder: join(folder, 'shared') })
  const clients: pg.Client[] = []
  const clear = async () => {
    await Promise.all(clients.map((client) => client.end()))
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const connect = async (connectionString: string) => {
      const client = new pg.Client({ connectionString })
      clients.push(client)
      await client.connect()
      return client
    }
    const clearspanDb = await connect(postgres.connectionString)
    await clearspanDb.query('create database baseline')
    const address = new URL(postgres.connectionString)
    address.pathname = '/baseline'
    const baselineDb = await connect(address.href)
    const { rows } = await clearspanDb.query<{ server_version: string }>('show server_version')
    return {
      folder,
      clearspan: {
        DATABASE_URL: postgres.connectionString,
        CLEARSPAN_DATA: join(folder, 'keys'),
        CLEARSPAN_POOL_SIZE: String(POOL_SIZE),
      },
      baseline: { DATABASE_URL: address.href, POOL_SIZE: String(POOL_SIZE) },
      clearspanDb,
      baselineDb,
      postgresVersion: rows[0]?.server_version ?? '',
      clear,
    }
  } catch (error) {
    await clear()
    throw error
  }
}
