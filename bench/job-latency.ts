/**
 * W7's two sides: how long after its commit a job's handler starts. `own` runs the server's runner, `bare` graphile-worker as it
 * comes. Reads a `LatencyOrder`, prints milliseconds.
 */
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, run } from 'graphile-worker'
import pg from 'pg'
import pino from 'pino'
import { startRunner } from '../src/jobs/runner.js'

export interface LatencyOrder {
  readonly kind: 'own' | 'bare'
  readonly jobs: number
}

const TASK = 'bench.note'
const GAP_MS = 7
const PATIENCE_MS = 20_000

const { kind, jobs } = JSON.parse(await text(process.stdin)) as LatencyOrder
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 4 })
// A connection that breaks fails the statement it carries.
pool.on('error', () => {}).on('connect', (each) => each.on('error', () => {}))
const starts = new Map<string, number>()
const note = async (payload: unknown) => {
  starts.set(String((payload as { id: unknown }).id), performance.now())
}
const runner =
  kind === 'own'
    ? await startRunner({
        pool,
        tasks: [{ name: TASK, attemptsMax: 1, timeoutMs: 5_000, run: note }],
        log: pino({ level: 'silent' }),
        concurrency: 10,
        isAlone: false,
      })
    : await run({
        pgPool: pool,
        noHandleSignals: true,
        crontab: '',
        concurrency: 10,
        logger: new Logger(() => () => {}),
        taskList: { [TASK]: note },
      })
const client = new pg.Client({ connectionString: process.env.DATABASE_URL })
await client.connect()
// Connections and plans are warm, and the bare one has begun to listen.
for (let index = 0; index < 20; index++) await add(`warm ${index}`)
await sleep(300)
const commits = new Map<string, number>()
for (let index = 0; index < jobs; index++) {
  await add(String(index))
  commits.set(String(index), performance.now())
  await sleep(GAP_MS)
}
const until = performance.now() + PATIENCE_MS
while ([...commits.keys()].some((id) => !starts.has(id))) {
  if (performance.now() > until) throw new Error('Some jobs never started.')
  await sleep(20)
}
// The handler of a job may start before the commit's answer has been read.
const latencies = [...commits].map(([id, at]) => Math.max(0.01, (starts.get(id) ?? 0) - at))
process.stdout.write(JSON.stringify(latencies))
await runner.stop()
await client.end()
await pool.end()

async function add(id: string): Promise<void> {
  await client.query('select graphile_worker.add_job($1, $2)', [TASK, JSON.stringify({ id })])
}
