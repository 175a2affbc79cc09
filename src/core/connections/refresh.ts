/**
 * Fetching what a connection gives access to: on request, after connecting, and by schedule. A product has one refresh at a
 * time, which later requests join; it is a job that asks the provider while no transaction is open, and then keeps what was
 * told together with all that follows from it. Contract: moneykit/links §5.
 */
import { inTx } from '../../db/database.js'
import { enqueue } from '../../jobs/queue.js'
import type { Task } from '../../jobs/task.js'
import type { Asking, Base, Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import type { ConnectionId, TeamId } from '../ids.js'
import { forTeamOf, refreshPauses } from '../teams/teams.js'
import { badState, refuseWithout, takeLive } from './access.js'
import type { Connection, Whose } from './connections.js'
import { refuse } from './errors.js'
import { type Answer, fetchers } from './fetchers.js'
import { move } from './moves.js'
import { refreshChange, transactionsChange } from './news.js'
import * as productStore from './product-store.js'
import type { ConnectionProduct } from './products.js'
import { failures, type RefreshState } from './products.js'
import * as store from './store.js'
import type { ConnectionError } from './transitions.js'

const REFRESH_TASK = 'connection.refresh'
// A minute and a half of tries, then the next schedule's.
const TRIES_MAX = 5

/**
 * Asks for fresh data; all of them or none. A refresh that runs is joined. Refuses `connection.not_found`, `.other_client`,
 * `.deleted`, `.product_not_granted`, `.refreshed_too_recently` (its detail: seconds to wait), `.bad_state`.
 */
export async function requestRefresh(
  ctx: Ctx<Writing>,
  whose: Whose,
  products: readonly ConnectionProduct[],
): Promise<Connection> {
  const connection = await takeLive(ctx, whose)
  const wanted = [...new Set(products)]
  for (const product of wanted) refuseWithout(connection, product)
  const rows = await productStore.listRefreshes({ ...ctx, db: ctx.tx }, [connection.id])
  for (const row of rows) if (wanted.includes(row.product)) refuseTooSoon(ctx, row)
  if (connection.state !== 'connected') throw badState(connection)
  await queueRefreshes(ctx, [{ connection, products: wanted }], { isTold: true, requestedAt: ctx.clock.now() })
  return store.shown(connection)
}

function refuseTooSoon(
  ctx: Ctx<'team' | 'clock'>,
  { product, refreshState, requestedAt }: productStore.RefreshRow,
): void {
  if (refreshState !== null || requestedAt === null) return
  const passedMs = Date.parse(ctx.clock.now()) - Date.parse(requestedAt)
  const waitSeconds = Math.ceil(refreshPauses(ctx.team)[product] - passedMs / 1000)
  if (waitSeconds > 0) throw refuse('connection.refreshed_too_recently', null, String(waitSeconds))
}

/** What the consumer's success makes necessary: products that were asked for at once, and those that were read before. */
export function queueFirstFetch(ctx: Ctx<Writing>, connection: Connection): Promise<void> {
  const products = Object.entries(connection.products).flatMap(([name, { settings, refreshedAt }]) => {
    const isWanted = settings !== null && (settings.required || settings.prefetch || refreshedAt !== null)
    return isWanted ? [name as ConnectionProduct] : []
  })
  return queueRefreshes(ctx, [{ connection, products }], { isTold: true, requestedAt: null })
}

export interface WantedRefresh {
  readonly connection: Connection
  readonly products: readonly ConnectionProduct[]
}

/** Asks for refreshes of connections that the caller has taken. Told ones are told step by step. */
export async function queueRefreshes(
  ctx: Ctx<Writing>,
  wanted: readonly WantedRefresh[],
  how: { readonly isTold: boolean; readonly requestedAt: string | null },
): Promise<void> {
  const flat = wanted.flatMap(({ connection, products }) =>
    products.map((product) => ({ connection, connectionId: connection.id, product })),
  )
  if (flat.length === 0) return
  await productStore.askForRefreshes(
    ctx,
    flat.map(({ connectionId, product }) => ({ connectionId, product })),
    how,
  )
  if (how.isTold) {
    const changedAt = ctx.clock.now()
    const pending = (product: ConnectionProduct) => ({ product, state: 'pending', errorMessage: null }) as const
    await record(
      ctx,
      flat.map(({ connection, product }) => refreshChange(connection, pending(product), changedAt)),
    )
  }
  await enqueue(
    ctx.tx,
    flat.map(({ connectionId, product }) => ({
      task: REFRESH_TASK,
      key: `connection:${connectionId}:${product}`,
      delayMs: ctx.answerDelayMs,
      payload: { teamId: ctx.team.id, connectionId, product },
    })),
    { keepsTimes: true },
  )
}

/** Fetches one product of one connection. */
export function refreshTask(base: Base): Task {
  return {
    name: REFRESH_TASK,
    attemptsMax: TRIES_MAX,
    timeoutMs: 240_000,
    async run(payload, _signal, isLastTry) {
      const ctx = await forTeamOf(base, payload.teamId as TeamId)
      await fetchProduct(ctx, payload.connectionId as ConnectionId, payload.product as ConnectionProduct, isLastTry)
    },
  }
}

async function fetchProduct(
  ctx: Ctx<Asking>,
  id: ConnectionId,
  product: ConnectionProduct,
  isLastTry: boolean,
): Promise<void> {
  const begun = await inTx(ctx.db, (tx) => begin({ ...ctx, db: tx, tx }, id, product))
  if (!begun) return
  const answer = await fetchers[product](ctx, begun.connection, begun.row).catch(async (error: unknown) => {
    // After its tries an adapter that throws is an outcome like others; the error itself goes to the log.
    if (isLastTry) await inTx(ctx.db, (tx) => end({ ...ctx, db: tx, tx }, begun, { ok: false, reason: 'broken' }))
    throw error
  })
  await inTx(ctx.db, (tx) => end({ ...ctx, db: tx, tx }, begun, answer))
}

/** Fetches here and now what was asked for, for whoever has to know when it is there; the queue then finds nothing to do. */
export async function fetchAsked(ctx: Ctx<Asking>, id: ConnectionId): Promise<void> {
  for (const { product, refreshState } of await productStore.listRefreshes(ctx, [id])) {
    if (refreshState !== null) await fetchProduct(ctx, id, product, false)
  }
}

interface Begun {
  readonly connection: store.HeldConnection
  readonly row: productStore.RefreshRow
}

/** Null when there is nothing to do any more. */
async function begin(ctx: Ctx<Writing>, id: ConnectionId, product: ConnectionProduct): Promise<Begun | null> {
  const begun = await take(ctx, id, product)
  if (!begun) return null
  await productStore.noteAttempt(ctx, { connectionId: id, product, refreshState: 'in_progress' })
  if (begun.row.refreshState === 'pending') await tell(ctx, begun, 'in_progress', null)
  return begun
}

/** A refresh that somebody still waits for, of a connection that can be read. */
async function take(ctx: Ctx<Writing>, id: ConnectionId, product: ConnectionProduct): Promise<Begun | null> {
  const connection = await store.takeConnection(ctx, id)
  if (!connection) return null
  const rows = await productStore.listRefreshes(ctx, [id])
  const row = rows.find((each) => each.product === product)
  if (!row || row.refreshState === null) return null
  if (store.isScheduled(connection)) return { connection, row }
  await productStore.noteAttempt(ctx, { connectionId: id, product, refreshState: null })
  return null
}

async function end(ctx: Ctx<Writing>, { connection: asked, row: { product } }: Begun, answer: Answer): Promise<void> {
  const begun = await take(ctx, asked.id, product)
  if (!begun) return
  // Whoever connected it again meanwhile has asked for everything anew.
  if (begun.connection.provider !== asked.provider || !isSameAccess(begun.connection, asked)) {
    await queueRefreshes(ctx, [{ connection: begun.connection, products: [product] }], {
      isTold: false,
      requestedAt: null,
    })
    return
  }
  await (answer.ok ? succeed(ctx, begun, answer) : fail(ctx, begun, answer))
}

function isSameAccess(a: store.HeldConnection, b: store.HeldConnection): boolean {
  return a.accessSealed === b.accessSealed || (a.accessSealed?.equals(b.accessSealed ?? Buffer.of()) ?? false)
}

async function succeed(ctx: Ctx<Writing>, begun: Begun, answer: Extract<Answer, { ok: true }>): Promise<void> {
  const { product, hasHistory, fetchedUntil } = begun.row
  const kept = await answer.keep(ctx, begun.connection)
  await productStore.noteAttempt(ctx, {
    connectionId: begun.connection.id,
    product,
    refreshState: null,
    end: {
      at: nextSecond(ctx.clock.now(), begun.row.lastAttemptedAt),
      error: null,
      unavailable: null,
      hasHistory: kept.hasHistory ?? hasHistory,
      fetchedUntil: kept.fetchedUntil ?? fetchedUntil,
      readBy: answer.readBy === begun.connection.provider ? null : answer.readBy,
    },
  })
  const after = await store.takeConnection(ctx, begun.connection.id)
  if (!after) return
  await tell(ctx, { ...begun, connection: after }, 'completed', null)
  if (kept.hasNews) await record(ctx, [transactionsChange(after)])
  if (kept.isUnjudged && after.products.enrichment) {
    await queueRefreshes(ctx, [{ connection: after, products: ['enrichment'] }], { isTold: false, requestedAt: null })
  }
  if (after.state === 'error') await move(ctx, after, { cause: 'recovered' })
}

/** What a failure to read means for the whole connection; null for nothing. */
const meanings: Readonly<Record<keyof typeof failures, ConnectionError | null>> = {
  access_ended: 'auth_expired',
  unreachable: 'institution_error',
  provider_failed: 'provider_error',
  broken: 'system_error',
  not_supported: null,
  no_accounts: null,
}

async function fail(ctx: Ctx<Writing>, begun: Begun, { reason }: Extract<Answer, { ok: false }>): Promise<void> {
  const { product, hasHistory, fetchedUntil, readBy, lastAttemptedAt } = begun.row
  const error = failures[reason]
  const unavailable = reason === 'not_supported' ? error.message : null
  const at = nextSecond(ctx.clock.now(), lastAttemptedAt)
  await productStore.noteAttempt(ctx, {
    connectionId: begun.connection.id,
    product,
    refreshState: null,
    end: { at, error, unavailable, hasHistory, fetchedUntil, readBy },
  })
  await tell(ctx, begun, 'failed', error.message)
  const errorCode = meanings[reason]
  const after = errorCode && (await store.takeConnection(ctx, begun.connection.id))
  if (errorCode && after) await move(ctx, after, { cause: 'failed', errorCode })
}

/** Only where somebody waits for it: a schedule's refreshes show in the data alone. */
async function tell(
  ctx: Ctx<Writing>,
  { connection, row: { product, isTold } }: Begun,
  state: RefreshState,
  errorMessage: string | null,
): Promise<void> {
  if (!isTold) return
  await record(ctx, [refreshChange(connection, { product, state, errorMessage }, ctx.clock.now())])
}

/** Now, in whole seconds, but always later than the time before: clients tell new data by it. */
export function nextSecond(now: string, before: string | null): string {
  const seconds = Math.floor(Date.parse(now) / 1000)
  const after = before === null ? 0 : Math.floor(Date.parse(before) / 1000) + 1
  return new Date(Math.max(seconds, after) * 1000).toISOString()
}
