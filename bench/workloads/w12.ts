/** W12: a report of a million payments, downloaded; beside COPY of the same columns, read and thrown away. */
import { readFile } from 'node:fs/promises'
import { get } from 'node:http'
import pg from 'pg'
import { activeEntity, ask, headers } from '../cast.js'
import { type Finding, medianOf, ratioOf } from '../findings.js'
import type { Ground } from '../ground.js'
import { load } from '../load.js'
import { beside, byTurns, CONNECTIONS, type Effort, FULL } from '../pairs.js'
import { type RunningProcess, startServer } from '../processes.js'
import { accountsOf, readsOf } from './w1.js'

const PAYMENTS = { full: 1_000_000, quick: 100_000 } as const
const MEGABYTE = 1_000_000

export async function measureW12(ground: Ground, effort: Effort): Promise<readonly Finding[]> {
  const server = await startServer(ground.clearspan)
  try {
    const reads = readsOf(await accountsOf(ground, server, 1))
    const count = await fill(ground, server, effort === FULL ? PAYMENTS.full : PAYMENTS.quick)
    const report = await ask(server.url, '/reports', { type: 'payments.created.current' })
    const path = `/method/reports/${report.id}/download`
    const copy = () => rateOf(count, () => copyAway(String(ground.clearspan.DATABASE_URL)))
    const download = () =>
      rateOf(count, async () => {
        const lines = await downloadAway(server, path)
        if (lines !== count + 1) throw new Error(`The report of ${count} payments has ${lines} lines.`)
      })
    const before = await residentBytes(server)
    const pairs = await byTurns(effort.pairs, copy, download)
    const grown = ((await peakBytes(server)) - before) / MEGABYTE
    const aim = { url: server.url, ...reads, isEachOnce: false, connections: CONNECTIONS, ...effort }
    const p99 = await byTurns(
      effort.pairs,
      async () => (await load(aim)).p99Ms,
      async () => {
        const downloading = downloadOnAndOn(server, path)
        const { p99Ms } = await load(aim)
        await downloading.stop()
        return p99Ms
      },
    )
    const of = { workload: 'W12', range: null, unit: 'count' } as const
    return [
      {
        ...of,
        what: 'rows',
        ...ratioOf(pairs),
        goal: { kind: 'at least', value: 0.4 },
        note: beside(pairs, ' rows/s'),
      },
      {
        ...of,
        what: 'memory, MB more at its peak',
        ...medianOf([grown]),
        goal: { kind: 'at most', value: 50 },
        note: `${count} rows, from ${Math.round(before / MEGABYTE)} MB`,
      },
      {
        ...of,
        what: 'p99 of reads meanwhile',
        ...ratioOf(p99),
        goal: { kind: 'at most', value: 2 },
        note: beside(p99, ' ms', 1),
      },
    ]
  } finally {
    await server.stop()
  }
}

/** Payments of the running cycle, by SQL: what is measured is how they are read. Returns how many there are, other workloads' too. */
async function fill({ clearspanDb }: Ground, server: RunningProcess, count: number): Promise<number> {
  const holder_id = await activeEntity(server.url, 1)
  const ach = (number: string) => ({ holder_id, ach: { routing: '062103000', number, type: 'checking' } })
  const source = await ask(server.url, '/accounts', ach('123456789'))
  const destination = await ask(server.url, '/accounts', ach('123456790'))
  await clearspanDb.query(
    `insert into payments (team_id, id, source_id, source_holder_id, destination_id, destination_holder_id, destination_kind,
       amount_cents, description, status, fund_status, source_status, destination_status, estimated_completion_on,
       source_settlement_on, destination_settlement_on, operator_fee_cents, type, created_at, updated_at)
     select s.team_id, lpad(n::text, 13, '0'), s.id, s.consumer_id, d.id, d.consumer_id, 'ach', 100 + n, 'CardPay01', 'canceled',
       'pending', 'canceled', 'canceled', current_date, current_date, current_date, 75, 'standard', now(), now()
     from accounts s join accounts d on d.team_id = s.team_id, generate_series(1, $3::integer) n
     where s.id = $1 and d.id = $2`,
    [String(source.id).slice(4), String(destination.id).slice(4), count],
  )
  await clearspanDb.query('vacuum analyze payments')
  const { rows } = await clearspanDb.query('select count(*)::integer as count from payments')
  return rows[0].count
}

async function rateOf(rows: number, work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return rows / ((performance.now() - startedAt) / 1000)
}

/** Reads everything that COPY sends and keeps none of it. */
async function copyAway(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await new Promise<void>((resolve, reject) => {
    const ignored = () => {}
    const copying = {
      submit: (connection: { query(text: string): void }) => connection.query(COPY),
      handleRowDescription: ignored,
      handleDataRow: ignored,
      handleCopyInResponse: ignored,
      handleCopyData: ignored,
      handlePortalSuspended: ignored,
      handleEmptyQuery: ignored,
      handleCommandComplete: ignored,
      handleReadyForQuery: () => resolve(),
      handleError: reject,
    }
    client.query(copying as unknown as pg.Submittable)
  })
  await client.end()
}

const COPY = `copy (
  select 'pmt_' || id, created_at, updated_at, type, status, 'acc_' || source_id, 'ent_' || source_holder_id,
    'acc_' || destination_id, 'ent_' || destination_holder_id, amount_cents, fee_type, fee_cents, description,
    estimated_completion_on, source_settlement_on, source_status, source_trace_id, destination_settlement_on,
    destination_status, destination_trace_id, reversal_id, failure
  from payments order by created_at, id) to stdout (format csv)`

async function downloadAway(server: RunningProcess, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(`${server.url}${path}`, { headers }, (reply) => {
      let lines = 0
      reply.on('data', (chunk: Buffer) => {
        for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++
      })
      reply.on('end', () => resolve(lines))
      reply.on('error', reject)
    }).on('error', reject)
  })
}

function downloadOnAndOn(server: RunningProcess, path: string): { stop(): Promise<void> } {
  let isStopped = false
  const running = (async () => {
    while (!isStopped) await downloadAway(server, path)
  })()
  return {
    async stop() {
      isStopped = true
      await running
    },
  }
}

const residentBytes = (server: RunningProcess) => memoryOf(server, 'VmRSS')
const peakBytes = (server: RunningProcess) => memoryOf(server, 'VmHWM')

/** As Linux counts it. */
async function memoryOf({ pid }: RunningProcess, name: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024
}
