/** Every statement about logins and their runs. */
import { sql } from 'kysely'
import { onlyRow } from '../../db/rows.js'
import type { RehearsedCourse } from '../../network/port.js'
import type { Ctx, Reading } from '../ctx.js'
import type { ConnectionId, ConnectSessionId, ConsumerId, LoginRunId } from '../ids.js'
import type { LoginRun } from './runs.js'
import type { LoginFailure, LoginStatus, RunStatus } from './transitions.js'

export const LOGIN_KINDS = ['credentials', 'pages', 'described'] as const
export type LoginKind = (typeof LOGIN_KINDS)[number]

/** A login with what only its own capability may know. */
export interface HeldLogin {
  readonly connectionId: ConnectionId
  readonly consumerId: ConsumerId
  readonly institutionSlug: string
  readonly kind: LoginKind
  readonly credentialsSealed: Buffer | null
  readonly nameMark: string | null
  readonly useCases: readonly string[]
  readonly staysInBackground: boolean
  readonly status: LoginStatus
  readonly reason: LoginFailure | null
  readonly refusals: number
  readonly sessionId: ConnectSessionId | null
  readonly challengesSealed: Buffer | null
  readonly answersSealed: Buffer | null
  readonly waitsSince: string | null
  readonly readyAt: string | null
  readonly course: RehearsedCourse | null
  readonly createdAt: string
  readonly updatedAt: string
  /** The run that goes on, or went last. */
  readonly run: LoginRun | null
}

const runColumns = sql`r.id, r.connection_id as "connectionId", r.kind, r.products, r.status, r.started_at as "startedAt",
  r.finished_at as "finishedAt", r.updated_at as "updatedAt"`

// As every other instant of a row is spelled.
const utc = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const columns = sql`l.connection_id as "connectionId", l.consumer_id as "consumerId",
  l.institution_slug as "institutionSlug", l.kind, l.credentials_sealed as "credentialsSealed", l.name_mark as "nameMark",
  l.use_cases as "useCases", l.stays_in_background as "staysInBackground", l.status, l.reason, l.refusals,
  l.session_id as "sessionId", l.challenges_sealed as "challengesSealed", l.answers_sealed as "answersSealed",
  l.waits_since as "waitsSince", l.ready_at as "readyAt", l.course, l.created_at as "createdAt", l.updated_at as "updatedAt",
  (select jsonb_build_object('id', r.id, 'connectionId', r.connection_id, 'kind', r.kind, 'products', r.products,
      'status', r.status, 'startedAt', ${utc('r.started_at')}, 'finishedAt', ${utc('r.finished_at')},
      'updatedAt', ${utc('r.updated_at')})
    from login_runs r where r.team_id = l.team_id and r.id = l.run_id) as run`

export type NewLogin = Pick<
  HeldLogin,
  | 'connectionId'
  | 'consumerId'
  | 'institutionSlug'
  | 'kind'
  | 'credentialsSealed'
  | 'nameMark'
  | 'useCases'
  | 'staysInBackground'
  | 'status'
  | 'course'
  | 'createdAt'
>

/** Null when the consumer has a login of this mark already, or the connection has one. */
export async function addLogin(ctx: Ctx<'tx' | 'team'>, row: NewLogin): Promise<HeldLogin | null> {
  const { rows } = await sql<HeldLogin>`
    insert into logins as l (team_id, connection_id, consumer_id, institution_slug, kind, credentials_sealed, name_mark,
      use_cases, stays_in_background, status, course, created_at, updated_at)
    values (${ctx.team.id}, ${row.connectionId}, ${row.consumerId}, ${row.institutionSlug}, ${row.kind},
      ${row.credentialsSealed}, ${row.nameMark}, ${row.useCases}, ${row.staysInBackground}, ${row.status},
      ${row.course && JSON.stringify(row.course)}, ${row.createdAt}, ${row.createdAt})
    on conflict do nothing
    returning ${columns}`.execute(ctx.tx)
  return rows[0] ?? null
}

export async function findLogin(ctx: Ctx<Reading>, connectionId: ConnectionId): Promise<HeldLogin | null> {
  const { rows } = await sql<HeldLogin>`
    select ${columns} from logins l where l.team_id = ${ctx.team.id} and l.connection_id = ${connectionId}`.execute(
    ctx.db,
  )
  return rows[0] ?? null
}

/** Locks the login for this transaction. */
export async function takeLogin(ctx: Ctx<'tx' | 'team'>, connectionId: ConnectionId): Promise<HeldLogin | null> {
  await sql`
    select 1 from logins l
    where l.team_id = ${ctx.team.id} and l.connection_id = ${connectionId} for update`.execute(ctx.tx)
  return findLogin({ ...ctx, db: ctx.tx }, connectionId)
}

export async function listLogins(ctx: Ctx<Reading>, consumerId: ConsumerId): Promise<readonly HeldLogin[]> {
  const { rows } = await sql<HeldLogin>`
    select ${columns} from logins l where l.team_id = ${ctx.team.id} and l.consumer_id = ${consumerId}
    order by l.created_at, l.connection_id`.execute(ctx.db)
  return rows
}

/** The consumer's login of this name at an institution. */
export async function findByMark(
  ctx: Ctx<Reading>,
  { consumerId, institutionSlug, nameMark }: Pick<HeldLogin, 'consumerId' | 'institutionSlug' | 'nameMark'>,
): Promise<ConnectionId | null> {
  const { rows } = await sql<{ id: ConnectionId }>`
    select l.connection_id as id from logins l
    where l.team_id = ${ctx.team.id} and l.consumer_id = ${consumerId} and l.institution_slug = ${institutionSlug}
      and l.name_mark = ${nameMark}`.execute(ctx.db)
  return rows[0]?.id ?? null
}

