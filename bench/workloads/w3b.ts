/** W3b: the same named request again, answered from memory; beside W1, the plain read. */
import { randomUUID } from 'node:crypto'
import { entityBody, headers } from '../cast.js'
import { countPerRequest } from '../counting.js'
import { type Finding, ratioOf } from '../findings.js'
import type { Ground } from '../ground.js'
import { beside, type Effort, loadByTurns, pick } from '../pairs.js'
import { type RunningProcess, startServer } from '../processes.js'
import { accountsOf, readsOf } from './w1.js'

export async function measureW3b(ground: Ground, effort: Effort): Promise<readonly Finding[]> {
  const counts = await countPerRequest(ground, {
    prepare: async (server) => {
      const named = creation()
      await send(server, named, 'stored')
      return named
    },
    request: (server, named) => send(server, named, 'replayed'),
  })
  const server = await startServer(ground.clearspan)
  try {
    const reads = readsOf(await accountsOf(ground, server, 1))
    const named = creation()
    await send(server, named, 'stored')
    const pairs = await loadByTurns(
      effort,
      async () => ({ url: server.url, ...reads }),
      async () => ({ url: server.url, requests: [named], bodyPattern: '"data":\\{"id":"ent_' }),
    )
    const rates = pick(pairs, 'perSecond')
    const of = { workload: 'W3b', range: null, unit: 'count' } as const
    return [
      {
        ...of,
        what: 'rate, beside W1',
        ...ratioOf(rates),
        goal: { kind: 'at least', value: 0.8 },
        note: beside(rates, '/s'),
      },
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
        what: 'rows written',
        value: counts.rowsWritten,
        goal: { kind: 'at most', value: 0 },
        note: `${counts.writingCommits} commits that write`,
      },
    ]
  } finally {
    await server.stop()
  }
}

function creation() {
  return {
    method: 'POST',
    path: '/method/entities',
    headers: { ...headers, 'idempotency-key': randomUUID() },
    body: JSON.stringify(entityBody('+15125559000')),
  } as const
}

async function send({ url }: RunningProcess, request: ReturnType<typeof creation>, expected: string): Promise<void> {
  const { method, path, headers: named, body } = request
  const reply = await fetch(`${url}${path}`, { method, headers: named, body })
  const text = await reply.text()
  const seen = reply.headers.get('idem-status')
  if (reply.status !== 200 || seen !== expected) throw new Error(`A named request was ${reply.status} ${seen}: ${text}`)
}
