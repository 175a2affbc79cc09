import { sql } from 'kysely'
import type { Instant } from '../clock/clock.js'
import type { Ctx, Reading } from '../ctx.js'
import type { PaymentId } from '../ids.js'
import type { HolderTotal, PostedTransfer, Remainder } from './ledger.js'

interface NewEntry {
  readonly paymentId: string
  readonly step: string
  readonly position: number
  readonly account: string
  readonly accountId: string | null
  readonly cents: number
}

export async function addEntries(ctx: Ctx<'tx' | 'team'>, entries: readonly NewEntry[], at: Instant): Promise<void> {
  await sql`
    insert into ledger_entries (team_id, payment_id, step, position, account, account_id, cents, at)
    select ${ctx.team.id}, e."paymentId", e.step, e.position, e.account, e."accountId", e.cents, ${at}
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as e
      ("paymentId" text, step text, position smallint, account text, "accountId" text, cents bigint)`.execute(ctx.tx)
}

export async function listTransfers(ctx: Ctx<Reading>, paymentId: PaymentId): Promise<readonly PostedTransfer[]> {
  const { rows } = await sql<PostedTransfer>`
    select step, min(at) as at, jsonb_agg(
      jsonb_build_object('account', account, 'accountId', account_id, 'cents', cents) order by position) as entries
    from ledger_entries where team_id = ${ctx.team.id} and payment_id = ${paymentId}
    group by step order by min(at), step`.execute(ctx.db)
  return rows
}

export async function listRemainders(ctx: Ctx<Reading>, paymentIds: readonly string[]): Promise<readonly Remainder[]> {
  const { rows } = await sql<Remainder>`
    select payment_id as "paymentId", jsonb_object_agg(account, cents) as cents
    from (
      select payment_id, account, sum(cents)::bigint as cents from ledger_entries
      where team_id = ${ctx.team.id} and payment_id = any(${paymentIds}) and account <> 'holder'
      group by 1, 2 having sum(cents) <> 0) left_over
    group by 1`.execute(ctx.db)
  return rows
}

export async function listHolderTotals(
  ctx: Ctx<Reading>,
  paymentIds: readonly string[],
): Promise<readonly HolderTotal[]> {
  const { rows } = await sql<HolderTotal>`
    select payment_id as "paymentId", account_id as "accountId", sum(cents)::bigint as cents from ledger_entries
    where team_id = ${ctx.team.id} and payment_id = any(${paymentIds}) and account = 'holder'
    group by 1, 2 having sum(cents) <> 0`.execute(ctx.db)
  return rows
}

export async function findUnbalanced(ctx: Ctx<Reading>): Promise<readonly { paymentId: string; step: string }[]> {
  const { rows } = await sql<{ paymentId: string; step: string }>`
    select payment_id as "paymentId", step from ledger_entries
    where team_id = ${ctx.team.id}
    group by payment_id, step having sum(cents) <> 0 or count(*) < 2`.execute(ctx.db)
  return rows
}

export async function totals(ctx: Ctx<Reading>): Promise<Readonly<Record<string, number>>> {
  const { rows } = await sql<{ account: string; cents: number }>`
    select account, sum(cents)::bigint as cents from ledger_entries
    where team_id = ${ctx.team.id} group by 1 order by 1`.execute(ctx.db)
  return Object.fromEntries(rows.map(({ account, cents }) => [account, cents]))
}
