/** Every statement about connections and the products they have. */
import { sql } from 'kysely'
import { listOn, type Page } from '../../db/keyset.js'
import { onlyRow } from '../../db/rows.js'
import type { AccessProduct } from '../../network/port.js'
import type { Waiting } from '../clock/clock.js'
import type { Ctx, Reading } from '../ctx.js'
import type { ConnectionId, ConsumerId, TeamId } from '../ids.js'
import type { Connection } from './connections.js'
import { CONNECTION_PRODUCTS, type GrantedProduct } from './products.js'
import type { ProviderName } from './providers.js'
import { type ConnectionError, type ConnectionState, RECOVERABLE_ERRORS } from './transitions.js'

/** A connection with what only its own capability may know. */
export interface HeldConnection extends Connection {
  readonly accessSealed: Buffer | null
  readonly changePosition: number
  readonly pendingGeneration: number
}

interface Row extends Omit<HeldConnection, 'institution' | 'products' | 'availableProducts' | 'lastSyncedAt'> {
  readonly institutionSlug: string
  readonly institutionName: string
  readonly institutionProducts: readonly AccessProduct[]
  readonly products: Readonly<Record<string, GrantedProduct>>
}

// As every other instant of a row is spelled.
const utc = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const columns = sql`c.id, c.consumer_id as "consumerId", c.institution_slug as "institutionSlug",
  c.institution_name as "institutionName", c.institution_products as "institutionProducts", c.provider, c.state,
  c.error_code as "errorCode", c.client_id as "clientId", c.webhook_url as "webhookUrl", c.tags,
  c.is_imported as "isImported", c.connected_at as "connectedAt", c.created_at as "createdAt", c.updated_at as "updatedAt",
  c.access_sealed as "accessSealed", c.change_position as "changePosition", c.pending_generation as "pendingGeneration",
  coalesce((
    select jsonb_object_agg(p.product, jsonb_build_object(
      'settings', p.settings, 'refreshedAt', ${utc('p.refreshed_at')}, 'lastAttemptedAt', ${utc('p.last_attempted_at')},
      'errorCode', p.error_code, 'errorMessage', p.error_message, 'unavailable', p.unavailable,
      'hasHistory', p.has_history))
    from connection_products p where p.team_id = c.team_id and p.connection_id = c.id), '{}') as products`

function held({ institutionSlug, institutionName, institutionProducts, products, ...row }: Row): HeldConnection {
  const granted = CONNECTION_PRODUCTS.flatMap((product) => {
    const found = products[product]
    return found ? [[product, found] as const] : []
  })
  const isLive = row.state !== 'deleted'
  const refreshed = granted.flatMap(([, { refreshedAt }]) => (refreshedAt === null ? [] : [refreshedAt]))
  return {
    ...row,
    institution: { slug: institutionSlug, name: institutionName },
    products: Object.fromEntries(granted),
    availableProducts: CONNECTION_PRODUCTS.filter(
      (product) => isLive && institutionProducts.some((each) => each === product) && !products[product],
    ),
    lastSyncedAt: refreshed.sort().at(-1) ?? null,
  }
}

/** What everybody may see of it. */
export function shown({ accessSealed, changePosition, pendingGeneration, ...connection }: HeldConnection): Connection {
  return connection
}

export async function findConnection(ctx: Ctx<Reading>, id: ConnectionId): Promise<HeldConnection | null> {
  const { rows } = await sql<Row>`
    select ${columns} from connections c where c.team_id = ${ctx.team.id} and c.id = ${id}`.execute(ctx.db)
  return rows[0] ? held(rows[0]) : null
}

/** Whether one of these teams has it. */
export async function hasConnection({ db }: Ctx<'db'>, teamIds: readonly TeamId[], id: ConnectionId): Promise<boolean> {
  const { rows } = await sql`select 1 from connections c where c.team_id = any(${teamIds}) and c.id = ${id}`.execute(db)
  return rows.length > 0
}

