import type { PostalAddress } from '../../network/port.js'
import type { Ctx, Writing } from '../ctx.js'
import { eraseMembers, record } from '../events/events.js'
import type { Consumer } from './consumers.js'
import type { Corporation, Individual } from './details.js'
import { refuse } from './errors.js'
import * as store from './store.js'
import { assertMove, statusAfter } from './transitions.js'

/** What a consumer has said, all of it unsaid. */
const UNSAID_ADDRESS: PostalAddress = { line1: null, line2: null, city: null, state: null, zip: null }
const UNSAID_INDIVIDUAL: Individual = { firstName: null, lastName: null, phone: null, email: null, dob: null }
const UNSAID_CORPORATION: Corporation = { name: null, dba: null, ein: null, owners: [] }

/**
 * Disables the consumer for good reason: it took its consent back. Every personal detail goes, from the row, the vault
 * and the events of before; of a verified person only a mark stays, so that consent can be granted again by that person.
 */
export async function eraseConsumer(ctx: Ctx<Writing>, held: Consumer): Promise<Consumer> {
  assertMove(held.status, 'disabled')
  const personMark = held.personRef === null ? null : personMarkOf(ctx, held.personRef)
  const after = await store.eraseConsumer(ctx, {
    id: held.id,
    address: UNSAID_ADDRESS,
    personMark,
    updatedAt: ctx.clock.stamp(),
  })
  const { individual, corporation, address, personRef, hasSsn, hasSsn4, metadata } = after
  const erased = { individual, corporation, address, personRef, hasSsn, hasSsn4, metadata }
  await eraseMembers(ctx, [held.id], erased)
  const before = { ...held, ...erased }
  await record(ctx, [{ resource: 'consumer', op: 'updated', resourceId: held.id, before, after }])
  return after
}

/** Enables a consumer whose consent was withdrawn, with nothing said: what it was verified for stays verified. */
export async function restoreConsumer(ctx: Ctx<Writing>, before: Consumer): Promise<Consumer> {
  const status = statusAfter.grant(before)
  assertMove(before.status, status)
  const isPerson = before.kind === 'individual'
  const after = await store.restoreConsumer(ctx, {
    id: before.id,
    status,
    individual: isPerson ? UNSAID_INDIVIDUAL : null,
    corporation: isPerson ? null : UNSAID_CORPORATION,
    updatedAt: ctx.clock.stamp(),
  })
  await record(ctx, [{ resource: 'consumer', op: 'updated', resourceId: before.id, before, after }])
  return after
}

/** Who granted consent again is the person that was verified before, so details given anew must be that person's. */
export function refuseOtherPerson(
  ctx: Ctx<'vault' | 'team'>,
  { consumer, personMark }: store.HeldConsumer,
  personRef: string | null,
): void {
  if (!consumer.identityVerifiedAt || personMark === null || personRef === null) return
  if (personMarkOf(ctx, personRef) === personMark) return
  throw refuse('consumer.already_set', { member: 'individual', rule: 'must be the person who was verified before.' })
}

function personMarkOf({ vault, team }: Ctx<'vault' | 'team'>, personRef: string): string {
  return vault.fingerprint(team, `person:${personRef}`)
}
