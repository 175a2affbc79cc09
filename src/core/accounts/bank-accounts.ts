/** Deposit accounts that a caller describes. Contract: method/accounts §1.4. */
import type { BankAccount } from '../../network/port.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { type AccountId, type AccountVerificationSessionId, type ConsumerId, newId } from '../ids.js'
import { bankOfRoutingNumber } from '../institutions/institutions.js'
import type { Metadata } from '../metadata.js'
import { type AddedAccount, addedOrFound } from './added.js'
import * as store from './described-store.js'
import { sealDetails } from './details.js'
import { refuse } from './errors.js'
import { checkMetadata, findHolder, takeHolder } from './holder.js'
import { isRoutingNumber } from './routing-number.js'

export interface BankAccountInput {
  readonly consumerId: string
  readonly bank: BankAccount
  readonly metadata: Metadata | null
}

/** A deposit account that may be added. */
export interface CheckedBankAccount {
  readonly consumerId: ConsumerId
  readonly bank: BankAccount
  readonly bankName: string | null
  readonly metadata: Metadata | null
}

/**
 * Checks a deposit account's description. Refuses `account.unknown_holder`, `.holder_disabled`, `.invalid_bank_account`,
 * `.metadata_too_large`.
 */
export async function checkNewBankAccount(ctx: Ctx<Asking>, input: BankAccountInput): Promise<CheckedBankAccount> {
  const { bank, metadata } = input
  const holder = await findHolder(ctx, input.consumerId)
  const flaw = (member: string, rule: string) => refuse('account.invalid_bank_account', { member, rule })
  if (!/^\d{9}$/.test(bank.routingNumber)) throw flaw('ach.routing', 'must have exactly nine digits.')
  if (!isRoutingNumber(bank.routingNumber)) throw flaw('ach.routing', 'is no ABA number: its check digit is wrong.')
  if (!/^\d{1,17}$/.test(bank.accountNumber)) throw flaw('ach.number', 'must have 1 to 17 digits.')
  checkMetadata(metadata)
  const known = await bankOfRoutingNumber(ctx, bank.routingNumber)
  return { consumerId: holder.id, bank, bankName: known?.name ?? null, metadata }
}

/**
 * Adds the account, or finds the one that the holder has by these numbers: of requests at the same time one adds it.
 * `provenBy` is the session that proves it from the start. Refuses as the check, and `account.existing_disabled`.
 */
export async function addBankAccount(
  ctx: Ctx<Writing>,
  checked: CheckedBankAccount,
  provenBy: AccountVerificationSessionId | null,
): Promise<AddedAccount> {
  const { consumerId, bank, bankName, metadata } = checked
  await takeHolder(ctx, consumerId)
  const id = newId<AccountId>(ctx.chance)
  const numberMark = markOf(ctx, bank)
  const at = ctx.clock.stamp()
  const added = await store.addBankAccount(ctx, {
    id,
    consumerId,
    routingNumber: bank.routingNumber,
    bankName,
    type: bank.type,
    mask: bank.accountNumber.slice(-4),
    detailsSealed: sealDetails(ctx, id, { number: bank.accountNumber }),
    numberMark,
    verificationSessionId: provenBy,
    verifiedAt: provenBy === null ? null : at,
    metadata,
    createdAt: at,
  })
  return addedOrFound(ctx, added, { consumerId, numberMark })
}

/** A keyed hash by which the holder's account is found again without opening any. */
function markOf(ctx: Ctx<'team' | 'vault'>, { routingNumber, accountNumber, type }: BankAccount): string {
  return ctx.vault.fingerprint(ctx.team, `ach:${routingNumber}:${accountNumber}:${type}`)
}
