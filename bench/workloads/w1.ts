/** W1: one account read by id, the key checked, scoped to its team; beside one prepared select. */
import { activeEntity, ask, copyEntity, headers } from '../cast.js'
import { countPerRequest } from '../counting.js'
import { type Finding, ratioOf } from '../findings.js'
import type { Ground } from '../ground.js'
import { beside, type Effort, loadByTurns, pick } from '../pairs.js'
import { type RunningProcess, startBaseline, startServer } from '../processes.js'

const DEBTS = 20
// Enough that no table is read whole.
const ENTITIES = 50

export async function measureW1(ground: Ground, effort: Effort): Promise<readonly Finding[]> {
  const counts = await countPerRequest(ground, {
    prepare: (server) => accountsOf(ground, server, 1),
    request: (server, ids, index) => ask(server.url, `/accounts/${ids[index % ids.length]}`),
  })
  const server = await startServer(ground.clearspan)
  const ids = await accountsOf(ground, server, ENTITIES)
  await fillBaseline(ground, server, ids)
  const baseline = await startBaseline('select-one', ground.baseline)
  try {
    const pairs = await loadByTurns(
      effort,
      async () => ({
        url: baseline.url,
        requests: ids.map((id) => ({ method: 'GET', path: `/accounts/${id}` })),
        bodyPattern: '"data":\\{"id":"acc_',
      }),
      async () => ({ url: server.url, ...readsOf(ids) }),
    )
    const rates = pick(pairs, 'perSecond')
    const slowest = pick(pairs, 'p99Ms')
    const of = { workload: 'W1', range: null, unit: 'count' } as const
    return [
      { ...of, what: 'rate', ...ratioOf(rates), goal: { kind: 'at least', value: 0.6 }, note: beside(rates, '/s') },
      { ...of, what: 'p99', ...ratioOf(slowest), goal: { kind: 'at most', value: 2 }, note: beside(slowest, ' ms', 1) },
      {
        ...of,
        what: 'statements',
        value: counts.statements,
        goal: { kind: 'at most', value: 1 },
        note: `${counts.transactions} transaction, the bare select's own`,
        details: counts.texts,
      },
      {
        ...of,
        what: 'commits that write',
        value: counts.writingCommits,
        goal: { kind: 'at most', value: 0 },
        note: `${counts.rowsWritten} rows written`,
      },
    ]
  } finally {
    await Promise.all([server.stop(), baseline.stop()])
  }
}

/** The requests of this workload, for others that are measured beside it. */
export function readsOf(ids: readonly string[]) {
  return {
    requests: ids.map((id) => ({ method: 'GET', path: `/method/accounts/${id}`, headers }) as const),
    bodyPattern: '"data":\\{"id":"acc_',
  }
}

/** The accounts of so many new entities. */
export async function accountsOf(
  { clearspanDb }: Ground,
  { url }: RunningProcess,
  entities: number,
): Promise<readonly string[]> {
  const ids: string[] = []
  for (const entity of await copyEntity(clearspanDb, await activeEntity(url, DEBTS), entities)) {
    const { accounts } = await ask(url, `/entities/${entity}/connect`, {})
    ids.push(...(accounts as readonly string[]))
  }
  await clearspanDb.query('analyze accounts')
  return ids
}

/** The baseline's rows are the server's replies, byte for byte as large. */
async function fillBaseline({ baselineDb }: Ground, { url }: RunningProcess, ids: readonly string[]): Promise<void> {
  await baselineDb.query('create table if not exists replies (id text primary key, reply jsonb not null)')
  for (const id of ids) {
    const reply = await fetch(`${url}/method/accounts/${id}`, { headers })
    await baselineDb.query('insert into replies values ($1, $2)', [id, await reply.text()])
  }
  await baselineDb.query('analyze replies')
}
