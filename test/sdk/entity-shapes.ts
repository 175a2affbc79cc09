/** The exact shapes of entities and what is known of them, per release. Contract: method/dev-fixtures §3, §4. */
import { expect } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import type { Release } from '../setup/sdk.js'
import { id, instant, isEarly } from './visit.js'

/** An entity of which nothing is known yet. Lists whose order is free are not in it: compare those sorted. */
export function emptyEntity(release: Release): Wire {
  const opal = isEarly(release) ? [] : ['opal']
  return {
    id: id('ent'),
    type: 'individual',
    individual: { first_name: null, last_name: null, phone: null, dob: null, email: null, ssn: null, ssn_4: null },
    address: { line1: null, line2: null, city: null, state: null, zip: null },
    verification: {
      identity: {
        verified: false,
        matched: false,
        latest_verification_session: null,
        methods: ['element', ...opal, 'kba'],
      },
      phone: {
        verified: false,
        latest_verification_session: null,
        methods: ['element', ...opal, 'sna', 'sms', 'byo_sms'],
      },
    },
    connect: null,
    credit_score: null,
    attribute: null,
    ...(isEarly(release) ? {} : { vehicle: null }),
    products: [],
    restricted_products: expect.any(Array),
    subscriptions: [],
    available_subscriptions: [],
    restricted_subscriptions: expect.any(Array),
    status: 'incomplete',
    error: null,
    metadata: {},
    created_at: instant,
    updated_at: instant,
  }
}

export const entityProductNames = (release: Release) =>
  isEarly(release)
    ? ['connect', 'credit_score', 'identity', 'attribute']
    : ['connect', 'credit_score', 'identity', 'attribute', 'vehicle', 'manual_connect']

/** One entry of the products map of an entity; `latest` is what was last asked of it. */
export function entityProduct(release: Release, name: string, latest: string | null): Wire {
  const isRestricted = name === 'manual_connect'
  const subscribable = isEarly(release) ? ['connect', 'credit_score'] : ['connect', 'credit_score', 'attribute']
  return {
    ...(isEarly(release) ? { id: id('prd') } : { latest_successful_request_id: latest }),
    name,
    status: isRestricted ? 'restricted' : 'available',
    status_error: isRestricted ? expect.any(Object) : null,
    latest_request_id: latest,
    is_subscribable: subscribable.includes(name),
    created_at: instant,
    updated_at: instant,
  }
}

/** An enrolment that has just been made. */
export function entitySubscription(release: Release, name: string): Wire {
  return {
    id: id('sub'),
    name,
    status: 'active',
    ...(isEarly(release) ? {} : { payload: null }),
    latest_request_id: null,
    created_at: instant,
    updated_at: instant,
  }
}

// Contract: method/dev-fixtures §4.1.
const SCORE = {
  score: 734,
  source: 'equifax',
  model: 'vantage_4',
  factors: [
    { code: '00034', description: 'Total of all balances on bankcard or revolving accounts is too high' },
    { code: '00012', description: 'The date that you opened your oldest account is too recent' },
    { code: '00063', description: 'Lack of sufficient relevant real estate account information' },
    { code: '00016', description: 'The total of all balances on your open accounts is too high' },
  ],
  created_at: instant,
}

/** A credit score: asked for, and answered. */
export function creditScore(entityId: string, status: 'pending' | 'completed'): Wire {
  return {
    id: id('crs'),
    entity_id: entityId,
    status,
    scores: status === 'completed' ? [SCORE] : null,
    error: null,
    created_at: instant,
    updated_at: instant,
  }
}

/** The names of the early release, which its successors have too. */
export const CREDIT_HEALTH = [
  'credit_health_credit_card_usage',
  'credit_health_derogatory_marks',
  'credit_health_hard_inquiries',
  'credit_health_total_accounts',
  'credit_health_credit_age',
  'credit_health_payment_history',
]

/** A record with figures of those names, each without metadata. */
export function entityAttributes(entityId: string, named: object): Wire {
  const figure = { value: expect.any(Number), rating: expect.stringMatching(/^(excellent|good|fair|needs_work)$/) }
  return {
    id: id('attr'),
    entity_id: entityId,
    status: 'completed',
    attributes: Object.fromEntries(Object.keys(named).map((name) => [name, figure])),
    error: null,
    created_at: instant,
    updated_at: instant,
  }
}

const KEVIN_ON_FILE = {
  first_name: 'KEVIN',
  last_name: 'DOYLE',
  dob: '1997-03-18',
  ssn: '111223333',
  phone: '+16505551115',
  address: { address: '3300 N INTERSTATE 35', city: 'AUSTIN', state: 'TX', postal_code: '78705' },
}
/** Contract: method/dev-fixtures §3.4. */
export const TWO_KEVINS = [KEVIN_ON_FILE, { ...KEVIN_ON_FILE, ssn: '123456789' }]

const free = expect.stringMatching(/./)
/** Contract: method/dev-fixtures §4.3; the rest of each is free. */
export const VEHICLES = [
  { year: '2015', make: 'chevrolet', model: 'impala', style: 'sedan/saloon' },
  { year: '2012', make: 'infiniti', model: 'qx56', style: 'sport_utility_vehicle' },
].map((vehicle) => ({ ...vehicle, vin: expect.stringMatching(/^[0-9A-Z]{17}$/), series: free, major_color: free }))

const failure = (code: number, sub_type: string, message: string) => ({
  type: 'VERIFICATION_SESSION_FAILED',
  sub_type,
  code,
  message: `${message} Please re-initiate the verification process.`,
})
/** What a failed verification session says of itself. Contract: method/conventions §20. */
export const verificationFailures = {
  19002: failure(19002, 'VERIFICATION_SESSION_FAILED_INCORRECT_SMS_CODE', 'The SMS code inputted is invalid.'),
  19003: failure(19003, 'VERIFICATION_SESSION_FAILED_SNA', "The entity's phone couldn't be verified through SNA."),
  19004: failure(
    19004,
    'VERIFICATION_SESSION_FAILED_INVALID_ANSWER',
    'Invalid entity identity answer. An answer is either missing or invalid.',
  ),
}

/** The ten keys that are left of an entity; it was made when it was made. Contract: method/entities §1.14. */
export function withdrawnEntity(before: Wire): Wire {
  return {
    id: before.id,
    type: null,
    individual: null,
    verification: null,
    error: {
      type: 'ENTITY_DISABLED',
      sub_type: 'ENTITY_CONSENT_WITHDRAWN',
      code: 12004,
      message: 'Entity was disabled due to consent withdrawal.',
    },
    address: {},
    status: 'disabled',
    metadata: null,
    created_at: before.created_at,
    updated_at: instant,
  }
}
