/** Migrations that change rows, with rows from before them. */
import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { inDatabase, runOn } from '../../test/setup/address.js'

const FOLDER = new URL('./migrations/', import.meta.url)

/** A database as it was before a migration; `apply` applies it. */
async function before(
  migration: string,
  work: (client: pg.Client, apply: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const name = `test_${randomBytes(8).toString('hex')}`
  const url = inject('clusterUrl')
  await runOn(url, `create database ${name}`)
  const client = new pg.Client({ connectionString: inDatabase(url, name) })
  try {
    await client.connect()
    const apply = async (file: string) => client.query(await readFile(new URL(file, FOLDER), 'utf8'))
    for (const file of (await readdir(FOLDER)).sort().filter((each) => each < `${migration}.sql`)) await apply(file)
    await work(client, () => apply(`${migration}.sql`))
  } finally {
    await client.end()
    await runOn(url, `drop database if exists ${name} with (force)`)
  }
}

test('returns that were recorded before are told from other movements, and from references that only look like one', () =>
  before('0052-account-lines', async (client, apply) => {
    await client.query(`
      insert into world.ach_entries (realm, reference, direction, cents, trace_id, number_mark, routing_number, at)
      values ('r', 'pmt', 'debit', 100, '1', 'm', '062103000', now());
      insert into world.deposit_accounts (realm, number_mark, routing_number, type, number_sealed)
      values ('r', 'm', '062103000', 'checking', '');
      insert into world.deposit_entries (realm, reference, position, number_mark, routing_number, cents, at)
      select 'r', reference, 0, 'm', '062103000', 100, now()
      from unnest(array['pmt', 'pmt:return', 'other:return']) as reference`)
    await apply()
    const { rows } = await client.query('select reference, is_return from world.deposit_entries order by reference')
    expect(rows).toEqual([
      { reference: 'other:return', is_return: false },
      { reference: 'pmt', is_return: false },
      { reference: 'pmt:return', is_return: true },
    ])
  }))
