/**
 * How statements reach PostgreSQL. A transaction, and whatever writes or may wait for a lock, has a connection of the pool to
 * itself. A single read shares one of a few connections with other reads, which are sent without waiting for each other's
 * answers: sending is what a small read costs most, and this way many go out in one write.
 */
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import type pg from 'pg'
import type { StatementResult } from './batch.js'
import type { PreparingClient } from './client.js'

// A read waits for those sent before it on its connection, so there are several, and it takes the least busy.
const READERS = 4
const IS_OF_TRANSACTION = /^(begin|commit|rollback)$/
const IS_READ = /^\s*select\b(?!.*\bfor\s+(no\s+key\s+)?(update|share)\b)/is

export interface DriverParts {
  readonly pool: pg.Pool
  /** A client that is not connected yet. */
  readonly openReader: () => PreparingClient
}

export function createDriver({ pool, openReader }: DriverParts): Driver {
  const readers = Array.from({ length: READERS }, () => new Reader(openReader))
  const read = (query: CompiledQuery) => leastBusy(readers).run(query)
  return {
    init: async () => {},
    acquireConnection: async () => new SplitConnection(pool, read),
    beginTransaction: noTransactions,
    commitTransaction: noTransactions,
    rollbackTransaction: noTransactions,
    releaseConnection: async () => {},
    async destroy() {
      await Promise.all(readers.map((reader) => reader.close()))
      if (!pool.ending) await pool.end()
    },
  }
}

async function noTransactions(): Promise<void> {
  throw new Error('Transactions are run by `inTx`.')
}

/** What Kysely takes for a connection. It has one of its own only between `hold` and `release`. */
export class SplitConnection implements DatabaseConnection {
  readonly #pool: pg.Pool
  readonly #read: (query: CompiledQuery) => Promise<StatementResult>
  #held: (PreparingClient & pg.PoolClient) | undefined
  #isBroken = false

  constructor(pool: pg.Pool, read: (query: CompiledQuery) => Promise<StatementResult>) {
    this.#pool = pool
    this.#read = read
  }

  async hold(): Promise<void> {
    this.#held = (await this.#pool.connect()) as PreparingClient & pg.PoolClient
  }

  release(): void {
    this.#held?.release(this.#isBroken)
    this.#held = undefined
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, rowCount } = await this.#send(query)
    return { rows: rows as unknown as Row[], ...(rowCount === null ? {} : { numAffectedRows: BigInt(rowCount) }) }
  }

  // biome-ignore lint/correctness/useYield: streams are not used; large results go by COPY
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Statements are not streamed here.')
  }

  async #send(query: CompiledQuery): Promise<StatementResult> {
    const { sql, parameters } = query
    const held = this.#held
    // What has no parameters may be several statements, which only pg's simple way takes.
    const isSimple = parameters.length === 0 && !IS_OF_TRANSACTION.test(sql)
    if (!held) {
      if (IS_READ.test(sql)) return this.#read(query)
      return isSimple ? this.#pool.query(sql) : this.#pool.query(sql, [...parameters])
    }
    try {
      return await (isSimple ? held.query(sql) : held.run(sql, parameters))
    } catch (error) {
      // A transaction that cannot even be ended must not go back to the pool.
      if (sql === 'rollback') this.#isBroken = true
      // From here the stack leads to whoever asked; its own ends at the socket.
      if (error instanceof Error) Error.captureStackTrace(error)
      throw error
    }
  }
}

/** One shared connection, opened when it is first needed and again after it broke. */
class Reader {
  readonly #open: () => PreparingClient
  #client: Promise<PreparingClient> | undefined
  waiting = 0

  constructor(open: () => PreparingClient) {
    this.#open = open
  }

  async run(query: CompiledQuery): Promise<StatementResult> {
    this.waiting++
    try {
      const client = await this.#connected()
      return await client.runAlone(query.sql, query.parameters)
    } finally {
      this.waiting--
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    this.#client = undefined
    await client?.end()
  }

  #connected(): Promise<PreparingClient> {
    this.#client ??= this.#connect()
    return this.#client
  }

  async #connect(): Promise<PreparingClient> {
    const client = this.#open()
    const forget = () => {
      this.#client = undefined
    }
    client.once('error', forget).once('end', forget)
    // What breaks fails its statements; without a listener a later error would end the process.
    client.on('error', () => {})
    try {
      await client.connect()
      return client
    } catch (error) {
      forget()
      throw error
    }
  }
}

function leastBusy(readers: readonly Reader[]): Reader {
  return readers.reduce((least, reader) => (reader.waiting < least.waiting ? reader : least))
}
