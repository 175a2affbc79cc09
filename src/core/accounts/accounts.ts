import type { RawBuilder } from 'kysely'
import type { Page, PageRequest } from '../../db/pages.js'
import type { BankAccount, CardNetwork, LiabilityType, Ownership, Tradeline } from '../../network/port.js'
import type { Ctx, Reading, Writing } from '../ctx.js'
import { type Change, record } from '../events/events.js'
import {
  type AccountId,
  type AccountVerificationSessionId,
  type ConsumerId,
  newId,
  type RetrievalId,
  readId,
} from '../ids.js'
import type { Metadata } from '../metadata.js'
import { pageRefusal } from '../pages.js'
import { refuse } from './errors.js'
import * as store from './store.js'
import type { AccountDisablingReason, AccountStatus } from './transitions.js'

export type { AddedAccount } from './added.js'
export {
  addBankAccount,
  type BankAccountInput,
  type CheckedBankAccount,
  checkNewBankAccount,
} from './bank-accounts.js'
export {
  type AccountChanges,
  closeAccount,
  endAccount,
  endAccountsOf,
  noteVerificationSession,
  noteVerified,
  updateAccount,
} from './changes.js'
export { addClearingAccount, type ClearingInput, checkNewClearingAccount } from './clearing-accounts.js'
export { eraseAccount, eraseAccountsOf } from './consent.js'
export { addDebitCard, checkNewDebitCard, type DebitCardInput } from './debit-cards.js'
export { addDebt, adoptDebts, type CardDetails, type CheckedDebt, checkNewDebt, type DebtInput } from './debts.js'
export { type AccountDetails, openDetails, type PropertyAddress } from './details.js'
export { isRoutingNumber } from './routing-number.js'
export { ACCOUNT_STATUSES, type AccountDisablingReason, type AccountStatus } from './transitions.js'

export const ACCOUNT_KINDS = ['ach', 'liability', 'clearing', 'debit_card'] as const
export type AccountKind = (typeof ACCOUNT_KINDS)[number]

/** How many payments may be made from a clearing account. */
export const CLEARING_USES = ['single_use', 'multi_use'] as const
export type ClearingUse = (typeof CLEARING_USES)[number]

/**
 * Something a consumer holds at an institution: money (`ach`; `clearing` for what is kept for them at our own bank;
 * `debit_card` for what stands for the account behind it) or a debt (`liability`). Numbers are in the vault.
 */
