import type { Steps, Wire } from './versions.js'

/** From 2025-12-01 down. */
export const steps: Steps = {
  // Consent and the further account types arrived with 2025-12-01, and with them members of the other variants as nulls.
  account: [
    ({ consent_status, clearing, debit_card, ...rest }) => rest,
    (wire) => (wire.sensitive === null ? without(wire, 'sensitive') : wire),
    // What consent was withdrawn from shows its own variant already.
    (wire) => {
      if (wire.type === null) return wire
      return wire.type === 'liability' ? without(wire, 'ach') : withoutAll(wire, OF_LIABILITIES)
    },
  ],
  // Identities showed the SSN in clear and called the ZIP code `postal_code`.
  identity: [
    ({ clear, ...wire }) => ({
      ...wire,
      identities: wire.identities.map((entry: Wire, index: number) => ({
        ...entry,
        ssn: clear[index],
        address: entry.address && withPostalCode(entry.address),
      })),
    }),
  ],
  verification_session: [
    ({ expired_at, ...rest }) => rest,
    // 19002 was called after the failure.
    (wire) => {
      if (wire.error?.code !== 19002) return wire
      return { ...wire, error: { ...wire.error, sub_type: 'VERIFICATION_SESSION_FAILED_INCORRECT_SMS_CODE' } }
    },
  ],
}

// Only liabilities had data and subscriptions.
const OF_LIABILITIES = [
  'liability',
  'balance',
  'update',
  'card_brand',
  'payoff',
  'attribute',
  'payment_instrument',
  'subscriptions',
  'available_subscriptions',
  'restricted_subscriptions',
]

function withoutAll(wire: Wire, keys: readonly string[]): Wire {
  return keys.reduce(without, wire)
}

function without(wire: Wire, key: string): Wire {
  const { [key]: _, ...rest } = wire
  return rest
}

function withPostalCode({ zip, ...address }: Wire): Wire {
  return { ...address, postal_code: zip }
}
