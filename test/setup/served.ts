/** A real server with workers for the tests of a file, over a database of its own; its demo keys are known. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { type FreshDatabase, freshDatabase } from './database.js'
import { freePort, type SpawnedServer, spawnServer } from './server.js'

export interface Served {
  /** Without a slash at the end. */
  readonly url: string
  readonly database: FreshDatabase
  /** For commands beside the server. */
  readonly environment: Readonly<Record<string, string>>
}

/** Simulated institutions answer at once, unless `environment` says otherwise. */
export function useServer(environment: Readonly<Record<string, string>> = {}): Served {
  let server: SpawnedServer | null = null
  let database: FreshDatabase | null = null
  let whole: Readonly<Record<string, string>> | null = null
  beforeAll(async () => {
    database = await freshDatabase()
    whole = {
      DATABASE_URL: database.connectionString,
      CLEARSPAN_MASTER_KEY: randomBytes(32).toString('base64'),
      CLEARSPAN_ANSWER_DELAY_MS: '0',
      ...environment,
    }
    // Known beforehand, because pages name the server's own address.
    server = await spawnServer({ port: await freePort(), environment: whole })
  })
  afterAll(async () => {
    await server?.stop()
    await database?.close()
  })
  return {
    get url() {
      return running(server).url
    },
    get database() {
      return running(database)
    },
    get environment() {
      return running(whole)
    },
  }
}

function running<T>(part: T | null): T {
  if (part === null) throw new Error('The server runs only while tests do.')
  return part
}
