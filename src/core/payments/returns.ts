/**
 * What banks send back. The network is asked when it has said that there may be something; how far its returns were read is
 * written in the transaction that applies them, so none is applied twice or lost. A return from elsewhere (a file) is applied
 * the same way, and one that was applied already changes nothing.
 */
import { inTx } from '../../db/database.js'
import type { Instant } from '../clock/clock.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { post, type Transfer } from '../ledger/ledger.js'
import { addReversals, advancePayments, advanceReversals, type ReversalStep } from './advance.js'
import { bearConsequences } from './consequences.js'
import type { AchEntry, Returned } from './entries.js'
import * as entryStore from './entry-store.js'
import { failureOf, reversalFailureOf } from './failures.js'
import type { Payment } from './payments.js'
import { failReversal, reversalReturnOf } from './reversal-steps.js'
import { takeReversals } from './reversal-store.js'
import { draftRefund, draftReversal, type Reversal } from './reversals.js'
import {
  acceptsReturnUntil,
  failBeforePush,
  lateReturnOf,
  pushReturnOf,
  refusePush,
  refuseReversal,
  type Step,
  takeBack,
  unreversed,
} from './steps.js'
import { takePayments } from './store.js'

/** Reads the returns that are expected by an instant; false when there are none, nobody to ask, or somebody else just read them. */
export async function readReturns(ctx: Ctx<Asking>, until: Instant): Promise<boolean> {
  const before = await entryStore.findReturnsRead(ctx)
  if (!before || before.dueAt === null || before.dueAt > until) return false
  const answer = await ctx.network.achReturns({ realm: ctx.team.id, at: ctx.clock.now() }, before.until)
  if (!answer.ok) return false
  const { returns, lookAgainAt } = answer.value
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    if (!(await entryStore.noteReturnsRead(inside, before, { until: answer.value.until, dueAt: lookAgainAt })))
      return false
    await applyReturns(inside, returns)
    return true
  })
}

/**
 * Applies returns to the payments and reversals behind them, with all that follows: money put back in the ledger, reversals
 * begun, accounts and holders disabled. Entries nobody knows, and those that came back before, are left alone. Returns those
 * that were applied.
 */
export async function applyReturns(ctx: Ctx<Writing>, returned: readonly Returned[]): Promise<readonly AchEntry[]> {
  if (returned.length === 0) return []
  const known = await entryStore.findEntries(
    ctx,
    returned.map(({ reference }) => reference),
  )
  // Payments are taken before their entries, by everybody.
  const taken = await takePayments(ctx, [...new Set(known.map(({ paymentId }) => paymentId))])
  const payments = new Map(taken.map((payment) => [payment.id, payment]))
  const entries = await entryStore.noteReturned(ctx, onceEach(returned), ctx.clock.now())
  // A payment may have two entries back at once; each is applied to what the one before it left.
  for (const round of rounds(entries)) {
    const moved = await applyRound(ctx, round, payments)
    for (const payment of moved) payments.set(payment.id, payment)
  }
  return entries
}

interface Applied {
  readonly step: Step
  readonly code: string | null
  /** A reversal that this begins, or one that it ends before it began. */
  readonly begun?: Reversal
  readonly ended?: Reversal
}

async function applyRound(
  ctx: Ctx<Writing>,
  entries: readonly AchEntry[],
  payments: ReadonlyMap<string, Payment>,
): Promise<readonly Payment[]> {
  const unbegun = await takeUnbegun(ctx, entries, payments)
  const applied: Applied[] = []
  const unmoved: Transfer[] = []
  for (const entry of entries.filter(({ leg }) => leg !== 'reversal')) {
    const payment = payments.get(entry.paymentId)
    if (!payment) continue
    const found = returnedStep(ctx, payment, { entry, unbegun: unbegun.get(payment.id) ?? null })
    if (found) applied.push(found)
    else unmoved.push(entry.leg === 'pull' ? lateReturnOf(payment) : pushReturnOf(payment))
  }
  await addReversals(
    ctx,
    applied.flatMap(({ begun }) => begun ?? []),
  )
  await advanceReversals(
    ctx,
    applied.flatMap(({ ended }) => (ended ? [failReversal(ended, 'invalid_account', null)] : [])),
  )
  const moved = await advancePayments(
    ctx,
    applied.map(({ step }) => step),
  )
  await post(ctx, unmoved, ctx.clock.now())
  await bearConsequences(
    ctx,
    moved.map((payment, index) => ({ payment, code: applied[index]?.code ?? null })),
  )
  const reversals = entries.filter(({ leg }) => leg === 'reversal')
  return [...moved, ...(await applyToReversals(ctx, reversals, payments))]
}

