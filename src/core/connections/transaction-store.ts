/** Every statement about transactions and the log of their changes. */
import { type RawBuilder, sql } from 'kysely'
import { sendOff } from '../../db/database.js'
import { onlyRow } from '../../db/rows.js'
import type { HeldTransaction as ToldTransaction } from '../../network/port.js'
import type { Ctx, Reading } from '../ctx.js'
import type { ConnectionId, ConsumerId, HeldTransactionId } from '../ids.js'
import type { Judged } from './enrichment.js'
import type { HeldTransaction, TransactionFilter } from './transactions.js'

/** A transaction with what only its own capability may know. */
export interface TransactionRow extends Omit<HeldTransaction, 'isPending'> {
  readonly connectionId: ConnectionId
  readonly networkRef: string | null
  readonly status: 'pending' | 'posted' | 'removed'
  readonly counterparty: ToldTransaction['counterparty']
  readonly recurrence: ToldTransaction['recurrence']
  readonly isCorrected: boolean
  readonly isJudged: boolean
  readonly createdPosition: number | null
  readonly removedPosition: number | null
  readonly generation: number | null
}

const columns = sql`t.id, t.connection_id as "connectionId", t.account_id as "accountId", t.network_ref as "networkRef",
  t.original_id as "originalId", t.status, t.cents, t.direction, t.currency, t."on", t.at, t.description,
  t.raw_description as "rawDescription", t.counterparty, t.category, t.subcategory, t.recurrence, t.enrichment,
  t.is_corrected as "isCorrected", t.is_judged as "isJudged", t.created_position as "createdPosition",
  t.removed_position as "removedPosition", t.generation`

// A statement's parameters stay well below what PostgreSQL and memory like.
const CHUNK = 5000

const cells = sql`r.id, r."connectionId", r."accountId", r."networkRef", r."originalId", r.status, r.cents, r.direction,
  r.currency, r."on", r.at, r.description, r."rawDescription", nullif(r.counterparty, 'null'), r.category, r.subcategory,
  r.recurrence, nullif(r.enrichment, 'null'), r."isCorrected", r."isJudged", r."createdPosition", r."removedPosition",
  r.generation`

function insertOf(ctx: Ctx<'team'>, rows: readonly TransactionRow[], at: string): RawBuilder<unknown> {
  return sql`
    insert into held_transactions as t (team_id, id, connection_id, account_id, network_ref, original_id, status, cents,
      direction, currency, "on", at, description, raw_description, counterparty, category, subcategory, recurrence,
      enrichment, is_corrected, is_judged, created_position, removed_position, generation, created_at, updated_at)
    select ${ctx.team.id}, ${cells}, ${at}, ${at}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r
      (id text, "connectionId" text, "accountId" text, "networkRef" text, "originalId" text, status text, cents bigint,
       direction text, currency text, "on" date, at text, description text, "rawDescription" text, counterparty jsonb,
       category text, subcategory text, recurrence text, enrichment jsonb, "isCorrected" boolean, "isJudged" boolean,
       "createdPosition" bigint, "removedPosition" bigint, generation bigint)`
}

/** Adds transactions that nobody knows yet. The next chunk is written down while PostgreSQL is busy with the one before. */
export function addTransactions(ctx: Ctx<'tx' | 'team'>, rows: readonly TransactionRow[], at: string): void {
  for (const chunk of chunksOf(rows)) sendOff(ctx.tx, insertOf(ctx, chunk, at).execute(ctx.tx))
}

/** Adds transactions, and renews those whose id is known. */
export async function putTransactions(
  ctx: Ctx<'tx' | 'team'>,
  rows: readonly TransactionRow[],
  at: string,
): Promise<void> {
  for (const chunk of chunksOf(rows)) {
    await sql`
      ${insertOf(ctx, chunk, at)}
      on conflict (team_id, id) do update
      set account_id = excluded.account_id, network_ref = excluded.network_ref, status = excluded.status,
          cents = excluded.cents, direction = excluded.direction, currency = excluded.currency, "on" = excluded."on",
          at = excluded.at, description = excluded.description, raw_description = excluded.raw_description,
          counterparty = excluded.counterparty, category = excluded.category, subcategory = excluded.subcategory,
          recurrence = excluded.recurrence, enrichment = excluded.enrichment, is_corrected = excluded.is_corrected,
          is_judged = excluded.is_judged, removed_position = excluded.removed_position,
          updated_at = excluded.updated_at`.execute(ctx.tx)
  }
}

