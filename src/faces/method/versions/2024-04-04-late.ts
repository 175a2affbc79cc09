import { deriveId } from '../../../core/ids.js'
import { spellId } from '../ids.js'
import { restored, type Steps, type Wire } from './versions.js'

/** From 2025-07-04 down to the late shape of 2024-04-04. */
export const steps: Steps = {
  // Sub-types of liabilities were added in October 2025.
  account: [
    (wire) => {
      if (!wire.liability) return wire
      const { sub_type, ...liability } = wire.liability
      return { ...wire, liability }
    },
    // A card that a caller described was called after the merchant here, not after its product [N126].
    (wire) => renamed(wire, MERCHANT_NAMES),
  ],
  // The card's own facts stood on the request, and a brand was little more than its image.
  card_brand: [
    restored,
    (wire) => ({
      ...wire,
      brands: wire.brands.map(({ id, name, url }: Wire) => ({
        id,
        name,
        url,
        art_id: spellId('card_art', deriveId(id, 'art')),
      })),
    }),
  ],
}

type Names = Readonly<Record<string, string>>

/** By product name: the merchant's. */
export const MERCHANT_NAMES: Names = { 'Chase Sapphire Reserve': 'Chase Credit Card' }

/** The account under its other name, if it is one that a caller described: only of those no ownership is known. */
export function renamed(wire: Wire, names: Names): Wire {
  const { liability } = wire
  const name = liability?.ownership === 'unknown' && liability.fingerprint === null ? names[liability.name] : undefined
  return name === undefined ? wire : { ...wire, liability: { ...liability, name } }
}
