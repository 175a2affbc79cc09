/** What PostgreSQL touches for a page, counted by itself: blocks of 8 kB, of the cache or of the disk. */
import type { Finding } from '../findings.js'
import type { Ground } from '../ground.js'
import { startServer } from '../processes.js'

const READS = 20

/** Asks a fresh server, whose connections report, and stops it. The other one must be stopped. */
export async function buffersOf(
  { clearspan, clearspanDb: db }: Ground,
  pages: readonly {
    readonly what: string
    readonly isIndexed: boolean
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
  }[],
): Promise<readonly Finding[]> {
  await db.query('create extension if not exists pg_stat_statements')
  await db.query(`alter database ${db.database} set pg_stat_statements.track = 'top'`)
  const findings: Finding[] = []
  try {
    for (const { what, isIndexed, path, headers } of pages) {
      await db.query('select pg_stat_statements_reset()')
      const server = await startServer(clearspan, ['--no-worker'])
      try {
        for (let read = 0; read < READS; read++) await (await fetch(`${server.url}/method${path}`, { headers })).text()
      } finally {
        await server.stop()
      }
      const { rows } = await db.query<{ blocks: number; query: string; calls: number }>(
        `select (shared_blks_hit + shared_blks_read)::float8 / $1 as blocks, calls::float8 / $1 as calls, query
         from pg_stat_statements where query ~ 'from "?accounts"? t' order by 1 desc`,
        [READS],
      )
      findings.push({
        workload: 'W2',
        what: `${what}, blocks`,
        value: rows.reduce((sum, { blocks }) => sum + blocks, 0),
        range: null,
        unit: 'count',
        goal: isIndexed ? { kind: 'at most', value: 60 } : null,
        note: `${rows.length} statements`,
        details: rows.map(({ blocks, query }) => `${blocks} × ${query.replace(/\s+/g, ' ')}`),
      })
    }
    return findings
  } finally {
    await db.query(`alter database ${db.database} set pg_stat_statements.track = 'none'`)
  }
}
