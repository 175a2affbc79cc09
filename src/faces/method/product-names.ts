/** Names of products that only some versions know. Contract: method/accounts §10, entities §8. */
import { isSince, type Version, type Wire } from './versions/versions.js'

export const INBOUND_INSTRUMENT = 'payment_instrument.inbound_achwire_payment'
/** The kinds of payment instrument, products of their own from 2025-12-01 on. */
export const PAYMENT_INSTRUMENTS: readonly string[] = [
  'payment_instrument.card',
  'payment_instrument.network_token',
  INBOUND_INSTRUMENT,
]

/** False for a product that the version's map does not show; `owner` is the path of whose it is. */
export function isKnownProduct(version: Version, { name, owner }: Wire): boolean {
  // Three products there, which one event cannot name.
  if (isSince(version, '2025-12-01')) return name !== 'payment_instrument'
  if (isSince(version, '2024-04-04-late')) return true
  return !LATE_PRODUCTS.includes(name) && !(name === 'attribute' && owner.startsWith('accounts/'))
}

const LATE_PRODUCTS = ['vehicle', 'manual_connect', 'payment_instrument']
