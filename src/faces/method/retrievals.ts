/** Account products that are retrieved on request: each is its definition in the core plus the spelling here. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { CARD_NETWORKS, LIABILITY_TYPES } from '../../core/institutions/institutions.js'
import {
  accountProducts,
  SENSITIVE_TYPES,
  type SensitiveDetail,
  type SensitiveType,
} from '../../core/products/products.js'
import { spellField } from './account-retrieval-wire.js'
import { invalidRequest } from './invalid.js'
import { retrievalResource } from './retrieval-resource.js'
import { AnyObject, Cents, nullable, oneOf, ResourceError, Text, Timestamp } from './schema.js'
import { isSince } from './versions/versions.js'

const STATUSES = ['pending', 'in_progress', 'completed', 'failed'] as const

const BalanceWire = Type.Object({
  id: Text,
  account_id: Text,
  status: oneOf(STATUSES),
  amount: nullable(Cents),
  error: ResourceError,
  created_at: Timestamp,
  updated_at: Timestamp,
})

const end = { error: ResourceError, created_at: Timestamp, updated_at: Timestamp }

const PayoffWire = Type.Object({
  id: Text,
  account_id: Text,
  status: oneOf(STATUSES),
  amount: nullable(Cents),
  term: nullable(Type.Integer({ description: 'days that the quote holds' })),
  per_diem_amount: nullable(Cents),
  ...end,
})

/** What later versions left out, or only later ones have, is optional. */
const BrandEntry = Type.Object({
  id: Text,
  card_product_id: Type.Optional(Text),
  art_id: Type.Optional(Text),
  description: Type.Optional(Text),
  name: Text,
  issuer: Type.Optional(Text),
  network: Type.Optional(oneOf(CARD_NETWORKS)),
  network_tier: Type.Optional(nullable(Text)),
  type: Type.Optional(oneOf(['specific', 'generic', 'in_review'])),
  url: Text,
})
export const CardBrandWire = Type.Object({
  id: Text,
  account_id: Text,
  network: Type.Optional(nullable(oneOf(CARD_NETWORKS))),
  issuer: Type.Optional(nullable(Text)),
  last4: Type.Optional(nullable(Text)),
  brands: Type.Array(BrandEntry),
  status: oneOf(STATUSES),
  shared: Type.Boolean(),
  source: Type.Optional(nullable(oneOf(['method', 'network']))),
  ...end,
})

const NumberOnly = Type.Object({ number: nullable(Text) })
const SensitiveWire = Type.Object({
  id: Text,
  account_id: Text,
  type: oneOf(LIABILITY_TYPES),
  // Exactly the one that `type` names is there.
  credit_card: Type.Optional(
    Type.Object({
      number: nullable(Text),
      billing_zip_code: nullable(Text),
      exp_month: nullable(Text),
      exp_year: nullable(Text),
      cvv: nullable(Text),
    }),
  ),
  auto_loan: Type.Optional(NumberOnly),
  mortgage: Type.Optional(NumberOnly),
  personal_loan: Type.Optional(NumberOnly),
  collection: Type.Optional(NumberOnly),
  fields: Type.Optional(Type.Array(Type.Object({ name: Text, value: nullable(Text) }))),
  status: oneOf(['completed', 'failed', 'pending']),
  ...end,
})

const EXPANDABLE_FIELDS = Object.entries(SENSITIVE_TYPES).flatMap(([type, fields]) =>
  fields.map((field) => [spellField(type, field), { type: type as SensitiveType, field }] as const),
)
const SensitiveBody = Type.Object({
  expand: Type.Array(oneOf(EXPANDABLE_FIELDS.map(([name]) => name)), { minItems: 1, maxItems: 20 }),
})

const figure = Type.Object({ value: Type.Unsafe<string | number | null>({ type: ['string', 'number', 'null'] }) })
const AccountAttributesWire = Type.Object({
  id: Text,
  account_id: Text,
  status: oneOf(STATUSES),
  attributes: nullable(
    Type.Object({
      usage_pattern: figure,
      account_standing: figure,
      delinquent_period: figure,
      delinquent_outcome: figure,
      delinquent_amount: figure,
      utilization: figure,
    }),
  ),
  ...end,
})

const UpdateWire = Type.Object({
  id: Text,
  status: oneOf(STATUSES),
  account_id: Text,
  source: oneOf(['direct', 'snapshot']),
  type: oneOf(LIABILITY_TYPES),
  // Exactly the one that `type` names is there.
  ...Object.fromEntries(LIABILITY_TYPES.map((type) => [type, Type.Optional(AnyObject)])),
  data_as_of: Type.Optional(nullable(Timestamp)),
  error: ResourceError,
  created_at: Timestamp,
  updated_at: Timestamp,
})

export function accountRetrievalRoutes(app: FastifyInstance): void {
  retrievalResource(app, accountProducts.balance, {
    path: 'balances',
    kind: 'balance',
    reply: BalanceWire,
    noun: 'balance',
  })
  retrievalResource(app, accountProducts.update, {
    path: 'updates',
    kind: 'update',
    reply: UpdateWire,
    noun: 'update',
    resource: 'update',
  })
  retrievalResource(app, accountProducts.payoff, {
    path: 'payoffs',
    kind: 'payoff',
    reply: PayoffWire,
    noun: 'payoff',
  })
  retrievalResource(app, accountProducts.card_brand, {
    path: 'card_brands',
    kind: 'card_brand',
    reply: CardBrandWire,
    noun: 'card brand',
    resource: 'card_brand',
    // Contract: method/accounts §3.2, synchronous in the early shape only.
    isAnsweredLater: (version) => isSince(version, '2024-04-04-late'),
  })
  retrievalResource(app, accountProducts.sensitive, {
    path: 'sensitive',
    kind: 'sensitive',
    reply: SensitiveWire,
    noun: 'set of sensitive fields',
    resource: 'sensitive',
    body: SensitiveBody,
    detail: (body) => readFields((body as Static<typeof SensitiveBody>).expand),
  })
  retrievalResource(app, accountProducts.attribute, {
    path: 'attributes',
    kind: 'account_attribute',
    reply: AccountAttributesWire,
    noun: 'set of attributes',
  })
}

/** The fields of a request, which all belong to one liability type. */
function readFields(names: readonly string[]): Pick<SensitiveDetail, 'type' | 'fields'> {
  const wanted = EXPANDABLE_FIELDS.filter(([name]) => names.includes(name)).map(([, each]) => each)
  const [first] = wanted
  if (!first || wanted.some(({ type }) => type !== first.type)) {
    throw invalidRequest('expand', 'may only name fields of one liability type.')
  }
  return { type: first.type, fields: wanted.map(({ field }) => field) }
}
