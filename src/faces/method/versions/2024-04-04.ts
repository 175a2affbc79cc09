import { deriveId } from '../../../core/ids.js'
import { spellId } from '../ids.js'
import { MERCHANT_NAMES, renamed } from './2024-04-04-late.js'
import { restored, type Steps, type Wire } from './versions.js'

/** From the late shape of 2024-04-04 down to the early one. */
export const steps: Steps = {
  entity: [
    // Vehicles came with the late shape.
    ({ vehicle, ...rest }) => rest,
    // The Opal page came with the late shape.
    (wire) => {
      if (!wire.verification) return wire
      const { identity, phone } = wire.verification
      return { ...wire, verification: { identity: withoutOpal(identity), phone: withoutOpal(phone) } }
    },
    // So did these products, and subscriptions to attributes. A company has none of either.
    (wire) =>
      wire.products === undefined
        ? wire
        : {
            ...wire,
            products: only(wire.products, ENTITY_PRODUCTS),
            restricted_products: only(wire.restricted_products, ENTITY_PRODUCTS),
            available_subscriptions: only(wire.available_subscriptions, ENTITY_SUBSCRIPTIONS),
            restricted_subscriptions: only(wire.restricted_subscriptions, ENTITY_SUBSCRIPTIONS),
          },
  ],
  entity_product: [
    ({ latest_successful_request_id, ...rest }) => rest,
    // Only later could attributes be subscribed to.
    (wire) => (wire.name === 'attribute' ? { ...wire, is_subscribable: false } : wire),
  ],
  account: [
    ({ attribute, payment_instrument, ...rest }) => rest,
    // The early shape called a described card after its product again [N113].
    (wire) => renamed(wire, PRODUCT_NAMES),
    // Pointers stood only on the types that can have the product.
    (wire) =>
      wire.type === 'liability' && wire.liability?.type !== 'credit_card' ? without(wire, 'card_brand') : wire,
    (wire) =>
      wire.type === 'liability' && !['auto_loan', 'mortgage'].includes(wire.liability?.type)
        ? without(wire, 'payoff')
        : wire,
    (wire) => ({
      ...wire,
      products: only(wire.products, ACCOUNT_PRODUCTS),
      restricted_products: only(wire.restricted_products, ACCOUNT_PRODUCTS),
    }),
    // `transaction` was called `transactions`.
    (wire) =>
      wire.available_subscriptions === undefined
        ? wire
        : {
            ...wire,
            subscriptions: subscriptionNames(wire.subscriptions),
            available_subscriptions: subscriptionNames(wire.available_subscriptions),
            restricted_subscriptions: subscriptionNames(wire.restricted_subscriptions),
          },
  ],
  account_product: [
    ({ latest_successful_request_id, ...rest }) => rest,
    (wire) => (wire.name === 'transaction' ? { ...wire, name: EARLY_TRANSACTIONS } : wire),
    (wire) => (wire.name === 'card_brand' ? { ...wire, is_subscribable: false } : wire),
  ],
  // Six figures, without metadata, whatever was asked for.
  attribute: [
    (wire) => ({
      ...wire,
      attributes:
        wire.attributes &&
        Object.fromEntries(
          CREDIT_HEALTH.filter((name) => name in wire.attributes).map((name) => {
            const { metadata, ...figure } = wire.attributes[name]
            return [name, figure]
          }),
        ),
    }),
  ],
  subscription: [
    // Subscriptions had no payload.
    ({ payload, ...rest }) => rest,
    (wire) => (wire.name === 'transaction' ? { ...wire, name: EARLY_TRANSACTIONS } : wire),
  ],
  transaction: [earlyTransaction],
  connect: [
    ({ requested_products, requested_subscriptions, ...rest }) => rest,
    // A file without debts, or a frozen one, was a result without accounts.
    (wire) =>
      wire.error?.type === 'CONNECT_FAILED' ? { ...wire, status: 'completed', accounts: [], error: null } : wire,
  ],
  payment: [
    ({ destination_payment_method, ...rest }) => rest,
    // What follows `sent` came with the late shape; only a reversal ended in `settled` before.
    (wire) => (wire.status === 'settled' && wire.reversal_id !== null ? wire : { ...wire, ...endedInSent(wire) }),
    (wire) =>
      wire.fund_status === undefined
        ? wire
        : { ...wire, fund_status: EARLY_FUNDS[wire.fund_status] ?? wire.fund_status },
  ],
  // Where a brand came from was not said, and its id was made of its own letters.
  card_brand: [
    ({ source, ...rest }) => rest,
    (wire) => ({
      ...wire,
      brands: wire.brands.map((brand: Wire) => ({ ...brand, id: spellId('brand', deriveId(brand.id, 'brand')) })),
    }),
  ],
  update: [({ data_as_of, ...rest }) => rest],
  // Webhooks had no visible state.
  webhook: [({ status, error, ...rest }) => rest],
}

