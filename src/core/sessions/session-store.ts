import { sql } from 'kysely'
import { onlyRow } from '../../db/rows.js'
import type { Ctx, Reading } from '../ctx.js'
import type { ElementSessionId } from '../ids.js'
import type { ElementSession } from './balance-transfer.js'

const columns = sql`t.id, t.consumer_id as "consumerId", t.status, t.balance_transfer as "balanceTransfer",
  t.created_at as "createdAt", t.updated_at as "updatedAt"`

export async function addSession(
  ctx: Ctx<'tx' | 'team'>,
  row: Omit<ElementSession, 'status' | 'updatedAt'>,
): Promise<ElementSession> {
  const { rows } = await sql<ElementSession>`
    insert into element_sessions as t (team_id, id, consumer_id, status, balance_transfer, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.consumerId}, 'active', ${JSON.stringify(row.balanceTransfer)},
            ${row.createdAt}, ${row.createdAt})
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function findSession(ctx: Ctx<Reading>, id: ElementSessionId): Promise<ElementSession | null> {
  const { rows } = await sql<ElementSession>`
    select ${columns} from element_sessions t where t.team_id = ${ctx.team.id} and t.id = ${id}`.execute(ctx.db)
  return rows[0] ?? null
}

/** Locks the session for this transaction. */
export async function takeSession(ctx: Ctx<'tx' | 'team'>, id: ElementSessionId): Promise<ElementSession | null> {
  const { rows } = await sql<ElementSession>`
    select ${columns} from element_sessions t where t.team_id = ${ctx.team.id} and t.id = ${id} for update`.execute(
    ctx.tx,
  )
  return rows[0] ?? null
}

export async function updateSession(
  ctx: Ctx<'tx' | 'team'>,
  row: Pick<ElementSession, 'id' | 'status' | 'balanceTransfer' | 'updatedAt'>,
): Promise<ElementSession> {
  const { rows } = await sql<ElementSession>`
    update element_sessions as t
    set status = ${row.status}, balance_transfer = ${JSON.stringify(row.balanceTransfer)}, updated_at = ${row.updatedAt}
    where t.team_id = ${ctx.team.id} and t.id = ${row.id}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}
