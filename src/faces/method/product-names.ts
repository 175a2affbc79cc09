/** Names of products that only some versions know. Contract: method/accounts §10, entities §8. */
import { isSince, type Version } from './versions/versions.js'

export const INBOUND_INSTRUMENT = 'payment_instrument.inbound_achwire_payment'
/** The kinds of payment instrument, products of their own from 2025-12-01 on. */
export const PAYMENT_INSTRUMENTS: readonly string[] = [
  'payment_instrument.card',
  'payment_instrument.network_token',
  INBOUND_INSTRUMENT,
]

/** False for a product that came with a later version. */
export function isKnownProduct(version: Version, name: string): boolean {
  return isSince(version, '2024-04-04-late') || !LATE_PRODUCTS.includes(name)
}

const LATE_PRODUCTS = ['vehicle', 'manual_connect', 'payment_instrument']
