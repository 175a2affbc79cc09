/** Records of a rehearsal: made without asking anybody, from the last answer that there was. */
import type { Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { newId, type RetrievalId } from '../ids.js'
import { type AttributeResult, CREDIT_HEALTH_NAMES, type CreditHealthName, MOVES_TOLD } from './attribute.js'
import { type CreditScoreResult, SCORE_MAX, SCORE_MIN } from './credit-score.js'
import type { OwnerKind, Retrievable } from './define.js'
import { resourceOf } from './engine.js'
import { ownersOf } from './owner-doors.js'
import { rate } from './rating-bands.js'
import { addRetrievals, type Retrieval } from './retrievals.js'
import * as store from './store.js'

const SCORE_STEP = 10 // contract: method/simulate §3

/** The newest completed retrieval of an owner, or null. */
export function lastCompleted(
  ctx: Ctx<'db' | 'team'>,
  product: { readonly name: string },
  ownerId: string,
): Promise<Retrieval | null> {
  return store.findLastCompleted(ctx, { product: product.name, ownerId })
}

/** Whether the product was ever requested for the owner, answered or not. */
export function isRequested(
  ctx: Ctx<'db' | 'team'>,
  product: { readonly name: string },
  ownerId: string,
): Promise<boolean> {
  return store.isRequested(ctx, { product: product.name, ownerId })
}

/**
 * A new completed record after `last`, with what the change is told as: its creation, then `moved`, the newest word about it. The
 * result stays as it was where none is given.
 */
export async function keepRehearsed<Kind extends OwnerKind, Answer>(
  ctx: Ctx<Writing>,
  product: Retrievable<Kind, Answer>,
  last: Retrieval,
  {
    result = last.result,
    detail = last.detail,
    moved = null,
  }: {
    readonly result?: object | null
    readonly detail?: object
    readonly moved?: string | null
  },
): Promise<Retrieval> {
  const doors = ownersOf(product)
  const owner = await doors.get(ctx, last.ownerId)
  const [after] = await addRetrievals(ctx, [
    {
      id: newId<RetrievalId>(ctx.chance),
      product: product.name,
      ownerId: last.ownerId,
      status: 'completed',
      statusReason: null,
      detail,
      result,
      createdAt: ctx.clock.stamp(),
    },
  ])
  if (!after) throw new Error('PostgreSQL returned no row for a new retrieval.')
  await doors.note(ctx, owner, { product: product.name, retrievalId: after.id })
  const about = { resource: resourceOf(product), resourceId: after.id, after }
  await record(ctx, [
    { ...about, op: 'created', before: null },
    ...(moved === null ? [] : [{ ...about, op: moved, before: last }]),
  ])
  return after
}

/** The record as it is, said anew. */
export async function touchRetrieval(
  ctx: Ctx<Writing>,
  product: { readonly name: string; readonly resource?: string },
  last: Retrieval,
): Promise<Retrieval> {
  const after = await store.finishRetrieval(ctx, { ...last, updatedAt: ctx.clock.stamp() })
  await record(ctx, [{ resource: resourceOf(product), op: 'updated', resourceId: after.id, before: last, after }])
  return after
}

/** The scores with the first one moved by ten, as far as scores go. */
export function movedScore({ scores }: CreditScoreResult, isUp: boolean, at: string): CreditScoreResult {
  return {
    scores: scores.map((score, index) => {
      if (index > 0) return score
      const moved = score.score + (isUp ? SCORE_STEP : -SCORE_STEP)
      return { ...score, score: Math.min(SCORE_MAX, Math.max(SCORE_MIN, moved)), computedAt: at }
    }),
  }
}

/** The figures with one of them moved by one, never below nothing, and rated anew. */
export function movedFigure(result: AttributeResult, name: CreditHealthName, isUp: boolean): AttributeResult {
  const { value } = result[name]
  const moved = Math.max(0, Number(value) + (isUp ? 1 : -1))
  return { ...result, [name]: { ...result[name], value: moved, rating: rate(name, moved) } }
}

/** The figure whose moves are told under this name, or null. */
export function toldFigure(name: string): CreditHealthName | null {
  const figure = CREDIT_HEALTH_NAMES.find((candidate) => candidate === name)
  return figure !== undefined && MOVES_TOLD.includes(figure) ? figure : null
}