/** What was made of transactions that are known. */
export function putEnrichments(
  ctx: Ctx<'tx' | 'team'>,
  rows: readonly Pick<TransactionRow, 'id' | 'enrichment' | 'isCorrected'>[],
  at: string,
): void {
  for (const chunk of chunksOf(rows)) {
    const facts = chunk.map(({ id, enrichment, isCorrected }) => ({ id, enrichment, isCorrected }))
    sendOff(
      ctx.tx,
      sql`
        update held_transactions t
        set enrichment = nullif(r.enrichment, 'null'), is_corrected = r."isCorrected", is_judged = true, updated_at = ${at}
        from jsonb_to_recordset(${JSON.stringify(facts)}::jsonb) as r (id text, enrichment jsonb, "isCorrected" boolean)
        where t.team_id = ${ctx.team.id} and t.id = r.id`.execute(ctx.tx),
    )
  }
}

function chunksOf<T>(rows: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(rows.length / CHUNK)
  return Array.from({ length: count }, (_, index) => rows.slice(index * CHUNK, (index + 1) * CHUNK))
}

/** Writes into the log that transactions changed, in this order, after a position. Those that begin there are new to it. */
export async function addChanges(
  ctx: Ctx<'tx' | 'team'>,
  connectionId: ConnectionId,
  rows: readonly Pick<TransactionRow, 'id' | 'createdPosition'>[],
  after: number,
): Promise<void> {
  if (rows.length === 0) return
  const known = rows.flatMap(({ id, createdPosition }, index) => {
    const position = after + index + 1
    return createdPosition === position ? [] : [{ id, position }]
  })
  if (known.length > 0) {
    await sql`
      update held_transaction_changes l set superseded_at = c.position
      from unnest(${known.map(({ id }) => id)}::text[], ${known.map(({ position }) => position)}::bigint[]) as c (id, position)
      where l.team_id = ${ctx.team.id} and l.connection_id = ${connectionId} and l.transaction_id = c.id
        and l.superseded_at is null`.execute(ctx.tx)
  }
  await sql`
    insert into held_transaction_changes (team_id, connection_id, position, transaction_id)
    select ${ctx.team.id}, ${connectionId}, ${after}::bigint + c.ordinal, c.id
    from unnest(${rows.map(({ id }) => id)}::text[]) with ordinality as c (id, ordinal)`.execute(ctx.tx)
}

export async function deletePending(ctx: Ctx<'tx' | 'team'>, connectionId: ConnectionId): Promise<void> {
  await sql`
    delete from held_transactions
    where team_id = ${ctx.team.id} and connection_id = ${connectionId} and status = 'pending'`.execute(ctx.tx)
}

async function select(ctx: Ctx<Reading>, where: RawBuilder<unknown>): Promise<readonly TransactionRow[]> {
  const { rows } = await sql<TransactionRow>`
    select ${columns} from held_transactions t where t.team_id = ${ctx.team.id} and ${where}`.execute(ctx.db)
  return rows
}

export function listPending(ctx: Ctx<Reading>, connectionId: ConnectionId): Promise<readonly TransactionRow[]> {
  return select(ctx, sql`t.connection_id = ${connectionId} and t.status = 'pending' order by t.id`)
}

export function listPosted(ctx: Ctx<Reading>, connectionId: ConnectionId): Promise<readonly TransactionRow[]> {
  return select(ctx, sql`t.connection_id = ${connectionId} and t.status = 'posted'`)
}

export function listPostedByRef(
  ctx: Ctx<Reading>,
  connectionId: ConnectionId,
  refs: readonly string[],
): Promise<readonly TransactionRow[]> {
  return select(ctx, sql`t.connection_id = ${connectionId} and t.status = 'posted' and t.network_ref = any(${refs})`)
}

