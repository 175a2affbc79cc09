/** How long events and deliveries are kept, and that lists of them stay cheap over many months. */
import { readdir, readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { inDatabase, runOn } from '../../../test/setup/address.js'
import { type App, openApp } from '../../../test/setup/app.js'
import { openSubscriber, type Subscriber } from '../../../test/setup/subscriber.js'
import type { Task } from '../../jobs/task.js'

const TABLES = ['events', 'deliveries', 'delivery_attempts'] as const
type Table = (typeof TABLES)[number]
const DAY_MS = 24 * 3600 * 1000

let app: App
let subscriber: Subscriber
beforeAll(async () => {
  app = await openApp({ CLEARSPAN_EVENT_DAYS: '100', CLEARSPAN_DELIVERY_DAYS: '10' })
  subscriber = await openSubscriber()
})
afterAll(async () => {
  await subscriber.close()
  await app.close()
})

const task = (name: string) => app.tasks.find((each) => each.name === name) as Task
const forget = async () => {
  const { signal } = new AbortController()
  await task('events.forget').run({}, signal, false)
  await task('webhook.forget').run({}, signal, false)
}
/** The database's time, by which things are recorded. */
async function now(): Promise<number> {
  const { rows } = await sql<{ now: string }>`select now()`.execute(app.fresh.db)
  return Date.parse(rows[0]?.now ?? '')
}

const monthOf = (at: string) => at.slice(0, 7).replace('-', '_')

async function months(table: Table): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname::text as name from pg_inherits join pg_class on oid = inhrelid
    where inhparent = ${table}::text::regclass order by 1`.execute(app.fresh.db)
  return rows.map(({ name }) => name.slice(table.length + 1))
}

async function count(table: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from ${sql.table(table)}`.execute(app.fresh.db)
  return rows[0]?.count ?? 0
}

/** Has everything so far recorded at another time: what has a month there is moved to it. */
async function recordedAt(at: string): Promise<void> {
  for (const table of TABLES) {
    const columns = await columnsOf(table)
    await sql`
      with moved as (delete from ${sql.table(table)} returning *)
      insert into ${sql.table(table)} (${sql.join(columns.map((name) => sql.ref(name)))}, recorded_at)
      select ${sql.join(columns.map((name) => sql.ref(name)))}, ${at} from moved`.execute(app.fresh.db)
  }
  // The trigger counted what was only moved.
  await sql`delete from list_counts where list = 'events'`.execute(app.fresh.db)
  await sql`insert into list_counts (team_id, list, facets, slot, total)
    select team_id, 'events', array[resource, topic], 0, count(*) from events
    where resource in ('account', 'attribute', 'connect', 'consumer', 'credit_score', 'payment')
    group by team_id, resource, topic`.execute(app.fresh.db)
}

