/** Every statement about securities, holdings and what was done with them. */
import { sql } from 'kysely'
import { onlyRow } from '../../db/rows.js'
import type { Holding, InvestmentTransaction, Security } from '../../network/port.js'
import type { Ctx, Reading } from '../ctx.js'
import type { ConnectionId, HeldAccountId, InvestmentTransactionId, SecurityId } from '../ids.js'
import type { PageNumber, TransactionFilter } from './transactions.js'

export interface SecurityRow {
  readonly id: SecurityId
  readonly networkRef: string
  readonly facts: Omit<Security, 'ref'>
}

export interface HoldingRow {
  readonly accountId: HeldAccountId
  readonly securityId: SecurityId
  readonly facts: Omit<Holding, 'accountRef' | 'securityRef'>
}

export interface InvestmentTransactionRow {
  readonly id: InvestmentTransactionId
  readonly networkRef: string
  readonly accountId: HeldAccountId
  readonly securityId: SecurityId | null
  readonly on: string
  readonly facts: Omit<InvestmentTransaction, 'ref' | 'accountRef' | 'securityRef' | 'on'>
}

export async function listSecurities(ctx: Ctx<Reading>, connectionId: ConnectionId): Promise<readonly SecurityRow[]> {
  const { rows } = await sql<SecurityRow>`
    select s.id, s.network_ref as "networkRef", s.facts from held_securities s
    where s.team_id = ${ctx.team.id} and s.connection_id = ${connectionId} order by s.id`.execute(ctx.db)
  return rows
}

/** Adds securities and renews known ones; those that are told no more stay, because transactions name them. */
export async function putSecurities(
  ctx: Ctx<'tx' | 'team'>,
  connectionId: ConnectionId,
  rows: readonly SecurityRow[],
): Promise<void> {
  await sql`
    insert into held_securities (team_id, connection_id, id, network_ref, facts)
    select ${ctx.team.id}, ${connectionId}, r.id, r."networkRef", r.facts
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id text, "networkRef" text, facts jsonb)
    on conflict (team_id, connection_id, id) do update set facts = excluded.facts`.execute(ctx.tx)
}

export async function listHoldings(ctx: Ctx<Reading>, connectionId: ConnectionId): Promise<readonly HoldingRow[]> {
  const { rows } = await sql<HoldingRow>`
    select h.account_id as "accountId", h.security_id as "securityId", h.facts from held_holdings h
    where h.team_id = ${ctx.team.id} and h.connection_id = ${connectionId} order by h.account_id, h.security_id`.execute(
    ctx.db,
  )
  return rows
}

export async function replaceHoldings(
  ctx: Ctx<'tx' | 'team'>,
  connectionId: ConnectionId,
  rows: readonly HoldingRow[],
): Promise<void> {
  await sql`delete from held_holdings where team_id = ${ctx.team.id} and connection_id = ${connectionId}`.execute(
    ctx.tx,
  )
  await sql`
    insert into held_holdings (team_id, connection_id, account_id, security_id, facts)
    select ${ctx.team.id}, ${connectionId}, r."accountId", r."securityId", r.facts
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r ("accountId" text, "securityId" text, facts jsonb)
    on conflict do nothing`.execute(ctx.tx)
}

/** Adds transactions and renews known ones, which keep their ids; all others of the connection go. */
export async function replaceTransactions(
  ctx: Ctx<'tx' | 'team'>,
  connectionId: ConnectionId,
  rows: readonly InvestmentTransactionRow[],
): Promise<void> {
  const refs = rows.map(({ networkRef }) => networkRef)
  await sql`
    delete from held_investment_transactions
    where team_id = ${ctx.team.id} and connection_id = ${connectionId} and network_ref <> all(${refs})`.execute(ctx.tx)
  await sql`
    insert into held_investment_transactions (team_id, connection_id, id, network_ref, account_id, security_id, "on", facts)
    select ${ctx.team.id}, ${connectionId}, r.id, r."networkRef", r."accountId", r."securityId", r."on", r.facts
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r
      (id text, "networkRef" text, "accountId" text, "securityId" text, "on" date, facts jsonb)
    on conflict (team_id, connection_id, network_ref) do update
    set account_id = excluded.account_id, security_id = excluded.security_id, "on" = excluded."on", facts = excluded.facts`.execute(
    ctx.tx,
  )
}

/** Newest first. */
export async function listPage(
  ctx: Ctx<Reading>,
  connectionId: ConnectionId,
  { accountIds, fromDate, toDate }: TransactionFilter,
  { page, size }: PageNumber,
): Promise<{ readonly rows: readonly InvestmentTransactionRow[]; readonly total: number }> {
  const passing = sql`t.team_id = ${ctx.team.id} and t.connection_id = ${connectionId}
    ${accountIds === null ? sql`` : sql`and t.account_id = any(${accountIds})`}
    ${fromDate === null ? sql`` : sql`and t."on" >= ${fromDate}`}
    ${toDate === null ? sql`` : sql`and t."on" <= ${toDate}`}`
  const { rows } = await sql<InvestmentTransactionRow>`
    select t.id, t.network_ref as "networkRef", t.account_id as "accountId", t.security_id as "securityId", t."on", t.facts
    from held_investment_transactions t where ${passing}
    order by t."on" desc, t.id desc limit ${size} offset ${(page - 1) * size}`.execute(ctx.db)
  const counted = await sql<{ total: number }>`
    select count(*) as total from held_investment_transactions t where ${passing}`.execute(ctx.db)
  return { rows, total: onlyRow(counted.rows).total }
}
