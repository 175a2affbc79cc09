/** The exact shapes of accounts, their data and merchants, per release. Contract: method/accounts §1.1, dev-fixtures §5–§7. */
import { expect } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import type { Release } from '../setup/sdk.js'
import { id, instant, isEarly } from './visit.js'

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

/** A deposit account that was proven from the start. Contract: method/accounts §1.1.3. */
export function bankAccount(holderId: string, ach: object): Wire {
  return {
    id: id('acc'),
    holder_id: holderId,
    status: 'active',
    type: 'ach',
    ach,
    latest_verification_session: id('avf'),
    products: ['payment'],
    restricted_products: [],
    error: null,
    metadata: null,
    created_at: instant,
    updated_at: instant,
  }
}

/** What the suites compare of the described card. Contract: method/accounts §1.5. */
export function describedCard(release: Release, holderId: string): Wire {
  return {
    id: id('acc'),
    holder_id: holderId,
    status: 'active',
    type: 'liability',
    liability: {
      mch_id: 'mch_302086',
      mask: '8721',
      ownership: 'unknown',
      fingerprint: null,
      type: 'credit_card',
      name: release === '1.2.5' ? 'Chase Credit Card' : 'Chase Sapphire Reserve',
      ...(release === '2.1.1' ? { sub_type: 'flexible_spending' } : {}),
    },
    balance: null,
    card_brand: null,
    ...(isEarly(release) ? {} : { payoff: null, attribute: null, payment_instrument: null }),
    error: null,
    metadata: null,
  }
}

/** Contract: method/accounts §12.2. */
export function preAuth(accountId: string, status: 'pending' | 'verified'): Wire {
  const check = status === 'verified' ? 'pass' : null
  return {
    id: id('avf'),
    account_id: accountId,
    status,
    type: 'pre_auth',
    error: null,
    pre_auth: {
      billing_zip_code: 'xxxxx',
      billing_zip_code_check: check,
      cvv: status === 'verified' ? 'xxx' : null,
      cvv_check: check,
      exp_check: check,
      exp_month: 'xx',
      exp_year: 'xxxx',
      number: 'xxxxxxxxxxxxxxxx',
      pre_auth_check: check,
    },
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

/** The fourteen keys that are left of a liability account. Contract: method/accounts §1.8. */
export function withdrawnAccount(before: Wire): Wire {
  return {
    id: before.id,
    holder_id: before.holder_id,
    status: 'disabled',
    type: null,
    liability: null,
    products: [],
    restricted_products: [],
    subscriptions: [],
    available_subscriptions: [],
    restricted_subscriptions: [],
    error: {
      type: 'ACCOUNT_DISABLED',
      sub_type: 'ACCOUNT_CONSENT_WITHDRAWN',
      code: 11004,
      message: 'Account was disabled due to consent withdrawal.',
    },
    metadata: null,
    created_at: before.created_at,
    updated_at: instant,
  }
}

/** The eleven keys that are left of a deposit account. */
export function withdrawnBankAccount(before: Wire): Wire {
  const { liability, subscriptions, available_subscriptions, restricted_subscriptions, ...rest } =
    withdrawnAccount(before)
  return { ...rest, ach: null }
}
