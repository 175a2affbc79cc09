import pino from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../test/setup/database.js'
import { inTx } from '../db/database.js'
import { enqueue } from './queue.js'
import { drain, startRunner } from './runner.js'
import type { Task } from './task.js'

const log = pino({ level: 'silent' })
let fresh: FreshDatabase
let seen: string[]

beforeAll(async () => {
  fresh = await freshDatabase()
})
beforeEach(() => {
  seen = []
})
afterAll(() => fresh.close())

const note: Task = {
  name: 'note',
  attemptsMax: 3,
  timeoutMs: 1_000,
  run: async ({ id = '' }) => {
    seen.push(id)
  },
}

test('jobs of a committed transaction run once each', async () => {
  await inTx(fresh.db, (tx) => enqueue(tx, [noteJob('a'), noteJob('b')]))
  await drain(fresh.database.pool, [note])
  await drain(fresh.database.pool, [note])
  expect(seen.sort()).toEqual(['a', 'b'])
})

test('jobs of a rolled-back transaction never run', async () => {
  const giveUp = inTx(fresh.db, async (tx) => {
    await enqueue(tx, [noteJob('a')])
    throw new Error('changed my mind')
  })
  await expect(giveUp).rejects.toThrow('changed my mind')
  await drain(fresh.database.pool, [note])
  expect(seen).toEqual([])
})

test('a job caused by a job runs in the same drain', async () => {
  const first: Task = { ...note, name: 'first', run: () => inTx(fresh.db, (tx) => enqueue(tx, [noteJob('second')])) }
  await inTx(fresh.db, (tx) => enqueue(tx, [{ task: 'first', payload: {} }]))
  await drain(fresh.database.pool, [first, note])
  expect(seen).toEqual(['second'])
})

test('a job that is due later waits', async () => {
  const runAt = new Date(Date.now() + 60_000).toISOString()
  await inTx(fresh.db, (tx) =>
    enqueue(tx, [
      { ...noteJob('later'), runAt },
      { ...noteJob('later'), delayMs: 60_000 },
    ]),
  )
  await drain(fresh.database.pool, [note])
  expect(seen).toEqual([])
})

test('the newest request with a key replaces the one that waits', async () => {
  await inTx(fresh.db, (tx) => enqueue(tx, [{ ...noteJob('old'), key: 'k' }]))
  await inTx(fresh.db, (tx) => enqueue(tx, [{ ...noteJob('new'), key: 'k' }]))
  await drain(fresh.database.pool, [note])
  expect(seen).toEqual(['new'])
})

test('a failing job is tried as often as its task declares, and then given up', async () => {
  const failing: Task = { ...note, name: 'failing', attemptsMax: 2, run: () => Promise.reject(new Error('no')) }
  await inTx(fresh.db, (tx) => enqueue(tx, [{ task: 'failing', payload: {} }]))
  await expect(drain(fresh.database.pool, [failing])).rejects.toThrow('no')
  await makeAllDue()
  await expect(drain(fresh.database.pool, [failing])).rejects.toThrow('no')
  await makeAllDue()
  await drain(fresh.database.pool, [failing])
  const { rows } = await fresh.database.pool.query(
    `select attempts from graphile_worker.jobs where task_identifier = 'failing'`,
  )
  expect(rows).toEqual([{ attempts: 2 }])
})

test('a job that takes too long fails, and its task is told to end', async () => {
  let wasTold = false
  const slow: Task = {
    ...note,
    name: 'slow',
    timeoutMs: 30,
    run: (_, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          wasTold = true
        })
      }),
  }
  await inTx(fresh.db, (tx) => enqueue(tx, [{ task: 'slow', payload: {}, attemptsMax: 1 }]))
  await expect(drain(fresh.database.pool, [slow])).rejects.toThrow('longer than 30 ms')
  expect(wasTold).toBe(true)
})

test('a running queue starts a new job without a poll, and its row is gone after a clean stop', async () => {
  let finish = () => {}
  const done = new Promise<void>((resolve) => {
    finish = resolve
  })
  const quick: Task = { ...note, name: 'quick', run: async () => finish() }
  const { pool } = fresh.database
  const options = { pool, tasks: [quick], log, concurrency: 2, isAlone: true, pollIntervalMs: 600_000 }
  const runner = await startRunner(options)
  await inTx(fresh.db, (tx) => enqueue(tx, [{ task: 'quick', payload: {} }]))
  await done
  await runner.stop()
  const { rows } = await fresh.database.pool.query('select from processes')
  expect(rows).toEqual([])
})

function noteJob(id: string) {
  return { task: 'note', payload: { id } }
}

async function makeAllDue(): Promise<void> {
  await fresh.database.pool.query(`update graphile_worker._private_jobs set run_at = now() where run_at > now()`)
}
