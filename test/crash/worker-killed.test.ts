import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTx } from '../../src/db/database.js'
import { enqueue } from '../../src/jobs/queue.js'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url))
const JOBS = 500
const RELEASE_LIMIT_MS = 30_000

let fresh: FreshDatabase
const children: ChildProcess[] = []

beforeAll(async () => {
  fresh = await freshDatabase()
  await fresh.database.pool.query(`
    create table effects (item text primary key);
    create table runs (item text not null, pid integer not null)`)
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await fresh.close()
})

// F3: graphile-worker by itself would leave the jobs of a killed worker locked for four hours.
test('the jobs of a worker killed with SIGKILL run elsewhere within 30 seconds, and each applies once', async () => {
  const items = Array.from({ length: JOBS }, (_, index) => String(index))
  await inTx(fresh.db, (tx) =>
    enqueue(
      tx,
      items.map((item) => ({ task: 'apply-once', payload: { item } })),
    ),
  )
  const holder = await startWorker('holds', JOBS)
  await expect.poll(() => count('select from graphile_worker.jobs where locked_at is not null'), POLL).toBe(JOBS)
  await expect.poll(() => count('select from runs'), POLL).toBe(JOBS)

  holder.kill('SIGKILL')
  const killedAt = performance.now()
  await startWorker('works', 10)
  const patience = { timeout: RELEASE_LIMIT_MS + 5_000, interval: 100 }
  await expect.poll(() => count('select from graphile_worker.jobs'), patience).toBe(0)

  expect(performance.now() - killedAt).toBeLessThan(RELEASE_LIMIT_MS)
  expect(await count('select from effects')).toBe(JOBS)
  expect(await count(`select item from runs where pid <> ${holder.pid} group by item having count(*) = 1`)).toBe(JOBS)
  expect(await count(`select from processes where pid = ${holder.pid}`)).toBe(0)
}, 60_000)

const POLL = { timeout: 20_000, interval: 50 }

async function startWorker(mode: 'holds' | 'works', concurrency: number): Promise<ChildProcess> {
  const args = ['--import', 'tsx', WORKER, fresh.connectionString, mode, String(concurrency)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  if (child.stdout) await once(child.stdout, 'data')
  return child
}

async function count(query: string): Promise<number> {
  const { rows } = await fresh.database.pool.query<{ total: number }>(
    `select count(*) as total from (${query}) as found`,
  )
  return rows[0]?.total ?? 0
}
