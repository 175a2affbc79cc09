/** Making a payment: every check in the contract's order, then one row, its event, and nothing else. Contract: method/payments §1.2. */
import { knownBalances } from '../account-verification/account-verification.js'
import { type Account, holdAccounts } from '../accounts/accounts.js'
import { nextSourceWindow, paymentDates } from '../calendar/calendar.js'
import { instantOf } from '../clock/clock.js'
import { holdConsumers } from '../consumers/consumers.js'
import type { Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type AccountId, newId, type PaymentId, readId } from '../ids.js'
import { isMetadataTooLarge, type Metadata } from '../metadata.js'
import { accountAccess, latestBalances } from '../products/products.js'
import { type PaymentRules, paymentRules } from '../teams/teams.js'
import { refuse } from './errors.js'
import { FEE_TYPES, type Fee, type Payment } from './payments.js'
import { netCents } from './steps.js'
import * as store from './store.js'

export const AMOUNT_CENTS_MIN = 100 // contract: method/payments §1.2
export const AMOUNT_CENTS_MAX = 100_000_000
const DESCRIPTION_MAX = 10

/** As the caller said it. Amount, description and fee are what was sent, whatever it is. */
export interface PaymentDraft {
  readonly amountCents: unknown
  readonly description: unknown
  readonly fee: { readonly type: unknown; readonly amountCents: unknown } | null
  readonly sourceId: string
  readonly destinationId: string
  readonly reversalAccountId: string | null
  readonly metadata: Metadata | null
  /** Checks everything and keeps nothing. */
  readonly isDryRun: boolean
}

/**
 * Makes a payment, which waits for the next source window. Refuses every `payment.*` that is about an amount, a description,
 * metadata, a fee, a source, a destination or a limit; in the contract's order.
 */
export async function createPayment(ctx: Ctx<Writing>, draft: PaymentDraft): Promise<Payment> {
  const rules = paymentRules(ctx.team)
  const said = checkWords(draft, rules)
  const accounts = await checkAccounts(ctx, draft, rules)
  await checkLimits(ctx, { ...said, isDryRun: draft.isDryRun }, rules)
  await checkBalances(ctx, { ...said, ...accounts })
  const payment = draftOf(ctx, { ...said, ...accounts, metadata: draft.metadata }, rules)
  if (draft.isDryRun)
    return { ...payment, createdAt: instantOf(payment.createdAt), updatedAt: instantOf(payment.updatedAt) }
  const added = await store.addPayment(ctx, payment)
  await record(ctx, [{ resource: 'payment', op: 'created', resourceId: added.id, before: null, after: added }])
  return added
}

interface Said {
  readonly amountCents: number
  readonly description: string
  readonly fee: Fee | null
}

function checkWords(draft: PaymentDraft, { operatorFeeCents }: PaymentRules): Said {
  const { amountCents, description, metadata } = draft
  if (typeof amountCents !== 'number' || !Number.isInteger(amountCents)) throw refuse('payment.amount_not_cents')
  if (amountCents < AMOUNT_CENTS_MIN || amountCents > AMOUNT_CENTS_MAX) throw refuse('payment.amount_out_of_range')
  if (typeof description !== 'string' || description.length < 1 || [...description].length > DESCRIPTION_MAX) {
    throw refuse('payment.invalid_description')
  }
  if (isMetadataTooLarge(metadata)) throw refuse('payment.metadata_too_large')
  const fee = readFee(draft.fee)
  const left = netCents({ amountCents, fee, operatorFeeCents } as Payment)
  if (left < 1) throw refuse('payment.invalid_fee')
  return { amountCents, description, fee }
}

function readFee(said: PaymentDraft['fee']): Fee | null {
  if (said === null) return null
  const type = FEE_TYPES.find((each) => each === said.type)
  const { amountCents } = said
  const isCents = typeof amountCents === 'number' && Number.isInteger(amountCents) && amountCents >= 1
  if (!type || !isCents) throw refuse('payment.invalid_fee')
  return { type, amountCents }
}

interface Accounts {
  readonly source: Account
  readonly destination: Account
  readonly reversalAccount: Account | null
}

