/** W4: a connect that finds six debts, with its accounts, updates, events and jobs; beside one committed insert. */
import { activeEntity, ask, copyEntity, headers } from '../cast.js'
import { type Counts, countPerRequest } from '../counting.js'
import { type Finding, ratioOf } from '../findings.js'
import type { Ground } from '../ground.js'
import { beside, type Effort, loadByTurns, pick } from '../pairs.js'
import { startBaseline, startServer } from '../processes.js'

const FEW_ACCOUNTS = 6
const MANY_ACCOUNTS = 20
// More than any machine connects in a second, so that entities don't run out.
const CONNECTS_PER_SECOND_MAX = 1_200

export async function measureW4(ground: Ground, effort: Effort): Promise<readonly Finding[]> {
  const few = await countConnect(ground, FEW_ACCOUNTS)
  const many = await countConnect(ground, MANY_ACCOUNTS)
  await ground.baselineDb.query('create table if not exists added (id uuid primary key, reply jsonb not null)')
  // The jobs that a connect leaves behind are not part of the request: no worker takes them up meanwhile.
  const server = await startServer(ground.clearspan, ['--no-worker'])
  const baseline = await startBaseline('insert-one', ground.baseline)
  try {
    const entity = await activeEntity(server.url, FEW_ACCOUNTS)
    const data = await ask(server.url, `/entities/${await activeEntity(server.url, FEW_ACCOUNTS)}/connect`, {})
    const reply = JSON.stringify({ success: true, data, message: null })
    const perRun = Math.ceil(((effort.warmUpMs + effort.measuredMs) / 1000) * CONNECTS_PER_SECOND_MAX)
    const pairs = await loadByTurns(
      effort,
      async () => ({
        url: baseline.url,
        requests: [{ method: 'POST', path: '/rows', headers, body: reply }],
        bodyPattern: '"id":"cxn_',
      }),
      async () => ({
        url: server.url,
        isEachOnce: true,
        requests: (await copyEntity(ground.clearspanDb, entity, perRun)).map((id) => ({
          method: 'POST',
          path: `/method/entities/${id}/connect`,
          headers,
          body: '{}',
        })),
        bodyPattern: `"accounts":\\[("acc_\\w+",?){${FEW_ACCOUNTS}}\\]`,
      }),
    )
    return findings(few, many, pairs)
  } finally {
    await Promise.all([server.stop(), baseline.stop()])
  }
}

function findings(few: Counts, many: Counts, pairs: Awaited<ReturnType<typeof loadByTurns>>): readonly Finding[] {
  const rates = pick(pairs, 'perSecond')
  // Equal connections: so many times the rate of inserts is so many times the duration of one.
  const inserts = ratioOf(rates.map(({ baseline, clearspan }) => ({ baseline: clearspan, clearspan: baseline })))
  const slowest = pick(pairs, 'p99Ms')
  const of = { workload: 'W4', range: null, unit: 'count' } as const
  const note = (counts: Counts) => `${counts.statements} statements, ${counts.rowsWritten.toFixed(0)} rows written`
  return [
    {
      ...of,
      what: 'inserts in one connect',
      ...inserts,
      goal: { kind: 'at most', value: 8 },
      note: beside(rates, '/s'),
    },
    { ...of, what: 'p99', ...ratioOf(slowest), goal: null, note: beside(slowest, ' ms', 1) },
    {
      ...of,
      what: `statements, ${FEW_ACCOUNTS} accounts`,
      value: few.statements,
      goal: { kind: 'at most', value: 12 },
      note: note(few),
      details: few.texts,
    },
    {
      ...of,
      what: `more statements for ${MANY_ACCOUNTS}`,
      value: many.statements - few.statements,
      goal: { kind: 'at most', value: 2 },
      note: note(many),
      details: many.texts,
    },
    {
      ...of,
      what: 'commits that write',
      value: Math.max(few.writingCommits, many.writingCommits),
      goal: { kind: 'at most', value: 2 },
      note: `${few.transactions} transactions in all`,
    },
  ]
}

function countConnect(ground: Ground, accounts: number): Promise<Counts> {
  return countPerRequest(ground, {
    prepare: async (server, count) => copyEntity(ground.clearspanDb, await activeEntity(server.url, accounts), count),
    request: async (server, ids, index) => {
      const { accounts: found } = await ask(server.url, `/entities/${ids[index]}/connect`, {})
      if ((found as readonly string[]).length !== accounts) throw new Error(`A connect should find ${accounts} debts.`)
    },
  })
}
