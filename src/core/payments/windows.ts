/**
 * What payments do when their time has come. Returns are read first, then payments move, then reversals, and at last what these
 * wrote down is handed over; so a return comes before the window of its instant.
 */
import { inTx } from '../../db/database.js'
import { knownBalances } from '../account-verification/account-verification.js'
import { type Account, findAccounts } from '../accounts/accounts.js'
import { nextSourceWindow } from '../calendar/calendar.js'
import { addMs, type DueWork, type Instant, postponeDue, type Waiting } from '../clock/clock.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { paymentRules } from '../teams/teams.js'
import { advancePayments, advanceReversals } from './advance.js'
import { bearConsequences } from './consequences.js'
import { takeTraces } from './entries.js'
import * as entryStore from './entry-store.js'
import type { Payment } from './payments.js'
import { readReturns } from './returns.js'
import { finishReversal, startReversal } from './reversal-steps.js'
import * as reversalStore from './reversal-store.js'
import { entrySending } from './sending.js'
import {
  cancel,
  clear,
  confirm,
  failBeforePush,
  pull,
  push,
  reversed,
  type Step,
  type StepFacts,
  settle,
  sourceOf,
} from './steps.js'
import * as store from './store.js'

const BATCH = 2_000

const returnReading: DueWork = {
  name: 'payments.read_returns',
  waiting: entryStore.waitingReturns,
  runTeam: async (ctx, { until }) => ((await readReturns(ctx, until)) ? 1 : 0),
}

const paymentMoving = inWindows('payments.move', store.waiting, movePayments)
const reversalMoving = inWindows('payments.move_reversals', reversalStore.waiting, moveReversals)

/** In the order in which they are done at one instant. */
export const paymentWorks: readonly DueWork[] = [returnReading, paymentMoving, reversalMoving, entrySending]

/** Moves what is due; where a team's windows are suspended, it misses this one and waits for the next. */
function inWindows(name: string, waiting: Waiting, move: (ctx: Ctx<Asking>, now: Instant) => Promise<number>): DueWork {
  return {
    name,
    waiting,
    runTeam: (ctx, { until }) =>
      paymentRules(ctx.team).suspendsWindows
        ? postponeDue(ctx, waiting, { by: until, to: nextSourceWindow(addMs(until, 1)) })
        : move(ctx, until),
  }
}

export function stepFacts(ctx: Ctx<'team' | 'clock'>): StepFacts {
  const { sourceSettlementDays: sourceDays, destinationSettlementDays: destinationDays } = paymentRules(ctx.team)
  return { now: ctx.clock.now(), sourceDays, destinationDays }
}

function movePayments(ctx: Ctx<Asking>, now: Instant): Promise<number> {
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const due = await store.takeDuePayments(inside, { now, limit: BATCH })
    const facts = stepFacts(inside)
    const starting = await startable(
      inside,
      due.filter(({ status }) => status === 'pending'),
    )
    const needsTrace = ({ id, status, fundStatus }: Payment) =>
      status === 'pending' ? starting.get(id) === 'pull' : status === 'processing' && fundStatus === 'clearing'
    const traces = [...(await takeTraces(inside, due.filter(needsTrace).length))]
    const steps = due.map((payment) =>
      nextStep(payment, facts, starting.get(payment.id) ?? 'pull', () => traces.pop() ?? ''),
    )
    const moved = await advancePayments(inside, steps)
    await bearConsequences(
      inside,
      moved.filter(({ status }) => status === 'failed').map((payment) => ({ payment, code: null })),
    )
    return due.length
  })
}

type Start = 'pull' | 'unfunded' | 'source_gone' | 'destination_gone'

function nextStep(payment: Payment, facts: StepFacts, start: Start, trace: () => string): Step {
  switch (payment.status) {
    case 'pending':
      return beginning(payment, facts, start, trace)
    case 'processing':
      return payment.fundStatus === 'clearing' ? push(payment, facts, trace()) : clear(payment, facts)
    case 'sent':
      return confirm(payment, facts)
    case 'posted':
      return settle(payment)
    default:
      throw new Error(`Payment ${payment.id} is ${payment.status} and waits for no time.`)
  }
}

