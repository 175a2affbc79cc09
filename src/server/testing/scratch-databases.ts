/**
 * Databases that live as long as their owner: each is a copy of a template that was migrated once, and its name is locked by
 * the connection that made it. Where a name isn't locked any more, its owner is gone, however it ended, and the next one
 * that comes along drops what was left.
 */
import { randomBytes } from 'node:crypto'
import type pg from 'pg'

const PREFIX = 'clearspan_test_'

export interface ScratchDatabase {
  readonly connectionString: string
  /** Makes it a copy of the template, or of one of its snapshots, again. Nobody may be connected. */
  reset(snapshot?: string): Promise<void>
  /** Copies it as it is now; returns the copy's name. Nobody may be connected. */
  snapshot(): Promise<string>
  drop(): Promise<void>
}

/** A new copy of the template, on the PostgreSQL that `client` is connected to. */
export async function createScratch(client: pg.Client, template: string): Promise<ScratchDatabase> {
  const name = `${PREFIX}${randomBytes(6).toString('hex')}`
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name])
  await sweep(client)
  await copy(client, name, template)
  const snapshots = new Set<string>()
  return {
    connectionString: inDatabase(client, name),
    async reset(snapshot) {
      if (snapshot !== undefined && !snapshots.has(snapshot)) throw new Error(`There is no snapshot ${snapshot}.`)
      await drop(client, name)
      await copy(client, name, snapshot ?? template)
    },
    async snapshot() {
      const snapshot = `${name}_${snapshots.size + 1}`
      await copy(client, snapshot, name)
      snapshots.add(snapshot)
      return snapshot
    },
    async drop() {
      for (const each of [name, ...snapshots]) await drop(client, each)
      await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name])
    },
  }
}

/** Has a template of that name, filled by whoever is the first to need it. */
export async function ensureTemplate(
  client: pg.Client,
  template: string,
  fill: (connectionString: string) => Promise<void>,
): Promise<void> {
  if (await exists(client, template)) return
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [template])
  try {
    if (await exists(client, template)) return
    const unfinished = `${template}_new`
    await drop(client, unfinished)
    await client.query(`create database ${unfinished}`)
    await fill(inDatabase(client, unfinished))
    await client.query(`alter database ${unfinished} rename to ${template}`)
  } finally {
    await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [template])
  }
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  return (await client.query('select 1 from pg_database where datname = $1', [name])).rows.length > 0
}

async function sweep(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database where starts_with(datname, $1)`,
    [PREFIX],
  )
  for (const { name } of rows) {
    const owner = name.split('_').slice(0, 3).join('_')
    const { rows: found } = await client.query<{ isOrphan: boolean }>(
      // A lock of one's own could be taken again, so it is asked for first.
      `select not exists (
         select 1 from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and granted
         and ((classid::bigint << 32) | objid::bigint) = hashtextextended($1, 0)
       ) and pg_try_advisory_lock(hashtextextended($1, 0)) as "isOrphan"`,
      [owner],
    )
    if (!found[0]?.isOrphan) continue
    await drop(client, name)
    await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [owner])
  }
}

// Names are ours alone, letters, digits and `_`, so they need no quotes.
async function copy(client: pg.Client, name: string, from: string): Promise<void> {
  const { rows } = await client.query(`select current_setting('server_version_num')::int >= 150000 as "hasStrategies"`)
  // Copying files takes a fraction of the time that logging every page does.
  await client.query(`create database ${name} template ${from} ${rows[0].hasStrategies ? 'strategy file_copy' : ''}`)
}

async function drop(client: pg.Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${name} with (force)`)
}

function inDatabase({ host, port, user, password }: pg.Client, name: string): string {
  const address = new URL(`postgres://${host}:${port}/${name}`)
  address.username = user ?? ''
  address.password = typeof password === 'string' ? password : ''
  return address.href
}
