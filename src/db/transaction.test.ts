import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../test/setup/database.js'
import { inTx, sendOff, type Tx } from './database.js'

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())
beforeEach(async () => {
  await sql`drop table if exists noted`.execute(fresh.db)
  await sql`create table noted (position serial, word text not null unique)`.execute(fresh.db)
})

const note = (tx: Tx, word: string | null) => sql`insert into noted (word) values (${word})`.execute(tx)
const words = async () => {
  const { rows } = await sql<{ word: string }>`select word from noted order by position`.execute(fresh.db)
  return rows.map(({ word }) => word)
}

describe('a transaction', () => {
  it('carries statements out in the order in which they were asked for, also when nobody waited', async () => {
    const seen = await inTx(fresh.db, async (tx) => {
      sendOff(tx, note(tx, 'first'))
      const second = note(tx, 'second')
      const { rows } = await sql<{ count: number }>`select count(*)::int as count from noted`.execute(tx)
      await second
      sendOff(tx, note(tx, 'third'))
      return rows[0]?.count
    })
    expect(seen).toBe(2)
    expect(await words()).toEqual(['first', 'second', 'third'])
  })

  it('fails with what was sent off, and keeps nothing', async () => {
    const failing = inTx(fresh.db, async (tx) => {
      await note(tx, 'kept?')
      sendOff(tx, note(tx, null))
    })
    await expect(failing).rejects.toMatchObject({ code: '23502' })
    expect(await words()).toEqual([])
  })

  it('tells of the first that failed, not of those that failed because of it', async () => {
    const failing = inTx(fresh.db, async (tx) => {
      sendOff(tx, note(tx, 'once'))
      sendOff(tx, note(tx, 'once'))
      await note(tx, 'after it')
    })
    await expect(failing).rejects.toMatchObject({ code: '23505' })
    expect(await words()).toEqual([])
  })

  it('leaves its connection as it was when it failed', async () => {
    for (let attempt = 0; attempt < 20; attempt++) {
      await expect(inTx(fresh.db, (tx) => note(tx, null))).rejects.toMatchObject({ code: '23502' })
    }
    await inTx(fresh.db, (tx) => note(tx, 'at last'))
    expect(await words()).toEqual(['at last'])
  })

  it('cannot be used when it is over, nor be begun within another', async () => {
    const left = await inTx(fresh.db, async (tx) => tx)
    await expect(note(left, 'late')).rejects.toThrow('over')
    expect(() => sendOff(fresh.db as Tx, Promise.resolve())).toThrow('in a transaction')
    await expect(inTx(fresh.db, (tx) => inTx(tx, async () => {}))).rejects.toThrow('not within another')
  })
})
