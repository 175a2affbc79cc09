import { sql } from 'kysely'
import { onlyRow } from '../../db/rows.js'
import type { Ctx, Reading } from '../ctx.js'
import type { AccountId, AccountVerificationSessionId, ConsumerId, MicroDepositId } from '../ids.js'

export interface MicroDepositRow {
  readonly id: MicroDepositId
  readonly consumerId: ConsumerId
  readonly ownStatus: 'preinitiated' | 'not_sent' | 'rejected' | null
  readonly accountId: AccountId | null
  readonly sessionId: AccountVerificationSessionId | null
  readonly accountName: string | null
  readonly type: 'checking' | 'savings' | null
  readonly routingNumber: string | null
  readonly mask: string | null
  readonly sealed: Buffer
  readonly emailMark: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

const columns = sql`m.id, m.consumer_id as "consumerId", m.own_status as "ownStatus", m.account_id as "accountId",
  m.session_id as "sessionId", m.account_name as "accountName", m.type, m.routing_number as "routingNumber", m.mask, m.sealed,
  m.email_mark as "emailMark", m.created_at as "createdAt", m.updated_at as "updatedAt"`

export async function addMicroDeposit(ctx: Ctx<'tx' | 'team'>, row: MicroDepositRow): Promise<MicroDepositRow> {
  const { rows } = await sql<MicroDepositRow>`
    insert into micro_deposits as m (team_id, id, consumer_id, own_status, account_id, session_id, account_name, type,
      routing_number, mask, sealed, email_mark, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.consumerId}, ${row.ownStatus}, ${row.accountId}, ${row.sessionId},
      ${row.accountName}, ${row.type}, ${row.routingNumber}, ${row.mask}, ${row.sealed}, ${row.emailMark},
      ${row.createdAt}, ${row.updatedAt})
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function findMicroDeposit(ctx: Ctx<Reading>, id: MicroDepositId): Promise<MicroDepositRow | null> {
  const { rows } = await sql<MicroDepositRow>`
    select ${columns} from micro_deposits m where m.team_id = ${ctx.team.id} and m.id = ${id}`.execute(ctx.db)
  return rows[0] ?? null
}

/** Gives one that waits for its account what it waits for; null when it does not wait any more. */
export async function beginMicroDeposit(
  ctx: Ctx<'tx' | 'team'>,
  row: MicroDepositRow,
): Promise<MicroDepositRow | null> {
  const { rows } = await sql<MicroDepositRow>`
    update micro_deposits as m
    set own_status = ${row.ownStatus}, account_id = ${row.accountId}, session_id = ${row.sessionId},
        account_name = ${row.accountName}, type = ${row.type}, routing_number = ${row.routingNumber}, mask = ${row.mask},
        updated_at = ${row.updatedAt}
    where m.team_id = ${ctx.team.id} and m.id = ${row.id} and m.own_status = 'preinitiated'
    returning ${columns}`.execute(ctx.tx)
  return rows[0] ?? null
}

/** How many accounts were proven by somebody of this address. */
export async function countProven(ctx: Ctx<Reading>, emailMark: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from micro_deposits m
    join account_verification_sessions s on s.team_id = m.team_id and s.id = m.session_id
    where m.team_id = ${ctx.team.id} and m.email_mark = ${emailMark} and s.status = 'verified'`.execute(ctx.db)
  return rows[0]?.count ?? 0
}
