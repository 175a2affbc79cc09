/**
 * The life of a consumer. Contract: method/entities §1.7.
 *
 * - `incomplete` waits for the consumer: verified phone and identity of a person, full details of a company.
 * - `active` may use products.
 * - `disabled` is the end below 2025-12-01; whoever disabled it says why.
 */
import type { Consumer } from './consumers.js'

export const CONSUMER_STATUSES = ['incomplete', 'active', 'disabled'] as const
export type ConsumerStatus = (typeof CONSUMER_STATUSES)[number]

export type DisablingReason =
  | 'unauthorized_payment'
  | 'invalid_details'
  | 'pending_review'
  | 'consent_withdrawn'
  | 'ssn_mismatch'

export const transitions: Readonly<Record<ConsumerStatus, readonly ConsumerStatus[]>> = {
  incomplete: ['active', 'disabled'],
  active: ['disabled'],
  disabled: [],
}

type Facts = Pick<Consumer, 'kind' | 'corporation' | 'address'>

/** The status that an event leads to. Anything else the table forbids. */
export const statusAfter = {
  creation: (facts: Facts): ConsumerStatus =>
    facts.kind === 'corporation' && isFullCompany(facts) ? 'active' : 'incomplete',
  completion: (facts: Facts & Pick<Consumer, 'status'>): ConsumerStatus =>
    facts.status === 'incomplete' && facts.kind === 'corporation' && isFullCompany(facts) ? 'active' : facts.status,
  verification: (consumer: Pick<Consumer, 'status' | 'phoneVerifiedAt' | 'identityVerifiedAt'>): ConsumerStatus =>
    consumer.status === 'incomplete' && consumer.phoneVerifiedAt && consumer.identityVerifiedAt
      ? 'active'
      : consumer.status,
}

function isFullCompany({ corporation, address }: Facts): boolean {
  return Boolean(corporation?.name && corporation.ein && corporation.owners.length > 0 && address.line1)
}
