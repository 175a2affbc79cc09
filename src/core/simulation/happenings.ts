/** Things that are made to happen because a caller wants to hear of them. Contract: method/simulate §3. */
import { type Account, closeAccount, getAccount, takeAccount } from '../accounts/accounts.js'
import { type Consumer, getConsumer } from '../consumers/consumers.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { eventsOf, type RecordedEvent } from '../events/events.js'
import {
  type AttributeDetail,
  type AttributeResult,
  type CheckedRequest,
  type ConnectResult,
  type CreditScoreResult,
  checkRequest,
  completeWaiting,
  consumerProducts,
  createRetrieval,
  isRequested,
  keepRehearsed,
  lastCompleted,
  movedFigure,
  movedScore,
  type Retrieval,
  toldFigure,
  touchRetrieval,
} from '../products/products.js'
import { enrolAccounts } from '../subscriptions/subscriptions.js'
import { refuse } from './errors.js'
import { stageOf } from './stage.js'

// Contract: what is simulated is the newest event of its resource, with few companions.
const NEWEST_EVENTS = 10

/** What is about to happen, everything outside asked. */
export type Happening =
  | {
      readonly kind: 'record'
      readonly topic: string
      readonly product: 'credit_score' | 'attribute'
      readonly consumer: Consumer
    }
  | { readonly kind: 'opened'; readonly topic: string; readonly request: CheckedRequest<'consumer', never> }
  | { readonly kind: 'closed'; readonly topic: string; readonly account: Account }

/** Whose event a topic is; null for one that can't be made to happen. */
export function ownerOfHappening(topic: string): 'consumer' | 'account' | null {
  if (topic === 'account.closed') return 'account'
  if (topic === 'account.opened' || /^credit_score\.(created|updated|increased|decreased)$/.test(topic))
    return 'consumer'
  const figure = /^attribute\.(?:created|updated|(\w+)\.(?:increased|decreased))$/.exec(topic)
  return figure && (figure[1] === undefined || toldFigure(figure[1])) ? 'consumer' : null
}

/**
 * Prepares what the topic tells of, in the world where it is the world's. Refuses `simulation.forbidden`, an unknown owner,
 * `simulation.cannot_happen` where what it builds on is missing, `simulation.too_many`, and what a connect refuses.
 */
export async function prepareHappening(ctx: Ctx<Asking>, topic: string, ownerId: string): Promise<Happening> {
  const stage = stageOf(ctx)
  if (ownerOfHappening(topic) === 'account') {
    const account = await getAccount(ctx, ownerId)
    if (account.status !== 'active') throw refuse('simulation.cannot_happen')
    if (account.networkRef) await stage.closeDebt(askOf(ctx), account.networkRef)
    return { kind: 'closed', topic, account }
  }
  const consumer = await getConsumer(ctx, ownerId)
  if (topic === 'account.opened') {
    const { personRef, connectedAt } = consumer
    if (personRef === null || connectedAt === null) throw refuse('simulation.cannot_happen')
    if (!(await stage.awaitDebts(askOf(ctx), personRef, ['credit_card']))) throw refuse('simulation.too_many')
    return {
      kind: 'opened',
      topic,
      request: (await checkRequest(ctx, consumerProducts.connect, ownerId)) as CheckedRequest<'consumer', never>,
    }
  }
  const product = topic.startsWith('credit_score.') ? 'credit_score' : 'attribute'
  if (!(await isRequested(ctx, consumerProducts[product], consumer.id))) throw refuse('simulation.cannot_happen')
  // A request that was accepted is enough: what it waits for is answered now.
  await completeWaiting(ctx, consumer.id, enrolAccounts)
  return { kind: 'record', topic, product, consumer }
}

/** Has it happen; returns its event. Refuses `simulation.cannot_happen`. */
export async function letHappen(ctx: Ctx<Writing>, happening: Happening): Promise<RecordedEvent> {
  const resourceIds = await happen(ctx, happening)
  for (const id of resourceIds) {
    const events = await eventsOf(ctx, id, NEWEST_EVENTS)
    const event = events.find(({ topic }) => topic === happening.topic)
    if (event) return event
  }
  throw new Error(`Nothing was recorded as ${happening.topic}.`)
}

async function happen(ctx: Ctx<Writing>, happening: Happening): Promise<readonly string[]> {
  switch (happening.kind) {
    case 'closed': {
      const account = await takeAccount(ctx, happening.account.id)
      if (account.status !== 'active') throw refuse('simulation.cannot_happen')
      return [(await closeAccount(ctx, account)).id]
    }
    case 'opened': {
      const { result } = await createRetrieval(ctx, consumerProducts.connect as never, happening.request)
      const { accountIds = [] } = (result ?? {}) as Partial<ConnectResult>
      if (accountIds.length === 0) throw refuse('simulation.cannot_happen')
      return accountIds
    }
    case 'record': {
      const { product, consumer, topic } = happening
      const last = await lastCompleted(ctx, consumerProducts[product], consumer.id)
      if (!last) throw refuse('simulation.cannot_happen')
      const op = topic.slice(product.length + 1)
      return [(await (product === 'credit_score' ? rehearseScore(ctx, last, op) : rehearseFigures(ctx, last, op))).id]
    }
  }
}

function rehearseScore(ctx: Ctx<Writing>, last: Retrieval, op: string): Promise<Retrieval> {
  const score = consumerProducts.credit_score
  if (op === 'updated') return touchRetrieval(ctx, score, last)
  if (op === 'created') return keepRehearsed(ctx, score, last, {})
  const result = movedScore(last.result as CreditScoreResult, op === 'increased', ctx.clock.now())
  return keepRehearsed(ctx, score, last, { result, moved: op })
}

function rehearseFigures(ctx: Ctx<Writing>, last: Retrieval, op: string): Promise<Retrieval> {
  const { attribute } = consumerProducts
  if (op === 'updated') return touchRetrieval(ctx, attribute, last)
  if (op === 'created') return keepRehearsed(ctx, attribute, last, {})
  const [name = '', direction] = op.split('.')
  const figure = toldFigure(name)
  if (!figure) throw new Error(`${name} is no figure whose moves are told.`)
  const { requested } = last.detail as AttributeDetail
  return keepRehearsed(ctx, attribute, last, {
    result: movedFigure(last.result as AttributeResult, figure, direction === 'increased'),
    detail: { ...last.detail, requested: requested && [...new Set([...requested, figure])] },
    moved: op,
  })
}

function askOf(ctx: Ctx<'team' | 'clock'>) {
  return { realm: ctx.team.id, at: ctx.clock.now() }
}
