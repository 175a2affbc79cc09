import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { pay, payer } from '../../../test/setup/money.js'
import { inTx } from '../../db/database.js'
import type { AccountId, PaymentId } from '../ids.js'
import { checkLedger } from '../payments/payments.js'
import { type LedgerEntry, post, totals, transfersOf } from './ledger.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const AT = '2026-03-10T15:00:00.000Z'
const holder = (cents: number): LedgerEntry => ({ account: 'holder', accountId: 'a' as AccountId, cents })
const clearing = (cents: number): LedgerEntry => ({ account: 'clearing', cents })

async function posted(paymentId: string, step: string, entries: readonly LedgerEntry[]): Promise<void> {
  const ctx = await app.ctx()
  await inTx(ctx.db, (tx) => post({ ...ctx, tx }, [{ paymentId: paymentId as PaymentId, step, entries }], AT))
}

describe('the ledger', () => {
  it('keeps a transfer as it was posted, without entries of nothing', async () => {
    await posted('kept', 'pull', [holder(-500), { account: 'team_fees', cents: 0 }, clearing(500)])
    expect(await transfersOf(await app.ctx(), 'kept' as PaymentId)).toEqual([
      {
        step: 'pull',
        at: AT,
        entries: [
          { account: 'holder', accountId: 'a', cents: -500 },
          { account: 'clearing', accountId: null, cents: 500 },
        ],
      },
    ])
  })

  it.each([
    ['that does not balance', [holder(-500), clearing(499)]],
    ['of one entry', [clearing(1)]],
    ['that brings and takes nothing but from one side', [holder(500), clearing(500)]],
  ])('refuses a transfer %s', async (_, entries) => {
    await expect(posted('refused', 'pull', entries)).rejects.toThrow('must have entries that balance')
    expect(await transfersOf(await app.ctx(), 'refused' as PaymentId)).toEqual([])
  })

  it('refuses a step that was posted, also with other entries', async () => {
    await posted('once', 'pull', [holder(-500), clearing(500)])
    await expect(posted('once', 'pull', [holder(-500), clearing(500)])).rejects.toThrow('duplicate key')
    const { team } = await app.ctx()
    const later = sql`
      insert into ledger_entries (team_id, payment_id, step, position, account, account_id, cents, at)
      values (${team.id}, 'once', 'pull', 2, 'clearing', null, 5, now()), (${team.id}, 'once', 'pull', 3, 'holder', 'a', -5, now())`
    await expect(later.execute(app.fresh.db)).rejects.toThrow('all written at once')
  })

  it.each([
    ['changed', 'update ledger_entries set cents = cents + 1'],
    ['removed', 'delete from ledger_entries'],
    ['emptied', 'truncate ledger_entries'],
  ])('cannot be %s', async (_, statement) => {
    await posted(`lasting ${statement}`, 'pull', [holder(-500), clearing(500)])
    await expect(app.fresh.database.pool.query(statement)).rejects.toThrow('never changed nor removed')
  })
})

describe('its check', () => {
  const findings = async (keys: App['keys']) => (await checkLedger(await app.ctx(keys))).findings
  const tampered = async (statement: string) => {
    const keys = await app.newTeam()
    const call = { key: keys.development }
    const { checking: source, card: destination } = await payer(app, undefined, call)
    const { id } = await pay(app, { source, destination, fee: { type: 'total', amount: 300 } }, call)
    for (const status of ['processing', 'sent']) {
      await app.call('POST', `/simulate/payments/${id}`, { ...call, body: { status } })
    }
    await app.drain()
    expect(await findings(keys)).toEqual([])
    expect(Object.values(await totals(await app.ctx(keys))).reduce((sum, cents) => sum + cents, 0)).toBe(0)
    const client = await app.fresh.database.pool.connect()
    try {
      // As somebody would who is stronger than the triggers.
      await client.query('set session_replication_role = replica')
      await client.query(statement.replaceAll(':id', `'${id.slice(4)}'`))
    } finally {
      await client.query('reset session_replication_role')
      client.release()
    }
    return (await findings(keys)).map(({ finding }) => finding).join('; ')
  }

  it.each([
    [
      'a cent too many',
      `update ledger_entries set cents = cents + 1 where payment_id = :id and step = 'push' and position = 0`,
      /does not balance/,
    ],
    [
      'a transfer that is gone',
      `delete from ledger_entries where payment_id = :id and step = 'push'`,
      /team fees are 0 cents instead of 300/,
    ],
    [
      'a status that nothing says',
      `update payments set status = 'reversal_required' where id = :id`,
      /it is reversal_required, which its entries do not say/,
    ],
    [
      'an entry that nobody posted',
      `delete from world.ach_entries where reference = :id || '-push'`,
      /the network does not have it/,
    ],
    [
      'an entry of another amount',
      `update world.ach_entries set cents = 1 where reference = :id || '-pull'`,
      /the network has 1 cents/,
    ],
    [
      'an entry that nobody sent',
      `delete from ach_entries where reference = :id || '-pull'`,
      /the network has it, and nobody sent it/,
    ],
  ])('finds %s', async (_, statement, finding) => {
    expect(await tampered(statement)).toMatch(finding)
  })
})