/** The reversals that have not begun, of payments whose push came back, by payment. */
async function takeUnbegun(
  ctx: Ctx<Writing>,
  entries: readonly AchEntry[],
  payments: ReadonlyMap<string, Payment>,
): Promise<ReadonlyMap<string, Reversal>> {
  const ids = entries.flatMap(({ leg, paymentId }) => {
    const payment = leg === 'push' ? payments.get(paymentId) : undefined
    const isReversing = payment?.status === 'reversal_required' || payment?.status === 'reversal_processing'
    return isReversing && payment.reversalId !== null ? [payment.reversalId] : []
  })
  const taken = ids.length === 0 ? [] : await takeReversals(ctx, ids)
  const waiting = taken.filter(({ status }) => status === 'pending_approval' || status === 'pending')
  return new Map(waiting.map((reversal) => [reversal.paymentId, reversal]))
}

/** Null where the payment cannot move for it any more, and only its money does. */
function returnedStep(
  ctx: Ctx<Writing>,
  payment: Payment,
  { entry, unbegun }: { readonly entry: AchEntry; readonly unbegun: Reversal | null },
): Applied | null {
  const now = ctx.clock.now()
  const { status } = payment
  const { leg, returnCode: code } = entry
  const isOut = (status === 'sent' || status === 'posted' || status === 'settled') && payment.reversalId === null
  if (leg === 'push') {
    if (unbegun) return { step: refuseReversal(payment), code, ended: unbegun }
    if (!isOut) return null
    const begun = draftRefund(ctx, payment)
    return { step: refusePush(payment, failureOf('push', code ?? ''), begun, now), code, ...(begun ? { begun } : {}) }
  }
  const failure = failureOf('pull', code ?? '')
  if (status === 'processing') return { step: failBeforePush(payment, failure, now), code }
  if (!isOut || now > (acceptsReturnUntil(payment) ?? now)) return null
  const begun = draftReversal(ctx, payment)
  return { step: takeBack(payment, failure, begun, now), code, begun }
}

async function applyToReversals(
  ctx: Ctx<Writing>,
  entries: readonly AchEntry[],
  payments: ReadonlyMap<string, Payment>,
): Promise<readonly Payment[]> {
  const codes = new Map(entries.map(({ reversalId, returnCode }) => [reversalId as string, returnCode ?? '']))
  const taken = await takeReversals(ctx, [...codes.keys()])
  const steps: ReversalStep[] = []
  const unmoved: Transfer[] = []
  const lost: Step[] = []
  for (const reversal of taken) {
    const payment = payments.get(reversal.paymentId)
    if (!payment) continue
    const back = reversalReturnOf(payment, reversal)
    // One that was done stays done; only its money is gone again.
    if (reversal.status !== 'processing') unmoved.push(back)
    else {
      steps.push(failReversal(reversal, reversalFailureOf(codes.get(reversal.id) ?? ''), back))
      if (payment.status === 'reversal_processing') lost.push(unreversed(payment))
    }
  }
  await advanceReversals(ctx, steps)
  await post(ctx, unmoved, ctx.clock.now())
  return advancePayments(ctx, lost)
}

/** The entries in rounds that have no payment twice. */
function rounds(entries: readonly AchEntry[]): readonly (readonly AchEntry[])[] {
  const result: AchEntry[][] = []
  const seen = new Map<string, number>()
  for (const entry of [...entries].sort((a, b) => (a.reference < b.reference ? -1 : 1))) {
    const round = seen.get(entry.paymentId) ?? 0
    seen.set(entry.paymentId, round + 1)
    result[round] = [...(result[round] ?? []), entry]
  }
  return result
}

function onceEach(returned: readonly Returned[]): readonly Returned[] {
  return [...new Map(returned.map(({ reference, code }) => [reference, { reference, code }])).values()]
}
