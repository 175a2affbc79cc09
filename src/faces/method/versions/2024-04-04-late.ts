import type { Steps } from './versions.js'

/** From 2025-07-04 down to the late shape of 2024-04-04. */
export const steps: Steps = {
  // Sub-types of liabilities were added in October 2025.
  account: [
    (wire) => {
      if (!wire.liability) return wire
      const { sub_type, ...liability } = wire.liability
      return { ...wire, liability }
    },
  ],
}
