/** W3: a named payment, with all that is written for it; beside a transaction of three inserts. */
import { randomUUID } from 'node:crypto'
import { activeEntity, ask, copyEntity, headers } from '../cast.js'
import { countPerRequest } from '../counting.js'
import { type Finding, ratioOf } from '../findings.js'
import type { Ground } from '../ground.js'
import type { LoadRequest } from '../load.js'
import { beside, type Effort, loadByTurns, pick } from '../pairs.js'
import { type RunningProcess, startBaseline, startServer } from '../processes.js'
import { countRoundTrips } from '../round-trips.js'

// So many that requests seldom meet at an account.
const PAYERS = 200
// More than any machine takes in a second, so that payments don't run out.
const PAYMENTS_PER_SECOND_MAX = 4_000

interface Payer {
  readonly source: string
  readonly destination: string
}

export async function measureW3(ground: Ground, effort: Effort): Promise<readonly Finding[]> {
  const prepare = (server: RunningProcess) => payersOf(ground, server, PAYERS)
  const counts = await countPerRequest(ground, {
    prepare,
    request: (server, payers, index) => send(server, paymentOf(payers, index)),
  })
  const roundTrips = await countRoundTrips(ground, {
    prepare: (server) => payersOf(ground, server, 1),
    request: (server, payers) => send(server, paymentOf(payers, 0)),
  })
  for (const table of ['added', 'added_second', 'added_third']) {
    await ground.baselineDb.query(`create table if not exists ${table} (id uuid primary key, reply jsonb not null)`)
  }
  // Nothing else goes on: the payments wait for their window.
  const server = await startServer(ground.clearspan, ['--no-worker'])
  const baseline = await startBaseline('insert-three', ground.baseline)
  try {
    const payers = await prepare(server)
    const reply = await send(server, paymentOf(payers, 0))
    const perRun = Math.ceil(((effort.warmUpMs + effort.measuredMs) / 1000) * PAYMENTS_PER_SECOND_MAX)
    const pairs = await loadByTurns(
      effort,
      async () => ({
        url: baseline.url,
        requests: [{ method: 'POST', path: '/rows', headers, body: reply }],
        bodyPattern: '"id":\\s*"pmt_',
      }),
      async () => ({
        url: server.url,
        isEachOnce: true,
        requests: Array.from({ length: perRun }, (_, index) => paymentOf(payers, index)),
        bodyPattern: '"data":\\{"id":"pmt_\\w+".*"status":"pending"',
      }),
    )
    const rates = pick(pairs, 'perSecond')
    const slowest = pick(pairs, 'p99Ms')
    const of = { workload: 'W3', range: null, unit: 'count' } as const
    return [
      { ...of, what: 'rate', ...ratioOf(rates), goal: { kind: 'at least', value: 0.5 }, note: beside(rates, '/s') },
      {
        ...of,
        what: 'p99',
        ...ratioOf(slowest),
        goal: { kind: 'at most', value: 2.5 },
        note: beside(slowest, ' ms', 1),
      },
      {
        ...of,
        what: 'round trips',
        value: roundTrips,
        goal: { kind: 'at most', value: 3 },
        note: 'the key; what is known; all that is written',
      },
      {
        ...of,
        what: 'statements',
        value: counts.statements,
        goal: null,
        note: `${counts.rowsWritten.toFixed(1)} rows written`,
        details: counts.texts,
      },
      {
        ...of,
        what: 'commits that write',
        value: counts.writingCommits,
        goal: { kind: 'at most', value: 1 },
        note: `${counts.transactions} transactions in all`,
      },
    ]
  } finally {
    await Promise.all([server.stop(), baseline.stop()])
  }
}

/** People with a checking account and a card. */
export async function payersOf(ground: Ground, { url }: RunningProcess, count: number): Promise<readonly Payer[]> {
  const entity = await activeEntity(url, 1)
  const payers: Payer[] = []
  for (const id of await copyEntity(ground.clearspanDb, entity, count)) {
    const { accounts } = await ask(url, `/entities/${id}/connect`, {})
    const ach = { routing: '062103000', number: '123456789', type: 'checking' }
    const source = await ask(url, '/accounts', { holder_id: id, ach })
    payers.push({ source: String(source.id), destination: String((accounts as readonly string[])[0]) })
  }
  // PostgreSQL does so by itself within a minute; before, it takes all tables for small and reads all that a team has.
  await ground.clearspanDb.query('analyze accounts, consumers, retrievals')
  return payers
}

/** A payment by one of the payers, under a name of its own. */
export function paymentOf(payers: readonly Payer[], index: number): LoadRequest & { readonly body: string } {
  const payer = payers[index % payers.length]
  return {
    method: 'POST',
    path: '/method/payments',
    headers: { ...headers, 'idempotency-key': randomUUID() },
    body: JSON.stringify({ ...payer, amount: 12_500, description: 'CardPay01' }),
  }
}

async function send({ url }: RunningProcess, { path, headers: named, body }: ReturnType<typeof paymentOf>) {
  const reply = await fetch(`${url}${path}`, { method: 'POST', headers: named ?? {}, body })
  const text = await reply.text()
  if (reply.status !== 200) throw new Error(`A payment was answered ${reply.status}: ${text}`)
  return text
}
