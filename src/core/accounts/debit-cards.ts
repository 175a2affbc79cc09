/** Debit cards that a caller describes: money is moved by the card, at the deposit account behind it. Contract: method/accounts §1.5.2. */
import type { CardCheck, CardNetwork } from '../../network/port.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { type AccountId, type ConsumerId, newId } from '../ids.js'
import type { Metadata } from '../metadata.js'
import { handlesDebtNumbers } from '../teams/teams.js'
import { type AddedAccount, addedOrFound } from './added.js'
import { isLuhnNumber } from './card-number.js'
import type { CardDetails } from './debts.js'
import * as store from './described-store.js'
import { type AccountDetails, sealDetails } from './details.js'
import { refuse } from './errors.js'
import { checkMetadata, findHolder, takeHolder } from './holder.js'

export interface DebitCardInput {
  readonly consumerId: string
  readonly number: string
  readonly card: CardDetails
  readonly metadata: Metadata | null
}

/** A card that its issuer knows. */
interface CheckedDebitCard {
  readonly consumerId: ConsumerId
  readonly network: CardNetwork
  readonly details: AccountDetails & { readonly number: string }
  readonly metadata: Metadata | null
}

/**
 * Holds the card against what its issuer says. Refuses `account.debts_not_allowed`, `.unknown_holder`, `.holder_disabled`,
 * `.invalid_number`, `.metadata_too_large`, `.network_unreachable`, and `.invalid_details` where the issuer says no.
 */
export async function checkNewDebitCard(ctx: Ctx<Asking>, input: DebitCardInput): Promise<CheckedDebitCard> {
  const { number, card, metadata } = input
  if (!handlesDebtNumbers(ctx.team)) throw refuse('account.debts_not_allowed')
  const holder = await findHolder(ctx, input.consumerId)
  if (!isNumber(ctx, number)) throw refuse('account.invalid_number')
  checkMetadata(metadata)
  const { expMonth = null, expYear = null, cvv = null, billingZip = null } = card
  const claim = { number, expMonth, expYear, cvv, billingZip }
  const answer = await ctx.network.debitCard({ realm: ctx.team.id, at: ctx.clock.now() }, claim)
  if (!answer.ok)
    throw refuse(answer.reason === 'unreachable' ? 'account.network_unreachable' : 'account.invalid_details')
  if (isRefused(answer.value.check)) throw refuse('account.invalid_details')
  return { consumerId: holder.id, network: answer.value.network, details: { number, ...card }, metadata }
}

/**
 * Adds the card, which may be paid to and from at once, or finds the one that the holder has by its number. Refuses
 * `account.unknown_holder`, `.holder_disabled`, `.existing_disabled`.
 */
export async function addDebitCard(ctx: Ctx<Writing>, checked: CheckedDebitCard): Promise<AddedAccount> {
  const { consumerId, network, details, metadata } = checked
  await takeHolder(ctx, consumerId)
  const id = newId<AccountId>(ctx.chance)
  const numberMark = ctx.vault.fingerprint(ctx.team, `debit_card:${details.number}`)
  const added = await store.addDebitCard(ctx, {
    id,
    consumerId,
    cardNetwork: network,
    mask: details.number.slice(-4),
    detailsSealed: sealDetails(ctx, id, details),
    numberMark,
    metadata,
    createdAt: ctx.clock.stamp(),
  })
  return addedOrFound(ctx, added, { consumerId, numberMark })
}

/** In development every number of the right length will do. */
function isNumber({ team }: Ctx<'team'>, number: string): boolean {
  return /^\d{15,16}$/.test(number) && (team.environment === 'development' || isLuhnNumber(number))
}

function isRefused({ number, expiry, cvv, billingZip }: CardCheck): boolean {
  return [number, expiry, cvv, billingZip].includes('fail')
}