/** A login at pages that the consumer has never come back from. */
export async function findUnvisited(
  ctx: Ctx<'tx' | 'team'>,
  { consumerId, institutionSlug }: Pick<HeldLogin, 'consumerId' | 'institutionSlug'>,
): Promise<HeldLogin | null> {
  const { rows } = await sql<HeldLogin>`
    select ${columns} from logins l
    where l.team_id = ${ctx.team.id} and l.consumer_id = ${consumerId} and l.institution_slug = ${institutionSlug}
      and l.kind = 'pages' and l.status = 'new' and l.run_id is null and l.session_id is null
    order by l.created_at limit 1`.execute(ctx.tx)
  return rows[0] ?? null
}

/** What may change of a login that the caller has taken; what is absent stays. */
export type LoginPatch = Partial<
  Pick<
    HeldLogin,
    | 'credentialsSealed'
    | 'nameMark'
    | 'useCases'
    | 'staysInBackground'
    | 'status'
    | 'reason'
    | 'refusals'
    | 'sessionId'
    | 'challengesSealed'
    | 'answersSealed'
    | 'waitsSince'
    | 'readyAt'
    | 'course'
  >
> & { readonly runId?: LoginRunId | null }

const columnOf = {
  credentialsSealed: 'credentials_sealed',
  nameMark: 'name_mark',
  useCases: 'use_cases',
  staysInBackground: 'stays_in_background',
  status: 'status',
  reason: 'reason',
  refusals: 'refusals',
  sessionId: 'session_id',
  challengesSealed: 'challenges_sealed',
  answersSealed: 'answers_sealed',
  waitsSince: 'waits_since',
  readyAt: 'ready_at',
  course: 'course',
  runId: 'run_id',
} as const satisfies Record<keyof LoginPatch, string>

export async function patchLogin(
  ctx: Ctx<'tx' | 'team'>,
  connectionId: ConnectionId,
  patch: LoginPatch,
  at: string,
): Promise<HeldLogin> {
  const sets = (Object.keys(columnOf) as (keyof LoginPatch)[]).flatMap((name) => {
    const value = patch[name]
    if (value === undefined) return []
    const stored = name === 'course' && value !== null ? JSON.stringify(value) : value
    return [sql`${sql.id(columnOf[name])} = ${stored}`]
  })
  const { rows } = await sql<HeldLogin>`
    update logins as l set ${sql.join([...sets, sql`updated_at = ${at}`])}
    where l.team_id = ${ctx.team.id} and l.connection_id = ${connectionId} returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

/** Counts a look at the login. */
export async function countRead(ctx: Ctx<Reading>, connectionId: ConnectionId): Promise<number> {
  const { rows } = await sql<{ reads: number }>`
    update logins set reads = reads + 1
    where team_id = ${ctx.team.id} and connection_id = ${connectionId} returning reads`.execute(ctx.db)
  return rows[0]?.reads ?? 0
}

// ---- runs ----------------------------------------------------------------------------------------------------------

export async function addRun(
  ctx: Ctx<'tx' | 'team'>,
  row: Omit<LoginRun, 'finishedAt' | 'updatedAt'>,
): Promise<LoginRun> {
  const { rows } = await sql<LoginRun>`
    insert into login_runs as r (team_id, id, connection_id, kind, products, status, started_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.connectionId}, ${row.kind}, ${row.products}, ${row.status},
      ${row.startedAt}, ${row.startedAt})
    returning ${runColumns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function findRun(ctx: Ctx<Reading>, id: LoginRunId): Promise<LoginRun | null> {
  const { rows } = await sql<LoginRun>`
    select ${runColumns} from login_runs r where r.team_id = ${ctx.team.id} and r.id = ${id}`.execute(ctx.db)
  return rows[0] ?? null
}

/** Runs of a login that wait for the one before them, in their order. */
export async function listWaiting(ctx: Ctx<Reading>, connectionId: ConnectionId): Promise<readonly LoginRun[]> {
  const { rows } = await sql<LoginRun>`
    select ${runColumns} from login_runs r
    where r.team_id = ${ctx.team.id} and r.connection_id = ${connectionId} and r.status = 'waiting'
    order by r.started_at, r.id`.execute(ctx.db)
  return rows
}

const ENDS: readonly RunStatus[] = ['completed', 'failed', 'halted']

export async function setRunStatus(
  ctx: Ctx<'tx' | 'team'>,
  ids: readonly LoginRunId[],
  { status, at }: { readonly status: RunStatus; readonly at: string },
): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update login_runs
    set status = ${status}, finished_at = ${ENDS.includes(status) ? at : null}, updated_at = ${at}
    where team_id = ${ctx.team.id} and id = any(${ids})`.execute(ctx.tx)
}

// ---- what consumers say of accounts --------------------------------------------------------------------------------

export async function addFacts(
  ctx: Ctx<'tx' | 'team'>,
  row: {
    readonly connectionId: ConnectionId
    readonly accountId: string
    readonly facts: Readonly<Record<string, unknown>>
  },
): Promise<void> {
  await sql`
    insert into described_accounts (team_id, account_id, connection_id, facts)
    values (${ctx.team.id}, ${row.accountId}, ${row.connectionId}, ${JSON.stringify(row.facts)})`.execute(ctx.tx)
}

export async function listFacts(
  ctx: Ctx<Reading>,
  connectionId: ConnectionId,
): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  const { rows } = await sql<{ accountId: string; facts: Readonly<Record<string, unknown>> }>`
    select d.account_id as "accountId", d.facts from described_accounts d
    where d.team_id = ${ctx.team.id} and d.connection_id = ${connectionId}`.execute(ctx.db)
  return new Map(rows.map(({ accountId, facts }) => [accountId, facts]))
}
