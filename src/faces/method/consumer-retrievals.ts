/** Entity products that are retrieved on request. Contract: method/entities §4–§7. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { type CreditHealthName, consumerProducts } from '../../core/products/products.js'
import { readCreditHealthName } from './credit-health.js'
import { retrievalResource } from './retrieval-resource.js'
import { AnyObject, nullable, oneOf, ResourceError, Text, Timestamp } from './schema.js'
import { isSince, type Version } from './versions/versions.js'

const head = { id: Text, entity_id: Text, status: oneOf(['pending', 'in_progress', 'completed', 'failed']) }
const end = { error: ResourceError, created_at: Timestamp, updated_at: Timestamp }

const Factor = Type.Object({ code: Text, description: Text })
const Score = Type.Object({
  score: Type.Integer(),
  source: oneOf(['equifax', 'experian', 'transunion']),
  model: oneOf(['vantage_4', 'vantage_3']),
  factors: Type.Array(Factor),
  created_at: Timestamp,
})
export const CreditScoreWire = Type.Object({ ...head, scores: nullable(Type.Array(Score)), ...end })

const IdentityEntry = Type.Object({
  first_name: nullable(Text),
  last_name: nullable(Text),
  phone: nullable(Text),
  dob: nullable(Text),
  ssn: nullable(Text),
  address: nullable(
    Type.Object({
      address: nullable(Text),
      city: nullable(Text),
      state: nullable(Text),
      postal_code: Type.Optional(nullable(Text)),
      zip: Type.Optional(nullable(Text)),
    }),
  ),
})
const IdentityWire = Type.Object({ ...head, identities: Type.Array(IdentityEntry), ...end })

const AttributesWire = Type.Object({ ...head, attributes: nullable(AnyObject), ...end })

const VehicleEntry = Type.Object({
  vin: nullable(Text),
  year: nullable(Text),
  make: nullable(Text),
  model: nullable(Text),
  series: nullable(Text),
  major_color: nullable(Text),
  style: nullable(Text),
})
const VehiclesWire = Type.Object({ ...head, vehicles: nullable(Type.Array(VehicleEntry)), ...end })

const AttributesBody = Type.Object({ attributes: Type.Optional(nullable(Type.Array(Text, { maxItems: 50 }))) })

export function consumerRetrievalRoutes(app: FastifyInstance): void {
  retrievalResource(app, consumerProducts.credit_score, {
    path: 'credit_scores',
    kind: 'credit_score',
    noun: 'credit score',
    reply: CreditScoreWire,
  })
  retrievalResource(app, consumerProducts.identity, {
    path: 'identities',
    kind: 'identity',
    noun: 'look-up of identities',
    reply: IdentityWire,
    resource: 'identity',
  })
  retrievalResource(app, consumerProducts.attribute, {
    path: 'attributes',
    kind: 'attribute',
    noun: 'set of attributes',
    reply: AttributesWire,
    resource: 'attribute',
    body: AttributesBody,
    detail: (body, version) => ({
      requested: requestedNames(body as { attributes?: readonly string[] | null }, version),
    }),
  })
  retrievalResource(app, consumerProducts.vehicle, {
    path: 'vehicles',
    kind: 'vehicle',
    noun: 'look-up of vehicles',
    reply: VehiclesWire,
  })
}

/** The names asked for, null for all; the early shape of 2024-04-04 had no choice. */
function requestedNames(
  body: { attributes?: readonly string[] | null },
  version: Version,
): readonly CreditHealthName[] | null {
  if (!body.attributes || !isSince(version, '2024-04-04-late')) return null
  return body.attributes.map((word) => readCreditHealthName(word, 'attributes'))
}
