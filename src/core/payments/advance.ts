/**
 * Moves payments and reversals on: the one place where their statuses are written. A step is held against the table, the row
 * is changed only where it still was, its transfers are posted, its entries written down and its event recorded, all in the
 * caller's transaction, one statement for each however many there are.
 */
import { sendOff } from '../../db/database.js'
import { instantOf } from '../clock/clock.js'
import type { Ctx, Writing } from '../ctx.js'
import { audienceOf, type Change, record } from '../events/events.js'
import { type LedgerEntry, post, type Transfer } from '../ledger/ledger.js'
import type { NewEntry } from './entries.js'
import { addEntries } from './entry-store.js'
import type { Payment } from './payments.js'
import * as reversalStore from './reversal-store.js'
import type { Reversal } from './reversals.js'
import { enqueueSending } from './send-jobs.js'
import type { Step } from './steps.js'
import * as store from './store.js'
import { assertMove, assertReversalMove } from './transitions.js'

export type { LedgerEntry }

/** Returns the payments after it, in the order of the steps. The caller holds them. */
export async function advancePayments(ctx: Ctx<Writing>, steps: readonly Step[]): Promise<readonly Payment[]> {
  if (steps.length === 0) return []
  for (const { before, to } of steps) assertMove(before.status, to.status ?? before.status)
  const moves = steps.map(({ before, to }) => {
    const updatedAt = ctx.clock.stamp()
    const after: Payment = { ...before, ...to, updatedAt: instantOf(updatedAt) }
    return { before, after, changed: { ...changesOf(after), from: before.status, updatedAt } }
  })
  // Nothing waits for what is sent before it, so events are worded while PostgreSQL moves the payments.
  const asked = audienceOf(
    ctx,
    ['payment.updated'],
    moves.map(({ before }) => before.id),
  )
  const updated = store.updatePayments(
    ctx,
    moves.map(({ changed }) => changed),
  )
  sendOff(ctx.tx, updated)
  sendOff(
    ctx.tx,
    post(
      ctx,
      steps.flatMap(({ transfers }) => transfers),
      ctx.clock.now(),
    ),
  )
  sendOff(
    ctx.tx,
    writeEntries(
      ctx,
      steps.flatMap(({ entries }) => entries),
    ),
  )
  const changes = moves.map(({ before, after }) => changeOf('payment', before, after))
  await record(ctx, changes, await asked)
  const count = await updated
  if (count !== steps.length) throw new Error('A payment was moved by somebody else while it was held.')
  return moves.map(({ after }) => after)
}

export interface ReversalStep {
  readonly before: Reversal
  readonly to: Partial<reversalStore.ReversalChanges>
  readonly transfers?: readonly Transfer[]
  readonly entries?: readonly NewEntry[]
}

/** As `advancePayments`, of reversals. */
export async function advanceReversals(
  ctx: Ctx<Writing>,
  steps: readonly ReversalStep[],
): Promise<readonly Reversal[]> {
  if (steps.length === 0) return []
  for (const { before, to } of steps) assertReversalMove(before.status, to.status ?? before.status)
  const rows = await reversalStore.updateReversals(
    ctx,
    steps.map(({ before, to }) => {
      const { id, status, description, traceId, failure, dueAt } = { ...before, ...to }
      return { id, status, description, traceId, failure, dueAt, from: before.status, updatedAt: ctx.clock.stamp() }
    }),
  )
  const after = new Map(rows.map((reversal) => [reversal.id, reversal]))
  const moved = steps.map(({ before }) => {
    const reversal = after.get(before.id)
    if (!reversal) throw new Error(`Reversal ${before.id} was moved by somebody else while it was held.`)
    return reversal
  })
  await post(
    ctx,
    steps.flatMap(({ transfers = [] }) => transfers),
    ctx.clock.now(),
  )
  await writeEntries(
    ctx,
    steps.flatMap(({ entries = [] }) => entries),
  )
  await record(
    ctx,
    steps.map(({ before }, index) => changeOf('payment_reversal', before, moved[index] ?? before)),
  )
  return moved
}

/** Adds reversals and says so. */
export async function addReversals(ctx: Ctx<Writing>, reversals: readonly Reversal[]): Promise<void> {
  if (reversals.length === 0) return
  const added = await reversalStore.addReversals(ctx, reversals)
  await record(
    ctx,
    added.map((after) => ({ resource: 'payment_reversal', op: 'created', resourceId: after.id, before: null, after })),
  )
}

async function writeEntries(ctx: Ctx<Writing>, entries: readonly NewEntry[]): Promise<void> {
  if (entries.length === 0) return
  await addEntries(ctx, entries, ctx.clock.now())
  await enqueueSending(ctx)
}

function changesOf(payment: Payment): store.PaymentChanges & Pick<Payment, 'id'> {
  const { id, status, fundStatus, sourceStatus, destinationStatus, estimatedCompletionOn } = payment
  const { sourceTraceId, sourceSettlementOn, destinationTraceId, destinationSettlementOn, destinationMethod } = payment
  const { reversalId, failure, dueAt, sentAt, failedAt } = payment
  return {
    id,
    status,
    fundStatus,
    sourceStatus,
    destinationStatus,
    estimatedCompletionOn,
    sourceTraceId,
    sourceSettlementOn,
    destinationTraceId,
    destinationSettlementOn,
    destinationMethod,
    reversalId,
    failure,
    dueAt,
    sentAt,
    failedAt,
  }
}

function changeOf(resource: string, before: Payment | Reversal, after: Payment | Reversal): Change {
  return { resource, op: 'updated', resourceId: after.id, before, after }
}
