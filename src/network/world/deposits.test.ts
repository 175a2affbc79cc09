import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/setup/database.js'
import type { Ask, MicroDeposits, Network } from '../port.js'
import { createWorld } from './world.js'

const ask: Ask = { realm: 'team', at: '2026-03-10T12:00:00.000Z' }

let database: FreshDatabase
let world: Network
beforeAll(async () => {
  database = await freshDatabase()
  world = createWorld({ db: database.db, seed: 'seed', secretKey: Buffer.alloc(32, 7), answerDelayMs: 0 })
})
afterAll(() => database.close())

function deposits(reference: string, accountNumber: string, amountsCents: readonly number[] = [37, 81]): MicroDeposits {
  return { reference, to: { routingNumber: '062103000', accountNumber, type: 'checking' }, amountsCents }
}
const arrived = async (accountNumber: string, realm = ask.realm) =>
  (await world.stage?.deposits(realm, accountNumber))?.map(({ cents }) => cents)

describe('a deposit account', () => {
  test('gets what is sent to it, newest first', async () => {
    expect(await world.sendMicroDeposits(ask, deposits('one', '4410098263'))).toEqual({
      ok: true,
      value: { returnCode: null },
    })
    await world.sendMicroDeposits({ ...ask, at: '2026-03-11T12:00:00.000Z' }, deposits('two', '4410098263', [20, 99]))
    expect(await arrived('4410098263')).toEqual([99, 20, 81, 37])
    expect(await world.stage?.deposits(ask.realm, '4410098263')).toContainEqual({ cents: 37, at: ask.at })
    expect([await arrived('4410098263', 'other'), await arrived('4410098264')]).toEqual([[], []])
  })

  test('gets nothing more under a reference that has arrived, even ten times at once', async () => {
    const send = () => world.sendMicroDeposits(ask, deposits('again', '7000000001'))
    const answers = await Promise.all(Array.from({ length: 10 }, send))
    expect(answers).toEqual(answers.map(() => ({ ok: true, value: { returnCode: null } })))
    expect(await arrived('7000000001')).toEqual([81, 37])
  })

  test.each([
    ['00000000', 'R03'],
    ['9876540002', 'R02'],
    ['9876540004', 'R04'],
  ])('numbered %s sends everything back with %s', async (accountNumber, returnCode) => {
    const sent = await world.sendMicroDeposits(ask, deposits(`to ${accountNumber}`, accountNumber))
    expect(sent).toEqual({ ok: true, value: { returnCode } })
    expect(await arrived(accountNumber)).toEqual([])
  })

  test('keeps its number sealed', async () => {
    await world.sendMicroDeposits(ask, deposits('sealed', '5550001112223'))
    const { rows } = await sql<{ text: string }>`
      select a::text || e::text as text from world.deposit_accounts a, world.deposit_entries e`.execute(database.db)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.map((row) => row.text).join()).not.toContain('5550001112223')
  })
})
