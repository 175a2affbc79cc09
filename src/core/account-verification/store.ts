import { type RawBuilder, sql } from 'kysely'
import { type Page, type PageRequest, readPage } from '../../db/pages.js'
import { onlyRow } from '../../db/rows.js'
import { waitingIn } from '../clock/clock.js'
import type { Ctx, Reading } from '../ctx.js'
import type { AccountId, AccountVerificationSessionId } from '../ids.js'
import type { AccountMethod } from './methods.js'
import type { AccountVerificationSession } from './sessions.js'
import type { AccountSessionStatus } from './transitions.js'

const columns = sql`t.id, t.account_id as "accountId", t.method, t.status, t.status_reason as "statusReason", t.detail,
  translate(encode(t.secret_sealed, 'base64'), E'\\n', '') as "secretSealed", t.wrong_attempts as "wrongAttempts",
  t.attempts_max as "attemptsMax",
  t.due_at as "dueAt", t.created_at as "createdAt", t.updated_at as "updatedAt"`

export async function addSession(
  ctx: Ctx<'tx' | 'team'>,
  row: Omit<AccountVerificationSession, 'updatedAt' | 'statusReason' | 'wrongAttempts'>,
): Promise<AccountVerificationSession> {
  const { rows } = await sql<AccountVerificationSession>`
    insert into account_verification_sessions as t (team_id, id, account_id, method, status, detail, secret_sealed, due_at,
                                                    attempts_max, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.accountId}, ${row.method}, ${row.status}, ${JSON.stringify(row.detail)},
            decode(${row.secretSealed}, 'base64'), ${row.dueAt}, ${row.attemptsMax}, ${row.createdAt}, ${row.createdAt})
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

interface Wanted {
  readonly accountId: AccountId
  readonly sessionId: AccountVerificationSessionId
}

export async function findSession(ctx: Ctx<Reading>, wanted: Wanted): Promise<AccountVerificationSession | null> {
  const { rows } = await sql<AccountVerificationSession>`
    select ${columns} from account_verification_sessions t
    where t.team_id = ${ctx.team.id} and t.id = ${wanted.sessionId} and t.account_id = ${wanted.accountId}`.execute(
    ctx.db,
  )
  return rows[0] ?? null
}

export async function takeSession(
  ctx: Ctx<'tx' | 'team'>,
  id: AccountVerificationSessionId,
): Promise<AccountVerificationSession | null> {
  const { rows } = await sql<AccountVerificationSession>`
    select ${columns} from account_verification_sessions t
    where t.team_id = ${ctx.team.id} and t.id = ${id} for update`.execute(ctx.tx)
  return rows[0] ?? null
}

export async function findSessions(
  ctx: Ctx<Reading>,
  ids: readonly AccountVerificationSessionId[],
): Promise<readonly AccountVerificationSession[]> {
  const { rows } = await sql<AccountVerificationSession>`
    select ${columns} from account_verification_sessions t
    where t.team_id = ${ctx.team.id} and t.id = any(${ids})`.execute(ctx.db)
  return rows
}

/** Which of the sessions of an array of ids in SQL were verified by one of some methods. */
export async function listProven(
  ctx: Ctx<Reading>,
  wanted: { readonly ids: RawBuilder<unknown>; readonly methods: readonly AccountMethod[] },
): Promise<readonly AccountVerificationSession[]> {
  const { rows } = await sql<AccountVerificationSession>`
    select ${columns} from account_verification_sessions t
    where t.team_id = ${ctx.team.id} and t.id = any(${wanted.ids}) and t.status = 'verified'
      and t.method = any(${wanted.methods})`.execute(ctx.db)
  return rows
}

export function listSessions(
  ctx: Ctx<Reading>,
  accountId: AccountId,
  request: PageRequest,
): Promise<Page<AccountVerificationSession> | null> {
  const where = sql`t.team_id = ${ctx.team.id} and t.account_id = ${accountId}`
  return readPage(
    ctx.db,
    { table: 'account_verification_sessions', columns, where, teamId: ctx.team.id, total: 'counted' },
    request,
  )
}

export interface Tally {
  readonly method: AccountMethod
  readonly status: AccountSessionStatus
  readonly count: number
}

/** How many sessions an account has had, by method and status. */
export async function tallySessions(ctx: Ctx<Reading>, accountId: AccountId): Promise<readonly Tally[]> {
  const { rows } = await sql<Tally>`
    select t.method, t.status, count(*) as count from account_verification_sessions t
    where t.team_id = ${ctx.team.id} and t.account_id = ${accountId} group by t.method, t.status`.execute(ctx.db)
  return rows
}

export async function updateSession(
  ctx: Ctx<'tx' | 'team'>,
  row: Omit<AccountVerificationSession, 'accountId' | 'method' | 'createdAt' | 'attemptsMax'> & {
    readonly from: AccountSessionStatus
  },
): Promise<AccountVerificationSession> {
  const { rows } = await sql<AccountVerificationSession>`
    update account_verification_sessions as t
    set status = ${row.status}, status_reason = ${row.statusReason}, detail = ${JSON.stringify(row.detail)},
        secret_sealed = decode(${row.secretSealed}, 'base64'), wrong_attempts = ${row.wrongAttempts}, due_at = ${row.dueAt},
        updated_at = ${row.updatedAt}
    where t.team_id = ${ctx.team.id} and t.id = ${row.id} and t.status = ${row.from}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export const waiting = waitingIn('account_verification_sessions')

/** The team's sessions whose deposits are to be sent, oldest first. */
export async function listDue(
  ctx: Ctx<Reading>,
  due: { readonly now: string; readonly limit: number },
): Promise<readonly AccountVerificationSession[]> {
  const { rows } = await sql<AccountVerificationSession>`
    select ${columns} from account_verification_sessions t
    where t.team_id = ${ctx.team.id} and t.due_at <= ${due.now} order by t.due_at, t.id limit ${due.limit}`.execute(
    ctx.db,
  )
  return rows
}

/** Nothing that a session shows changes, so its update time stays. */
export async function postpone(
  ctx: Ctx<Reading>,
  row: { readonly id: AccountVerificationSessionId; readonly dueAt: string | null },
): Promise<void> {
  await sql`
    update account_verification_sessions set due_at = ${row.dueAt}
    where team_id = ${ctx.team.id} and id = ${row.id}`.execute(ctx.db)
}

/** Leaves of sessions nothing but that they were: what was handed in, and what would have been right. */
export async function eraseSessions(ctx: Ctx<'tx' | 'team'>, accountIds: readonly AccountId[]): Promise<void> {
  await sql`
    update account_verification_sessions as t
    set secret_sealed = null, due_at = null,
        detail = case when jsonb_exists(t.detail, 'amountsCents') then t.detail || '{"amountsCents": []}' else t.detail end
    where t.team_id = ${ctx.team.id} and t.account_id = any(${accountIds})`.execute(ctx.tx)
}
