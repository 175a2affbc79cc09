/** What is left to show of those who withdrew their consent: exactly these keys. Contract: method/entities §1.14, accounts §1.8. */
import type { Account } from '../../core/accounts/accounts.js'
import type { Consumer } from '../../core/consumers/consumers.js'
import { spellId } from './ids.js'
import { accountErrors, entityErrors } from './resource-errors.js'
import type { Wire } from './versions/versions.js'

export function isWithdrawn({ statusReason }: Account | Consumer): boolean {
  return statusReason === 'consent_withdrawn'
}

export function withdrawnEntityWire(consumer: Consumer): Wire {
  return {
    id: spellId('consumer', consumer.id),
    type: null,
    ...(consumer.kind === 'individual' ? { individual: null, verification: null } : { corporation: null }),
    error: entityErrors.consent_withdrawn,
    address: {},
    status: consumer.status,
    metadata: null,
    created_at: consumer.createdAt,
    updated_at: consumer.updatedAt,
  }
}

export function withdrawnAccountWire(account: Account): Wire {
  return {
    id: spellId('account', account.id),
    holder_id: spellId('consumer', account.consumerId),
    status: account.status,
    type: null,
    consent_status: 'withdrawn',
    [account.kind]: null,
    products: [],
    restricted_products: [],
    ...(account.kind === 'liability'
      ? { subscriptions: [], available_subscriptions: [], restricted_subscriptions: [] }
      : {}),
    error: accountErrors.consent_withdrawn,
    metadata: null,
    created_at: account.createdAt,
    updated_at: account.updatedAt,
  }
}