/** Posted ones that nothing was made of yet, after an id, in the order of ids. */
export function listUnjudged(
  ctx: Ctx<Reading>,
  connectionId: ConnectionId,
  { afterId, limit }: { readonly afterId: string; readonly limit: number },
): Promise<readonly TransactionRow[]> {
  return select(
    ctx,
    sql`t.connection_id = ${connectionId} and t.status = 'posted' and not t.is_judged and t.id > ${afterId}
      order by t.id limit ${limit}`,
  )
}

/** One that is there to be read. */
export async function findTransaction(
  ctx: Ctx<Reading>,
  connectionId: ConnectionId,
  id: HeldTransactionId,
): Promise<TransactionRow | null> {
  const [row] = await select(ctx, sql`t.connection_id = ${connectionId} and t.id = ${id} and t.status <> 'removed'`)
  return row ?? null
}

/** Everything of some connections up to a day that goes by the name, or, without one, is described so. */
export function listAlike(
  ctx: Ctx<Reading>,
  connectionIds: readonly ConnectionId[],
  likeness: { readonly name: string | null; readonly description: string | null; readonly until: string },
): Promise<readonly TransactionRow[]> {
  const alike =
    likeness.name === null
      ? sql`t.counterparty is null and t.description = ${likeness.description}`
      : sql`t.counterparty->>'name' = ${likeness.name}`
  return select(
    ctx,
    sql`t.connection_id = any(${connectionIds}) and t.status <> 'removed' and t."on" <= ${likeness.until} and ${alike}
      order by t."on" desc, t.at desc, t.id desc`,
  )
}

// ---- pages ---------------------------------------------------------------------------------------------------------

const passing = ({ accountIds, fromDate, toDate }: TransactionFilter) => sql`t.status <> 'removed'
  ${accountIds === null ? sql`` : sql`and t.account_id = any(${accountIds})`}
  ${fromDate === null ? sql`` : sql`and t."on" >= ${fromDate}`}
  ${toDate === null ? sql`` : sql`and t."on" <= ${toDate}`}`
const newestFirst = sql`t."on" desc, t.at desc, t.id desc`

