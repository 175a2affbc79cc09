/** What stands in for an account where money is charged or sent: a card network's token, and an account to pay into. */
import type { WorldDirectory } from '../directory.js'
import type { Town } from '../people.js'
import type { HeldDebt } from '../store.js'
import { cardNetworkOf } from '../tradelines.js'

/** A number like a card's that is no card's; null for what is no card. */
export function tokenOf({ secrets }: Pick<Town, 'secrets'>, debt: HeldDebt): { readonly token: string } | null {
  const cardNetwork = cardNetworkOf(debt)
  if (!cardNetwork) return null
  return { token: secrets.inventedAccountNumber(`${debt.ref}/token`, { cardNetwork, pattern: null }) }
}

// JPMorgan Chase, New York: holds the accounts of lenders who take no deposits themselves.
const CUSTODIAN_ROUTING_NUMBER = '021000021'
const INBOUND_PATTERN = '9###########'

/** An account at the lender's own bank, or at a custodian. */
export function inboundAccountOf(
  { secrets }: Pick<Town, 'secrets'>,
  debt: HeldDebt,
  directory: WorldDirectory,
): { readonly routingNumber: string; readonly number: string } {
  const slug = directory.merchant(debt.merchantNumber)?.institutionSlug
  const lender = directory.directory.institutions.find((institution) => institution.slug === slug)
  return {
    routingNumber: lender?.routingNumbers[0] ?? CUSTODIAN_ROUTING_NUMBER,
    number: secrets.inventedAccountNumber(`${debt.ref}/inbound`, { cardNetwork: null, pattern: INBOUND_PATTERN }),
  }
}