/** Locks the connection for this transaction: whoever changes it or anything behind it does so first. */
export async function takeConnection(ctx: Ctx<'tx' | 'team'>, id: ConnectionId): Promise<HeldConnection | null> {
  await sql`select 1 from connections c where c.team_id = ${ctx.team.id} and c.id = ${id} for update`.execute(ctx.tx)
  return findConnection({ ...ctx, db: ctx.tx }, id)
}

/** Locks connections in the order of their ids; those that others hold are left out. */
export async function takeDue(
  ctx: Ctx<'tx' | 'team'>,
  wanted: { readonly now: string; readonly limit: number },
): Promise<readonly HeldConnection[]> {
  const due = await sql<{ id: ConnectionId }>`
    select c.id from connections c where c.team_id = ${ctx.team.id} and c.due_at <= ${wanted.now}
    order by c.due_at, c.id limit ${wanted.limit} for update skip locked`.execute(ctx.tx)
  const { rows } = await sql<Row>`
    select ${columns} from connections c
    where c.team_id = ${ctx.team.id} and c.id = any(${due.rows.map(({ id }) => id)}) order by c.id`.execute(ctx.tx)
  return rows.map(held)
}

/** Those of a consumer that were ever connected and are not deleted, oldest first. */
export async function listOfConsumer(
  ctx: Ctx<Reading>,
  whose: { readonly consumerId: ConsumerId; readonly clientId: string | null },
): Promise<readonly HeldConnection[]> {
  const { rows } = await sql<Row>`
    select ${columns} from connections c
    where c.team_id = ${ctx.team.id} and c.consumer_id = ${whose.consumerId} and c.connected_at is not null
      and c.state <> 'deleted' and ${isOf(whose.clientId)}
    order by c.created_at, c.id`.execute(ctx.db)
  return rows.map(held)
}

/** Those of the ids that are not deleted. */
export async function listByIds(ctx: Ctx<Reading>, ids: readonly ConnectionId[]): Promise<readonly HeldConnection[]> {
  const { rows } = await sql<Row>`
    select ${columns} from connections c
    where c.team_id = ${ctx.team.id} and c.id = any(${ids}) and c.state <> 'deleted' order by c.id`.execute(ctx.db)
  return rows.map(held)
}

/** In the order in which everybody takes them. */
export async function listUndeleted(ctx: Ctx<Reading>, consumerId: ConsumerId): Promise<readonly ConnectionId[]> {
  const { rows } = await sql<{ id: ConnectionId }>`
    select c.id from connections c
    where c.team_id = ${ctx.team.id} and c.consumer_id = ${consumerId} and c.state <> 'deleted' order by c.id`.execute(
    ctx.db,
  )
  return rows.map(({ id }) => id)
}

/** The institutions at which the consumer has a connection that works. */
export async function listConnectedAt(ctx: Ctx<Reading>, consumerId: ConsumerId): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly slug: string }>`
    select distinct c.institution_slug as slug from connections c
    where c.team_id = ${ctx.team.id} and c.consumer_id = ${consumerId} and c.state = 'connected'`.execute(ctx.db)
  return rows.map(({ slug }) => slug)
}

const isOf = (clientId: string | null) =>
  clientId === null ? sql`true` : sql`(c.client_id is null or c.client_id = ${clientId})`

/** Active ones, oldest first, from a row on; null when that is no connection of the team. */
export async function listActive(
  ctx: Ctx<Reading>,
  page: { readonly clientId: string | null; readonly from: ConnectionId | null; readonly limit: number },
): Promise<readonly Pick<Connection, 'id' | 'createdAt'>[] | null> {
  const anchor = sql`(select a.created_at, a.id from connections a where a.team_id = ${ctx.team.id} and a.id = ${page.from})`
  if (page.from !== null) {
    const { rows } = await sql`${anchor}`.execute(ctx.db)
    if (rows.length === 0) return null
  }
  const { rows } = await sql<Pick<Connection, 'id' | 'createdAt'>>`
    select c.id, c.created_at as "createdAt" from connections c
    where c.team_id = ${ctx.team.id} and c.connected_at is not null and c.state <> 'deleted' and ${isOf(page.clientId)}
      ${page.from === null ? sql`` : sql`and (c.created_at, c.id) >= ${anchor}`}
    order by c.created_at, c.id limit ${page.limit}`.execute(ctx.db)
  return rows
}

