/**
 * What PostgreSQL does for one request, counted by PostgreSQL itself and therefore free of noise. A fresh server carries
 * out a few requests one after the other and stops, so that every connection has reported; another carries out a hundred
 * more; the difference, divided, is what one request costs.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Ground } from './ground.js'
import { type RunningProcess, startServer } from './processes.js'

export interface Counts {
  /** Without `begin` and `commit`, and without the reading of keys, which happens once a second however many requests. */
  readonly statements: number
  /** `xact_commit`: also a bare select is a transaction. */
  readonly transactions: number
  /** Transactions that wrote something and so have an id: commits that wait for the disk. */
  readonly writingCommits: number
  readonly rowsWritten: number
  /** The statements, most frequent first. */
  readonly texts: readonly string[]
}

const FEW = 20
const MANY = 120

/** Counts what `request` costs. `prepare` makes what so many requests need and is not counted. */
export async function countPerRequest<Prepared>(
  ground: Ground,
  steps: {
    readonly prepare: (server: RunningProcess, count: number) => Promise<Prepared>
    readonly request: (server: RunningProcess, prepared: Prepared, index: number) => Promise<unknown>
  },
): Promise<Counts> {
  const { clearspanDb: db } = ground
  await track(db, 'top')
  try {
    const run = async (count: number) => {
      const preparing = await startServer(ground.clearspan, ['--no-worker'])
      const prepared = await steps.prepare(preparing, count).finally(() => preparing.stop())
      const before = await readTally(db)
      // The log of requests is written four times a second however many there are.
      const server = await startServer({ ...ground.clearspan, CLEARSPAN_REQUEST_DAYS: '0' }, ['--no-worker'])
      try {
        for (let index = 0; index < count; index++) await steps.request(server, prepared, index)
      } finally {
        await server.stop()
      }
      return difference(await readTally(db), before)
    }
    const few = await run(FEW)
    return perRequest(difference(await run(MANY), few), MANY - FEW)
  } finally {
    await track(db, 'none')
  }
}

interface Tally {
  readonly calls: ReadonlyMap<string, number>
  readonly transactions: number
  readonly transactionIds: number
  readonly rowsWritten: number
}

/** Holds for connections made from now on; the command line by which the built-in PostgreSQL starts says `none`. */
async function track(db: pg.Client, what: 'top' | 'none'): Promise<void> {
  await db.query('create extension if not exists pg_stat_statements')
  await db.query(`alter database ${db.database} set pg_stat_statements.track = '${what}'`)
}

/** Read once nobody else is connected, because a connection reports what it did when it ends. */
async function readTally(db: pg.Client): Promise<Tally> {
  await alone(db)
  await db.query('select pg_stat_clear_snapshot()')
  const { rows: statements } = await db.query<{ query: string; calls: string }>(
    `select query, sum(calls)::bigint as calls from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database()) group by query`,
  )
  const { rows } = await db.query<Record<'transactions' | 'written' | 'ids', string>>(
    `select xact_commit as transactions, tup_inserted + tup_updated + tup_deleted as written,
            pg_snapshot_xmax(pg_current_snapshot())::text::bigint as ids
     from pg_stat_database where datname = current_database()`,
  )
  return {
    calls: new Map(statements.map(({ query, calls }) => [query, Number(calls)])),
    transactions: Number(rows[0]?.transactions),
    transactionIds: Number(rows[0]?.ids),
    rowsWritten: Number(rows[0]?.written),
  }
}

async function alone(db: pg.Client): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { rows } = await db.query<{ others: number }>(
      `select count(*)::int as others from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
    )
    if (rows[0]?.others === 0) return
    await sleep(50)
  }
  throw new Error('Somebody else stays connected to the database.')
}

function difference(after: Tally, before: Tally): Tally {
  const calls = [...after.calls].map(([text, count]) => [text, count - (before.calls.get(text) ?? 0)] as const)
  return {
    calls: new Map(calls),
    transactions: after.transactions - before.transactions,
    transactionIds: after.transactionIds - before.transactionIds,
    rowsWritten: after.rowsWritten - before.rowsWritten,
  }
}

const NOT_A_REQUESTS = /^(begin|commit)|from api_keys/

function perRequest(tally: Tally, requests: number): Counts {
  const texts = [...tally.calls]
    .filter(([text, calls]) => !NOT_A_REQUESTS.test(text) && calls >= requests / 10)
    .map(([text, calls]) => ({ perRequest: calls / requests, text: text.replace(/\s+/g, ' ').trim() }))
    .sort((a, b) => b.perRequest - a.perRequest)
  return {
    statements: texts.reduce((sum, { perRequest }) => sum + perRequest, 0),
    transactions: tally.transactions / requests,
    writingCommits: tally.transactionIds / requests,
    rowsWritten: tally.rowsWritten / requests,
    texts: texts.map(({ perRequest, text }) => `${perRequest} × ${text}`),
  }
}
