/**
 * W2: lists that stay flat. Two teams on one server, one with ten thousand accounts, one with a million; the same pages
 * of 50 of both, by cursor and by number, with filters and without.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type pg from 'pg'
import { activeEntity, VERSION } from '../cast.js'
import { type Finding, medianOf, ratioOf } from '../findings.js'
import type { Ground } from '../ground.js'
import { beside, type Effort, loadByTurns, pick } from '../pairs.js'
import { type RunningProcess, startServer } from '../processes.js'
import { SERVER_FILE } from '../programs.js'
import { buffersOf } from './w2-buffers.js'

const FEW = 10_000
const MANY = 1_000_000
const PAGE = 50
const PER_HOLDER = 20
/** One account of twenty is at this merchant, so that small lists of it are lists, too. */
const BUSY_MERCHANT = 302086

interface Listed {
  readonly teamId: string
  readonly key: string
}

interface View {
  readonly what: string
  readonly filter: string
  /** Two filters have no index of their own, so how much is read depends on how rare their rows are: it is only told. */
  readonly isIndexed: boolean
  /** The page of a team's list that is asked for; 0 is the first, 1 the last. */
  readonly at: number
}

const VIEWS: readonly View[] = [
  { what: 'first page', filter: '', isIndexed: true, at: 0 },
  { what: 'middle page', filter: '', isIndexed: true, at: 0.5 },
  { what: 'last page', filter: '', isIndexed: true, at: 1 },
  { what: 'first page by type', filter: 'liability.type=credit_card', isIndexed: true, at: 0 },
  { what: 'middle page by type', filter: 'liability.type=credit_card', isIndexed: true, at: 0.5 },
  {
    what: 'middle page by status and ownership',
    filter: 'status=active&liability.ownership=joint',
    isIndexed: false,
    at: 0.5,
  },
  { what: 'last page by merchant', filter: `liability.mch_id=mch_${BUSY_MERCHANT}`, isIndexed: true, at: 1 },
]

export async function measureW2(ground: Ground, effort: Effort): Promise<readonly Finding[]> {
  const db = ground.clearspanDb
  const server = await startServer(ground.clearspan)
  const findings: Finding[] = []
  const pages = []
  try {
    const [few, many] = [await teamWith(ground, server, 'few', FEW), await teamWith(ground, server, 'many', MANY)]
    await db.query('vacuum analyze accounts')
    for (const view of VIEWS) {
      const paths = [await pathOf(db, few, view), await pathOf(db, many, view)] as const
      pages.push({ ...view, path: paths[1], headers: headersFor(many.key) })
      findings.push(...(await flatness(server, effort, { view, paths, keys: [few.key, many.key] })))
    }
    findings.push(await farPage(server, effort, many))
  } finally {
    await server.stop()
  }
  return [...findings, ...(await buffersOf(ground, pages))]
}

interface Compared {
  readonly view: View
  readonly paths: readonly [string, string]
  readonly keys: readonly [string, string]
}

async function flatness(
  { url }: RunningProcess,
  effort: Effort,
  { view, paths, keys }: Compared,
): Promise<readonly Finding[]> {
  const aim = (side: 0 | 1) => async () => ({ url, ...reading(paths[side], keys[side]) })
  const pairs = await loadByTurns(effort, aim(0), aim(1))
  const [middle, slowest] = [pick(pairs, 'p50Ms'), pick(pairs, 'p99Ms')]
  const of = { workload: 'W2' }
  return [
    {
      ...of,
      what: `${view.what}, p50`,
      ...ratioOf(middle),
      goal: { kind: 'at most', value: 1.3 },
      note: beside(middle, ' ms', 1),
    },
    {
      ...of,
      what: `${view.what}, p99`,
      ...ratioOf(slowest),
      goal: { kind: 'at most', value: 1.6 },
      note: beside(slowest, ' ms', 1),
    },
  ]
}

