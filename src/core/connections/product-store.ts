/** What is kept of a connection's products: how they are settled, and how their refreshes stand. */
import { sql } from 'kysely'
import type { Ctx, Reading } from '../ctx.js'
import type { ConnectionId } from '../ids.js'
import type { ConnectionProduct, ProductError, ProductSettings } from './products.js'
import type { ProviderName } from './providers.js'

export interface NewProduct {
  readonly product: ConnectionProduct
  readonly settings: ProductSettings | null
}

/** Grants products; those that it has already stay as they are. */
export async function grantProducts(
  ctx: Ctx<'tx' | 'team'>,
  connectionId: ConnectionId,
  products: readonly NewProduct[],
): Promise<void> {
  await sql`
    insert into connection_products (team_id, connection_id, product, settings)
    select ${ctx.team.id}, ${connectionId}, p.product, p.settings
    from jsonb_to_recordset(${JSON.stringify(products)}::jsonb) as p (product text, settings jsonb)
    on conflict (team_id, connection_id, product) do nothing`.execute(ctx.tx)
}

/** How the refreshes of a product stand, for whoever works on them. */
export interface RefreshRow {
  readonly connectionId: ConnectionId
  readonly product: ConnectionProduct
  readonly refreshState: 'pending' | 'in_progress' | null
  readonly isTold: boolean
  readonly requestedAt: string | null
  readonly refreshedAt: string | null
  readonly lastAttemptedAt: string | null
  readonly fetchedUntil: string | null
  readonly hasHistory: boolean
  /** By whom, where that is not the connection's own provider. */
  readonly readBy: ProviderName | null
}

const refreshColumns = sql`p.connection_id as "connectionId", p.product, p.refresh_state as "refreshState",
  p.refresh_is_told as "isTold", p.requested_at as "requestedAt", p.refreshed_at as "refreshedAt",
  p.last_attempted_at as "lastAttemptedAt", p.fetched_until as "fetchedUntil", p.has_history as "hasHistory", p.read_by as "readBy"`

export async function listRefreshes(
  ctx: Ctx<Reading>,
  connectionIds: readonly ConnectionId[],
): Promise<readonly RefreshRow[]> {
  const { rows } = await sql<RefreshRow>`
    select ${refreshColumns} from connection_products p
    where p.team_id = ${ctx.team.id} and p.connection_id = any(${connectionIds})`.execute(ctx.db)
  return rows
}

/** Marks refreshes as asked for; a running one stays as it is, but is told of if anybody waits for it. */
export async function askForRefreshes(
  ctx: Ctx<'tx' | 'team'>,
  wanted: readonly { readonly connectionId: ConnectionId; readonly product: ConnectionProduct }[],
  how: { readonly isTold: boolean; readonly requestedAt: string | null },
): Promise<void> {
  await sql`
    update connection_products as p
    set refresh_state = coalesce(p.refresh_state, 'pending'), refresh_is_told = p.refresh_is_told or ${how.isTold},
        requested_at = coalesce(${how.requestedAt}, p.requested_at)
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w ("connectionId" text, product text)
    where p.team_id = ${ctx.team.id} and p.connection_id = w."connectionId" and p.product = w.product`.execute(ctx.tx)
}

/** What an attempt made of a product. */
export interface Attempt {
  readonly connectionId: ConnectionId
  readonly product: ConnectionProduct
  readonly refreshState: 'in_progress' | null
  /** Absent while it is not over. */
  readonly end?: {
    readonly at: string
    readonly error: { readonly code: ProductError; readonly message: string } | null
    readonly unavailable: string | null
    readonly hasHistory: boolean
    readonly fetchedUntil: string | null
    readonly readBy: ProviderName | null
  }
}

export async function noteAttempt(ctx: Ctx<'tx' | 'team'>, attempt: Attempt): Promise<void> {
  const { end } = attempt
  await sql`
    update connection_products as p
    set refresh_state = ${attempt.refreshState}, refresh_is_told = p.refresh_is_told and ${attempt.refreshState !== null}
      ${
        end === undefined
          ? sql``
          : sql`, last_attempted_at = ${end.at}, error_code = ${end.error?.code ?? null},
              error_message = ${end.error?.message ?? null}, unavailable = ${end.unavailable},
              refreshed_at = case when ${end.error === null} then ${end.at}::timestamptz else p.refreshed_at end,
              has_history = ${end.hasHistory}, fetched_until = ${end.fetchedUntil},
              read_by = ${end.readBy}`
      }
    where p.team_id = ${ctx.team.id} and p.connection_id = ${attempt.connectionId} and p.product = ${attempt.product}`.execute(
    ctx.tx,
  )
}

/** The next question is about everything again. */
export async function forgetFetchedUntil(ctx: Ctx<'tx' | 'team'>, connectionId: ConnectionId): Promise<void> {
  await sql`
    update connection_products set fetched_until = null
    where team_id = ${ctx.team.id} and connection_id = ${connectionId}`.execute(ctx.tx)
}
