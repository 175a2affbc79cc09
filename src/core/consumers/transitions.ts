/**
 * The life of a consumer. Contract: method/entities §1.7.
 *
 * - `incomplete` waits for the consumer: verified phone and identity of a person, full details of a company.
 * - `active` may use products.
 * - `disabled` is left only by a consumer that withdrew its consent and grants it again; whoever disabled it says why.
 *   Consent may be withdrawn from a disabled one, which then is disabled for that reason.
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
  disabled: ['active', 'incomplete', 'disabled'],
}

/** Throws for a move that the table does not have: a defect, since callers check first. */
export function assertMove(from: ConsumerStatus, to: ConsumerStatus): void {
  if (!transitions[from].includes(to)) throw new Error(`A consumer cannot go from ${from} to ${to}.`)
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
  /** Consent is granted again: the details are gone, what was verified is not. */
  grant: (consumer: Pick<Consumer, 'phoneVerifiedAt' | 'identityVerifiedAt'>): ConsumerStatus =>
    consumer.phoneVerifiedAt && consumer.identityVerifiedAt ? 'active' : 'incomplete',
}

function isFullCompany({ corporation, address }: Facts): boolean {
  return Boolean(corporation?.name && corporation.ein && corporation.owners.length > 0 && address.line1)
}
