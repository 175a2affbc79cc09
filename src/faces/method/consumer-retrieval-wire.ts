/** The wire objects of an entity's retrievals, in the newest shape. Contract: method/entities §4–§7. */
import type { IdentityRecord } from '../../core/institutions/institutions.js'
import type {
  AttributeDetail,
  AttributeResult,
  CreditScoreResult,
  Retrieval,
  VehicleResult,
} from '../../core/products/products.js'
import { type Named, spellId } from './ids.js'
import { tail } from './retrieval-wire.js'
import type { Wire } from './versions/versions.js'

function head(kind: Named, retrieval: Retrieval): Wire {
  return {
    id: spellId(kind, retrieval.id),
    entity_id: spellId('consumer', retrieval.ownerId),
    status: retrieval.status,
  }
}

export function creditScoreWire(retrieval: Retrieval): Wire {
  const result = retrieval.result as CreditScoreResult | null
  return {
    ...head('credit_score', retrieval),
    scores: result
      ? result.scores.map((score) => ({
          score: score.score,
          source: score.bureau,
          model: score.model,
          factors: score.factors,
          created_at: score.computedAt,
        }))
      : null,
    ...tail(retrieval),
  }
}

/** `clear` carries the SSNs for the versions that showed them; the newest shape drops it. */
export function identityWire(retrieval: Retrieval, records: readonly IdentityRecord[]): Wire {
  return {
    ...head('identity', retrieval),
    identities: records.map((record) => ({
      first_name: record.firstName,
      last_name: record.lastName,
      phone: record.phone,
      dob: record.dob,
      ssn: 'xxxxxxxxx',
      address: {
        address: [record.address.line1, record.address.line2].filter(Boolean).join(' ') || null,
        city: record.address.city,
        state: record.address.state,
        zip: record.address.zip,
      },
    })),
    clear: records.map((record) => record.ssn),
    ...tail(retrieval),
  }
}

export function attributeWire(retrieval: Retrieval): Wire {
  const { requested } = retrieval.detail as AttributeDetail
  const result = retrieval.result as AttributeResult | null
  const shown = Object.entries(result ?? {}).filter(
    ([name]) => !requested || requested.some((wanted) => wanted === name),
  )
  return {
    ...head('attribute', retrieval),
    attributes:
      result && Object.fromEntries(shown.map(([name, health]) => [`credit_health_${name}`, healthWire(name, health)])),
    ...tail(retrieval),
  }
}

function healthWire(
  name: string,
  { value, rating, inquiries, delinquentAccountIds }: AttributeResult[keyof AttributeResult],
): Wire {
  const history = inquiries?.map(({ institutionName, on }) => ({
    institution_name: institutionName,
    inquiry_date: on,
    ...(name === 'soft_inquiries' ? { institution_type: 'unknown' } : {}),
  }))
  const delinquent = delinquentAccountIds?.map((id) => spellId('account', id))
  return {
    value,
    rating,
    ...(history ? { metadata: { history } } : {}),
    ...(delinquent ? { metadata: { delinquent_account_ids: delinquent } } : {}),
  }
}

export function vehicleWire(retrieval: Retrieval): Wire {
  const result = retrieval.result as VehicleResult | null
  return {
    ...head('vehicle', retrieval),
    vehicles: result
      ? result.vehicles.map((vehicle) => ({
          vin: vehicle.vin,
          year: String(vehicle.year),
          make: vehicle.make,
          model: vehicle.model,
          series: vehicle.series,
          major_color: vehicle.majorColor,
          style: vehicle.style,
        }))
      : null,
    ...tail(retrieval),
  }
}
