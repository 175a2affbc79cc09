/** One request for data through a product: its row, and the job that fetches what an institution answers later. */
import type { Page, PageRequest } from '../../db/pages.js'
import { enqueue } from '../../jobs/queue.js'
import type { Ctx, Reading } from '../ctx.js'
import type { RetrievalId } from '../ids.js'
import * as store from './store.js'

/**
 * - `pending` waits for its job, or with a result for others that it goes on to ask for; `in_progress` for an institution
 *   that takes long.
 * - `completed` and `failed` are ends.
 */
export const RETRIEVAL_STATUSES = ['pending', 'in_progress', 'completed', 'failed'] as const
export type RetrievalStatus = (typeof RETRIEVAL_STATUSES)[number]

/** `unavailable`: who was asked could not be reached or refuses. The others are about a credit file. */
export type FailureReason = 'unavailable' | 'thin_file' | 'frozen_file'

export interface Retrieval<Detail = object, Result = object> {
  readonly id: RetrievalId
  readonly product: string
  readonly ownerId: string
  readonly status: RetrievalStatus
  /** Set exactly when it failed. */
  readonly statusReason: FailureReason | null
  readonly detail: Detail
  readonly result: Result | null
  readonly createdAt: string
  readonly updatedAt: string
}

export type NewRetrieval = Omit<Retrieval, 'updatedAt'>

export const COMPLETE_TASK = 'retrieval.complete'

/** Stores retrievals in one statement; returns them in order. */
export function addRetrievals(
  ctx: Ctx<'tx' | 'team'>,
  retrievals: readonly NewRetrieval[],
): Promise<readonly Retrieval[]> {
  return retrievals.length === 0 ? Promise.resolve([]) : store.addRetrievals(ctx, retrievals)
}

/**
 * Has what each owner waits for answered once institutions had time to, or sooner for a product that is sooner told. A job that
 * waits already is not put off, so what is told sooner has one of its own.
 */
export function queueCompletion(
  ctx: Ctx<'tx' | 'team' | 'answerDelayMs'>,
  retrievals: readonly Pick<Retrieval, 'ownerId'>[],
  { answerMsMax = Number.POSITIVE_INFINITY }: { readonly answerMsMax?: number | undefined } = {},
): Promise<void> {
  const ownerIds = [...new Set(retrievals.map(({ ownerId }) => ownerId))]
  const isSooner = answerMsMax < ctx.answerDelayMs
  return enqueue(
    ctx.tx,
    ownerIds.map((ownerId) => ({
      task: COMPLETE_TASK,
      key: `retrievals:${ownerId}${isSooner ? ':sooner' : ''}`,
      delayMs: isSooner ? answerMsMax : ctx.answerDelayMs,
      payload: { teamId: ctx.team.id, ownerId },
    })),
    { keepsTimes: true },
  )
}

/**
 * Ends a retrieval, completed or failed, and wakes what waits for it: their owners' jobs run once this is committed, and look
 * whether anything else is waited for. One that has begun gets a successor, so the last end is never missed.
 */
export async function endRetrieval(
  ctx: Ctx<'tx' | 'team'>,
  row: Pick<Retrieval, 'id' | 'status' | 'statusReason' | 'result' | 'updatedAt'>,
): Promise<Retrieval> {
  const { after, wakes } = await store.endRetrieval(ctx, row)
  await enqueue(
    ctx.tx,
    wakes.map((ownerId) => ({
      task: COMPLETE_TASK,
      key: `retrievals:${ownerId}:woken`,
      payload: { teamId: ctx.team.id, ownerId },
    })),
  )
  return after
}

/** Retrievals by id, for showing them inside another resource. */
export function findRetrievals(ctx: Ctx<Reading>, ids: readonly RetrievalId[]): Promise<readonly Retrieval[]> {
  return ids.length === 0 ? Promise.resolve([]) : store.findRetrievals(ctx, ids)
}

export function pageRetrievals(
  ctx: Ctx<Reading>,
  wanted: { readonly product: string; readonly ownerId: string },
  request: PageRequest,
): Promise<Page<Retrieval> | null> {
  return store.listRetrievals(ctx, wanted, request)
}

/** The newest completed retrieval of each of an owner's products. */
export function latestCompleted(ctx: Ctx<Reading>, ownerId: string): Promise<Readonly<Record<string, RetrievalId>>> {
  return store.latestCompleted(ctx, ownerId)
}

/** What a liability owed when that was last told of, in cents; null where nothing was told. */
export function latestBalance(ctx: Ctx<Reading>, accountId: string): Promise<number | null> {
  return store.latestBalance(ctx, accountId)
}

/** What liabilities owed when that was last told of, in cents; those of which nothing was told are absent. */
export function latestBalances(ctx: Ctx<Reading>, accountIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  return store.latestBalances(ctx, accountIds)
}