/** The accounts and their holders stay as they are until the transaction ends. */
async function checkAccounts(ctx: Ctx<Writing>, draft: PaymentDraft, rules: PaymentRules): Promise<Accounts> {
  const ids = [draft.sourceId, draft.destinationId, draft.reversalAccountId].flatMap((text) =>
    text === null ? [] : [readId<AccountId>(text)].filter((id) => id !== null),
  )
  const held = new Map((await holdAccounts(ctx, [...new Set(ids)])).map((account) => [account.id as string, account]))
  const usable = (id: string) => {
    const account = held.get(id)
    return account?.status === 'active' ? account : null
  }
  const source = usable(draft.sourceId)
  if (!source) throw refuse('payment.unknown_source')
  if (source.kind !== 'ach') throw refuse('payment.source_is_liability')
  const destination = usable(draft.destinationId)
  if (!destination) throw refuse('payment.unknown_destination')
  if (destination.id === source.id) throw refuse('payment.same_account')
  const reversalAccount = draft.reversalAccountId === null ? null : usable(draft.reversalAccountId)
  if (draft.reversalAccountId !== null && reversalAccount?.kind !== 'ach')
    throw refuse('payment.invalid_reversal_account')
  if (rules.liveSince !== null && source.createdAt < rules.liveSince) throw refuse('payment.source_before_live')
  if (rules.liveSince !== null && destination.createdAt < rules.liveSince)
    throw refuse('payment.destination_before_live')
  await checkHolders(ctx, { source, destination }, rules)
  const mayPay = (account: Account) => accountAccess(account, ctx.team)?.payment.status === 'available'
  if (!mayPay(source)) throw refuse('payment.source_not_verified')
  if (!mayPay(destination)) throw refuse('payment.destination_not_payable')
  return { source, destination, reversalAccount }
}

async function checkHolders(
  ctx: Ctx<Writing>,
  { source, destination }: Pick<Accounts, 'source' | 'destination'>,
  { companiesMaySend, linkedSourcesOnly }: PaymentRules,
): Promise<void> {
  const holders = await holdConsumers(ctx, [...new Set([source.consumerId, destination.consumerId])])
  const payer = holders.find(({ id }) => id === source.consumerId)
  if (payer?.status !== 'active') throw refuse('payment.source_holder_inactive')
  if (payer.kind === 'corporation' && !companiesMaySend) throw refuse('payment.source_holder_may_not_send')
  if (linkedSourcesOnly && !(await knownBalances(ctx, [source])).has(source.id))
    throw refuse('payment.source_not_linked')
  const payee = holders.find(({ id }) => id === destination.consumerId)
  if (payee?.status !== 'active') throw refuse('payment.destination_holder_inactive')
}

async function checkLimits(
  ctx: Ctx<Writing>,
  { amountCents, isDryRun }: { readonly amountCents: number; readonly isDryRun: boolean },
  { maximumCents, monthlyQuota: quota }: PaymentRules,
): Promise<void> {
  if (amountCents > maximumCents) throw refuse('payment.amount_over_limit')
  if (quota === null) return
  const month = ctx.clock.now().slice(0, 7)
  const isLeft = isDryRun ? (await store.usedQuota(ctx, month)) < quota : await store.takeQuota(ctx, { month, quota })
  if (!isLeft) throw refuse('payment.quota_used_up')
}

/** Only what is known already: nobody is asked. */
async function checkBalances(
  ctx: Ctx<Writing>,
  { source, destination, amountCents }: Accounts & Pick<Said, 'amountCents'>,
): Promise<void> {
  const known = source.verificationSessionId === null ? null : (await knownBalances(ctx, [source])).get(source.id)
  if (known && known.cents < amountCents) throw refuse('payment.insufficient_funds')
  if (destination.kind === 'liability' && (await latestBalances(ctx, [destination])).get(destination.id) === 0) {
    throw refuse('payment.nothing_owed')
  }
}

function draftOf(
  ctx: Ctx<'team' | 'clock' | 'chance'>,
  said: Said & Accounts & { readonly metadata: Metadata | null },
  rules: PaymentRules,
): Payment {
  const now = ctx.clock.now()
  const at = ctx.clock.stamp()
  const { source, destination, reversalAccount, amountCents, description, fee, metadata } = said
  const dates = paymentDates(now, {
    sourceDays: rules.sourceSettlementDays,
    destinationDays: rules.destinationSettlementDays,
  })
  return {
    id: newId<PaymentId>(ctx.chance),
    sourceId: source.id,
    sourceHolderId: source.consumerId,
    destinationId: destination.id,
    destinationHolderId: destination.consumerId,
    destinationKind: destination.kind,
    amountCents,
    description,
    status: 'pending',
    fundStatus: 'pending',
    sourceStatus: 'pending',
    destinationStatus: 'pending',
    estimatedCompletionOn: dates.estimatedCompletionOn,
    sourceTraceId: null,
    sourceSettlementOn: dates.sourceSettlementOn,
    destinationTraceId: null,
    destinationSettlementOn: dates.destinationSettlementOn,
    destinationMethod: null,
    reversalId: null,
    instrumentId: null,
    reversalAccountId: reversalAccount?.id ?? null,
    fee,
    operatorFeeCents: rules.operatorFeeCents,
    type: 'standard',
    failure: null,
    metadata,
    dueAt: nextSourceWindow(now),
    sentAt: null,
    failedAt: null,
    createdAt: at,
    updatedAt: at,
  }
}
