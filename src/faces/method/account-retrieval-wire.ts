/** The wire objects of an account's smaller retrievals, in the newest shape. Contract: method/accounts §2–§5, §8. */
import type { CardBrand } from '../../core/institutions/institutions.js'
import type {
  AccountAttributeResult,
  CardBrandDetail,
  CardBrandResult,
  InstrumentDetail,
  InstrumentResult,
  InstrumentValues,
  Retrieval,
  SensitiveDetail,
  SensitiveField,
  SensitiveValues,
} from '../../core/products/products.js'
import { spellBrandId, spellId } from './ids.js'
import { tail } from './retrieval-wire.js'
import { type Wire, withFormer } from './versions/versions.js'

export function balanceWire(balance: Retrieval): Wire {
  const result = balance.result as { readonly amountCents: number } | null
  return {
    id: spellId('balance', balance.id),
    account_id: spellId('account', balance.ownerId),
    status: balance.status,
    amount: result?.amountCents ?? null,
    ...tail(balance),
  }
}

export function payoffWire(payoff: Retrieval): Wire {
  const quote = payoff.result as { amountCents: number; validDays: number; perDiemCents: number | null } | null
  return {
    id: spellId('payoff', payoff.id),
    account_id: spellId('account', payoff.ownerId),
    status: payoff.status,
    amount: quote?.amountCents ?? null,
    term: quote?.validDays ?? null,
    per_diem_amount: quote?.perDiemCents ?? null,
    ...tail(payoff),
  }
}

/** `publicUrl`: where this face shows the images that are published nowhere else. */
export function cardBrandWire(retrieval: Retrieval, publicUrl: string): Wire {
  const detail = retrieval.detail as CardBrandDetail
  const result = retrieval.result as CardBrandResult | null
  const card = {
    network: result?.network ?? detail.network,
    issuer: result?.issuerName ?? detail.issuerName ?? null,
    last4: result?.lastFour ?? detail.lastFour,
  }
  const wire = {
    id: spellId('card_brand', retrieval.id),
    account_id: spellId('account', retrieval.ownerId),
    ...card,
    brands: (result?.brands ?? []).map((brand) => brandWire(brand, publicUrl)),
    status: retrieval.status === 'in_progress' ? 'pending' : retrieval.status,
    shared: result ? !result.isExact : false,
    source: result ? 'network' : null,
    ...tail(retrieval),
  }
  return withFormer(wire, card)
}

function brandWire(brand: CardBrand, publicUrl: string): Wire {
  const id = spellBrandId(brand.productNumber, brand.number)
  return {
    id,
    card_product_id: spellId('card_product', brand.productNumber),
    description: brand.description,
    name: brand.name,
    issuer: brand.issuerName,
    network: brand.network,
    network_tier: null,
    type: brand.kind,
    url: cardArtUrl(brand, publicUrl),
  }
}

export function cardArtUrl(brand: CardBrand, publicUrl: string): string {
  return brand.imageUrl ?? `${publicUrl}/images/card_brands/${spellBrandId(brand.productNumber, brand.number)}.svg`
}

const fieldWords = {
  number: 'number',
  billingZip: 'billing_zip_code',
  expMonth: 'exp_month',
  expYear: 'exp_year',
  cvv: 'cvv',
} as const satisfies Record<SensitiveField, string>

/** `expand` names, such as `credit_card.exp_month`, of a field. */
export function spellField(type: string, field: SensitiveField): string {
  return `${type}.${fieldWords[field]}`
}

/** With the values that the reader may see in clear; webhooks show none. */
export function sensitiveWire(retrieval: Retrieval, values: SensitiveValues): Wire {
  const { liabilityType, fields } = retrieval.detail as SensitiveDetail
  const isCard = liabilityType === 'credit_card'
  const shown = (Object.keys(fieldWords) as SensitiveField[]).filter((field) => isCard || field === 'number')
  return {
    id: spellId('sensitive', retrieval.id),
    account_id: spellId('account', retrieval.ownerId),
    type: liabilityType,
    [liabilityType]: Object.fromEntries(shown.map((field) => [fieldWords[field], values[field] ?? null])),
    fields: fields.map((field) => ({ name: spellField(liabilityType, field), value: values[field] ?? null })),
    status: retrieval.status,
    ...tail(retrieval),
  }
}

/** With what it is made of, where the reader may see that. */
export function paymentInstrumentWire(retrieval: Retrieval, values: InstrumentValues): Wire {
  const { type } = retrieval.detail as InstrumentDetail
  const result = retrieval.result as InstrumentResult | null
  const only = (wanted: InstrumentDetail['type'], members: Wire) => (result && type === wanted ? members : null)
  return {
    id: spellId('payment_instrument', retrieval.id),
    account_id: spellId('account', retrieval.ownerId),
    type,
    card: only('card', {
      number: values.number ?? null,
      exp_month: values.expMonth ?? null,
      exp_year: values.expYear ?? null,
      billing_zip_code: values.billingZip ?? null,
    }),
    network_token: only('network_token', { token: values.token ?? null }),
    inbound_achwire_payment: only('inbound_achwire_payment', {
      account_number: values.number ?? null,
      routing_number: values.routingNumber ?? null,
    }),
    chargeable: result?.isChargeable ?? false,
    status: retrieval.status,
    ...tail(retrieval),
  }
}

export function accountAttributeWire(retrieval: Retrieval): Wire {
  const health = retrieval.result as AccountAttributeResult | null
  return {
    id: spellId('account_attribute', retrieval.id),
    account_id: spellId('account', retrieval.ownerId),
    status: retrieval.status,
    attributes: health && {
      usage_pattern: { value: health.usagePattern },
      account_standing: { value: health.standing },
      delinquent_period: { value: health.delinquentDays },
      delinquent_outcome: { value: health.delinquentOutcome },
      delinquent_amount: { value: health.delinquentCents },
      utilization: { value: health.utilizationPercent },
    },
    ...tail(retrieval),
  }
}
