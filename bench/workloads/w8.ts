/** W8: a clock moved over many payments, three steps each; beside one statement that moves as many rows and tells of them. */
import type pg from 'pg'
import { activeEntity, ask } from '../cast.js'
import { type Finding, medianOf, ratioOf } from '../findings.js'
import type { Ground } from '../ground.js'
import { load } from '../load.js'
import { beside, CONNECTIONS, type Effort, FULL, type Pair } from '../pairs.js'
import { type RunningProcess, startServer } from '../processes.js'
import { accountsOf, readsOf } from './w1.js'

const PAYMENTS = { full: 100_000, quick: 20_000 } as const
// So many are moved one after the other to know what all of them would take.
const ROW_SAMPLE = 1_000
const POLL_MS = 20
// How the ids of these payments begin, and no random ones.
const OURS = '3333333'

// A Monday, before the first source window: what is made then is pulled at 10:30 US Central time.
const STANDS_AT = '2031-03-03T15:00:00.000Z'
/** Where the clock goes, step by step: to the pull, to the end of the source's settlement day, to the push. */
const STEPS = ['2031-03-03T16:30:00.000Z', '2031-03-04T22:30:00.000Z', '2031-03-05T19:30:00.000Z'] as const
const STATUSES = ['processing/requested', 'processing/clearing', 'sent/sent'] as const

