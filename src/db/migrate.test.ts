import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { inDatabase, runOn } from '../../test/setup/address.js'
import { migrate } from './migrate.js'
import { DatabaseUnavailable } from './unavailable.js'

const name = `test_${randomBytes(8).toString('hex')}`
let url: string

beforeAll(async () => {
  url = inDatabase(inject('clusterUrl'), name)
  await runOn(inject('clusterUrl'), `create database ${name}`)
})
afterAll(() => runOn(inject('clusterUrl'), `drop database ${name} with (force)`))

test('of several processes that migrate at once, exactly one applies each migration', async () => {
  const files = await readdir(new URL('./migrations/', import.meta.url))
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)])
  expect(applied.flat().sort()).toEqual(files.map((file) => file.replace('.sql', '')).sort())
})

test('a database that is up to date is left alone', async () => {
  expect(await migrate(url)).toEqual([])
})

test('the queue has its tables, without which no job can be added', async () => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query('select from graphile_worker.jobs')
  await client.end()
  expect(rows).toEqual([])
})

test('a database that is not there is named without its password', async () => {
  const nowhere = inDatabase(url, 'nowhere').replace(/:[^:@]+@/, ':hunter2@')
  const refusal = await migrate(nowhere).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(DatabaseUnavailable)
  expect(String(refusal)).toContain('nowhere')
  expect(String(refusal)).not.toContain('hunter2')
})
