/** Reversals: how money is had again when a pull came back after its push, or given back when a push was refused. */
import { nextSourceWindow } from '../calendar/calendar.js'
import type { Ctx, Reading, Writing } from '../ctx.js'
import { type AccountId, newId, type PaymentId, type ReversalId, readId } from '../ids.js'
import { paymentRules } from '../teams/teams.js'
import { advancePayments, advanceReversals } from './advance.js'
import { refuse } from './errors.js'
import type { ReversalFailure } from './failures.js'
import { getPayment, type Payment } from './payments.js'
import * as store from './reversal-store.js'
import { approve, netCents, sourceOf } from './steps.js'
import { takePayments } from './store.js'
import type { ReversalStatus } from './transitions.js'

export interface Reversal {
  readonly id: ReversalId
  readonly paymentId: PaymentId
  /** Whom it takes from or gives to. */
  readonly targetId: AccountId
  readonly traceId: string | null
  readonly direction: 'debit' | 'credit'
  readonly description: string
  readonly amountCents: number
  readonly status: ReversalStatus
  readonly failure: ReversalFailure | null
  /** When it moves on by itself; null when it waits for somebody or has ended. */
  readonly dueAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

const DESCRIPTION = 'PmtRvrsl' // contract: method/payments §2.1 [D23]

/**
 * The reversal of a payment whose pull came back: what a deposit account got is taken from it; for a debt the source is
 * asked again for all of it. It waits for approval unless the team approves by itself.
 */
export function draftReversal(
  ctx: Ctx<'team' | 'clock' | 'chance'>,
  payment: Payment,
  isAutomatic = paymentRules(ctx.team).automaticReversals,
): Reversal {
  const isDeposit = payment.destinationKind === 'ach'
  return draft(ctx, payment, {
    targetId: payment.reversalAccountId ?? (isDeposit ? payment.destinationId : sourceOf(payment)),
    direction: 'debit',
    amountCents: isDeposit ? netCents(payment) : payment.amountCents,
    status: isAutomatic ? 'pending' : 'pending_approval',
    dueAt: isAutomatic ? nextSourceWindow(ctx.clock.now()) : null,
  })
}

/** Gives the source its money again; nobody has to approve that. Null for money from outside, which has none. */
export function draftRefund(ctx: Ctx<'team' | 'clock' | 'chance'>, payment: Payment): Reversal | null {
  const { sourceId: targetId, amountCents } = payment
  if (targetId === null) return null
  const dueAt = nextSourceWindow(ctx.clock.now())
  return draft(ctx, payment, { targetId, direction: 'credit', amountCents, status: 'pending', dueAt })
}

function draft(
  ctx: Ctx<'clock' | 'chance'>,
  { id: paymentId }: Payment,
  facts: Pick<Reversal, 'targetId' | 'direction' | 'amountCents' | 'status' | 'dueAt'>,
): Reversal {
  const at = ctx.clock.stamp()
  const id = newId<ReversalId>(ctx.chance)
  const rest = { traceId: null, description: DESCRIPTION, failure: null, createdAt: at, updatedAt: at }
  return { id, paymentId, ...facts, ...rest }
}

/** Newest first. Refuses `payment.not_found`. */
export async function listReversals(ctx: Ctx<Reading>, paymentId: string): Promise<readonly Reversal[]> {
  const payment = await getPayment(ctx, paymentId)
  return store.listReversals(ctx, payment.id)
}

interface Wanted {
  readonly paymentId: string
  readonly reversalId: string
}

/** Refuses `payment.not_found`, `payment.reversal_not_found`. */
export async function getReversal(ctx: Ctx<Reading>, wanted: Wanted): Promise<Reversal> {
  const payment = await getPayment(ctx, wanted.paymentId)
  const id = readId<ReversalId>(wanted.reversalId)
  const reversal = id && (await store.findReversal(ctx, id))
  if (reversal?.paymentId !== payment.id) throw refuse('payment.reversal_not_found')
  return reversal
}

/**
 * Approves a reversal, which goes with the next source window. Refuses `payment.not_found`, `.reversal_not_found`,
 * `.reversal_not_awaiting`.
 */
export async function approveReversal(
  ctx: Ctx<Writing>,
  wanted: Wanted & { readonly description: string | null },
): Promise<Reversal> {
  const found = await getReversal(ctx, wanted)
  const [payment] = await takePayments(ctx, [found.paymentId])
  const [reversal] = await store.takeReversals(ctx, [found.id])
  if (!payment || reversal?.status !== 'pending_approval') throw refuse('payment.reversal_not_awaiting')
  const description = wanted.description ?? reversal.description
  const [after = reversal] = await advanceReversals(ctx, [
    { before: reversal, to: { status: 'pending', description, dueAt: nextSourceWindow(ctx.clock.now()) } },
  ])
  await advancePayments(ctx, [approve(payment)])
  return after
}
