/**
 * Clearing accounts: money that is kept for a consumer at the bank which originates our entries. The bank opens a new one for
 * each that is asked for, empty; payments bring money in and take it out again. Contract: method/accounts §1.5.1.
 */
import type { BankAccount } from '../../network/port.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type AccountId, type ConsumerId, newId } from '../ids.js'
import { bankOfRoutingNumber } from '../institutions/institutions.js'
import type { Metadata } from '../metadata.js'
import type { Account, ClearingUse } from './accounts.js'
import * as store from './described-store.js'
import { sealDetails } from './details.js'
import { refuse } from './errors.js'
import { checkMetadata, findHolder, takeHolder } from './holder.js'

export interface ClearingInput {
  readonly consumerId: string
  readonly use: ClearingUse
  readonly metadata: Metadata | null
}

/** A clearing account that the bank has opened. */
interface OpenedClearing {
  readonly id: AccountId
  readonly consumerId: ConsumerId
  readonly use: ClearingUse
  readonly bank: BankAccount
  readonly bankName: string | null
  readonly metadata: Metadata | null
}

/**
 * Has the account opened at the bank. Refuses `account.unknown_holder`, `.holder_disabled`, `.metadata_too_large`,
 * `.network_unreachable`.
 */
export async function checkNewClearingAccount(ctx: Ctx<Asking>, input: ClearingInput): Promise<OpenedClearing> {
  const { use, metadata } = input
  const holder = await findHolder(ctx, input.consumerId)
  checkMetadata(metadata)
  const id = newId<AccountId>(ctx.chance)
  const opened = await ctx.network.openClearingAccount({ realm: ctx.team.id, at: ctx.clock.now() }, id)
  if (!opened.ok) throw refuse('account.network_unreachable')
  const known = await bankOfRoutingNumber(ctx, opened.value.routingNumber)
  return { id, consumerId: holder.id, use, bank: opened.value, bankName: known?.name ?? null, metadata }
}

/** Adds the account, which may be paid to and from at once. Refuses `account.unknown_holder`, `.holder_disabled`. */
export async function addClearingAccount(ctx: Ctx<Writing>, opened: OpenedClearing): Promise<Account> {
  const { id, consumerId, use, bank, bankName, metadata } = opened
  await takeHolder(ctx, consumerId)
  const added = await store.addClearingAccount(ctx, {
    id,
    consumerId,
    use,
    routingNumber: bank.routingNumber,
    bankName,
    type: bank.type,
    mask: bank.accountNumber.slice(-4),
    detailsSealed: sealDetails(ctx, id, { number: bank.accountNumber }),
    metadata,
    createdAt: ctx.clock.stamp(),
  })
  await record(ctx, [{ resource: 'account', op: 'created', resourceId: id, before: null, after: added }])
  return added
}
