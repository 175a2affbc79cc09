import { type RawBuilder, sql } from 'kysely'
import { type Page, type PageRequest, readPage } from '../../db/pages.js'
import { jsonOrNull, onlyRow } from '../../db/rows.js'
import type { Ctx, Reading } from '../ctx.js'
import type { RetrievalId } from '../ids.js'
import type { NewRetrieval, Retrieval } from './retrievals.js'

const columns = sql`t.id, t.product, t.owner_id as "ownerId", t.status, t.status_reason as "statusReason", t.detail,
  t.result, t.created_at as "createdAt", t.updated_at as "updatedAt"`

export async function addRetrievals(
  ctx: Ctx<'tx' | 'team'>,
  retrievals: readonly NewRetrieval[],
): Promise<readonly Retrieval[]> {
  const { rows } = await sql<Retrieval>`
    with added as (
      insert into retrievals (team_id, id, product, owner_id, status, status_reason, detail, result, created_at, updated_at)
      select ${ctx.team.id}, r.id, r.product, r."ownerId", r.status, r."statusReason", r.detail, r.result, r."createdAt",
             r."createdAt"
      from jsonb_to_recordset(${JSON.stringify(retrievals)}::jsonb) as r
        (id text, product text, "ownerId" text, status text, "statusReason" text, detail jsonb, result jsonb,
         "createdAt" timestamptz)
      returning *)
    select ${columns} from added t order by t.created_at`.execute(ctx.tx)
  return rows
}

/** Locks the retrieval for this transaction, whatever its status. */
export async function takeRetrieval(ctx: Ctx<'tx' | 'team'>, id: RetrievalId): Promise<Retrieval | null> {
  const { rows } = await sql<Retrieval>`
    select ${columns} from retrievals t where t.team_id = ${ctx.team.id} and t.id = ${id} for update`.execute(ctx.tx)
  return rows[0] ?? null
}

/** The newest completed retrieval of the same owner and product that is older than this one. */
export async function findCompletedBefore(
  ctx: Ctx<Reading>,
  { id, product, ownerId }: Pick<Retrieval, 'id' | 'product' | 'ownerId'>,
): Promise<Retrieval | null> {
  const { rows } = await sql<Retrieval>`
    select ${columns} from retrievals t
    where t.team_id = ${ctx.team.id} and t.owner_id = ${ownerId} and t.product = ${product} and t.status = 'completed'
      and (t.created_at, t.id) < (
        select a.created_at, a.id from retrievals a where a.team_id = ${ctx.team.id} and a.id = ${id})
    order by t.created_at desc, t.id desc limit 1`.execute(ctx.db)
  return rows[0] ?? null
}

export async function findRetrieval(ctx: Ctx<Reading>, id: RetrievalId): Promise<Retrieval | null> {
  const { rows } = await sql<Retrieval>`
    select ${columns} from retrievals t where t.team_id = ${ctx.team.id} and t.id = ${id}`.execute(ctx.db)
  return rows[0] ?? null
}

export async function findRetrievals(ctx: Ctx<Reading>, ids: readonly RetrievalId[]): Promise<readonly Retrieval[]> {
  const { rows } = await sql<Retrieval>`
    select ${columns} from retrievals t where t.team_id = ${ctx.team.id} and t.id = any(${ids})`.execute(ctx.db)
  return rows
}

/** What an owner waits for, oldest first. */
export async function listWaiting(ctx: Ctx<Reading>, ownerId: string): Promise<readonly Retrieval[]> {
  const { rows } = await sql<Retrieval>`
    select ${columns} from retrievals t
    where t.team_id = ${ctx.team.id} and t.owner_id = ${ownerId} and t.status in ('pending', 'in_progress')
    order by t.created_at, t.id`.execute(ctx.db)
  return rows
}

/** Locks the retrieval for this transaction while it waits for its answer; null when it has one. */
export async function takeWaiting(ctx: Ctx<'tx' | 'team'>, id: RetrievalId): Promise<Retrieval | null> {
  const { rows } = await sql<Retrieval>`
    select ${columns} from retrievals t
    where t.team_id = ${ctx.team.id} and t.id = ${id} and t.status in ('pending', 'in_progress') for update`.execute(
    ctx.tx,
  )
  return rows[0] ?? null
}

/** Empties the results of owners' retrievals of one product; returns whose. */
export async function eraseResults(
  ctx: Ctx<'tx' | 'team'>,
  wanted: { readonly product: string; readonly ownerIds: readonly string[] },
): Promise<readonly RetrievalId[]> {
  const { rows } = await sql<{ id: RetrievalId }>`
    update retrievals set result = null
    where team_id = ${ctx.team.id} and owner_id = any(${wanted.ownerIds}) and product = ${wanted.product}
    returning id`.execute(ctx.tx)
  return rows.map(({ id }) => id)
}

export async function eraseDetails(
  ctx: Ctx<'tx' | 'team'>,
  wanted: { readonly product: string; readonly ownerIds: readonly string[] },
): Promise<readonly RetrievalId[]> {
  const { rows } = await sql<{ id: RetrievalId }>`
    update retrievals set detail = '{}'
    where team_id = ${ctx.team.id} and owner_id = any(${wanted.ownerIds}) and product = ${wanted.product}
    returning id`.execute(ctx.tx)
  return rows.map(({ id }) => id)
}

export async function finishRetrieval(
  ctx: Ctx<'tx' | 'team'>,
  row: Pick<Retrieval, 'id' | 'status' | 'statusReason' | 'result' | 'updatedAt'>,
): Promise<Retrieval> {
  return (await endRetrieval(ctx, row)).after
}

