import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../test/setup/database.js'
import { PreparingClient } from './client.js'

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())

let client: PreparingClient
beforeEach(async () => {
  client = new PreparingClient({ connectionString: fresh.connectionString, pipeline: true } as never)
  client.on('error', () => {})
  await client.connect()
})
afterEach(() => client.end())

const settled = async (results: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(results)).map((result) =>
    result.status === 'fulfilled' ? 'done' : String((result.reason as Error).message),
  )

describe('statements of one turn', () => {
  it('are answered each with its own rows, also when they are asked again', async () => {
    for (let time = 0; time < 3; time++) {
      const [, numbers, none, written, instant] = await Promise.all([
        client.run('begin', []),
        client.run('select n, n * 2 as twice from generate_series(1, $1::integer) n', [2]),
        client.run('select $1::text as word where false', ['never']),
        client.run('create temporary table if not exists words (word text, told text[])', []),
        client.run(`select $1::timestamptz as at, $2::bigint as big, null as nothing`, [
          '2026-03-10T15:00:00.123456Z',
          '12',
        ]),
      ])
      expect(numbers).toEqual({ rows: [1, 2].map((n) => ({ n, twice: n * 2 })), rowCount: 2 })
      expect(none).toEqual({ rows: [], rowCount: 0 })
      expect(written.rowCount).toBeNull()
      expect(instant.rows).toEqual([{ at: '2026-03-10T15:00:00.123Z', big: 12, nothing: null }])
      const [insert] = await Promise.all([
        client.run('insert into words values ($1, $2)', ['one', ['a', 'b "c"', null]]),
        client.run('commit', []),
      ])
      expect(insert.rowCount).toBe(1)
    }
    const { rows } = await client.run('select distinct told from words', [])
    expect(rows).toEqual([{ told: ['a', 'b "c"', null] }])
  })

  it('end at the one that fails: those before are done, those after say why, and all can be asked again', async () => {
    const ask = (divisor: number) => [
      client.run('begin', []),
      client.run('select 1 / $1::integer as part', [divisor]),
      client.run('select $1::text as after_it', ['later']),
      client.run('commit', []),
    ]
    expect(await settled(ask(0))).toEqual(['done', ...Array(3).fill('division by zero')])
    await client.run('rollback', [])
    expect(await settled(ask(1))).toEqual(Array(4).fill('done'))
    expect(await settled(ask(0))).toEqual(['done', ...Array(3).fill('division by zero')])
    await client.run('rollback', [])
    expect((await client.run('select $1::text as after_it', ['later'])).rows).toEqual([{ after_it: 'later' }])
  })

  it('that cannot be parsed fail alike', async () => {
    const results = [
      client.run('begin', []),
      client.run('select $1::integer from nowhere', [1]),
      client.run('commit', []),
    ]
    expect(await settled(results)).toEqual(['done', ...Array(2).fill('relation "nowhere" does not exist')])
    await client.run('rollback', [])
    expect(await settled([client.run('select $1::integer from nowhere', [1])])).toEqual([
      'relation "nowhere" does not exist',
    ])
  })

  it('keep their order among queries of other kinds', async () => {
    const [, , read] = await Promise.all([
      client.run('begin', []),
      client.query('create temporary table kept (n integer); insert into kept values (1), (2)'),
      client.run('select count(*)::integer as count from kept where n > $1', [0]),
      client.query('drop table kept'),
      client.run('commit', []),
    ])
    expect(read.rows).toEqual([{ count: 2 }])
  })

  it('all fail when the connection breaks', async () => {
    const { rows } = await client.run('select pg_backend_pid() as pid', [])
    const results = [client.run('begin', []), client.run('select pg_sleep($1)', [20]), client.run('commit', [])]
    setTimeout(() => void sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(fresh.db), 100)
    const [first, ...others] = await settled(results)
    expect(first).toBe('done')
    expect(new Set(others)).toEqual(new Set(['terminating connection due to administrator command']))
    expect(await settled([client.run('select 1', [])])).not.toEqual(['done'])
  })
})

describe('a statement that stands alone', () => {
  it('has nothing to do with others of the same turn', async () => {
    const results = [
      client.runAlone('select 1 / $1::integer as part', [0]),
      client.runAlone('select $1::text as word', ['here']),
    ]
    expect(await settled(results)).toEqual(['division by zero', 'done'])
  })
})