/** What was later called `transaction`, as a subscription and as a member of an account. */
export const EARLY_TRANSACTIONS = 'transactions'

/**
 * A transaction was told as the card network words it: another set of statuses, the merchant with its acquirer's names, and
 * no word of when it was posted.
 */
function earlyTransaction(newer: Wire): Wire {
  const wire = restored(newer)
  return {
    id: wire.id,
    account_id: wire.account_id,
    merchant: wire.merchant,
    network: wire.network,
    network_data: null,
    amount: wire.transaction_amount,
    currency: wire.transaction_currency_code,
    billing_amount: wire.amount,
    billing_currency: wire.currency_code,
    status: wire.kind === 'refund' ? 'refund' : (EARLY_STATUSES[wire.status] ?? 'unknown'),
    error: null,
    created_at: wire.created_at,
    updated_at: wire.updated_at,
  }
}

const EARLY_STATUSES: Readonly<Record<string, string>> = { pending: 'auth', posted: 'cleared' }

const EARLY_FUNDS: Readonly<Record<string, string>> = { posted: 'sent', cashed: 'sent' }
const AFTER_SENT = ['posted', 'settled', 'cashed']

function endedInSent({ status, destination_status }: Wire): Wire {
  const early = (word: string) => (AFTER_SENT.includes(word) ? 'sent' : word)
  return { status: early(status), destination_status: early(destination_status) }
}

/** The products of the early shape, for maps that are keyed by name. */
export const ENTITY_PRODUCTS = ['connect', 'credit_score', 'identity', 'attribute']
const CREDIT_HEALTH = [
  'credit_health_credit_card_usage',
  'credit_health_derogatory_marks',
  'credit_health_hard_inquiries',
  'credit_health_total_accounts',
  'credit_health_credit_age',
  'credit_health_payment_history',
]
const ENTITY_SUBSCRIPTIONS = ['connect', 'credit_score']
const ACCOUNT_PRODUCTS = ['balance', 'card_brand', 'update', 'payoff', 'payment', 'sensitive']
const ACCOUNT_SUBSCRIPTIONS = ['transaction', 'update', 'update.snapshot']

function withoutOpal(channel: Wire): Wire {
  return { ...channel, methods: channel.methods.filter((method: string) => method !== 'opal') }
}

function only(names: readonly string[], known: readonly string[]): readonly string[] {
  return names.filter((name) => known.includes(name))
}

function subscriptionNames(names: readonly string[]): readonly string[] {
  return only(names, ACCOUNT_SUBSCRIPTIONS).map((name) => (name === 'transaction' ? EARLY_TRANSACTIONS : name))
}

function without(wire: Wire, key: string): Wire {
  const { [key]: _, ...rest } = wire
  return rest
}

const PRODUCT_NAMES = Object.fromEntries(
  Object.entries(MERCHANT_NAMES).map(([product, merchant]) => [merchant, product]),
)
