import { isDeepStrictEqual } from 'node:util'
import type { RawBuilder } from 'kysely'
import type { Page, PageRequest } from '../../db/pages.js'
import type { IdentityClaim, IdentityDoubt, PostalAddress } from '../../network/port.js'
import type { Asking, Ctx, Reading, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type ConsumerId, newId, type RetrievalId, readId, type VerificationSessionId } from '../ids.js'
import { isMetadataTooLarge, type Metadata } from '../metadata.js'
import { pageRefusal } from '../pages.js'
import { refuseOtherPerson } from './consent.js'
import {
  type AddressInput,
  type Corporation,
  type CorporationInput,
  type Individual,
  type IndividualInput,
  readAddress,
  readCorporation,
  readIndividual,
  setOnce,
} from './details.js'
import { refuse } from './errors.js'
import { mergeSsns, openSsns, readSsns, sealSsn, sealSsn4 } from './ssns.js'
import * as store from './store.js'
import { refuseByTeamRules, refuseByTeamRulesInTurn } from './team-rules.js'
import { assertMove, statusAfter } from './transitions.js'

export { eraseConsumer, restoreConsumer } from './consent.js'
export type { AddressInput, Corporation, Individual, IndividualInput, Owner } from './details.js'
export { type ConsumerField, exportConsumers } from './exports.js'
export { ensureExternalConsumer, findExternalConsumer } from './external.js'
export {
  noteConnected,
  noteConsented,
  noteRetrieval,
  noteRetrievals,
  noteSubscriptions,
  noteVerification,
} from './notes.js'
export type { ConsumerStatus, DisablingReason } from './transitions.js'

import type { ConsumerStatus, DisablingReason } from './transitions.js'

export type ConsumerKind = 'individual' | 'corporation'