/** As `finishRetrieval`, with the owners of what waits for it. */
export async function endRetrieval(
  ctx: Ctx<'tx' | 'team'>,
  row: Pick<Retrieval, 'id' | 'status' | 'statusReason' | 'result' | 'updatedAt'>,
): Promise<{ readonly after: Retrieval; readonly wakes: readonly string[] }> {
  const { rows } = await sql<Retrieval & { readonly wakes: readonly string[] }>`
    update retrievals as t
    set status = ${row.status}, status_reason = ${row.statusReason}, result = ${jsonOrNull(row.result)},
        updated_at = ${row.updatedAt}
    where t.team_id = ${ctx.team.id} and t.id = ${row.id}
    returning ${columns}, array(
      select distinct w.owner_id from awaited_retrievals a join retrievals w on w.team_id = a.team_id and w.id = a.waiting_id
      where a.team_id = t.team_id and a.awaited_id = t.id) as wakes`.execute(ctx.tx)
  const { wakes, ...after } = onlyRow(rows)
  return { after, wakes }
}

/** Keeps the result of a retrieval that goes on to wait for others before it ends. */
export async function parkRetrieval(
  ctx: Ctx<'tx' | 'team'>,
  row: Pick<Retrieval, 'id' | 'result'>,
  awaitedIds: readonly RetrievalId[],
): Promise<void> {
  await sql`
    with parked as (
      update retrievals set result = ${jsonOrNull(row.result)} where team_id = ${ctx.team.id} and id = ${row.id})
    insert into awaited_retrievals (team_id, awaited_id, waiting_id)
    select ${ctx.team.id}, awaited_id, ${row.id} from unnest(${awaitedIds}::text[]) as awaited_id`.execute(ctx.tx)
}

/** How those that a retrieval waits for stand now. */
export async function listAwaitedStatuses(
  ctx: Ctx<Reading>,
  waitingId: RetrievalId,
): Promise<readonly Retrieval['status'][]> {
  const { rows } = await sql<Pick<Retrieval, 'status'>>`
    select distinct t.status from awaited_retrievals a
    join retrievals t on t.team_id = a.team_id and t.id = a.awaited_id
    where a.team_id = ${ctx.team.id} and a.waiting_id = ${waitingId}`.execute(ctx.db)
  return rows.map(({ status }) => status)
}

export function listRetrievals(
  ctx: Ctx<Reading>,
  wanted: { readonly product: string; readonly ownerId: string },
  request: PageRequest,
): Promise<Page<Retrieval> | null> {
  const where = sql`t.team_id = ${ctx.team.id} and t.owner_id = ${wanted.ownerId} and t.product = ${wanted.product}`
  return readPage(ctx.db, { table: 'retrievals', columns, where, teamId: ctx.team.id, total: 'counted' }, request)
}

export async function latestCompleted(
  ctx: Ctx<Reading>,
  ownerId: string,
): Promise<Readonly<Record<string, RetrievalId>>> {
  const { rows } = await sql<{ product: string; id: RetrievalId }>`
    select distinct on (t.product) t.product, t.id from retrievals t
    where t.team_id = ${ctx.team.id} and t.owner_id = ${ownerId} and t.status = 'completed'
    order by t.product, t.created_at desc, t.id desc`.execute(ctx.db)
  return Object.fromEntries(rows.map((row) => [row.product, row.id]))
}

export async function findLastCompleted(
  ctx: Ctx<Reading>,
  wanted: { readonly product: string; readonly ownerId: string },
): Promise<Retrieval | null> {
  const { rows } = await sql<Retrieval>`
    select ${columns} from retrievals t
    where t.team_id = ${ctx.team.id} and t.owner_id = ${wanted.ownerId} and t.product = ${wanted.product}
      and t.status = 'completed'
    order by t.created_at desc, t.id desc limit 1`.execute(ctx.db)
  return rows[0] ?? null
}

/** What an owner owed when that was last told: the newest of the two products that tell it, of which one may be read long after the other. */
const newestBalance = (ctx: Ctx<'team'>, ownerId: RawBuilder<unknown>) => sql<{ cents: number | null }>`
  select (t.result ->> case t.product when 'balance' then 'amountCents' else 'balanceCents' end)::bigint as cents
  from (values ('balance'), ('update')) p (product) cross join lateral (
    select t.product, t.result, t.created_at, t.id from retrievals t
    where t.team_id = ${ctx.team.id} and t.owner_id = ${ownerId} and t.product = p.product and t.status = 'completed'
    order by t.created_at desc, t.id desc limit 1) t
  order by t.created_at desc, t.id desc limit 1`

/** Null where nothing was told. PostgreSQL plans this once, and a list, however short, each time. */
export async function latestBalance(ctx: Ctx<Reading>, ownerId: string): Promise<number | null> {
  const { rows } = await newestBalance(ctx, sql`${ownerId}`).execute(ctx.db)
  return rows[0]?.cents ?? null
}

export async function latestBalances(
  ctx: Ctx<Reading>,
  ownerIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ ownerId: string; cents: number | null }>`
    select o.id as "ownerId", b.cents
    from unnest(${ownerIds}::text[]) o (id) cross join lateral (${newestBalance(ctx, sql`o.id`)}) b`.execute(ctx.db)
  return new Map(rows.flatMap(({ ownerId, cents }) => (cents === null ? [] : [[ownerId, cents] as const])))
}

/** Whether the owner ever asked for the product. */
export async function isRequested(
  ctx: Ctx<Reading>,
  wanted: { readonly product: string; readonly ownerId: string },
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from retrievals t
    where t.team_id = ${ctx.team.id} and t.owner_id = ${wanted.ownerId} and t.product = ${wanted.product}
    limit 1`.execute(ctx.db)
  return rows.length > 0
}
