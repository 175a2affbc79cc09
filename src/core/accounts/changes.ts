/** Changes of single accounts after they were added. */
import { takeConsumer } from '../consumers/consumers.js'
import type { Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import type { AccountVerificationSessionId, ConsumerId } from '../ids.js'
import type { Metadata } from '../metadata.js'
import { type Account, getAccount, takeAccount } from './accounts.js'
import { debtMarkOf, isNumberOf } from './debts.js'
import { type AccountDetails, openDetails, type PropertyAddress, sealDetails } from './details.js'
import { refuse } from './errors.js'
import { checkMetadata } from './holder.js'
import * as store from './store.js'
import { type AccountDisablingReason, assertMove } from './transitions.js'

export interface AccountChanges {
  /** Undefined leaves it as it is. */
  readonly metadata: Metadata | null | undefined
  readonly card: Pick<AccountDetails, 'number' | 'expMonth' | 'expYear' | 'cvv'> | null
  readonly property: PropertyAddress | null
}

/**
 * Fills in what the caller knows of an account now. Refuses `account.not_found`, `.disabled`, `.metadata_too_large`,
 * `.invalid_details` for details of another type of account, `.invalid_number` also for one that the holder has already.
 */
export async function updateAccount(ctx: Ctx<Writing>, id: string, changes: AccountChanges): Promise<Account> {
  const known = await getAccount(ctx, id)
  // Additions wait for their holder too, so no account can get the same number meanwhile.
  await takeConsumer(ctx, known.consumerId)
  const before = await takeAccount(ctx, known.id)
  const { metadata = before.metadata, card, property } = changes
  if (before.status === 'disabled') throw refuse('account.disabled')
  checkMetadata(metadata)
  const type = before.liability?.type
  if ((card && type !== 'credit_card') || (property && type !== 'mortgage')) throw refuse('account.invalid_details')
  if (card?.number !== undefined && !isNumberOf(ctx, 'credit_card', card.number)) throw refuse('account.invalid_number')
  const number = card?.number === undefined ? null : renumbered(ctx, before, card.number)
  if (number && (await store.isMarkTaken(ctx, before, number.numberMark))) throw refuse('account.invalid_number')
  const details = { ...openDetails(ctx, before), ...card, ...(property ? { property } : {}) }
  const after = await store.updateDescription(ctx, {
    id: before.id,
    metadata,
    detailsSealed: card || property ? sealDetails(ctx, before.id, details) : before.detailsSealed,
    number,
    updatedAt: ctx.clock.stamp(),
  })
  await changed(ctx, before, after, number ? ['updated', 'number_updated'] : ['updated'])
  return after
}

function renumbered(ctx: Ctx<'team' | 'vault'>, { liability }: Account, number: string): store.Renumbering {
  return { mask: number.slice(-4), numberMark: debtMarkOf(ctx, liability?.merchantNumber ?? 0, number) }
}

/** A session was begun for the account, which points to its newest. That alone is no change of the account. */
export function noteVerificationSession(
  ctx: Ctx<'tx' | 'team'>,
  account: Account,
  sessionId: AccountVerificationSessionId,
): Promise<void> {
  return store.updateVerificationSession(ctx, account.id, sessionId)
}

/** The account was proven. `learned`: what the proof told of it, kept with the rest. */
export async function noteVerified(ctx: Ctx<Writing>, before: Account, learned: AccountDetails): Promise<Account> {
  const isMore = Object.keys(learned).length > 0
  const at = ctx.clock.stamp()
  const after = await store.updateVerified(ctx, {
    id: before.id,
    verifiedAt: before.verifiedAt ?? at,
    detailsSealed: isMore
      ? sealDetails(ctx, before.id, { ...openDetails(ctx, before), ...learned })
      : before.detailsSealed,
    updatedAt: at,
  })
  await changed(ctx, before, after)
  return after
}

/** Ends the account for everyone; its subscriptions are the caller's to end. A disabled one stays as it is. */
export async function endAccount(
  ctx: Ctx<Writing>,
  before: Account,
  reason: Exclude<AccountDisablingReason, 'consent_withdrawn'>,
): Promise<Account> {
  if (before.status === 'disabled') return before
  assertMove(before.status, 'disabled')
  const after = await store.disableAccount(ctx, {
    id: before.id,
    from: before.status,
    reason,
    updatedAt: ctx.clock.stamp(),
  })
  await changed(ctx, before, after)
  return after
}

/** Ends every account of a holder; their subscriptions are the caller's to end. Returns those that had not ended before. */
export async function endAccountsOf(
  ctx: Ctx<Writing>,
  consumerId: ConsumerId,
  reason: Exclude<AccountDisablingReason, 'consent_withdrawn'>,
): Promise<readonly Account[]> {
  const rows = await store.disableAccountsOf(ctx, { consumerId, reason, updatedAt: ctx.clock.stamp() })
  const changes = rows.map(({ previous, ...after }) => ({ before: { ...after, ...previous }, after }))
  await record(
    ctx,
    changes.map((change) => ({ resource: 'account', op: 'updated', resourceId: change.after.id, ...change })),
  )
  return changes.map(({ after }) => after)
}

/** Closes an active account, as its institution would. */
export async function closeAccount(ctx: Ctx<Writing>, before: Account): Promise<Account> {
  assertMove(before.status, 'closed')
  const after = await store.closeAccount(ctx, { id: before.id, from: before.status, updatedAt: ctx.clock.stamp() })
  await changed(ctx, before, after)
  return after
}

function changed(
  ctx: Ctx<Writing>,
  before: Account,
  after: Account,
  ops: readonly string[] = ['updated'],
): Promise<void> {
  return record(
    ctx,
    ops.map((op) => ({ resource: 'account', op, resourceId: after.id, before, after })),
  )
}