/** From so many on in the order of a list, newest first. What precedes them is walked in the index alone. */
export async function listFrom(
  ctx: Ctx<Reading>,
  connectionIds: readonly ConnectionId[],
  filter: TransactionFilter,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<readonly TransactionRow[]> {
  const { rows } = await sql<TransactionRow>`
    with wanted as materialized (
      select t.id from unnest(${connectionIds}::text[]) as c (id)
      cross join lateral (
        select t.id, t."on", t.at from held_transactions t
        where t.team_id = ${ctx.team.id} and t.connection_id = c.id and ${passing(filter)}
        order by ${newestFirst} limit ${offset + limit}) t
      order by ${newestFirst} limit ${limit} offset ${offset})
    select t.* from wanted
    cross join lateral (
      select ${columns} from held_transactions t where t.team_id = ${ctx.team.id} and t.id = wanted.id offset 0) t
    order by ${newestFirst}`.execute(ctx.db)
  return rows
}

/** Counted one by one: for a stretch of days. */
export async function count(
  ctx: Ctx<Reading>,
  connectionIds: readonly ConnectionId[],
  filter: TransactionFilter,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*) as total from held_transactions t
    where t.team_id = ${ctx.team.id} and t.connection_id = any(${connectionIds}) and ${passing(filter)}`.execute(ctx.db)
  return onlyRow(rows).total
}

/** How many there are in each month that has any, the newest first; months by their first days. */
export async function listMonths(
  ctx: Ctx<Reading>,
  connectionIds: readonly ConnectionId[],
  accountIds: readonly string[] | null,
): Promise<readonly { readonly month: string; readonly total: number }[]> {
  const { rows } = await sql<{ month: string; total: number }>`
    select c.month, sum(c.total) as total from held_transaction_counts c
    where c.team_id = ${ctx.team.id} and c.connection_id = any(${connectionIds})
      ${accountIds === null ? sql`` : sql`and c.account_id = any(${accountIds})`}
    group by c.month order by c.month desc`.execute(ctx.db)
  return rows
}

/** Counts a connection's transactions anew; whoever adds some or takes some away does so at its end. */
export async function recount(ctx: Ctx<'tx' | 'team'>, connectionId: ConnectionId): Promise<void> {
  await sql`
    delete from held_transaction_counts where team_id = ${ctx.team.id} and connection_id = ${connectionId}`.execute(
    ctx.tx,
  )
  await sql`
    insert into held_transaction_counts (team_id, connection_id, account_id, month, total)
    select ${ctx.team.id}, ${connectionId}, t.account_id, date_trunc('month', t."on")::date, count(*)
    from held_transactions t
    where t.team_id = ${ctx.team.id} and t.connection_id = ${connectionId} and t.status <> 'removed'
    group by 3, 4`.execute(ctx.tx)
}

// ---- changes -------------------------------------------------------------------------------------------------------

/** A stretch of the log: what a client knows ends at `known`, what it was sent at `sent`, and the run at `end`. */
export interface Stretch {
  readonly known: number
  readonly sent: number
  readonly end: number
}

/**
 * The next changes of a run, each transaction at its last change within it. What came and went within the run is left out.
 */
export async function listChanges(
  ctx: Ctx<Reading>,
  connectionId: ConnectionId,
  { known, sent, end }: Stretch,
  limit: number,
): Promise<readonly (TransactionRow & { readonly position: number })[]> {
  const { rows } = await sql<TransactionRow & { position: number }>`
    select l.position, t.*
    from held_transaction_changes l
    cross join lateral (
      select ${columns} from held_transactions t where t.team_id = l.team_id and t.id = l.transaction_id offset 0) t
    where l.team_id = ${ctx.team.id} and l.connection_id = ${connectionId} and l.position > ${sent} and l.position <= ${end}
      and (l.superseded_at is null or l.superseded_at > ${end})
      and not (coalesce(t."removedPosition" <= ${end}, false) and t."createdPosition" > ${known})
    order by l.position limit ${limit}`.execute(ctx.db)
  return rows
}

/** The pending ones after an id, in the order of ids. */
export function listPendingAfter(
  ctx: Ctx<Reading>,
  connectionId: ConnectionId,
  afterId: string,
  limit: number,
): Promise<readonly TransactionRow[]> {
  return select(
    ctx,
    sql`t.connection_id = ${connectionId} and t.status = 'pending' and t.id > ${afterId} order by t.id limit ${limit}`,
  )
}

// ---- corrections ---------------------------------------------------------------------------------------------------

export interface KeptCorrection {
  readonly likeness: string
  readonly category: string
  readonly subcategory: Judged['value'] | null
}

export async function putCorrection(
  ctx: Ctx<'tx' | 'team'>,
  consumerId: ConsumerId,
  { likeness, category, subcategory }: KeptCorrection,
  at: string,
): Promise<void> {
  await sql`
    insert into category_corrections (team_id, consumer_id, likeness, category, subcategory, updated_at)
    values (${ctx.team.id}, ${consumerId}, ${likeness}, ${category}, ${subcategory}, ${at})
    on conflict (team_id, consumer_id, likeness) do update
    set category = excluded.category, subcategory = excluded.subcategory, updated_at = excluded.updated_at`.execute(
    ctx.tx,
  )
}

export async function listCorrections(ctx: Ctx<Reading>, consumerId: ConsumerId): Promise<readonly KeptCorrection[]> {
  const { rows } = await sql<KeptCorrection>`
    select likeness, category, subcategory from category_corrections
    where team_id = ${ctx.team.id} and consumer_id = ${consumerId}`.execute(ctx.db)
  return rows
}

export async function deleteCorrections(ctx: Ctx<'tx' | 'team'>, consumerId: ConsumerId): Promise<void> {
  await sql`delete from category_corrections where team_id = ${ctx.team.id} and consumer_id = ${consumerId}`.execute(
    ctx.tx,
  )
}