export interface Account {
  readonly id: AccountId
  readonly consumerId: ConsumerId
  readonly kind: AccountKind
  readonly status: AccountStatus
  readonly statusReason: AccountDisablingReason | null
  /** The network's own name of it; null for one that only the team knows of. */
  readonly networkRef: string | null
  readonly liability: Liability | null
  /** Of what has a number at a bank: `ach` and `clearing`. */
  readonly bank: BankFacts | null
  readonly clearingUse: ClearingUse | null
  readonly debitCard: DebitCardFacts | null
  /** `connect`: found in a credit file. `caller`: described by the team. */
  readonly origin: 'connect' | 'caller'
  /** Its number and what else is known of it, sealed; null where only the network knows. */
  readonly detailsSealed: string | null
  readonly verifiedAt: string | null
  readonly verificationSessionId: AccountVerificationSessionId | null
  /** The newest retrieval of each product, whatever its status. */
  readonly latest: Readonly<Record<string, RetrievalId>>
  /** The names of its active subscriptions. */
  readonly subscriptions: readonly string[]
  readonly metadata: Metadata | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface Liability {
  readonly merchantNumber: number
  readonly type: LiabilityType
  readonly subType: string | null
  readonly name: string | null
  /** The last four of the account number. */
  readonly mask: string | null
  readonly ownership: Ownership
  /** Equal for equal account numbers of one merchant; 40 hex characters. */
  readonly fingerprint: string | null
  readonly cardNetwork: CardNetwork | null
  readonly reportsDirectly: boolean
}

/** What a debit card shows of itself; when it expires is with its number. */
export interface DebitCardFacts {
  readonly network: CardNetwork
  readonly mask: string
}

/** What a deposit account shows of itself. */
export interface BankFacts {
  /** ABA */
  readonly routingNumber: string
  /** As the routing directory has it; null for a number that it lacks. */
  readonly bankName: string | null
  readonly type: BankAccount['type']
  readonly mask: string
}

/** Refuses `account.not_found`. */
export async function getAccount(ctx: Ctx<Reading>, id: string): Promise<Account> {
  const wanted = readId<AccountId>(id)
  const account = wanted && (await store.findAccount(ctx, wanted))
  if (!account) throw refuse('account.not_found')
  return account
}

/** Locks the account for this transaction. Refuses `account.not_found`. */
export async function takeAccount(ctx: Ctx<'tx' | 'team'>, id: AccountId): Promise<Account> {
  const account = await store.takeAccount(ctx, id)
  if (!account) throw refuse('account.not_found')
  return account
}

/** Accounts by id, which stay as they are until the transaction ends; others may hold them too. */
export function holdAccounts(ctx: Ctx<'tx' | 'team'>, ids: readonly AccountId[]): Promise<readonly Account[]> {
  return ids.length === 0 ? Promise.resolve([]) : store.holdAccounts(ctx, ids)
}

/** Who holds accounts, as an array of ids in SQL: for asking about the holders together with the accounts. */
export function holderIdsOf(ctx: Ctx<'team'>, ids: readonly AccountId[]): RawBuilder<unknown> {
  return store.holderIdsOf(ctx, ids)
}

/** The accounts of a holder, as an array of ids in SQL: whose rows are found by account need no index by holder. */
export function idsHeldBy(ctx: Ctx<'team'>, consumerId: string): RawBuilder<unknown> {
  return store.idsHeldBy(ctx, consumerId)
}

/** The newest verification sessions of accounts, as an array of ids in SQL. */
export function sessionIdsOf(ctx: Ctx<'team'>, ids: readonly AccountId[]): RawBuilder<unknown> {
  return store.sessionIdsOf(ctx, ids)
}

/** Accounts by id, for showing them inside another resource. */
export function findAccounts(ctx: Ctx<Reading>, ids: readonly AccountId[]): Promise<readonly Account[]> {
  return ids.length === 0 ? Promise.resolve([]) : store.findAccounts(ctx, ids)
}

/** The ids of a consumer's accounts, which are locked for this transaction. */
export function accountsOf(ctx: Ctx<'tx' | 'team'>, consumerId: ConsumerId): Promise<readonly AccountId[]> {
  return store.takeIdsOf(ctx, consumerId)
}

/** The consumer's accounts behind debts of the network. */
export function findByNetworkRefs(
  ctx: Ctx<Reading>,
  consumerId: ConsumerId,
  networkRefs: readonly string[],
): Promise<readonly Account[]> {
  return networkRefs.length === 0 ? Promise.resolve([]) : store.findByNetworkRefs(ctx, consumerId, networkRefs)
}

/** Filters combine with and; null leaves a filter out. A filter about liabilities leaves only liabilities. */
export interface AccountFilter {
  /** Any of these. */
  readonly statuses: readonly AccountStatus[]
  readonly kind: AccountKind | null
  /** The callers' texts, any of which: one that is no id of a consumer leaves nothing. */
  readonly consumerIds: readonly string[] | null
  /** Whether the holder's consent was withdrawn. */
  readonly isWithdrawn: boolean | null
  readonly merchantNumber: number | null
  readonly liabilityType: LiabilityType | null
  readonly ownership: Ownership | null
}

/** Newest first. Refuses `request.unknown_cursor`. */
export async function listAccounts(
  ctx: Ctx<Reading>,
  filter: AccountFilter,
  request: PageRequest,
): Promise<Page<Account>> {
  const page = await store.listAccounts(ctx, filter, request)
  if (!page) throw pageRefusal()
  return page
}

/** A debt that the network found, and the retrieval that will describe it. */
export interface FoundDebt {
  readonly tradeline: Tradeline
  readonly latest: Readonly<Record<string, RetrievalId>>
  /** Its holder has to be asked first. */
  readonly awaitsConsent: boolean
}

/**
 * One account for each debt that the consumer has none for yet, in the order given; debts at merchants that the catalogue
 * does not know are skipped. Runs at the same time never make two of one. The caller records the events.
 */
export function addFoundDebts(
  ctx: Ctx<'tx' | 'team' | 'clock' | 'chance' | 'vault'>,
  consumerId: ConsumerId,
  debts: readonly FoundDebt[],
): Promise<readonly Account[]> {
  if (debts.length === 0) return Promise.resolve([])
  return store.addAccounts(
    ctx,
    debts.map(({ tradeline, latest, awaitsConsent }) => ({
      id: newId<AccountId>(ctx.chance),
      consumerId,
      status: tradeline.isClosed ? 'closed' : awaitsConsent ? 'awaiting_consent' : 'active',
      networkRef: tradeline.accountRef,
      merchantNumber: tradeline.merchantNumber,
      liabilityType: tradeline.type,
      liabilitySubType: tradeline.snapshot.subType,
      name: tradeline.name,
      mask: tradeline.mask,
      ownership: tradeline.ownership,
      // Contract: method/accounts §1.1.2, never a bare hash of a number.
      fingerprint: ctx.vault.fingerprint(ctx.team, `${tradeline.merchantNumber}:${tradeline.accountNumber}`),
      cardNetwork: tradeline.cardNetwork,
      reportsDirectly: tradeline.reportsDirectly,
      latest,
      createdAt: ctx.clock.stamp(),
    })),
  )
}

/** Closes the consumer's active accounts behind debts that the network reports closed; returns them before and after. */
export async function closeDebts(
  ctx: Ctx<'tx' | 'team' | 'clock'>,
  consumerId: ConsumerId,
  networkRefs: readonly string[],
): Promise<readonly { readonly before: Account; readonly after: Account }[]> {
  if (networkRefs.length === 0) return []
  return store.moveAccounts(ctx, { consumerId, networkRefs, from: 'active', to: 'closed', at: ctx.clock.stamp() })
}

/** Opens the consumer's closed accounts behind debts that the network reports open again; as `closeDebts`. */
export async function reopenDebts(
  ctx: Ctx<'tx' | 'team' | 'clock'>,
  consumerId: ConsumerId,
  networkRefs: readonly string[],
): Promise<readonly { readonly before: Account; readonly after: Account }[]> {
  if (networkRefs.length === 0) return []
  return store.moveAccounts(ctx, { consumerId, networkRefs, from: 'closed', to: 'active', at: ctx.clock.stamp() })
}

/** What waited for the consumer's consent may be used; returns those accounts, and records the change of each. */
export async function approveAccounts(ctx: Ctx<Writing>, consumerId: ConsumerId): Promise<readonly Account[]> {
  const approved = await store.approveAccounts(ctx, consumerId, ctx.clock.stamp())
  await record(
    ctx,
    approved.map((pair) => ({ resource: 'account', op: 'updated', resourceId: pair.after.id, ...pair })),
  )
  return approved.map(({ after }) => after)
}

/** A retrieval was requested: the account points to it. That alone is no change of the account. */
export function noteRetrieval(
  ctx: Ctx<'tx' | 'team'>,
  note: { readonly id: AccountId; readonly product: string; readonly retrievalId: RetrievalId },
): Promise<void> {
  return store.updateLatest(ctx, note)
}

/** Retrievals of one product were requested for many accounts at once. */
export function noteRetrievals(
  ctx: Ctx<'tx' | 'team'>,
  product: string,
  notes: readonly { readonly ownerId: string; readonly retrievalId: RetrievalId }[],
): Promise<void> {
  return store.updateLatestOfMany(ctx, product, notes)
}

/** The names of its active subscriptions changed. The caller records the change that this returns, after its own. */
export async function noteSubscriptions(
  ctx: Ctx<'tx' | 'team' | 'clock'>,
  before: Account,
  names: readonly string[],
): Promise<Change> {
  const [change] = await noteSubscriptionsOfMany(ctx, [{ before, names }])
  if (!change) throw new Error('An account that the caller holds is gone.')
  return change
}

/** As `noteSubscriptions` for many accounts in one statement. */
export async function noteSubscriptionsOfMany(
  ctx: Ctx<'tx' | 'team' | 'clock'>,
  notes: readonly { readonly before: Account; readonly names: readonly string[] }[],
): Promise<readonly Change[]> {
  const byId = new Map(notes.map(({ before }) => [before.id, before]))
  const rows = notes.map(({ before, names }) => ({ id: before.id, names, updatedAt: ctx.clock.stamp() }))
  const noted = await store.updateSubscriptions(ctx, rows)
  return noted.map((after) => ({
    resource: 'account',
    op: 'updated',
    resourceId: after.id,
    before: byId.get(after.id) ?? null,
    after,
  }))
}
