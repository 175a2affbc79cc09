/**
 * Who is behind a phone number. In this order: the documented personas, whom every consumer gets a copy of; people
 * registered in the realm; and the ten thousand invented ones at +1 737 555 0000 to 9999. Everybody else is unknown.
 * Names are never compared, they only have to be said; saying more than needed never hurts.
 */
import type { Db } from '../../db/database.js'
import type { Identification, IdentityClaim, IdentityRecord, PostalAddress } from '../port.js'
import { refOf } from './chance.js'
import { inventProfile, type MatchNeed, type Profile } from './invent/profile.js'
import type { Persona } from './personas/persona.js'
import { personaOf } from './personas/personas.js'
import type { Secrets } from './secrets.js'
import { findPerson, type Person, recordPerson } from './store.js'

export interface Town {
  readonly db: Db
  readonly seed: string
  readonly secrets: Secrets
}

/** The adapter's name for a person; the same seed names them the same. */
export function personRefOf(seed: string, realm: string, key: string): string {
  return refOf(seed, 'person', realm, key)
}

/** Finds the person a claim means and writes them down the first time. */
export async function identify(town: Town, realm: string, claim: IdentityClaim): Promise<Identification> {
  if (claim.phone === null) return { found: 'none' }
  const persona = personaOf(claim.phone)
  if (persona?.kind === 'ambiguous') return { found: 'several' }
  const known = persona ? null : await findPerson(town.db, realm, claim.phone)
  const person = known ?? strangerOf(town, realm, claim.phone, persona, claim.consumerRef)
  if (!person || !meets(claim, person.profile.matchNeeds)) return { found: 'none' }
  if (!known) await recordPerson(town.db, realm, person)
  return { found: 'one', personRef: person.ref }
}

/** Whose phone it is, written down the first time, whatever else is said: an institution knows its customers. */
export async function personByPhone(
  town: Town,
  realm: string,
  { phone, consumerRef }: { readonly phone: string; readonly consumerRef: string },
): Promise<Person | null> {
  const persona = personaOf(phone)
  if (persona?.kind === 'ambiguous') return null
  const known = persona ? null : await findPerson(town.db, realm, phone)
  const person = known ?? strangerOf(town, realm, phone, persona, consumerRef)
  if (person && !known) await recordPerson(town.db, realm, person)
  return person
}

/** The records a claim could mean, as a data source spells them: in capitals. */
export async function identityRecords(
  town: Town,
  realm: string,
  claim: IdentityClaim,
): Promise<readonly IdentityRecord[]> {
  if (claim.phone === null) return []
  const persona = personaOf(claim.phone)
  if (persona?.kind === 'ambiguous') return persona.records
  if (persona) return meets(claim, persona.profile.matchNeeds) ? [recordFromClaim(claim, claim.phone, persona)] : []
  const person =
    (await findPerson(town.db, realm, claim.phone)) ?? strangerOf(town, realm, claim.phone, null, claim.consumerRef)
  if (!person || !meets(claim, person.profile.matchNeeds)) return []
  return [recordOf(person.profile, claim.phone, ssnOf(town.secrets, realm, person))]
}

const INVENTED_PHONES = /^\+1737555\d{4}$/

/** Somebody the realm has not met yet, or null when there is nobody. */
function strangerOf(
  { seed }: Town,
  realm: string,
  phone: string,
  persona: Persona | null,
  consumerRef: string,
): Person | null {
  if (!persona && !INVENTED_PHONES.test(phone)) return null
  const key = persona ? `${phone}/${consumerRef}` : phone
  return {
    ref: personRefOf(seed, realm, key),
    key,
    origin: persona ? 'persona' : 'invented',
    phone,
    profile: persona?.profile ?? inventProfile(seed, phone),
    ssnSealed: null,
    hasDebts: false,
  }
}

const NEEDS = {
  name: (claim) => isSaid(claim.firstName) && isSaid(claim.lastName),
  dob: (claim) => isSaid(claim.dob),
  address: ({ address }) => isSaid(address.line1) && (isSaid(address.zip) || isSaid(address.city)),
} as const satisfies Record<MatchNeed, (claim: IdentityClaim) => boolean>

/** The name has to be said always; without one nobody is found. */
function meets(claim: IdentityClaim, needs: readonly MatchNeed[]): boolean {
  return NEEDS.name(claim) && needs.every((need) => NEEDS[need](claim))
}

function isSaid(text: string | null): boolean {
  return text !== null && text.trim() !== ''
}

function ssnOf(secrets: Secrets, realm: string, { ref, ssnSealed }: Person): string {
  return ssnSealed === null ? secrets.inventedSsn(ref) : secrets.open(ssnSealed, ownerOf(realm, ref))
}

/** What a sealed secret is bound to. */
export function ownerOf(realm: string, ref: string): string {
  return `${realm}/${ref}`
}

function recordOf(profile: Profile, phone: string, ssn: string): IdentityRecord {
  return {
    firstName: profile.firstName.toUpperCase(),
    lastName: profile.lastName.toUpperCase(),
    phone,
    dob: profile.dob,
    ssn,
    address: inCapitals(profile.address),
  }
}

/** A copied persona is on file as the consumer described them. contract: method/dev-fixtures §3.4 */
function recordFromClaim(claim: IdentityClaim, phone: string, { profile, ssn }: Persona): IdentityRecord {
  const { firstName, lastName, dob, address } = claim
  const described = {
    ...profile,
    firstName: firstName ?? profile.firstName,
    lastName: lastName ?? profile.lastName,
    dob: dob ?? profile.dob,
    address: isSaid(address.line1) ? address : profile.address,
  }
  return recordOf(described, phone, claim.ssn ?? ssn)
}

function inCapitals({ line1, line2, city, state, zip }: PostalAddress): PostalAddress {
  const upper = (text: string | null) => text?.toUpperCase() ?? null
  return { line1: upper(line1), line2: upper(line2), city: upper(city), state: upper(state), zip }
}
