/** Debts that a caller describes by merchant and number. Contract: method/accounts §1.5. */
import type { LiabilityType, Tradeline } from '../../network/port.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { type AccountId, type ConsumerId, newId } from '../ids.js'
import { getMerchant, type Merchant } from '../institutions/institutions.js'
import type { Metadata } from '../metadata.js'
import { Refusal } from '../refuse.js'
import { handlesDebtNumbers } from '../teams/teams.js'
import type { Account } from './accounts.js'
import { type AddedAccount, addedOrFound } from './added.js'
import { isLuhnNumber } from './card-number.js'
import * as store from './described-store.js'
import { type AccountDetails, sealDetails } from './details.js'
import { refuse } from './errors.js'
import { checkMetadata, findHolder, takeHolder } from './holder.js'

/** What of a card stands beside its number. */
export type CardDetails = Pick<AccountDetails, 'expMonth' | 'expYear' | 'cvv' | 'billingZip'>

export interface DebtInput {
  readonly consumerId: string
  /** Null for text that is no merchant's id. */
  readonly merchantNumber: number | null
  /** Null when none, or more than one, was given. */
  readonly accountNumber: string | null
  readonly card: CardDetails | null
  readonly metadata: Metadata | null
}

/** A debt that may be added, with what the network tells of it. */
export interface CheckedDebt {
  readonly consumerId: ConsumerId
  readonly merchant: Merchant
  readonly details: AccountDetails & { readonly number: string }
  /** Null when nobody outside tells of it. */
  readonly tradeline: Tradeline | null
  readonly metadata: Metadata | null
}

/**
 * Checks a debt's description and asks the network for it. Refuses `account.debts_not_allowed`, `.unknown_holder`,
 * `.holder_disabled`, `.unknown_merchant`, `.invalid_number`, `.invalid_details`, `.metadata_too_large`,
 * `.network_unreachable`.
 */
export async function checkNewDebt(ctx: Ctx<Asking>, input: DebtInput): Promise<CheckedDebt> {
  const { accountNumber: number, card, metadata } = input
  if (!handlesDebtNumbers(ctx.team)) throw refuse('account.debts_not_allowed')
  const holder = await findHolder(ctx, input.consumerId)
  const merchant = await findMerchant(ctx, input.merchantNumber)
  if (number === null || !isNumberOf(ctx, merchant.type, number)) throw refuse('account.invalid_number')
  if (card && merchant.type !== 'credit_card') throw refuse('account.invalid_details')
  checkMetadata(metadata)
  const found = await ctx.network.locateDebt(
    { realm: ctx.team.id, at: ctx.clock.now() },
    { consumerRef: holder.id, personRef: holder.personRef, merchantNumber: merchant.number, accountNumber: number },
  )
  if (!found.ok && found.reason === 'unreachable') throw refuse('account.network_unreachable')
  return {
    consumerId: holder.id,
    merchant,
    details: { number, ...card },
    tradeline: found.ok ? found.value : null,
    metadata,
  }
}

/**
 * Adds the account, or finds the one that the holder has of this debt, a connect's as well. Without a tradeline it can be
 * paid, and tells nothing. Refuses as the check, and `account.existing_disabled`.
 */
export async function addDebt(ctx: Ctx<Writing>, checked: CheckedDebt): Promise<AddedAccount> {
  const { consumerId, merchant, details, tradeline, metadata } = checked
  await takeHolder(ctx, consumerId)
  const id = newId<AccountId>(ctx.chance)
  const numberMark = debtMarkOf(ctx, merchant.number, details.number)
  const networkRef = tradeline?.accountRef ?? null
  const added = await store.addDebt(ctx, {
    id,
    consumerId,
    status: tradeline?.isClosed ? 'closed' : 'active',
    networkRef,
    merchantNumber: merchant.number,
    liabilityType: tradeline?.type ?? merchant.type,
    liabilitySubType: tradeline?.snapshot.subType ?? null,
    name: tradeline?.name ?? merchant.name,
    mask: details.number.slice(-4),
    cardNetwork: tradeline?.cardNetwork ?? null,
    reportsDirectly: tradeline?.reportsDirectly ?? false,
    detailsSealed: sealDetails(ctx, id, details),
    numberMark,
    metadata,
    createdAt: ctx.clock.stamp(),
  })
  return addedOrFound(ctx, added, { consumerId, numberMark, networkRef })
}

/**
 * Ties accounts that the caller described, and nobody outside told of, to debts that the network has found meanwhile; returns
 * them before and after. The caller records the events.
 */
export function adoptDebts(
  ctx: Ctx<'tx' | 'team' | 'clock' | 'vault'>,
  consumerId: ConsumerId,
  tradelines: readonly Tradeline[],
): Promise<readonly { readonly before: Account; readonly after: Account }[]> {
  if (tradelines.length === 0) return Promise.resolve([])
  return store.adoptDebts(
    ctx,
    consumerId,
    tradelines.map((tradeline) => ({
      numberMark: debtMarkOf(ctx, tradeline.merchantNumber, tradeline.accountNumber),
      networkRef: tradeline.accountRef,
      subType: tradeline.snapshot.subType,
      name: tradeline.name,
      cardNetwork: tradeline.cardNetwork,
      reportsDirectly: tradeline.reportsDirectly,
    })),
    ctx.clock.stamp(),
  )
}

/** Finds a debt that was described again, without opening any number. */
export function debtMarkOf(ctx: Ctx<'team' | 'vault'>, merchantNumber: number, accountNumber: string): string {
  return ctx.vault.fingerprint(ctx.team, `debt:${merchantNumber}:${accountNumber}`)
}

/** Whether a debt of the type can have the number. In development every card number will do. */
export function isNumberOf({ team }: Ctx<'team'>, type: LiabilityType, number: string): boolean {
  if (!/^[A-Za-z0-9]{1,32}$/.test(number)) return false
  return type !== 'credit_card' || team.environment === 'development' || isLuhnNumber(number)
}

async function findMerchant(ctx: Ctx<'db'>, number: number | null): Promise<Merchant> {
  try {
    return await getMerchant(ctx, number)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'merchant.not_found') throw refuse('account.unknown_merchant')
    throw error
  }
}
