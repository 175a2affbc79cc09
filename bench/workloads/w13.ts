/**
 * W13: a link with more than 20,000 transactions. Its first fetch, from the exchange of the token until everything is there and enriched,
 * beside one statement that inserts as many rows into a table with the same indexes; and its pages, the last beside the first.
 */
import type pg from 'pg'
import { type Finding, ratioOf } from '../findings.js'
import type { Ground } from '../ground.js'
import { beside, byTurns, type Effort, loadByTurns, pick } from '../pairs.js'
import { type RunningProcess, startServer } from '../processes.js'

const TRANSACTIONS_MIN = 20_000
const PAGE = 50
const POLL_MS = 20
const headers = {
  'x-client-id': 'clearspan_demo',
  'x-client-secret': 'clearspan_demo_secret',
  'content-type': 'application/json',
}

type Json = Record<string, unknown>

export async function measureW13({ clearspan, clearspanDb: db }: Ground, effort: Effort): Promise<readonly Finding[]> {
  // What is measured is the work, not how long institutions make us wait.
  const server = await startServer({ ...clearspan, CLEARSPAN_ANSWER_DELAY_MS: '0' })
  try {
    const links: string[] = []
    const fetched = async () => {
      const token = await openLink(server)
      const startedAt = performance.now()
      links.push(await firstFetch(server, token))
      return performance.now() - startedAt
    }
    await fetched()
    const [link = ''] = links
    const { total } = await ask(server, `/links/${link}/transactions?size=1`)
    if (Number(total) < TRANSACTIONS_MIN)
      throw new Error(`There should be ${TRANSACTIONS_MIN} transactions, not ${total}.`)
    await fillBaseline(db)
    const times = await byTurns(effort.pairs, () => insertAgain(db), fetched)
    await db.query('vacuum analyze held_transactions')
    const page = (number: number) => async () => ({
      url: server.url,
      requests: [
        { method: 'GET' as const, path: `/moneykit/links/${link}/transactions?size=${PAGE}&page=${number}`, headers },
      ],
      bodyPattern: '"transaction_id":"txn_',
    })
    const last = Math.floor(Number(total) / PAGE)
    const pages = pick(await loadByTurns(effort, page(1), page(last)), 'p50Ms')
    return [
      {
        workload: 'W13',
        what: 'first fetch, enriched',
        ...ratioOf(times),
        goal: { kind: 'at most', value: 8 },
        note: `${beside(times, ' ms')}, ${total} transactions`,
      },
      {
        workload: 'W13',
        what: 'last page beside the first, p50',
        ...ratioOf(pages),
        goal: { kind: 'at most', value: 1.5 },
        note: beside(pages, ' ms', 1),
      },
    ]
  } finally {
    await server.stop()
  }
}

async function ask({ url }: RunningProcess, path: string, body?: object): Promise<Json> {
  const reply = await fetch(`${url}/moneykit${path}`, {
    method: body ? 'POST' : 'GET',
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${text}`)
  return JSON.parse(text) as Json
}

let users = 0

/** A user goes through Connect; returns the token that is to be exchanged. */
async function openLink(server: RunningProcess): Promise<string> {
  const session = await ask(server, '/link-session', {
    customer_user: { id: `bench-${++users}` },
    redirect_uri: 'https://bench.example.com/',
    settings: { products: { transactions: { prefetch: true } } },
  })
  const { exchangeable_token: token } = await ask(server, '/simulate/link-session/complete', {
    link_session_token: session.link_session_token,
    institution_id: 'moneykit-creds-bank',
    credentials: { username: 'user_busy', password: 'pass_good' },
  })
  return String(token)
}

interface Product {
  readonly refreshed_at: string | null
  readonly error_code: string | null
}

async function firstFetch(server: RunningProcess, token: string): Promise<string> {
  const exchanged = await ask(server, '/link-session/exchange-token', { exchangeable_token: token })
  const link = String(exchanged.link_id)
  for (;;) {
    const { products } = (await ask(server, `/links/${link}`)) as { products: Record<string, Product> }
    if (products.transactions?.error_code) throw new Error(`The fetch failed: ${products.transactions.error_code}`)
    if (products.transactions?.refreshed_at && products.enrichment?.refreshed_at) return link
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** One fetch's rows, and a table like theirs. */
async function fillBaseline(db: pg.Client): Promise<void> {
  await db.query('create table bench_rows as select * from held_transactions')
  await db.query('create table bench_inserted (like held_transactions including all)')
}

async function insertAgain(db: pg.Client): Promise<number> {
  await db.query('truncate bench_inserted')
  const startedAt = performance.now()
  await db.query('insert into bench_inserted select * from bench_rows')
  return performance.now() - startedAt
}
