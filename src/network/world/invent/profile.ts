/** Who a person of the world is: everything about them but their debts, their number and their SSN. */
import type { CreditReport, PersonaDraft, PostalAddress, Vehicle } from '../../port.js'
import { type Chance, chanceOf } from '../chance.js'
import { dayIn } from '../life/calendar.js'
import { EMPLOYERS, FIRST_NAMES, LAST_NAMES } from './names.js'
import { CITIES, STREET_KINDS, STREETS } from './places.js'

/** How somebody lives with credit; decides how many debts of which kind they have. */
export type CreditHabit = 'thin' | 'careful' | 'stretched' | 'troubled'

export type MatchNeed = 'name' | 'dob' | 'address'

/** A credit file that is given instead of computed. */
export type GivenCreditFile = Pick<
  CreditReport,
  | 'score'
  | 'factors'
  | 'derogatoryMarks'
  | 'cardUsagePercent'
  | 'totalAccounts'
  | 'openAccounts'
  | 'averageAgeMonths'
  | 'onTimePaymentPercent'
>

export interface Profile {
  readonly firstName: string
  readonly lastName: string
  readonly dob: string
  readonly address: PostalAddress
  /** Names of streets lived on, the present one first. */
  readonly streets: readonly string[]
  readonly employer: string
  readonly habit: CreditHabit
  readonly matchNeeds: readonly MatchNeed[]
  readonly isRecognized: boolean
  /** The credit file is frozen; people who were met before this could be said lack it. */
  readonly isFrozen?: true
  readonly doubt?: NonNullable<PersonaDraft['doubt']>
  readonly givenCreditFile: GivenCreditFile | null
  /** Documented vehicles; null for somebody whose vehicles follow from their auto loans. */
  readonly givenVehicles: readonly Vehicle[] | null
}

/**
 * The person behind a phone number: the same for a seed, whatever the realm. Bureaus recognise those whose number ends
 * in an even digit without asking questions.
 */
export function inventProfile(seed: string, phone: string): Profile {
  const chance = chanceOf(seed, 'profile', phone)
  const streets = chance.shuffled(STREETS).slice(0, chance.between(2, 4))
  return {
    firstName: chance.pick(FIRST_NAMES),
    lastName: chance.pick(LAST_NAMES),
    dob: dayIn(chance.between(BIRTH_YEAR_MIN, BIRTH_YEAR_MAX), chance.between(1, 12), chance.between(1, 28)),
    address: inventAddress(chance, streets[0] ?? 'Main'),
    streets,
    employer: chance.pick(EMPLOYERS),
    habit: chance.weighted({ thin: 8, careful: 52, stretched: 26, troubled: 14 }),
    matchNeeds: ['name'],
    isRecognized: Number(phone.slice(-1)) % 2 === 0,
    givenCreditFile: null,
    givenVehicles: null,
  }
}

const BIRTH_YEAR_MIN = 1946
const BIRTH_YEAR_MAX = 2001

function inventAddress(chance: Chance, street: string): PostalAddress {
  const { city, state, zips } = chance.pick(CITIES)
  const line1 = `${chance.between(100, 9899)} ${street} ${chance.pick(STREET_KINDS)}`
  return {
    line1,
    line2: chance.isLikely(0.2) ? `Apt ${chance.between(1, 40)}` : null,
    city,
    state,
    zip: chance.pick(zips),
  }
}