/** Every one of a team, whatever its state, newest first. */
export async function listAll(
  ctx: Ctx<Reading>,
  { consumerId, state }: { readonly consumerId: string | null; readonly state: ConnectionState | null },
  page: { readonly cursor: string | null; readonly limit: number },
): Promise<Page<HeldConnection>> {
  const where = sql`t.team_id = ${ctx.team.id}
    ${consumerId === null ? sql`` : sql`and t.consumer_id = ${consumerId}`}
    ${state === null ? sql`` : sql`and t.state = ${state}`}`
  const ids = await listOn<{ readonly id: ConnectionId }>(
    ctx.db,
    { table: 'connections', columns: sql`t.id`, where, teamId: ctx.team.id },
    page,
  )
  const { rows } = await sql<Row>`
    select ${columns} from connections c
    where c.team_id = ${ctx.team.id} and c.id = any(${ids.items.map(({ id }) => id)})
    order by c.created_at desc, c.id desc`.execute(ctx.db)
  return { ...ids, items: rows.map(held) }
}

export interface NewConnection {
  readonly id: ConnectionId
  readonly consumerId: ConsumerId
  readonly institution: { readonly slug: string; readonly name: string }
  readonly institutionProducts: readonly AccessProduct[]
  readonly provider: ProviderName
  readonly clientId: string | null
  readonly state: ConnectionState
  readonly errorCode: ConnectionError | null
  readonly webhookUrl: string | null
  readonly tags: readonly string[]
  readonly isImported: boolean
  readonly connectedAt: string | null
  readonly createdAt: string
}

export async function addConnection(ctx: Ctx<'tx' | 'team'>, row: NewConnection): Promise<HeldConnection> {
  const { rows } = await sql<Row>`
    insert into connections as c (team_id, id, consumer_id, institution_slug, institution_name, institution_products, provider,
      client_id, state, error_code, webhook_url, tags, is_imported, connected_at, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.consumerId}, ${row.institution.slug}, ${row.institution.name},
      ${row.institutionProducts}, ${row.provider}, ${row.clientId}, ${row.state}, ${row.errorCode}, ${row.webhookUrl},
      ${row.tags}, ${row.isImported}, ${row.connectedAt}, ${row.createdAt}, ${row.createdAt})
    returning ${columns}`.execute(ctx.tx)
  return held(onlyRow(rows))
}

/** What may change of a connection that the caller has taken; what is absent stays. */
export interface ConnectionPatch {
  readonly state?: ConnectionState
  readonly errorCode?: ConnectionError | null
  readonly provider?: ProviderName
  readonly institution?: { readonly slug: string; readonly name: string }
  readonly institutionProducts?: readonly AccessProduct[]
  readonly accessSealed?: Buffer | null
  readonly webhookUrl?: string | null
  readonly tags?: readonly string[]
  readonly dueAt?: string | null
  readonly connectedAt?: string
  readonly changePosition?: number
  readonly pendingGeneration?: number
}

