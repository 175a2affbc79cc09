/**
 * What a rehearsal does at the institution of a connection: lines come, change and go, and are fetched like any others. Each
 * refuses what reading transactions refuses, `simulation.forbidden` where things are real, and `simulation.cannot_happen` for
 * what the institution has no such line or deposit account of.
 */
import type { Asking, Ctx, Writing } from '../ctx.js'
import { type HeldTransactionId, readId } from '../ids.js'
import {
  addLine,
  changeLine,
  type HeldRef,
  type LineChange,
  type LineDraft,
  removeLine,
} from '../simulation/simulation.js'
import { badState, findReadable, openAccess, takeLive } from './access.js'
import { listAccounts } from './account-store.js'
import type { Connection, Whose } from './connections.js'
import { refuse } from './errors.js'
import { queueRefreshes } from './refresh.js'
import { type HeldConnection, shown } from './store.js'
import { findTransaction } from './transaction-store.js'

/** Refuses `connection.account_not_found`, too. */
export async function rehearseTransaction(
  ctx: Ctx<Asking>,
  whose: Whose,
  { accountId, ...draft }: LineDraft & { readonly accountId: string },
): Promise<void> {
  const connection = await findWorking(ctx, whose)
  const rows = await listAccounts(ctx, [connection.id])
  const account = rows.find(({ id, isPermitted }) => isPermitted && id === accountId)
  if (!account) throw refuse('connection.account_not_found')
  await addLine(ctx, refIn(ctx, connection, account.networkRef), draft)
}

/** Refuses `connection.transaction_not_found`, too. */
export async function rehearseChange(
  ctx: Ctx<Asking>,
  whose: Whose,
  { transactionId, ...change }: LineChange & { readonly transactionId: string },
): Promise<void> {
  const connection = await findWorking(ctx, whose)
  await changeLine(ctx, await lineRef(ctx, connection, transactionId), change)
}

/** Refuses `connection.transaction_not_found`, too. */
export async function rehearseRemoval(ctx: Ctx<Asking>, whose: Whose, transactionId: string): Promise<void> {
  const connection = await findWorking(ctx, whose)
  await removeLine(ctx, await lineRef(ctx, connection, transactionId))
}

/** Has what a rehearsal did fetched, and told as if it had been asked for. */
export async function fetchRehearsed(ctx: Ctx<Writing>, whose: Whose): Promise<Connection> {
  const connection = await takeLive(ctx, whose)
  if (connection.state !== 'connected') throw badState(connection)
  await queueRefreshes(ctx, [{ connection, products: ['transactions'] }], { isTold: true, requestedAt: null })
  return shown(connection)
}

async function findWorking(ctx: Ctx<Asking>, whose: Whose): Promise<HeldConnection> {
  const connection = await findReadable(ctx, whose, 'transactions')
  if (connection.state !== 'connected') throw badState(connection)
  return connection
}

async function lineRef(ctx: Ctx<Asking>, connection: HeldConnection, transactionId: string): Promise<HeldRef> {
  const id = readId<HeldTransactionId>(transactionId)
  const row = id && (await findTransaction(ctx, connection.id, id))
  if (!row) throw refuse('connection.transaction_not_found')
  return refIn(ctx, connection, row.networkRef)
}

/** Of what was only ever imported nobody outside knows anything, so that it has names which nobody knows. */
function refIn(ctx: Ctx<Asking>, connection: HeldConnection, networkRef: string | null): HeldRef {
  return { accessRef: openAccess(ctx, connection) ?? '', ref: networkRef ?? '' }
}
