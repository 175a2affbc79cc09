/**
 * Money that people outside send to the account number of a payment instrument: it is there at once, and is pushed on to the
 * instrument's account as what was pulled is. Contract: method/simulate §9, method/accounts §9.
 */
import { type Account, getAccount, holdAccounts } from '../accounts/accounts.js'
import { nextDestinationWindow, paymentDates } from '../calendar/calendar.js'
import { instantOf } from '../clock/clock.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { newId, type PaymentId } from '../ids.js'
import { post } from '../ledger/ledger.js'
import { findInstrument, type InstrumentDetail, type InstrumentResult, type Retrieval } from '../products/products.js'
import { advancePayments } from './advance.js'
import { takeTraces } from './entries.js'
import { refuse } from './errors.js'
import type { Payment } from './payments.js'
import { placeOf } from './places.js'
import { push, receipt } from './steps.js'
import * as store from './store.js'
import { stepFacts } from './windows.js'

const DESCRIPTION = 'Inbound'

/** The instrument, when money can be sent to it. Refuses `retrieval.not_found`, `payment.not_an_inbound_instrument`, `.destination_not_payable`. */
export async function checkInstrument(ctx: Ctx<Asking>, id: string): Promise<Retrieval> {
  const instrument = await findInstrument(ctx, id)
  const { type } = instrument.detail as InstrumentDetail
  const result = instrument.result as InstrumentResult | null
  if (type !== 'inbound_achwire_payment' || !result?.isChargeable) throw refuse('payment.not_an_inbound_instrument')
  const account = await getAccount(ctx, instrument.ownerId)
  if (account.status !== 'active') throw refuse('payment.destination_not_payable')
  return instrument
}

/** Receives an amount at an instrument, and hands it on. Refuses `payment.destination_not_payable`. */
export async function receivePayment(ctx: Ctx<Writing>, instrument: Retrieval, amountCents: number): Promise<Payment> {
  const { id } = await getAccount(ctx, instrument.ownerId)
  const [destination] = await holdAccounts(ctx, [id])
  if (destination?.status !== 'active') throw refuse('payment.destination_not_payable')
  const draft = draftOf(ctx, { instrument, destination, amountCents })
  await store.addPayment(ctx, draft)
  const received = { ...draft, createdAt: instantOf(draft.createdAt), updatedAt: instantOf(draft.updatedAt) }
  await record(ctx, [{ resource: 'payment', op: 'created', resourceId: received.id, before: null, after: received }])
  await post(ctx, [receipt(received)], ctx.clock.now())
  const [trace = ''] = await takeTraces(ctx, 1)
  const [sent = received] = await advancePayments(ctx, [push(received, stepFacts(ctx), trace)])
  return sent
}

function draftOf(
  ctx: Ctx<'team' | 'clock' | 'chance'>,
  facts: { readonly instrument: Retrieval; readonly destination: Account; readonly amountCents: number },
): Payment {
  const { instrument, destination, amountCents } = facts
  const now = ctx.clock.now()
  const at = ctx.clock.stamp()
  const dates = paymentDates(now, stepFacts(ctx))
  return {
    id: newId<PaymentId>(ctx.chance),
    sourceId: null,
    sourceHolderId: null,
    destinationId: destination.id,
    destinationHolderId: destination.consumerId,
    destinationKind: placeOf(destination),
    amountCents,
    description: DESCRIPTION,
    status: 'processing',
    fundStatus: 'clearing',
    sourceStatus: 'settled',
    destinationStatus: 'pending',
    estimatedCompletionOn: dates.estimatedCompletionOn,
    sourceTraceId: null,
    sourceSettlementOn: dates.sourceSettlementOn,
    destinationTraceId: null,
    destinationSettlementOn: dates.destinationSettlementOn,
    destinationMethod: null,
    reversalId: null,
    instrumentId: instrument.id,
    reversalAccountId: null,
    fee: null,
    // What others send is nobody's order, so nobody pays for it.
    operatorFeeCents: 0,
    type: 'standard',
    isSourceSingleUse: false,
    failure: null,
    metadata: null,
    dueAt: nextDestinationWindow(now),
    sentAt: null,
    failedAt: null,
    createdAt: at,
    updatedAt: at,
  }
}
