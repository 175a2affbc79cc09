/** The exact shapes that each release's own suite compares with. Contract: method/dev-fixtures §3, accounts §1.1. */
import { expect } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import type { Release } from '../setup/sdk.js'
import { id, instant } from './visit.js'

const isEarly = (release: Release) => release === '1.1.6'

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

/** One entry of the products map of an entity. */
export function entityProduct(release: Release, name: string): Wire {
  const isRestricted = name === 'manual_connect'
  const subscribable = isEarly(release) ? ['connect', 'credit_score'] : ['connect', 'credit_score', 'attribute']
  return {
    ...(isEarly(release) ? { id: id('prd') } : { latest_successful_request_id: name === 'connect' ? id('cxn') : null }),
    name,
    status: isRestricted ? 'restricted' : 'available',
    status_error: isRestricted ? expect.any(Object) : null,
    latest_request_id: name === 'connect' ? id('cxn') : null,
    is_subscribable: subscribable.includes(name),
    created_at: instant,
    updated_at: instant,
  }
}

/** The Chase card as connect has just found it. */
export function chaseCard(release: Release, entityId: string): Wire {
  const late = { payoff: null, attribute: null, payment_instrument: null }
  return {
    id: id('acc'),
    holder_id: entityId,
    status: 'active',
    type: 'liability',
    liability: {
      mch_id: 'mch_302086',
      mask: '1580',
      ownership: 'primary',
      fingerprint: expect.stringMatching(/^[0-9a-f]{40}$/),
      type: 'credit_card',
      name: expect.stringContaining('Chase Sapphire Reserve'),
      ...(release === '2.1.1' ? { sub_type: 'flexible_spending' } : {}),
    },
    latest_verification_session: null,
    balance: null,
    update: id('upt'),
    card_brand: null,
    ...(isEarly(release) ? {} : late),
    products: ['balance', 'card_brand', 'update', 'payment', ...(isEarly(release) ? [] : ['attribute'])],
    restricted_products: ['sensitive', ...(isEarly(release) ? [] : ['payment_instrument'])],
    subscriptions: [],
    available_subscriptions: ['update', 'update.snapshot', ...(isEarly(release) ? [] : ['card_brand'])],
    restricted_subscriptions: [isEarly(release) ? 'transactions' : 'transaction'],
    error: null,
    metadata: null,
    created_at: instant,
    updated_at: instant,
  }
}

// Contract: method/dev-fixtures §6.1.
const CARD_REPORT = {
  sub_type: 'flexible_spending',
  opened_at: '2016-12-20',
  closed_at: null,
  balance: 1866688,
  last_payment_amount: 100000,
  last_payment_date: '2023-01-04',
  next_payment_due_date: '2023-02-09',
  next_payment_minimum_amount: 51060,
  interest_rate_type: 'variable',
  interest_rate_percentage_max: 27.5,
  interest_rate_percentage_min: 20.5,
  available_credit: 930000,
  credit_limit: 2800000,
  usage_pattern: null,
}
const NO_REPORT = Object.fromEntries(Object.keys(CARD_REPORT).map((key) => [key, null]))

/** A direct update of the card: asked for, and answered. */
export function cardUpdate(release: Release, accountId: string, status: 'pending' | 'completed'): Wire {
  const isDone = status === 'completed'
  return {
    id: id('upt'),
    account_id: accountId,
    status,
    source: 'direct',
    type: 'credit_card',
    credit_card: isDone ? CARD_REPORT : NO_REPORT,
    ...(isEarly(release) ? {} : { data_as_of: isDone ? instant : null }),
    error: null,
    created_at: instant,
    updated_at: instant,
  }
}

// Contract: method/dev-fixtures-accounts F.7; compared key by key.
export const AMERICAN_EXPRESS = {
  id: 'mch_3',
  parent_name: 'American Express',
  name: 'American Express - Credit Cards',
  logo: 'https://static.methodfi.com/mch_logos/mch_3.png',
  type: 'credit_card',
  provider_ids: {
    plaid: ['ins_10'],
    mx: ['amex'],
    finicity: [],
    dpp: ['120', '18954427', '11859365', '18947131', '16255844'],
  },
  is_temp: false,
  account_number_formats: [],
}
