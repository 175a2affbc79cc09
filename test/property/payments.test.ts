/**
 * Thousands of payments with random fees, returns, cancellations, reversals and jumps of the clock: whatever happens, the
 * ledger balances, histories are legal, and the world's banks have exactly what the ledger says.
 */
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAllDue } from '../../src/core/clock/clock.js'
import type { Ctx, Writing } from '../../src/core/ctx.js'
import { approveReversal, cancelPayment, checkLedger, createPayment } from '../../src/core/payments/payments.js'
import { reversalTransitions, transitions } from '../../src/core/payments/transitions.js'
import { Refusal } from '../../src/core/refuse.js'
import { inTx } from '../../src/db/database.js'
import { type App, openApp } from '../setup/app.js'
import { addChecking, payer } from '../setup/money.js'

const PAYMENTS = Number(process.env.PROPERTY_PAYMENTS ?? 4_000)
const ROUNDS = 40
const TIME_LIMIT_MS = 240_000
const HOUR_MS = 3_600_000
// Most accounts are ordinary; each of the others sends something back.
const ENDINGS = ['0001', '0002', '0010', '0016', '0020', '0023', '0029', '9001', '9001', '9002', '9007', '9010', '9029']
const ORDINARY = 40

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const seed = Number(process.env.PROPERTY_SEED ?? 20_260_310)
const random = fc.sample(fc.infiniteStream(fc.nat({ max: 2 ** 31 - 2 })), { seed, numRuns: 1 })[0]
const below = (limit: number) => Number(random?.next().value ?? 0) % limit
const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T
const bare = (id: string) => id.slice(id.indexOf('_') + 1)

async function write<T>(work: (ctx: Ctx<Writing>) => Promise<T>): Promise<T> {
  const ctx = await app.ctx()
  return inTx(ctx.db, (tx) => work({ ...ctx, db: tx, tx }))
}

/** What may be refused is as good as not tried. */
async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

async function people() {
  const sources: string[] = []
  const destinations: string[] = []
  for (const ending of [...Array.from({ length: ORDINARY }, () => undefined), ...ENDINGS]) {
    const body = {
      type: 'corporation',
      corporation: { name: 'Blue Heron', ein: '820415567', owners: [{ first_name: 'Ada', last_name: 'Own' }] },
      address: { line1: '400 Harbor St', city: 'Boise', state: 'ID', zip: '83702' },
    }
    const { data: company } = await app.call('POST', '/entities', { body })
    sources.push(bare((await addChecking(app, company.id, ending)).id))
    destinations.push(bare((await addChecking(app, company.id, ending)).id))
  }
  const { person, card } = await payer(app)
  const debts = person.accounts.filter(({ type, status }) => type === 'liability' && status === 'active')
  return { sources, destinations: [...destinations, bare(card), ...debts.map(({ id }) => bare(id))] }
}

async function makePayments(count: number, { sources, destinations }: Awaited<ReturnType<typeof people>>) {
  let made = 0
  for (let tried = 0; tried < count; ) {
    await write(async (ctx) => {
      for (const until = Math.min(count, tried + 100); tried < until; tried++) {
        const fee = pick([
          null,
          null,
          { type: 'total', amountCents: 1 + below(50) },
          { type: 'markup', amountCents: 1 + below(20) },
        ])
        const isMade = await attempt(() =>
          createPayment(ctx, {
            amountCents: 200 + below(100_000),
            description: 'Random',
            fee,
            sourceId: pick(sources),
            destinationId: pick(destinations),
            reversalAccountId: null,
            metadata: null,
            isDryRun: false,
          }),
        )
        if (isMade) made += 1
      }
    })
  }
  return made
}

const idsIn = async (statuses: readonly string[], limit: number) => {
  const { rows } = await sql<{ id: string }>`
    select id from payments where status = any(${statuses}) order by md5(id || ${String(below(1000))}) limit ${limit}`.execute(
    app.fresh.db,
  )
  return rows.map(({ id }) => id)
}

