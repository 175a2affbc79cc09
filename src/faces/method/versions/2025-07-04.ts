import { accountErrors } from '../resource-errors.js'
import { restored, type Steps, type Wire } from './versions.js'

/** From 2025-12-01 down. */
export const steps: Steps = {
  // Consent and the further account types arrived with 2025-12-01, and with them members of the other variants as nulls. An
  // account of such a type is told of all the same, like a bank account.
  account: [
    ({ consent_status, ...rest }) => rest,
    // What consent was withdrawn from shows its own variant already.
    (wire) =>
      wire.type === null
        ? wire
        : withoutAll(
            wire,
            OTHER_VARIANTS.filter((type) => type !== wire.type),
          ),
    // It stood there only when asked for.
    ({ sensitive, ...rest }) => restored(rest),
    // Payment instruments were one product.
    (wire) => ({
      ...wire,
      products: oneInstrument(wire.products),
      restricted_products: oneInstrument(wire.restricted_products),
    }),
    (wire) => (wire.type === null || wire.type === 'liability' ? wire : withoutAll(wire, OF_LIABILITIES)),
    // What is no more than unusable was called wrong. Contract: method/payments §1.6
    (wire) =>
      wire.error?.code === accountErrors.invalid_state.code ? { ...wire, error: accountErrors.invalid_details } : wire,
  ],
  // Which card it is stood in its brands only, without a tier; what was not complete was on its way.
  card_brand: [
    ({ network, issuer, last4, ...rest }) => rest,
    (wire) => (wire.status === 'pending' ? { ...wire, status: 'in_progress' } : wire),
    (wire) => ({ ...wire, brands: wire.brands.map(({ network_tier, ...brand }: Wire) => brand) }),
  ],
  card_product: [
    ({ network, ...rest }) => rest,
    (wire) => ({ ...wire, brands: wire.brands.map(({ network_tier, ...brand }: Wire) => brand) }),
  ],
  sensitive: [
    ({ fields, ...rest }) => rest,
    // The failure was called without its resource.
    (wire) => (wire.error ? { ...wire, error: SENSITIVE_FAILED } : wire),
  ],
  payment: [
    ({ reversal_account, payment_instrument, ...rest }) => rest,
    // How it was pushed stood there only once it was.
    (wire) => (wire.destination_payment_method === null ? without(wire, 'destination_payment_method') : wire),
    // Where the money is was told only where a payment is retrieved.
    ({ fund_status, ...rest }) => restored(rest),
  ],
  payment_reversal: [({ fee, ...rest }) => rest],
  // Where it will be was told before it was there.
  report: [restored],
  payment_instrument: [({ inbound_achwire_payment, ...rest }) => rest],
  // What was requested of a product stood with it.
  account_product: [({ capabilities, reportable, ...rest }) => restored(rest)],
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
  // Student loans told how long they run, and their rates only draw by draw.
  update: [
    (wire) => {
      if (!wire.student_loans) return wire
      const { interest_rate_type, interest_rate_percentage, interest_rate_source, ...rest } = wire.student_loans
      return { ...wire, student_loans: restored(rest) }
    },
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

function oneInstrument(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => (name.startsWith('payment_instrument.') ? 'payment_instrument' : name)))]
}

const SENSITIVE_FAILED = {
  type: 'SENSITIVE_FAILED',
  code: 17001,
  sub_type: 'SENSITIVE_FAILED_VERIFICATION_REQUIRED',
  message: 'Sensitive failed due to missing required verification.',
}

const OTHER_VARIANTS = ['ach', 'clearing', 'debit_card']

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
