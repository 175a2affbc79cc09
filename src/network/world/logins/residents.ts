/**
 * People whom the world first meets at a login, because nobody said whose phone number it is: one for each consumer,
 * institution and user name, who lives in the country of the institution and comes back as the same.
 */
import type { Country } from '../../port.js'
import { chanceOf, refOf } from '../chance.js'
import { inventProfile, type Profile } from '../invent/profile.js'
import { personRefOf, type Town } from '../people.js'
import { findPerson, type Person, recordPerson } from '../store.js'

export interface Newcomer {
  readonly institutionSlug: string
  readonly country: Country
  readonly consumerRef: string
  readonly userName: string
}

export async function residentBehind(town: Town, realm: string, newcomer: Newcomer): Promise<Person> {
  const { institutionSlug, consumerRef, userName, country } = newcomer
  const key = `login/${refOf('login person', institutionSlug, consumerRef, userName)}`
  const known = await findPerson(town.db, realm, key)
  if (known) return known
  const person: Person = {
    ref: personRefOf(town.seed, realm, key),
    key,
    origin: 'login',
    phone: phoneOf(town.seed, key, country),
    profile: profileOf(town.seed, key, country),
    ssnSealed: null,
    // The world's lenders are American.
    hasDebts: country !== 'US',
  }
  await recordPerson(town.db, realm, person)
  return person
}

// Numbers kept free for fiction: 555-0100 to -0199 in North America, 07700 900000 to 900999 in Great Britain (Ofcom).
const AREA_CODES = {
  US: ['202', '303', '312', '404', '415', '503', '512', '602', '617', '713', '804', '919'],
  CA: ['416', '514', '604', '403', '902'],
} as const

function phoneOf(seed: string, key: string, country: Country): string {
  const chance = chanceOf(seed, 'login phone', key)
  if (country === 'GB') return `+447700900${String(chance.between(0, 999)).padStart(3, '0')}`
  return `+1${chance.pick(AREA_CODES[country])}55501${String(chance.between(0, 99)).padStart(2, '0')}`
}

function profileOf(seed: string, key: string, country: Country): Profile {
  const profile = inventProfile(seed, key)
  if (country === 'US') return profile
  const { city, region, postalCodes } = chanceOf(seed, 'login place', key).pick(PLACES[country])
  const zip = chanceOf(seed, 'login postal code', key).pick(postalCodes)
  return { ...profile, address: { ...profile.address, line2: null, city, state: region, zip } }
}

interface Place {
  readonly city: string
  readonly region: string
  readonly postalCodes: readonly string[]
}

const PLACES: Readonly<Record<Exclude<Country, 'US'>, readonly Place[]>> = {
  CA: [
    { city: 'Toronto', region: 'ON', postalCodes: ['M4C 1B5', 'M5V 2T6', 'M6J 1E6'] },
    { city: 'Montreal', region: 'QC', postalCodes: ['H2X 1Y4', 'H3A 1A1'] },
    { city: 'Vancouver', region: 'BC', postalCodes: ['V5K 0A1', 'V6B 4Y8'] },
    { city: 'Calgary', region: 'AB', postalCodes: ['T2P 1J9', 'T3A 0A1'] },
    { city: 'Halifax', region: 'NS', postalCodes: ['B3H 1A1', 'B3J 1S9'] },
  ],
  GB: [
    { city: 'London', region: 'Greater London', postalCodes: ['SE15 4QL', 'N16 8BX', 'E8 3RL'] },
    { city: 'Leeds', region: 'West Yorkshire', postalCodes: ['LS6 2AB', 'LS8 1NT'] },
    { city: 'Bristol', region: 'Bristol', postalCodes: ['BS6 5BT', 'BS3 1TF'] },
    { city: 'Glasgow', region: 'Glasgow City', postalCodes: ['G12 8QQ', 'G41 3YA'] },
    { city: 'Cardiff', region: 'Cardiff', postalCodes: ['CF24 3AA', 'CF11 9XR'] },
  ],
}