async function meddle() {
  for (const id of await idsIn(['pending'], below(8))) await attempt(() => write((ctx) => cancelPayment(ctx, id)))
  const moves = ['processing', 'sent', 'canceled', 'failed', 'posted', 'settled', 'reversed', 'reversal_required']
  for (const id of await idsIn(['pending', 'processing', 'sent', 'posted', 'reversal_processing'], 4)) {
    const body = { status: pick(moves), error_code: pick([10001, 10005, 10007, 10008, 10009]) }
    const { status } = await app.call('POST', `/simulate/payments/pmt_${id}`, { body })
    expect([200, 400]).toContain(status)
  }
  const { rows } = await sql<{ id: string; paymentId: string }>`
    select id, payment_id as "paymentId" from payment_reversals where status = 'pending_approval'
    order by id limit 20`.execute(app.fresh.db)
  for (const { id: reversalId, paymentId } of rows) {
    if (below(3) > 0)
      await attempt(() => write((ctx) => approveReversal(ctx, { paymentId, reversalId, description: null })))
  }
}

test(
  `after ${PAYMENTS} random payments the ledger balances, histories are legal, and the world has what the ledger says`,
  async () => {
    const cast = await people()
    let made = 0
    for (let round = 0; round < ROUNDS; round++) {
      made += await makePayments(PAYMENTS / ROUNDS, cast)
      await meddle()
      app.clock.advance(below(20) * HOUR_MS + below(60) * 60_000)
      await runAllDue(app.due)
    }
    for (let day = 0; day < 60; day++) {
      app.clock.advance(12 * HOUR_MS)
      await runAllDue(app.due)
      if (day % 4 === 0) await meddle()
    }
    for (let more = 0; more < 3; more++) await runAllDue(app.due)
    expect(made).toBeGreaterThan(PAYMENTS * 0.3)
    const ctx = await app.ctx()
    const { payments, findings } = await checkLedger(ctx)
    expect(findings).toEqual([])
    expect(payments).toBe(made)
    await expectLegalHistories()
    await expectEqualWorld()
  },
  TIME_LIMIT_MS,
)

async function expectLegalHistories() {
  const { rows } = await sql<{ resource: string; before: string; after: string }>`
    select distinct resource, before->>'status' as before, after->>'status' as after from events
    where before is not null and resource in ('payment', 'payment_reversal')
      and before->>'status' <> after->>'status'`.execute(app.fresh.db)
  for (const { resource, before, after } of rows) {
    const table = resource === 'payment' ? transitions : reversalTransitions
    expect((table as Readonly<Record<string, readonly string[]>>)[before]).toContain(after)
  }
  // Many kinds of lives were led, or nothing was shown.
  expect(rows.length).toBeGreaterThan(12)
  const { rows: chains } = await sql`
    select 1 from (
      select before->>'status' as before, lag(after->>'status') over (partition by resource_id order by created_at, id) as previous
      from events where resource = 'payment') e
    where previous is not null and before <> previous`.execute(app.fresh.db)
  expect(chains).toEqual([])
}

/** The sums of the banks' own books, account by account. */
async function expectEqualWorld() {
  const { rows } = await sql<{ account: string; ledger: number; world: number }>`
    with ledger as (
      select account_id, sum(cents)::bigint as cents from ledger_entries where account = 'holder' group by 1),
    posted as (
      select a.account_id, sum(d.cents)::bigint as cents
      from (select distinct team_id, account_id, reference from ach_entries) a
      join world.deposit_entries d on d.realm = a.team_id and d.reference in (a.reference, a.reference || ':return')
      group by 1)
    select l.account_id as account, l.cents as ledger, p.cents as world
    from ledger l join posted p using (account_id)`.execute(app.fresh.db)
  expect(rows.length).toBeGreaterThan(50)
  expect(rows.filter(({ ledger, world }) => ledger !== world)).toEqual([])
  const { rows: debts } = await sql<{ world: number; ledger: number }>`
    select (select coalesce(-sum(cents), 0)::bigint from world.movements where detail ? 'reference') as world,
      (select coalesce(sum(e.cents), 0)::bigint from ledger_entries e join accounts a on a.team_id = e.team_id and a.id = e.account_id
       where e.account = 'holder' and a.kind = 'liability') as ledger`.execute(app.fresh.db)
  expect(debts[0]?.ledger).toBe(debts[0]?.world)
  expect(debts[0]?.world).toBeGreaterThan(0)
}