export async function patchConnection(
  ctx: Ctx<'tx' | 'team'>,
  id: ConnectionId,
  patch: ConnectionPatch,
  at: string,
): Promise<HeldConnection> {
  const sets = [
    ...(patch.state === undefined ? [] : [sql`state = ${patch.state}`]),
    ...(patch.errorCode === undefined ? [] : [sql`error_code = ${patch.errorCode}`]),
    ...(patch.provider === undefined ? [] : [sql`provider = ${patch.provider}`]),
    ...(patch.institution === undefined
      ? []
      : [sql`institution_slug = ${patch.institution.slug}, institution_name = ${patch.institution.name}`]),
    ...(patch.institutionProducts === undefined ? [] : [sql`institution_products = ${patch.institutionProducts}`]),
    ...(patch.accessSealed === undefined ? [] : [sql`access_sealed = ${patch.accessSealed}`]),
    ...(patch.webhookUrl === undefined ? [] : [sql`webhook_url = ${patch.webhookUrl}`]),
    ...(patch.tags === undefined ? [] : [sql`tags = ${patch.tags}`]),
    ...(patch.dueAt === undefined ? [] : [sql`due_at = ${patch.dueAt}`]),
    ...(patch.connectedAt === undefined ? [] : [sql`connected_at = coalesce(connected_at, ${patch.connectedAt})`]),
    ...(patch.changePosition === undefined ? [] : [sql`change_position = ${patch.changePosition}`]),
    ...(patch.pendingGeneration === undefined ? [] : [sql`pending_generation = ${patch.pendingGeneration}`]),
  ]
  const { rows } = await sql<Row>`
    update connections as c set ${sql.join([...sets, sql`updated_at = ${at}`])}
    where c.team_id = ${ctx.team.id} and c.id = ${id} returning ${columns}`.execute(ctx.tx)
  return held(onlyRow(rows))
}

/** Fails connections that are still in one of the states, each for its reason; returns those that were. */
export async function failConnections(
  ctx: Ctx<'tx' | 'team'>,
  failed: readonly { readonly id: ConnectionId; readonly errorCode: ConnectionError }[],
  from: readonly ConnectionState[],
  at: string,
): Promise<readonly HeldConnection[]> {
  if (failed.length === 0) return []
  const { rows } = await sql<Row>`
    update connections as c set state = 'error', error_code = f."errorCode", updated_at = ${at}
    from jsonb_to_recordset(${JSON.stringify(failed)}::jsonb) as f (id text, "errorCode" text)
    where c.team_id = ${ctx.team.id} and c.id = f.id and c.state = any(${from})
    returning ${columns}`.execute(ctx.tx)
  return rows.map(held)
}

/** Sets when connections are due next. */
export async function setDue(
  ctx: Ctx<'tx' | 'team'>,
  ids: readonly ConnectionId[],
  dueAt: string | null,
): Promise<void> {
  await sql`
    update connections set due_at = ${dueAt} where team_id = ${ctx.team.id} and id = any(${ids})`.execute(ctx.tx)
}

/** Everything that was read through connections goes, and what they were allowed to. */
export async function destroyData(ctx: Ctx<'tx' | 'team'>, id: ConnectionId): Promise<void> {
  for (const table of [
    'held_transaction_changes',
    'held_transaction_counts',
    'held_transactions',
    'held_holdings',
    'held_investment_transactions',
    'held_securities',
    'held_accounts',
    'connection_products',
  ]) {
    await sql`delete from ${sql.table(table)} where team_id = ${ctx.team.id} and connection_id = ${id}`.execute(ctx.tx)
  }
}

/** The records of deleted connections, with whatever may be left behind them. */
export async function dropConnections(ctx: Ctx<'tx' | 'team'>, ids: readonly ConnectionId[]): Promise<void> {
  await sql`
    update connect_sessions set connection_id = null
    where team_id = ${ctx.team.id} and connection_id = any(${ids})`.execute(ctx.tx)
  await sql`
    delete from connections where team_id = ${ctx.team.id} and id = any(${ids}) and state = 'deleted'`.execute(ctx.tx)
}

/** Connected ones are read again, those that failed by themselves as well, and deleted ones go. */
export const waiting: Waiting = {
  table: sql`connections`,
  dueAt: sql`w.due_at`,
  where: sql`w.due_at is not null`,
}

/** Whether a schedule reads it: one that works, or that failed by itself after it had worked. */
export function isScheduled({
  state,
  errorCode,
  connectedAt,
}: Pick<Connection, 'state' | 'errorCode' | 'connectedAt'>): boolean {
  const mayRecover = state === 'error' && errorCode !== null && RECOVERABLE_ERRORS.includes(errorCode)
  return connectedAt !== null && (state === 'connected' || mayRecover)
}
