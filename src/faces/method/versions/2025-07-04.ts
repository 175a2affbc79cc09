import type { Steps, Wire } from './versions.js'

/** From 2025-12-01 down. */
export const steps: Steps = {
  // Consent and the further account types arrived with 2025-12-01, and with them members of the other variants as nulls.
  account: [
    ({ consent_status, clearing, debit_card, ...rest }) => rest,
    (wire) => (wire.sensitive === null ? without(wire, 'sensitive') : wire),
    (wire) => (wire.type === 'liability' ? without(wire, 'ach') : without(wire, 'liability')),
  ],
  verification_session: [({ expired_at, ...rest }) => rest],
}

function without(wire: Wire, key: string): Wire {
  const { [key]: _, ...rest } = wire
  return rest
}