async function farPage({ url }: RunningProcess, effort: Effort, { key }: Listed): Promise<Finding> {
  const aim = (page: number) => async () => ({ url, ...reading(`/accounts?page_limit=${PAGE}&page=${page}`, key) })
  const middle = pick(await loadByTurns(effort, aim(1), aim(1000)), 'p50Ms')
  return {
    workload: 'W2',
    what: 'page 1,000 by number, p50',
    ...medianOf(middle.map(({ baseline, clearspan }) => clearspan / baseline)),
    unit: 'x',
    goal: { kind: 'at most', value: 5 },
    note: `${beside(middle, ' ms', 1)} for page 1`,
  }
}

function reading(path: string, key: string) {
  return {
    requests: [{ method: 'GET' as const, path: `/method${path}`, headers: headersFor(key) }],
    bodyPattern: '"data":\\[\\{"id":"acc_',
  }
}

function headersFor(key: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${key}`, 'method-version': VERSION }
}

/** The path of a page, by the cursor that a client would have got there with. */
async function pathOf(db: pg.Client, { teamId }: Listed, { filter, at }: View): Promise<string> {
  const query = `/accounts?page_limit=${PAGE}${filter ? `&${filter}` : ''}`
  if (at === 0) return query
  const where = whereOf(filter)
  const { rows } = await db.query<{ id: string }>(
    `with mine as (select id, created_at from accounts where team_id = $1 ${where})
     select id from mine order by created_at desc, id desc
     offset greatest(0, floor(((select count(*) from mine) - ${PAGE}) * $2::float8))::int limit 1`,
    [teamId, at],
  )
  return `${query}&page_cursor=acc_${rows[0]?.id}`
}

const COLUMNS: Readonly<Record<string, string>> = {
  status: 'status',
  'liability.type': 'liability_type',
  'liability.ownership': 'ownership',
  'liability.mch_id': 'merchant_number',
}

function whereOf(filter: string): string {
  return [...new URLSearchParams(filter)]
    .map(([name, value]) => `and ${COLUMNS[name]}::text = '${value.replace(/^mch_/, '')}'`)
    .join(' ')
}

const run = promisify(execFile)

/** A team with so many accounts of all kinds, made by SQL from one that the API made. */
async function teamWith(
  { clearspan, clearspanDb: db }: Ground,
  { url }: RunningProcess,
  name: string,
  count: number,
): Promise<Listed> {
  const { stdout } = await run(process.execPath, [SERVER_FILE, 'keys', 'create', '--team', name], {
    env: { PATH: process.env.PATH, ...clearspan },
  })
  const key = /sk_dev_\w+/.exec(stdout)?.[0] ?? ''
  const model = (await activeEntity(url, 1)).replace('ent_', '')
  const { rows } = await db.query<{ id: string }>(
    `select id from teams where name = $1 and environment = 'development'`,
    [name],
  )
  const teamId = rows[0]?.id ?? ''
  const { rows: names } = await db.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute where attrelid = 'consumers'::regclass and attnum > 0
       and not attisdropped and attgenerated = '' and attname not in ('id', 'team_id')`,
  )
  const columns = names.map((row) => row.name).join(', ')
  await db.query(
    `insert into consumers (team_id, id, ${columns})
     select $1, ${idFrom('n')}, ${columns} from consumers, generate_series(1, $2) as n where id = $3`,
    [teamId, Math.ceil(count / PER_HOLDER), model],
  )
  await db.query(
    `insert into accounts (team_id, id, consumer_id, kind, status, merchant_number, liability_type, name, mask, ownership,
                           created_at, updated_at)
     select $1, ${idFrom('n + 10000000')}, ${idFrom(`n / ${PER_HOLDER} + 1`)}, 'liability',
            case when n % 30 = 0 then 'closed' else 'active' end, m.number, m.type, m.name, '0000',
            case when n % 13 = 0 then 'joint' else 'primary' end, t.at, t.at
     from generate_series(0, $2 - 1) as n
     join (select number, type, name, row_number() over (order by number) - 1 as place, count(*) over () as size
           from merchants) m on case when n % 20 = 0 then m.number = ${BUSY_MERCHANT} else m.place = n % m.size end
     cross join lateral (select timestamptz '2024-01-01' + n * interval '1 minute' as at) t`,
    [teamId, count],
  )
  return { teamId, key }
}

/** An id of the right alphabet that follows from a number. */
function idFrom(number: string): string {
  return `translate(substr(md5((${number})::text), 1, 13), '0125', 'GHJK')`
}
