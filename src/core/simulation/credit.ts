/** Rehearsals with a credit file: a score as told, and what the next look at the file finds. */
import type { LiabilityType } from '../../network/port.js'
import { type Consumer, getConsumer } from '../consumers/consumers.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import {
  type CreditScoreResult,
  consumerProducts,
  getRetrieval,
  latestCompleted,
  type Retrieval,
  settleRetrieval,
} from '../products/products.js'
import { refuse } from './errors.js'
import { stageOf } from './stage.js'

/** What the next connect can find. */
export const NEW_DEBT_TYPES = [
  'credit_card',
  'auto_loan',
  'mortgage',
  'student_loans',
  'personal_loan',
] as const satisfies readonly LiabilityType[]

/**
 * Has a person take on debts of these types, in this order, until their next connect. Refuses `simulation.forbidden`,
 * `consumer.not_found`, `simulation.nothing_requested` before a first connect, `simulation.too_many` when more than
 * five would wait.
 */
export async function awaitNewDebts(
  ctx: Ctx<Asking>,
  consumerId: string,
  types: readonly (typeof NEW_DEBT_TYPES)[number][],
): Promise<void> {
  const stage = stageOf(ctx)
  const consumer = await getConsumer(ctx, consumerId)
  const personRef = personOf(consumer, consumer.connectedAt !== null)
  if (!(await stage.awaitDebts(askOf(ctx), personRef, types))) throw refuse('simulation.too_many')
}

/** As `awaitNewDebts`, for soft inquiries that the next attributes count, and before the first attributes. */
export async function awaitSoftInquiries(ctx: Ctx<Asking>, consumerId: string, count: number): Promise<void> {
  const stage = stageOf(ctx)
  const consumer = await getConsumer(ctx, consumerId)
  const completed = await latestCompleted(ctx, consumer.id)
  const personRef = personOf(consumer, consumerProducts.attribute.name in completed)
  if (!(await stage.awaitSoftInquiries(askOf(ctx), personRef, count))) throw refuse('simulation.too_many')
}

/**
 * The credit score that is to be settled. Refuses `simulation.forbidden`, `consumer.not_found`,
 * `product.individuals_only`, `retrieval.not_found`.
 */
export async function checkScore(
  ctx: Ctx<Asking>,
  wanted: { readonly ownerId: string; readonly retrievalId: string },
): Promise<Retrieval> {
  stageOf(ctx)
  await getConsumer(ctx, wanted.ownerId)
  return getRetrieval(ctx, consumerProducts.credit_score, wanted)
}

/** Completes a credit score with the scores told, also one that was completed. Refuses `product.unavailable`. */
export function settleScore(ctx: Ctx<Writing>, score: Retrieval, scores: CreditScoreResult): Promise<Retrieval> {
  return settleRetrieval(ctx, consumerProducts.credit_score, score, scores)
}

/** The world's person, once there was a first request; nobody is behind a consumer that withdrew consent. */
function personOf({ personRef }: Consumer, isRequested: boolean): string {
  if (!isRequested || personRef === null) throw refuse('simulation.nothing_requested')
  return personRef
}

function askOf(ctx: Ctx<'team' | 'clock'>) {
  return { realm: ctx.team.id, at: ctx.clock.now() }
}
