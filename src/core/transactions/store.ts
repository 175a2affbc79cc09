import { sql } from 'kysely'
import { type Page, type PageRequest, readPage } from '../../db/pages.js'
import type { Ctx, Reading } from '../ctx.js'
import type { AccountId, CardTransactionId } from '../ids.js'
import type { Transaction } from './transactions.js'

const columns = sql`t.id, t.account_id as "accountId", t.network_ref as "networkRef", t.kind, t.status, t.descriptor,
  t.merchant, t.network, t.amount_cents as "amountCents", t.authorized_cents as "authorizedCents",
  t.transacted_at as "transactedAt", t.posted_at as "postedAt", t.voided_at as "voidedAt",
  t.original_id as "originalId", t.created_at as "createdAt", t.updated_at as "updatedAt"`

export async function findTransaction(
  ctx: Ctx<Reading>,
  wanted: { readonly id: CardTransactionId; readonly accountId: string },
): Promise<Transaction | null> {
  const { rows } = await sql<Transaction>`
    select ${columns} from card_transactions t
    where t.team_id = ${ctx.team.id} and t.id = ${wanted.id} and t.account_id = ${wanted.accountId}`.execute(ctx.db)
  return rows[0] ?? null
}

export function listTransactions(
  ctx: Ctx<Reading>,
  accountId: AccountId,
  request: PageRequest,
): Promise<Page<Transaction> | null> {
  const where = sql`t.team_id = ${ctx.team.id} and t.account_id = ${accountId}`
  return readPage(
    ctx.db,
    { table: 'card_transactions', columns, where, teamId: ctx.team.id, total: 'counted' },
    request,
  )
}

/** The newest `limit` of each account, newest first: one range of the index for each. */
export async function listNewest(
  ctx: Ctx<Reading>,
  accountIds: readonly AccountId[],
  limit: number,
): Promise<readonly Transaction[]> {
  const { rows } = await sql<Transaction>`
    select ${columns} from unnest(${accountIds}::text[]) as of (account_id)
    cross join lateral (
      select * from card_transactions c where c.team_id = ${ctx.team.id} and c.account_id = of.account_id
      order by c.created_at desc, c.id desc limit ${limit}) t
    order by t.created_at desc, t.id desc`.execute(ctx.db)
  return rows
}

/** The account's transactions by the network's names of them. */
export async function findByRefs(
  ctx: Ctx<Reading>,
  accountId: AccountId,
  refs: readonly string[],
): Promise<readonly Transaction[]> {
  const { rows } = await sql<Transaction>`
    select ${columns} from card_transactions t
    where t.team_id = ${ctx.team.id} and t.account_id = ${accountId} and t.network_ref = any(${refs})`.execute(ctx.db)
  return rows
}

/** Adds those whose ref is new and renews the others, which keep id and time of creation; in the order of their stamps. */
export async function putTransactions(
  ctx: Ctx<'tx' | 'team'>,
  transactions: readonly Omit<Transaction, 'createdAt'>[],
): Promise<readonly Transaction[]> {
  const { rows } = await sql<Transaction>`
    with put as (
      insert into card_transactions (team_id, id, account_id, network_ref, kind, status, descriptor, merchant, network,
        amount_cents, authorized_cents, transacted_at, posted_at, voided_at, original_id, created_at, updated_at)
      select ${ctx.team.id}, r.id, r."accountId", r."networkRef", r.kind, r.status, r.descriptor, r.merchant, r.network,
        r."amountCents", r."authorizedCents", r."transactedAt", r."postedAt", r."voidedAt", r."originalId", r."updatedAt",
        r."updatedAt"
      from jsonb_to_recordset(${JSON.stringify(transactions)}::jsonb) as r
        (id text, "accountId" text, "networkRef" text, kind text, status text, descriptor text, merchant jsonb, network text,
         "amountCents" bigint, "authorizedCents" bigint, "transactedAt" timestamptz, "postedAt" timestamptz,
         "voidedAt" timestamptz, "originalId" text, "updatedAt" timestamptz)
      on conflict (team_id, account_id, network_ref) do update
      set status = excluded.status, descriptor = excluded.descriptor, merchant = excluded.merchant,
        amount_cents = excluded.amount_cents, authorized_cents = excluded.authorized_cents,
        posted_at = excluded.posted_at, voided_at = excluded.voided_at, original_id = excluded.original_id,
        updated_at = excluded.updated_at
      returning *)
    select ${columns} from put t order by t.updated_at`.execute(ctx.tx)
  return rows
}

/** Deletes every transaction of the accounts; returns which those were. */
export async function deleteTransactions(
  ctx: Ctx<'tx' | 'team'>,
  accountIds: readonly AccountId[],
): Promise<readonly CardTransactionId[]> {
  const { rows } = await sql<{ id: CardTransactionId }>`
    delete from card_transactions where team_id = ${ctx.team.id} and account_id = any(${accountIds})
    returning id`.execute(ctx.tx)
  return rows.map(({ id }) => id)
}
