/** A worker to kill: counts each item once, slowly, or sits on its jobs for ever. Run by worker-killed.test.ts. */
import pino from 'pino'
import { openDatabase } from '../../src/db/database.js'
import { startRunner } from '../../src/jobs/runner.js'
import type { Task } from '../../src/jobs/task.js'

const [connectionString = '', mode = 'works', concurrency = '10'] = process.argv.slice(2)
const options = { connectionString, poolSize: 10, statementTimeoutMs: 10_000, connectTimeoutMs: 5_000 }
const { pool } = openDatabase(options)

const applyOnce: Task = {
  name: 'apply-once',
  attemptsMax: 5,
  timeoutMs: 600_000,
  async run({ item }) {
    // The effect of half the jobs is there when the process dies, their completion is not.
    const isDoneFirst = mode === 'works' || Number(item) % 2 === 0
    if (isDoneFirst) await pool.query('insert into effects (item) values ($1) on conflict do nothing', [item])
    await pool.query('insert into runs (item, pid) values ($1, $2)', [item, process.pid])
    if (mode !== 'works') await new Promise(() => {})
  },
}

const log = pino({ level: 'silent' })
await startRunner({ pool, tasks: [applyOnce], log, concurrency: Number(concurrency), isAlone: false })
process.stdout.write('ready\n')