function beginning(payment: Payment, facts: StepFacts, start: Start, trace: () => string): Step {
  switch (start) {
    case 'pull':
      return pull(payment, facts, trace())
    case 'unfunded':
      return cancel(payment, 'unfunded')
    case 'source_gone':
      return failBeforePush(payment, 'invalid_source_account', facts.now)
    case 'destination_gone':
      return failBeforePush(payment, 'invalid_destination_account', facts.now)
  }
}

/** Whether payments can begin: both accounts are still there, and as far as anybody knows the source has the money. */
async function startable(ctx: Ctx<Writing>, pending: readonly Payment[]): Promise<ReadonlyMap<string, Start>> {
  const ids = pending.flatMap((payment) => [sourceOf(payment), payment.destinationId])
  const accounts = new Map((await findAccounts(ctx, [...new Set(ids)])).map((account) => [account.id, account]))
  const left = await knownToBeLeft(ctx, [...accounts.values()])
  const starts = new Map<string, Start>()
  for (const payment of pending) {
    const { id, destinationId, amountCents } = payment
    const sourceId = sourceOf(payment)
    const cents = left.get(sourceId)
    if (accounts.get(sourceId)?.status !== 'active') starts.set(id, 'source_gone')
    else if (accounts.get(destinationId)?.status !== 'active') starts.set(id, 'destination_gone')
    else if (cents !== undefined && cents < amountCents) starts.set(id, 'unfunded')
    else {
      if (cents !== undefined) left.set(sourceId, cents - amountCents)
      starts.set(id, 'pull')
    }
  }
  return starts
}

/** What a data provider said is in accounts, less what was pulled since. */
async function knownToBeLeft(ctx: Ctx<Writing>, accounts: readonly Account[]): Promise<Map<string, number>> {
  const ids = accounts.flatMap(({ id, bank }) => (bank === null ? [] : [id]))
  const balances = await knownBalances(ctx, ids)
  if (balances.size === 0) return new Map()
  const wanted = [...balances].map(([accountId, { since }]) => ({ accountId, since }))
  const pulled = await entryStore.sumPulled(ctx, wanted)
  return new Map([...balances].map(([id, { cents }]) => [id, cents - (pulled.get(id) ?? 0)]))
}

function moveReversals(ctx: Ctx<Asking>, now: Instant): Promise<number> {
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const due = await reversalStore.listDue(inside, { now, limit: BATCH })
    if (due.length === 0) return 0
    const payments = await store.takePayments(inside, [...new Set(due.map(({ paymentId }) => paymentId))])
    const byId = new Map(payments.map((payment) => [payment.id, payment]))
    const taken = await reversalStore.takeReversals(
      inside,
      due.map(({ id }) => id),
    )
    const ready = taken.filter(({ dueAt }) => dueAt !== null && dueAt <= now)
    const traces = [...(await takeTraces(inside, ready.filter(({ status }) => status === 'pending').length))]
    const facts = stepFacts(inside)
    const steps = ready.map((reversal) => {
      const payment = byId.get(reversal.paymentId)
      if (!payment) throw new Error(`The payment of reversal ${reversal.id} is gone.`)
      if (reversal.status !== 'pending') return finishReversal(reversal)
      return startReversal(payment, reversal, { ...facts, traceId: traces.pop() ?? '' })
    })
    await advanceReversals(inside, steps)
    const done = ready.filter(({ status, direction }) => status === 'processing' && direction === 'debit')
    await finishReversed(
      inside,
      done.flatMap(({ paymentId }) => byId.get(paymentId) ?? []),
    )
    return ready.length
  })
}

/** Payments whose reversals are done. */
export async function finishReversed(ctx: Ctx<Writing>, payments: readonly Payment[]): Promise<readonly Payment[]> {
  const waiting = payments.filter(({ status }) => status === 'reversal_processing')
  if (waiting.length === 0) return []
  const entries = await entryStore.listOfPayments(
    ctx,
    waiting.map(({ id }) => id),
  )
  const stands = new Set(
    entries.filter(({ leg, status }) => leg === 'push' && status !== 'returned').map(({ paymentId }) => paymentId),
  )
  return advancePayments(
    ctx,
    waiting.map((payment) => reversed(payment, { isPushed: stands.has(payment.id) })),
  )
}
