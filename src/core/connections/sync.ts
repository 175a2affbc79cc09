/**
 * What changed among a connection's transactions since a client last asked. The server keeps nothing per client: a cursor
 * names the position in the log of changes up to which the client knows everything (`known`), how far the present run has
 * been sent (`sent`) and where it ends (`end`), so that whatever happens while a client pages belongs to the next run. The
 * log tells of posted transactions; the pending ones of the newest set follow at the end of a run, unless that set was sent
 * before (`generation`). Contract: moneykit/data §5.2.
 */
import { createHash } from 'node:crypto'
import type { Ctx, Reading } from '../ctx.js'
import type { ConnectionId, HeldTransactionId } from '../ids.js'
import { findReadable } from './access.js'
import { type Owned, owned } from './accounts.js'
import type { Whose } from './connections.js'
import { refuse } from './errors.js'
import type { HeldConnection } from './store.js'
import * as store from './transaction-store.js'
import { type HeldTransaction, transactionOf } from './transactions.js'

export interface SyncPage extends Owned {
  readonly created: readonly HeldTransaction[]
  readonly updated: readonly HeldTransaction[]
  readonly removed: readonly HeldTransactionId[]
  readonly next: string
  readonly hasMore: boolean
}

/**
 * A page of the changes after a cursor, or of everything without one. Refuses what reading transactions refuses, and
 * `connection.unknown_cursor`.
 */
export async function syncTransactions(
  ctx: Ctx<Reading>,
  whose: Whose,
  { cursor, size }: { readonly cursor: string | null; readonly size: number },
): Promise<SyncPage> {
  const connection = await findReadable(ctx, whose, 'transactions')
  const from = cursor === null ? BEGINNING : readCursor(connection, cursor)
  const stretch = { known: from.known, sent: from.sent, end: from.end ?? connection.changePosition }
  const changes = await store.listChanges(ctx, connection.id, stretch, size + 1)
  const page = changes.slice(0, size)
  const covered = await owned(ctx, connection, { accountIds: null })
  const sorted = sort(page, stretch)
  if (changes.length > size) {
    const next = { ...from, sent: page.at(-1)?.position ?? from.sent, end: stretch.end }
    return { ...covered, ...sorted, next: spellCursor(connection.id, next), hasMore: true }
  }
  const { pending, rest } = await pendingAfter(ctx, connection, from, size - page.length)
  const next: Cursor = rest
    ? { ...from, sent: stretch.end, end: stretch.end, sending: rest }
    : { known: stretch.end, sent: stretch.end, end: null, generation: connection.pendingGeneration, sending: null }
  return {
    ...covered,
    ...sorted,
    created: [...sorted.created, ...pending.map(transactionOf)],
    next: spellCursor(connection.id, next),
    hasMore: rest !== null,
  }
}

/** What each change is to a client that knows everything up to `known`. */
function sort(
  page: readonly store.TransactionRow[],
  { known, end }: store.Stretch,
): Pick<SyncPage, 'created' | 'updated' | 'removed'> {
  // One that goes only after the end of the run is told in its last form now, and removed by the next run.
  const isGone = ({ removedPosition }: store.TransactionRow) => removedPosition !== null && removedPosition <= end
  const isNew = ({ createdPosition }: store.TransactionRow) => (createdPosition ?? 0) > known
  const there = page.filter((row) => !isGone(row))
  return {
    created: there.filter(isNew).map(transactionOf),
    updated: there.filter((row) => !isNew(row)).map(transactionOf),
    removed: page.filter(isGone).map(({ id }) => id),
  }
}

interface Pending {
  readonly pending: readonly store.TransactionRow[]
  /** Where to go on; null when all were sent. */
  readonly rest: Cursor['sending']
}

async function pendingAfter(
  ctx: Ctx<Reading>,
  { id, pendingGeneration: generation }: HeldConnection,
  from: Cursor,
  room: number,
): Promise<Pending> {
  if (from.generation === generation) return { pending: [], rest: null }
  // A set that was replaced while it was being sent is sent anew.
  const afterId = from.sending?.generation === generation ? from.sending.afterId : ''
  const found = await store.listPendingAfter(ctx, id, afterId, room + 1)
  const pending = found.slice(0, room)
  return { pending, rest: found.length > room ? { generation, afterId: pending.at(-1)?.id ?? afterId } : null }
}

interface Cursor {
  readonly known: number
  readonly sent: number
  /** Null between runs. */
  readonly end: number | null
  /** The last set of pending transactions that was sent whole. */
  readonly generation: number
  readonly sending: { readonly generation: number; readonly afterId: string } | null
}

const BEGINNING: Cursor = { known: 0, sent: 0, end: null, generation: 0, sending: null }

function spellCursor(id: ConnectionId, { known, sent, end, generation, sending }: Cursor): string {
  const parts = [markOf(id), known, sent, end ?? '', generation, sending?.generation ?? '', sending?.afterId ?? '']
  return Buffer.from(`v1:${parts.join(':')}`).toString('base64url')
}

const CURSOR = /^v1:(\w+):(\d{1,15}):(\d{1,15}):(\d{0,15}):(\d{1,15}):(\d{0,15}):(\w*)$/

/** Refuses `connection.unknown_cursor`. */
function readCursor({ id, changePosition, pendingGeneration }: HeldConnection, text: string): Cursor {
  const match = CURSOR.exec(Buffer.from(text, 'base64url').toString())
  const [, mark, known, sent, end, generation, sendingGeneration, afterId = ''] = match ?? []
  const cursor: Cursor = {
    known: Number(known),
    sent: Number(sent),
    end: end ? Number(end) : null,
    generation: Number(generation),
    sending: sendingGeneration ? { generation: Number(sendingGeneration), afterId } : null,
  }
  const isPossible =
    mark === markOf(id) &&
    cursor.known <= cursor.sent &&
    cursor.sent <= (cursor.end ?? changePosition) &&
    (cursor.end ?? 0) <= changePosition &&
    cursor.generation <= pendingGeneration
  if (!isPossible) throw refuse('connection.unknown_cursor')
  return cursor
}

function markOf(id: ConnectionId): string {
  return createHash('sha256').update(`cursor:${id}`).digest('hex').slice(0, 8)
}