export async function measureW8(ground: Ground, effort: Effort): Promise<readonly Finding[]> {
  const count = effort === FULL ? PAYMENTS.full : PAYMENTS.quick
  const { clearspanDb: db, baselineDb } = ground
  const server = await startServer(ground.clearspan)
  try {
    // What other workloads left behind stays where it is.
    for (const table of ['payments', 'connections'])
      await db.query(`update ${table} set due_at = null where due_at is not null`)
    await ask(server.url, '/simulate/clock', { freeze: true })
    await ask(server.url, '/simulate/clock', { set: STANDS_AT })
    const reads = readsOf(await accountsOf(ground, server, 1))
    const aim = { url: server.url, ...reads, isEachOnce: false, connections: CONNECTIONS, ...effort }
    const idle = await load(aim)
    await fillPayments(ground, server, count)
    await fillBaseline(baselineDb, count)
    const pairs: Pair<number>[] = []
    const rowByRow: number[] = []
    for (const [index, set] of STEPS.entries()) {
      const baseline = await timed(() => baselineDb.query(moveAll(index)))
      rowByRow.push(((await timed(() => moveSome(baselineDb))) * count) / ROW_SAMPLE)
      const clearspan = await timed(() => moveClock(server, set))
      await expectMoved(db, STATUSES[index] ?? '', count)
      pairs.push({ baseline, clearspan })
    }
    const moving = moveClock(server, '2031-03-06T22:30:00.000Z')
    const busy = await load(aim)
    await moving
    const batches = await countBatches(db)
    const alone = pairs.map(({ clearspan }, index) => ({ baseline: clearspan, clearspan: rowByRow[index] ?? 0 }))
    const of = { workload: 'W8', range: null, unit: 'count' } as const
    return [
      {
        ...of,
        what: 'time of a step',
        ...ratioOf(pairs),
        goal: { kind: 'at most', value: 5 },
        note: `${beside(pairs, ' ms')}, ${count} payments`,
      },
      {
        ...of,
        what: 'row by row, beside a step',
        ...ratioOf(alone),
        goal: { kind: 'at least', value: 8 },
        note: `${Math.round(medianOf(rowByRow).value)} ms, reckoned from ${ROW_SAMPLE} rows`,
      },
      {
        ...of,
        what: 'p99 of reads meanwhile',
        value: busy.p99Ms / idle.p99Ms,
        unit: 'x',
        goal: { kind: 'at most', value: 3 },
        note: `${busy.p99Ms.toFixed(1)} ms beside ${idle.p99Ms.toFixed(1)} ms`,
      },
      {
        ...of,
        what: 'largest batch',
        value: batches.largest,
        goal: { kind: 'at most', value: 5_000 },
        note: `${batches.count} transactions moved payments`,
      },
    ]
  } finally {
    await server.stop()
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** Returns when the clock has arrived and all that was due is done. */
async function moveClock({ url }: RunningProcess, set: string): Promise<void> {
  for (let clock = await ask(url, '/simulate/clock', { set }); clock.moving_to !== null; ) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    clock = await ask(url, '/simulate/clock')
  }
}

/** Payments that wait for the first window, by SQL: what is measured is how they move. */
async function fillPayments({ clearspanDb: db }: Ground, { url }: RunningProcess, count: number): Promise<void> {
  const holder_id = await activeEntity(url, 1)
  const ach = (number: string) => ({ holder_id, ach: { routing: '062103000', number, type: 'checking' } })
  const source = await ask(url, '/accounts', ach('123456789'))
  const destination = await ask(url, '/accounts', ach('123456790'))
  await db.query(
    `insert into payments (team_id, id, source_id, source_holder_id, destination_id, destination_holder_id, destination_kind,
       amount_cents, description, status, fund_status, source_status, destination_status, estimated_completion_on,
       source_settlement_on, destination_settlement_on, operator_fee_cents, type, due_at, created_at, updated_at)
     select s.team_id, '${OURS}' || lpad(n::text, 6, '0'), s.id, s.consumer_id, d.id, d.consumer_id, 'ach', 100 + n, 'CardPay01', 'pending',
       'pending', 'pending', 'pending', '2031-03-06', '2031-03-04', '2031-03-06', 75, 'standard', $4, $5, $5
     from accounts s join accounts d on d.team_id = s.team_id, generate_series(1, $3::integer) n
     where s.id = $1 and d.id = $2`,
    [String(source.id).slice(4), String(destination.id).slice(4), count, STEPS[0], STANDS_AT],
  )
  await db.query('vacuum analyze payments')
}

/** Every payment is where the step leads, and nothing else was counted. */
async function expectMoved(db: pg.Client, status: string, count: number): Promise<void> {
  const { rows } = await db.query<{ status: string; count: number }>(
    `select status || '/' || fund_status as status, count(*)::int as count from payments where id like '${OURS}%' group by 1`,
  )
  const [only, ...others] = rows
  if (others.length > 0 || only?.status !== status || only.count !== count) {
    throw new Error(`All ${count} payments should be ${status}: ${JSON.stringify(rows)}`)
  }
}

/** What one transaction moves has the window's entries of one insert: its rows share their writing transaction. */
async function countBatches(db: pg.Client): Promise<{ readonly largest: number; readonly count: number }> {
  const { rows } = await db.query<{ largest: number; count: number }>(
    `select max(rows)::int as largest, count(*)::int as count
     from (select count(*) as rows from ledger_entries where payment_id like '${OURS}%' group by xmin, step) moved`,
  )
  // A transfer of a step has two entries.
  return { largest: (rows[0]?.largest ?? 0) / 2, count: rows[0]?.count ?? 0 }
}

async function fillBaseline(db: pg.Client, count: number): Promise<void> {
  await db.query('drop table if exists moved, moved_events')
  await db.query('create table moved (id bigint primary key, step integer not null, body jsonb not null)')
  await db.query('create index moved_by_step on moved (step)')
  await db.query('create table moved_events (id bigserial primary key, before jsonb not null, after jsonb not null)')
  const body = { amount: 12_500, description: 'CardPay01', status: 'pending', source: 'a'.repeat(300) }
  await db.query('insert into moved select n, 0, $2::jsonb from generate_series(1, $1::integer) n', [count, body])
  await db.query('vacuum analyze moved')
}

const moveAll = (step: number) =>
  `with stepped as (
     update moved set step = step + 1, body = body || '{"status": "${step}"}' where step = ${step} returning body)
   insert into moved_events (before, after) select body, body from stepped`

/** The same, a row at a time, on rows that it leaves as they were. */
async function moveSome(db: pg.Client): Promise<void> {
  for (let id = 1; id <= ROW_SAMPLE; id++) {
    await db.query({
      name: 'one row',
      text: `with stepped as (update moved set body = body || '{"status": "one"}' where id = $1 returning body)
        insert into moved_events (before, after) select body, body from stepped`,
      values: [id],
    })
  }
}