/** A person or company that a team serves. SSNs are in the vault; here it only shows whether they were given. */
export interface Consumer {
  readonly id: ConsumerId
  /** The team's own id, where it gave one. */
  readonly externalId: string | null
  readonly kind: ConsumerKind
  readonly status: ConsumerStatus
  readonly statusReason: DisablingReason | null
  readonly individual: Individual | null
  readonly hasSsn: boolean
  readonly hasSsn4: boolean
  readonly corporation: Corporation | null
  readonly address: PostalAddress
  /** The network's person that the details point to; null while they point to none or to several. */
  readonly personRef: string | null
  readonly phoneVerifiedAt: string | null
  readonly identityVerifiedAt: string | null
  readonly phoneSessionId: VerificationSessionId | null
  readonly identitySessionId: VerificationSessionId | null
  /** Whether accounts of its wait for its consent. */
  readonly awaitsConsent: boolean
  /** When the first connect completed. */
  readonly connectedAt: string | null
  /** The newest retrieval of each product, whatever its status. */
  readonly latest: Readonly<Record<string, RetrievalId>>
  /** The names of its active subscriptions. */
  readonly subscriptions: readonly string[]
  readonly metadata: Metadata | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface ConsumerInput {
  readonly kind: ConsumerKind
  readonly individual: IndividualInput | null
  readonly corporation: CorporationInput | null
  readonly address: AddressInput | null
  readonly metadata: Metadata | null
}

/** Details that passed the rules, with what the network makes of them. */
export interface CheckedConsumer {
  readonly id: ConsumerId
  readonly kind: ConsumerKind
  readonly individual: Individual | null
  readonly corporation: Corporation | null
  readonly address: PostalAddress
  readonly ssn: string | null
  readonly ssn4: string | null
  readonly personRef: string | null
  /** Why the network does not believe it; null where it does, or knows nobody. */
  readonly doubt: IdentityDoubt | null
  readonly metadata: Metadata | null
}

/**
 * Checks a new consumer's details and asks the network who that is. Refuses `consumer.invalid_phone`, `.invalid_email`,
 * `.invalid_ssn`, `.invalid_ssn4`, `.invalid_details`, `.metadata_too_large`, `.restricted_details`, `.duplicate_details`.
 */
export async function checkNewConsumer(ctx: Ctx<Asking>, input: ConsumerInput): Promise<CheckedConsumer> {
  if (isMetadataTooLarge(input.metadata)) throw refuse('consumer.metadata_too_large')
  const now = ctx.clock.now()
  const isPerson = input.kind === 'individual'
  const { ssn, ssn4 } = readSsns(input.individual)
  const checked = {
    id: newId<ConsumerId>(ctx.chance),
    kind: input.kind,
    individual: isPerson ? readIndividual(input.individual ?? {}, 'individual', now) : null,
    corporation: isPerson ? null : readCorporation(input.corporation ?? {}, 'corporation', now),
    address: readAddress(input.address ?? {}, 'address'),
    ssn,
    ssn4,
    metadata: input.metadata,
  }
  await refuseByTeamRules(ctx, checked)
  return { ...checked, ...(await identify(ctx, checked)) }
}

/** Makes the consumer, and disables it where the network doubts what it says. Refuses `consumer.duplicate_details`. */
export async function createConsumer(
  ctx: Ctx<Writing>,
  checked: CheckedConsumer,
  externalId: string | null = null,
): Promise<Consumer> {
  await refuseByTeamRulesInTurn(ctx, checked)
  const consumer = await store.addConsumer(ctx, {
    ...checked,
    externalId,
    ssnSealed: sealSsn(ctx, checked.id, checked.ssn),
    ssn4Sealed: sealSsn4(ctx, checked.id, checked.ssn4),
    status: statusAfter.creation(checked),
    createdAt: ctx.clock.stamp(),
  })
  await record(ctx, [{ resource: 'consumer', op: 'created', resourceId: consumer.id, before: null, after: consumer }])
  return checked.doubt ? endConsumer(ctx, consumer, checked.doubt) : consumer
}

export interface ConsumerChanges {
  readonly individual: IndividualInput | null
  readonly corporation: CorporationInput | null
  readonly address: AddressInput | null
  /** Replaces what was stored; absent leaves it. */
  readonly metadata?: Metadata | null
}

export interface CheckedChanges {
  readonly id: ConsumerId
  readonly changes: ConsumerChanges
  readonly personRef: string | null
  /** Why the network does not believe what it says now. */
  readonly doubt: IdentityDoubt | null
}

/**
 * Checks what an update would fill in, and asks the network who that makes of the consumer. Refuses `consumer.not_found`,
 * `.disabled`, `.awaits_consent`, `.wrong_kind`, `.already_set` and what creation refuses.
 */
export async function checkChanges(ctx: Ctx<Asking>, id: string, changes: ConsumerChanges): Promise<CheckedChanges> {
  if (changes.metadata && isMetadataTooLarge(changes.metadata)) throw refuse('consumer.metadata_too_large')
  const held = await store.findHeld(ctx, known(id))
  if (!held) throw refuse('consumer.not_found')
  const merged = merge(ctx, held, changes)
  if (isNewPhone(held, merged)) await refuseByTeamRules(ctx, merged)
  const found = isKnownWell(held, merged) ? NOBODY_NEW : await identify(ctx, merged)
  const personRef = held.consumer.personRef ?? found.personRef
  refuseOtherPerson(ctx, held, personRef)
  return { id: held.consumer.id, changes, personRef, doubt: found.doubt }
}

const NOBODY_NEW: Identified = { personRef: null, doubt: null }

/** Somebody was found already, and no SSN is new that could be another's. */
function isKnownWell({ consumer }: store.HeldConsumer, { ssn, ssn4 }: Merged): boolean {
  const isSsnNew = Boolean(ssn) !== consumer.hasSsn || Boolean(ssn4) !== consumer.hasSsn4
  return consumer.personRef !== null && !isSsnNew
}

/** Fills in what the update brings, all of it or nothing; a doubt is the caller's to heed. Refuses as `checkChanges`, against the row as it is now. */
export async function updateConsumer(ctx: Ctx<Writing>, checked: CheckedChanges): Promise<Consumer> {
  const held = await store.takeHeld(ctx, checked.id)
  if (!held) throw refuse('consumer.not_found')
  const before = held.consumer
  const merged = merge(ctx, held, checked.changes)
  if (isNewPhone(held, merged)) await refuseByTeamRulesInTurn(ctx, merged)
  const personRef = before.personRef ?? checked.personRef
  refuseOtherPerson(ctx, held, personRef)
  const { metadata = before.metadata } = checked.changes
  const isSame =
    personRef === before.personRef &&
    Boolean(merged.ssn) === before.hasSsn &&
    Boolean(merged.ssn4) === before.hasSsn4 &&
    isDeepStrictEqual(
      [merged.individual, merged.corporation, merged.address, metadata],
      [before.individual, before.corporation, before.address, before.metadata],
    )
  if (isSame) return before
  const after = await store.updateDetails(ctx, {
    ...merged,
    id: before.id,
    personRef,
    ssnSealed: sealSsn(ctx, before.id, merged.ssn),
    ssn4Sealed: sealSsn4(ctx, before.id, merged.ssn4),
    status: statusAfter.completion({ ...before, ...merged }),
    metadata,
    updatedAt: ctx.clock.stamp(),
  })
  await record(ctx, [{ resource: 'consumer', op: 'updated', resourceId: before.id, before, after }])
  return after
}

/** Refuses `consumer.not_found`. */
export async function getConsumer(ctx: Ctx<Reading>, id: string): Promise<Consumer> {
  const wanted = readId<ConsumerId>(id)
  const consumer = wanted && (await store.findConsumer(ctx, wanted))
  if (!consumer) throw refuse('consumer.not_found')
  return consumer
}

/** Consumers by id. */
export function findConsumers(ctx: Ctx<Reading>, ids: readonly ConsumerId[]): Promise<readonly Consumer[]> {
  return ids.length === 0 ? Promise.resolve([]) : store.findConsumers(ctx, ids)
}

/** Who a consumer is to somebody who only has to know whether to deal with it. */
export type Standing = Pick<Consumer, 'id' | 'kind' | 'status'>

/** The consumers of an array of ids in SQL, which stay as they are until the transaction ends; others may hold them too. */
export function holdConsumers(ctx: Ctx<'tx' | 'team'>, ids: RawBuilder<unknown>): Promise<readonly Standing[]> {
  return store.holdConsumers(ctx, ids)
}

/** Disables a consumer that the caller has taken, for good; its subscriptions are the caller's to end. A disabled one stays as it is. */
export async function endConsumer(
  ctx: Ctx<Writing>,
  before: Consumer,
  reason: Exclude<DisablingReason, 'consent_withdrawn'>,
): Promise<Consumer> {
  if (before.status === 'disabled') return before
  assertMove(before.status, 'disabled')
  const after = await store.disableConsumer(ctx, { id: before.id, reason, updatedAt: ctx.clock.stamp() })
  await record(ctx, [{ resource: 'consumer', op: 'updated', resourceId: before.id, before, after }])
  return after
}

/** Locks the consumer for this transaction, so that it is what it was when the transaction ends. Refuses `consumer.not_found`. */
export async function takeConsumer(ctx: Ctx<'tx' | 'team'>, id: ConsumerId): Promise<Consumer> {
  const consumer = await store.takeConsumer(ctx, id)
  if (!consumer) throw refuse('consumer.not_found')
  return consumer
}

/** Refuses `consumer.disabled`: nothing new can be done for a disabled consumer. */
export function refuseDisabled({ status }: Consumer): void {
  if (status === 'disabled') throw refuse('consumer.disabled')
}

export interface ConsumerFilter {
  readonly status: ConsumerStatus | null
  readonly kind: ConsumerKind | null
  /** Part of a person's first and last name, or of a company's name or trade name, in any case. */
  readonly name: string | null
}

/** Newest first. Refuses `request.unknown_cursor`. */
export async function listConsumers(
  ctx: Ctx<Reading>,
  filter: ConsumerFilter,
  request: PageRequest,
): Promise<Page<Consumer>> {
  const page = await store.listConsumers(ctx, filter, request)
  if (!page) throw pageRefusal()
  return page
}

function known(id: string): ConsumerId {
  const wanted = readId<ConsumerId>(id)
  if (!wanted) throw refuse('consumer.not_found')
  return wanted
}

type Claimed = Pick<CheckedConsumer, 'id' | 'individual' | 'address' | 'ssn' | 'ssn4'>

/** What a consumer says about themself, SSN in clear: for asking the network, never for showing. */
export async function claimOf(ctx: Ctx<Reading | 'vault'>, { id }: Consumer): Promise<IdentityClaim> {
  const held = await store.findHeld(ctx, id)
  if (!held) throw refuse('consumer.not_found')
  return claim({ ...held.consumer, ...openSsns(ctx, held) })
}

function claim({ id, individual, address, ssn, ssn4 }: Claimed): IdentityClaim {
  const { firstName = null, lastName = null, phone = null, dob = null } = individual ?? {}
  return { consumerRef: id, firstName, lastName, phone, dob, ssn, ssn4, address }
}

type Identified = Pick<CheckedConsumer, 'personRef' | 'doubt'>

async function identify(ctx: Ctx<Asking>, details: Claimed): Promise<Identified> {
  if (!details.individual?.phone) return NOBODY_NEW
  const found = await ctx.network.identify({ realm: ctx.team.id, at: ctx.clock.now() }, claim(details))
  return found.found === 'one' ? { personRef: found.personRef, doubt: found.doubt ?? null } : NOBODY_NEW
}

type Merged = Pick<CheckedConsumer, 'id' | 'individual' | 'corporation' | 'address' | 'ssn' | 'ssn4'>

function isNewPhone({ consumer }: store.HeldConsumer, { individual }: Merged): boolean {
  return individual?.phone !== consumer.individual?.phone
}

/** Contract: method/entities §1.13 — not disabled, then the section fits, then set-once, then formats. */
function merge(ctx: Ctx<'team' | 'clock' | 'vault'>, held: store.HeldConsumer, changes: ConsumerChanges): Merged {
  const { consumer } = held
  refuseDisabled(consumer)
  if (consumer.awaitsConsent) throw refuse('consumer.awaits_consent')
  if (consumer.kind === 'individual' ? changes.corporation : changes.individual) throw refuse('consumer.wrong_kind')
  const now = ctx.clock.now()
  const { individual, corporation } = consumer
  const given = readSsns(changes.individual)
  return {
    id: consumer.id,
    individual:
      individual && setOnce(individual, readIndividual(changes.individual ?? {}, 'individual', now), 'individual'),
    corporation:
      corporation &&
      setOnce(corporation, readCorporation(changes.corporation ?? {}, 'corporation', now), 'corporation'),
    address: setOnce(consumer.address, readAddress(changes.address ?? {}, 'address'), 'address'),
    ...mergeSsns(openSsns(ctx, held), given),
  }
}
