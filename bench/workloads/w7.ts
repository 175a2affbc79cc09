/** W7: from the commit of a job to the start of its handler, idle and while people are entered; beside a bare graphile-worker. */
import { setTimeout as sleep } from 'node:timers/promises'
import { entityBody, headers } from '../cast.js'
import { type Finding, medianOf, ratioOf } from '../findings.js'
import type { Ground } from '../ground.js'
import { load } from '../load.js'
import { beside, byTurns, CONNECTIONS, type Effort, type Pair } from '../pairs.js'
import { runProgram, startServer } from '../processes.js'

const JOBS_PER_SECOND = 80
const QUEUES = 2
const IDLE_MS = 10_000
// One stretch of load; another follows until the measuring is over.
const LOAD_MS = 5_000

interface Latency {
  readonly p50Ms: number
  readonly p99Ms: number
}

export async function measureW7(ground: Ground, effort: Effort): Promise<readonly Finding[]> {
  const polls = await pollsPerSecond(ground)
  const jobs = Math.ceil((effort.measuredMs / 1000) * JOBS_PER_SECOND)
  const run = (kind: 'own' | 'bare') => async () =>
    latencyOf(await runProgram<number[]>('job-latency', { kind, jobs }, { environment: ground.clearspan }))
  const idle = await byTurns(effort.pairs, run('bare'), run('own'))
  // Without a worker of its own: the jobs that entering people leaves behind are not to be fetched meanwhile.
  const server = await startServer(ground.clearspan, ['--no-worker'])
  try {
    const loaded = await underLoad(server.url, effort, async () => byTurns(effort.pairs, run('bare'), run('own')))
    return findings(idle, loaded, polls)
  } finally {
    await server.stop()
  }
}

/** Does something while people are entered, one request after the other on every connection. */
async function underLoad<T>(url: string, effort: Effort, work: () => Promise<T>): Promise<T> {
  let isOver = false
  const entering = (async () => {
    while (!isOver) {
      const body = JSON.stringify(entityBody('+15125550199'))
      const requests = [{ method: 'POST', path: '/method/entities', headers, body } as const]
      await load({
        url,
        requests,
        connections: CONNECTIONS,
        warmUpMs: effort.warmUpMs,
        measuredMs: LOAD_MS,
        isEachOnce: false,
        bodyPattern: 'ent_',
      })
    }
  })()
  await sleep(effort.warmUpMs)
  try {
    return await work()
  } finally {
    isOver = true
    await entering
  }
}

/** How often each of the server's queues looks for jobs when there is nothing to do, counted by PostgreSQL. */
async function pollsPerSecond({ clearspan, clearspanDb: db }: Ground): Promise<number> {
  await db.query('create extension if not exists pg_stat_statements')
  await db.query(`alter database ${db.database} set pg_stat_statements.track = 'all'`)
  const server = await startServer(clearspan)
  try {
    await sleep(1_000)
    await db.query('select pg_stat_statements_reset()')
    await sleep(IDLE_MS)
    const { rows } = await db.query<{ calls: string | null }>(
      `select sum(calls) as calls from pg_stat_statements where query ~* 'skip locked' and query ~ '_private_jobs'`,
    )
    return Number(rows[0]?.calls ?? 0) / QUEUES / (IDLE_MS / 1000)
  } finally {
    await server.stop()
    await db.query(`alter database ${db.database} set pg_stat_statements.track = 'none'`)
  }
}

function latencyOf(latencies: readonly number[]): Latency {
  const sorted = [...latencies].sort((a, b) => a - b)
  const percentile = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
  return { p50Ms: percentile(0.5), p99Ms: percentile(0.99) }
}

function findings(idle: readonly Pair<Latency>[], loaded: readonly Pair<Latency>[], polls: number): readonly Finding[] {
  const figure = (pairs: readonly Pair<Latency>[], name: keyof Latency) =>
    pairs.map(({ baseline, clearspan }) => ({ baseline: baseline[name], clearspan: clearspan[name] }))
  const p50 = figure(idle, 'p50Ms')
  const p99 = figure(idle, 'p99Ms')
  const late = figure(loaded, 'p99Ms')
  const idleP99 = medianOf(p99.map(({ clearspan }) => clearspan))
  const underLoadP99 = medianOf(late.map(({ clearspan }) => clearspan))
  const of = { workload: 'W7', range: null } as const
  return [
    { ...of, what: 'idle: p50', ...ratioOf(p50), goal: { kind: 'at most', value: 2 }, note: beside(p50, ' ms', 1) },
    {
      ...of,
      what: 'idle: p99',
      ...idleP99,
      unit: 'ms',
      goal: { kind: 'at most', value: 25 },
      note: beside(p99, ' ms', 1),
    },
    {
      ...of,
      what: 'under load: p99, beside idle',
      value: underLoadP99.value / idleP99.value,
      unit: 'x',
      goal: { kind: 'at most', value: 10 },
      note: beside(late, ' ms', 1),
    },
    {
      ...of,
      what: 'looks for jobs in an idle second, each queue',
      value: polls,
      unit: 'count',
      goal: { kind: 'at most', value: 1.1 },
      note: 'woken by NOTIFY in between',
    },
  ]
}
