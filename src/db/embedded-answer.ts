import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { SUPERUSER } from './embedded-cluster.js'

const DATABASE = 'clearspan'
const PATIENCE_MS = 20_000
const RETRY_MS = 15

/** Where the built-in PostgreSQL is reached. The password is letters, digits, `-` and `_`: nothing to escape. */
export function connectionString(password: string, port: number): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${DATABASE}`
}

/** Connects until PostgreSQL answers; makes our database when the cluster is new. Returns the problem, if any. */
export async function waitForAnswer(url: string): Promise<string | undefined> {
  const until = performance.now() + PATIENCE_MS
  let problem = 'no answer'
  while (performance.now() < until) {
    const error = await connectOnce(url)
    if (!error) return undefined
    if (error instanceof pg.DatabaseError && error.code === '3D000') await createDatabase(url)
    problem = error.message
    await sleep(RETRY_MS)
  }
  return problem
}

async function connectOnce(url: string): Promise<Error | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS })
  client.on('error', () => {})
  try {
    await client.connect()
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  } finally {
    await client.end().catch(() => {})
  }
}

async function createDatabase(url: string): Promise<void> {
  const maintenance = new URL(url)
  maintenance.pathname = '/postgres'
  const client = new pg.Client({ connectionString: maintenance.href })
  await client.connect()
  await client.query(`create database ${DATABASE}`).finally(() => client.end())
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.listen(0, '127.0.0.1', resolve).once('error', reject))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return address && typeof address === 'object' ? address.port : 0
}