async function columnsOf(table: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select attname::text as name from pg_attribute
    where attrelid = ${table}::text::regclass and attnum > 0 and attname <> 'recorded_at'`.execute(app.fresh.db)
  return rows.map(({ name }) => name)
}

const makePerson = () => app.call('POST', '/entities', { body: { type: 'individual', individual: {} } })
const listed = async () => {
  const { data, headers } = await app.call('GET', '/events')
  return { total: Number(headers['pagination-total-count']), ids: data.map(({ id }: { id: string }) => id) }
}

it('keeps what happens in the month of its recording, whatever the clock of the team says', async () => {
  app.clock.advance(9 * 365 * DAY_MS)
  await app.call('POST', '/webhooks', { body: { type: 'entity.create', url: subscriber.url } })
  await makePerson()
  await app.drain()
  expect(subscriber.received).toHaveLength(1)
  for (const table of TABLES) {
    const [, ...others] = await months(table)
    expect(others.at(-1)).toBe('default')
    expect(await count(`${table}_default`)).toBe(0)
    expect(await count(table)).toBeGreaterThan(0)
  }
})

it('makes coming months, and moves into them what was recorded before they were there', async () => {
  const [first = ''] = await months('events')
  for (const table of TABLES) await sql`drop table ${sql.table(`${table}_${first}`)}`.execute(app.fresh.db)
  await sql`delete from list_counts where list = 'events'`.execute(app.fresh.db)
  const { data: person } = await makePerson()
  await app.drain()
  for (const table of TABLES) expect(await count(`${table}_default`)).toBeGreaterThan(0)
  const before = await listed()
  await forget()
  for (const table of TABLES) {
    expect(await months(table)).toContain(first)
    expect(await count(`${table}_default`)).toBe(0)
    expect(await count(`${table}_${first}`)).toBeGreaterThan(0)
  }
  expect(await listed()).toEqual(before)
  expect((await app.call('GET', `/events?resource_id=${person.id}`)).data).toHaveLength(1)
})

it('forgets a month once all of it is older than what is kept, with its totals, and nothing else', async () => {
  const base = await now()
  const oldAt = new Date(base - 140 * DAY_MS).toISOString()
  const recentAt = new Date(base - 45 * DAY_MS).toISOString()
  for (const at of [oldAt, recentAt]) {
    for (const table of TABLES) {
      const [year, month] = monthOf(at).split('_').map(Number)
      const from = `${year}-${String(month).padStart(2, '0')}-01T00:00:00Z`
      const until = new Date(Date.UTC(Number(year), Number(month), 1)).toISOString()
      await sql`create table ${sql.table(`${table}_${monthOf(at)}`)} partition of ${sql.table(table)}
        for values from (${sql.lit(from)}) to (${sql.lit(until)})`.execute(app.fresh.db)
    }
  }
  await makePerson()
  await app.drain()
  await recordedAt(oldAt)
  const old = await listed()
  expect(old.total).toBeGreaterThan(1)
  const { data: kept } = await makePerson()
  await app.drain()
  const [newest] = (await listed()).ids
  await forget()
  expect(await months('events')).not.toContain(monthOf(oldAt))
  expect(await months('events')).toContain(monthOf(recentAt))
  // Deliveries are kept for a shorter time.
  expect(await months('deliveries')).not.toContain(monthOf(recentAt))
  expect(await months('delivery_attempts')).not.toContain(monthOf(recentAt))
  expect(await listed()).toEqual({ total: 1, ids: [newest] })
  expect((await app.call('GET', `/events/${old.ids[0]}`)).status).toBe(404)
  expect((await app.call('GET', `/events/${newest}`)).data.resource_id).toBe(kept.id)
  expect((await app.call('GET', `/entities/${kept.id}`)).status).toBe(200)
})

it('forgets what has no month by the batch, with its totals', async () => {
  await recordedAt(new Date((await now()) - 1000 * DAY_MS).toISOString())
  expect(await count('events_default')).toBeGreaterThan(0)
  await forget()
  for (const table of TABLES) expect(await count(table)).toBe(0)
  expect(await listed()).toEqual({ total: 0, ids: [] })
})

/** A step of a plan as PostgreSQL explains it. */
type PlanNode = Readonly<Record<string, unknown>> & { readonly Plans?: readonly PlanNode[] }
const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]
const rowsRead = (node: PlanNode) => Number(node['Actual Rows']) + Number(node['Rows Removed by Filter'] ?? 0)

it('lists by an index in every month, and reads no table whole', async () => {
  const { team } = await app.ctx()
  await sql`
    insert into events (team_id, id, topic, resource, resource_id, after, created_at, recorded_at)
    select ${team.id}, 'e' || n, 'consumer.updated', 'consumer', 'r' || n % 500, '{}', now() + n * interval '1 ms',
           now() + (n % 3) * interval '20 days'
    from generate_series(1, 30000) n`.execute(app.fresh.db)
  await sql`analyze events`.execute(app.fresh.db)
  const questions = [
    `team_id = '${team.id}' and resource in ('account', 'attribute', 'connect', 'consumer', 'credit_score', 'payment')`,
    `team_id = '${team.id}' and topic = 'consumer.updated'`,
    `team_id = '${team.id}' and resource_id = 'r7'`,
  ]
  for (const where of questions) {
    const { rows } = await app.fresh.database.pool.query(
      `explain (analyze, buffers, format json) select id, after from events t where ${where}
       order by created_at desc, id desc limit 50`,
    )
    const [{ Plan: plan }] = rows[0]['QUERY PLAN']
    const whole = nodesOf(plan).filter((node) => node['Node Type'] === 'Seq Scan' && rowsRead(node) > 0)
    expect(whole).toEqual([])
    expect(
      nodesOf(plan).filter((node) => node['Node Type'] === 'Index Scan' && rowsRead(node) > 0).length,
    ).toBeGreaterThan(1)
    expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThanOrEqual(120)
  }
})

it('carries over what was there before there were months', async () => {
  const name = `months_${process.pid}`
  await runOn(inject('clusterUrl'), `create database ${name}`)
  const client = new pg.Client({ connectionString: inDatabase(inject('clusterUrl'), name) })
  await client.connect()
  try {
    const folder = new URL('../../db/migrations/', import.meta.url)
    const files = (await readdir(folder)).sort()
    const apply = async (wanted: readonly string[]) => {
      for (const file of wanted) await client.query(await readFile(new URL(file, folder), 'utf8'))
    }
    const last = files.indexOf('0042-partitions.sql')
    await apply(files.slice(0, last))
    await client.query(`
      insert into teams (id, name, environment, data_key, created_at) values ('t', 'a', 'development', '', now());
      insert into events (team_id, id, topic, resource, resource_id, after, created_at) values
        ('t', 'past', 'consumer.created', 'consumer', 'c', '{"a": 1}', '2001-01-01'),
        ('t', 'future', 'consumer.updated', 'consumer', 'c', '{"a": 2}', '2099-01-01');
      insert into webhooks (team_id, id, face, wire_type, wire_version, topic, url, expand_event, created_at, updated_at)
        values ('t', 'w', 'method', 'entity.create', '2024-04-04', 'consumer.created', 'https://a', false, now(), now());
      insert into deliveries (team_id, id, webhook_id, event_id, resource_id, body, status, due_at, created_at)
        values ('t', 'd', 'w', 'past', 'c', '{}', 'pending', '2001-01-02', '2001-01-01');
      insert into delivery_attempts (team_id, delivery_id, sent_at, took_ms, request_headers, outcome)
        values ('t', 'd', '2001-01-01', 3, '{}', '500')`)
    const totals = `select sum(total)::int as total from list_counts where list = 'events'`
    const before = (await client.query(totals)).rows
    await apply(files.slice(last, last + 1))
    const { rows: events } = await client.query(
      `select id, after, created_at < now() as was from events order by created_at`,
    )
    expect(events).toEqual([
      { id: 'past', after: { a: 1 }, was: true },
      { id: 'future', after: { a: 2 }, was: false },
    ])
    const { rows } = await client.query(`
      select d.status, d.due_at::date::text as due, a.outcome from deliveries d join delivery_attempts a on a.delivery_id = d.id`)
    expect(rows).toEqual([{ status: 'pending', due: '2001-01-02', outcome: '500' }])
    expect((await client.query('select from events_default')).rows).toEqual([])
    expect((await client.query(totals)).rows).toEqual(before)
  } finally {
    await client.end()
    await runOn(inject('clusterUrl'), `drop database ${name} with (force)`)
  }
})
