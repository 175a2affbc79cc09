/** Making a payment: every check in the contract's order, then one row, its event, and nothing else. Contract: method/payments §1.2. */
import { sendOff } from '../../db/database.js'
import { type KnownBalance, knownBalances } from '../account-verification/account-verification.js'
import { type Account, holdAccounts, holderIdsOf } from '../accounts/accounts.js'
import { nextSourceWindow, paymentDates } from '../calendar/calendar.js'
import { instantOf } from '../clock/clock.js'
import { holdConsumers, type Standing } from '../consumers/consumers.js'
import type { Ctx, Writing } from '../ctx.js'
import { type Audience, audienceOf, record } from '../events/events.js'
import { type AccountId, newId, type PaymentId, readId } from '../ids.js'
import { isMetadataTooLarge, type Metadata } from '../metadata.js'
import { accountAccess, latestBalance } from '../products/products.js'
import { type PaymentRules, paymentRules } from '../teams/teams.js'
import { refuse } from './errors.js'
import { FEE_TYPES, type Fee, type Payment } from './payments.js'
import { placeOf } from './places.js'
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
  const facts = await askFacts(ctx, draft)
  const accounts = checkAccounts(ctx, facts, draft, rules)
  await checkSingleUse(ctx, accounts.source)
  await checkLimits(ctx, { ...said, isDryRun: draft.isDryRun }, rules)
  checkBalances(facts, { ...said, ...accounts })
  const payment = draftOf(ctx, { ...said, ...accounts, metadata: draft.metadata }, rules)
  const after = { ...payment, createdAt: instantOf(payment.createdAt), updatedAt: instantOf(payment.updatedAt) }
  if (draft.isDryRun) return after
  sendOff(ctx.tx, store.addPayment(ctx, payment))
  const made = { resource: 'payment', op: 'created', resourceId: payment.id, before: null, after }
  await record(ctx, [made], facts.audience)
  return after
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

/** All that is known of what a draft names. Accounts and their holders stay as they are until the transaction ends. */
interface Facts {
  readonly accounts: ReadonlyMap<string, Account>
  readonly holders: ReadonlyMap<string, Standing>
  /** What data providers said is in the accounts. */
  readonly known: ReadonlyMap<string, KnownBalance>
  /** What is owed at the destination; null where that was never told. */
  readonly owedCents: number | null
  readonly audience: Audience
}

/** Everything is asked at once, so that a payment waits for one round trip whatever it leads to. */
async function askFacts(
  ctx: Ctx<Writing>,
  { sourceId, destinationId, reversalAccountId }: PaymentDraft,
): Promise<Facts> {
  const named = new Set([sourceId, destinationId, ...(reversalAccountId === null ? [] : [reversalAccountId])])
  const ids = idsOf(...named)
  const [destination] = idsOf(destinationId)
  const [accounts, holders, known, owedCents, audience] = await Promise.all([
    holdAccounts(ctx, ids),
    holdConsumers(ctx, holderIdsOf(ctx, ids)),
    knownBalances(ctx, idsOf(sourceId)),
    destination ? latestBalance(ctx, destination) : null,
    audienceOf(ctx, ['payment.created']),
  ])
  return { accounts: byId(accounts), holders: byId(holders), known, owedCents, audience }
}

function idsOf(...texts: readonly string[]): readonly AccountId[] {
  return texts.flatMap((text) => readId<AccountId>(text) ?? [])
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.id, row]))
}

interface Accounts {
  readonly source: Account
  readonly destination: Account
  readonly reversalAccount: Account | null
}

function checkAccounts(ctx: Ctx<'team'>, facts: Facts, draft: PaymentDraft, rules: PaymentRules): Accounts {
  const usable = (id: string) => {
    const account = facts.accounts.get(id)
    return account?.status === 'active' ? account : null
  }
  const source = usable(draft.sourceId)
  if (!source) throw refuse('payment.unknown_source')
  if (source.kind === 'liability') throw refuse('payment.source_is_liability')
  const destination = usable(draft.destinationId)
  if (!destination) throw refuse('payment.unknown_destination')
  if (destination.id === source.id) throw refuse('payment.same_account')
  const reversalAccount = draft.reversalAccountId === null ? null : usable(draft.reversalAccountId)
  if (draft.reversalAccountId !== null && reversalAccount?.kind !== 'ach')
    throw refuse('payment.invalid_reversal_account')
  if (rules.liveSince !== null && source.createdAt < rules.liveSince) throw refuse('payment.source_before_live')
  if (rules.liveSince !== null && destination.createdAt < rules.liveSince)
    throw refuse('payment.destination_before_live')
  checkHolders(facts, { source, destination }, rules)
  const mayPay = (account: Account) => accountAccess(account, ctx.team)?.payment.status === 'available'
  if (!mayPay(source)) throw refuse('payment.source_not_verified')
  if (!mayPay(destination)) throw refuse('payment.destination_not_payable')
  return { source, destination, reversalAccount }
}

function checkHolders(
  { holders, known }: Facts,
  { source, destination }: Pick<Accounts, 'source' | 'destination'>,
  { companiesMaySend, linkedSourcesOnly }: PaymentRules,
): void {
  const payer = holders.get(source.consumerId)
  if (payer?.status !== 'active') throw refuse('payment.source_holder_inactive')
  if (payer.kind === 'corporation' && !companiesMaySend) throw refuse('payment.source_holder_may_not_send')
  // What is in a clearing account came through here.
  const isOwn = source.kind === 'clearing'
  if (linkedSourcesOnly && !isOwn && !known.has(source.id)) throw refuse('payment.source_not_linked')
  const payee = holders.get(destination.consumerId)
  if (payee?.status !== 'active') throw refuse('payment.destination_holder_inactive')
}

/** Payments from one account that may be used once wait for each other here, so that the second sees the first. */
async function checkSingleUse(ctx: Ctx<Writing>, source: Account): Promise<void> {
  if (source.clearingUse !== 'single_use') return
  await store.waitForSource(ctx, source.id)
  if (await store.isSourceUsed(ctx, source.id)) throw refuse('payment.single_use_source_used')
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

/** Only what is known already: nobody outside is asked. */
function checkBalances(
  { known, owedCents }: Facts,
  { source, destination, amountCents }: Accounts & Pick<Said, 'amountCents'>,
): void {
  const left = known.get(source.id)
  if (left && left.cents < amountCents) throw refuse('payment.insufficient_funds')
  if (destination.kind === 'liability' && owedCents === 0) throw refuse('payment.nothing_owed')
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
    destinationKind: placeOf(destination),
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
    type: source.kind === 'clearing' ? 'clearing' : 'standard',
    isSourceSingleUse: source.clearingUse === 'single_use',
    failure: null,
    metadata,
    dueAt: nextSourceWindow(now),
    sentAt: null,
    failedAt: null,
    createdAt: at,
    updatedAt: at,
  }
}
