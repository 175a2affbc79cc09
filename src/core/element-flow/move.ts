/** How a page is moved on: under a lock, and only from the screen that the person saw, so that twice is as once. */
import { inTx } from '../../db/database.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import {
  type Element,
  type Progress,
  type Step,
  type StepEvent,
  saveProgress,
  takeElement,
} from '../sessions/sessions.js'
import { progressOf } from './facts.js'

export interface Moved {
  readonly progress: Partial<Progress>
  readonly told: readonly StepEvent[]
}

export type IsStale = (progress: Progress, element: Element) => boolean
export type Change = (ctx: Ctx<Writing>, progress: Progress, element: Element) => Promise<Moved | null>

/** Carries a change out, unless `isStale` says that it has been done or another one has come first; null changes nothing. */
export function move(ctx: Ctx<Asking>, element: Element, isStale: IsStale, change: Change): Promise<Element> {
  return inTx(ctx.db, (tx) => moveWithin({ ...ctx, db: tx, tx }, element, isStale, change))
}

/** As `move`, for what the person did on a screen, which they see no more until it is shown again. */
export function moveFrom(ctx: Ctx<Asking>, element: Element, step: Step, change: Change): Promise<Element> {
  return inTx(ctx.db, (tx) => moveFromWithin({ ...ctx, db: tx, tx }, element, step, change))
}

/** As `moveFrom`, in a transaction that does more. */
export function moveFromWithin(ctx: Ctx<Writing>, element: Element, step: Step, change: Change): Promise<Element> {
  return moveWithin(
    ctx,
    element,
    (progress) => progress.step !== step || progress.isDone,
    async (...held) => {
      const moved = await change(...held)
      return moved && { ...moved, progress: { ...moved.progress, isDone: true } }
    },
  )
}

/** As `move`, in a transaction that does more. */
export async function moveWithin(
  ctx: Ctx<Writing>,
  { id }: Element,
  isStale: IsStale,
  change: Change,
): Promise<Element> {
  const held = await takeElement(ctx, id)
  const progress = progressOf(held)
  if (held.exitedAt !== null || isStale(progress, held)) return held
  const moved = await change(ctx, progress, held)
  if (!moved) return held
  return saveProgress(ctx, held, { ...progress, ...moved.progress }, moved.told)
}
