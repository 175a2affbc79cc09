/**
 * What a consumer may say about themself: the rules a member must pass, and the form it is kept in. A member is set once;
 * after that only its own value, null or silence is accepted. Contract: method/entities §1.2, §1.3, §1.4, §1.6.
 */
import { isDeepStrictEqual } from 'node:util'
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { PostalAddress } from '../../network/port.js'
import type { Instant } from '../clock/clock.js'
import { isDate } from '../dates.js'
import { refuse } from './errors.js'
import { STATE_CODES } from './states.js'

export interface Individual {
  readonly firstName: string | null
  readonly lastName: string | null
  readonly phone: string | null
  readonly email: string | null
  readonly dob: string | null
}

export interface Owner extends Individual {
  readonly address: PostalAddress
}

export interface Corporation {
  readonly name: string | null
  readonly dba: string | null
  readonly ein: string | null
  readonly owners: readonly Owner[]
}

/** Where a member stands, so that a refusal can name it: `individual.firstName`. Faces respell it. */
export type MemberPath = string

type Partly<T> = { readonly [K in keyof T]?: T[K] | null | undefined }
export type IndividualInput = Partly<Individual> & {
  readonly ssn?: string | null | undefined
  readonly ssn4?: string | null | undefined
}
export type OwnerInput = Partly<Individual> & { readonly address?: Partly<PostalAddress> | null | undefined }
export interface CorporationInput {
  readonly name?: string | null | undefined
  readonly dba?: string | null | undefined
  readonly ein?: string | null | undefined
  readonly owners?: readonly OwnerInput[] | null | undefined
}
export type AddressInput = Partly<PostalAddress>

const NAME_CHARACTERS_MAX = 100
const COMPANY_CHARACTERS_MAX = 200
const LINE_CHARACTERS_MAX = 100
const EMAIL_CHARACTERS_MAX = 254
const OWNERS_MAX = 10

export function readIndividual(input: IndividualInput, where: MemberPath, now: Instant): Individual {
  return {
    firstName: readText(input.firstName, `${where}.firstName`, NAME_CHARACTERS_MAX),
    lastName: readText(input.lastName, `${where}.lastName`, NAME_CHARACTERS_MAX),
    phone: readPhone(input.phone, `${where}.phone`),
    email: readEmail(input.email, `${where}.email`),
    dob: readDob(input.dob, `${where}.dob`, now),
  }
}

export function readCorporation(input: CorporationInput, where: MemberPath, now: Instant): Corporation {
  const owners = input.owners ?? []
  if (owners.length > OWNERS_MAX) {
    throw refuse('consumer.invalid_details', {
      member: `${where}.owners`,
      rule: `must have at most ${OWNERS_MAX} entries.`,
    })
  }
  return {
    name: readText(input.name, `${where}.name`, COMPANY_CHARACTERS_MAX),
    dba: readText(input.dba, `${where}.dba`, COMPANY_CHARACTERS_MAX),
    ein: readDigits(input.ein, `${where}.ein`, 9),
    owners: owners.map((owner, index) => ({
      ...readIndividual(owner, `${where}.owners[${index}]`, now),
      address: readAddress(owner.address ?? {}, `${where}.owners[${index}].address`),
    })),
  }
}

export function readAddress(input: AddressInput, where: MemberPath): PostalAddress {
  return {
    line1: readText(input.line1, `${where}.line1`, LINE_CHARACTERS_MAX),
    line2: readText(input.line2, `${where}.line2`, LINE_CHARACTERS_MAX),
    city: readText(input.city, `${where}.city`, LINE_CHARACTERS_MAX),
    state: readState(input.state, `${where}.state`),
    zip: readZip(input.zip, `${where}.zip`),
  }
}

/** Nine digits that the Social Security Administration could have issued; refuses `consumer.invalid_ssn`. */
export function readSsn(input: string | null | undefined): string | null {
  if (input === null || input === undefined) return null
  const isPlausible = /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(input)
  if (!isPlausible) throw refuse('consumer.invalid_ssn')
  return input
}

/** The last four digits; refuses `consumer.invalid_ssn4`. */
export function readSsn4(input: string | null | undefined): string | null {
  if (input === null || input === undefined) return null
  if (!/^(?!0000)\d{4}$/.test(input)) throw refuse('consumer.invalid_ssn4')
  return input
}

/** Fills what is not set yet; refuses `consumer.already_set` for a member that would change. */
export function setOnce<T extends object>(current: T, wanted: T, where: MemberPath): T {
  const merged = { ...current } as Record<string, unknown>
  for (const [key, value] of Object.entries(wanted)) {
    if (value === null || isEmptyList(value)) continue
    const held = merged[key] ?? null
    if (held !== null && !isEmptyList(held) && !isDeepStrictEqual(held, value)) {
      throw refuse('consumer.already_set', {
        member: `${where}.${key}`,
        rule: 'already has a value and cannot be changed.',
      })
    }
    merged[key] = value
  }
  return merged as T
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

type Given = string | null | undefined

function readText(given: Given, where: MemberPath, charactersMax: number): string | null {
  if (given === null || given === undefined) return null
  const text = given.trim()
  if (text.length === 0 || text.length > charactersMax) {
    throw refuse('consumer.invalid_details', { member: where, rule: `must have 1 to ${charactersMax} characters.` })
  }
  return text
}

function readDigits(given: Given, where: MemberPath, count: number): string | null {
  if (given === null || given === undefined) return null
  if (given.length !== count || !/^\d+$/.test(given)) {
    throw refuse('consumer.invalid_details', { member: where, rule: `must be ${count} digits.` })
  }
  return given
}

// The numbering plan is not asked further: the documented test numbers have exchange codes that were never assigned.
function readPhone(given: Given, where: MemberPath): string | null {
  if (given === null || given === undefined) return null
  const number = given.length <= 40 ? parsePhoneNumberFromString(given, 'US')?.number : undefined
  if (!number || !/^\+1\d{10}$/.test(number)) {
    throw refuse('consumer.invalid_phone', {
      member: where,
      rule: `must be a US number in E.164 form, such as +15125550123.`,
    })
  }
  return number
}

function readEmail(given: Given, where: MemberPath): string | null {
  if (given === null || given === undefined) return null
  const isAddress = given.length <= EMAIL_CHARACTERS_MAX && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(given)
  if (!isAddress) {
    throw refuse('consumer.invalid_email', {
      member: where,
      rule: `is not a valid address. Send one such as name@example.com.`,
    })
  }
  return given
}

function readDob(given: Given, where: MemberPath, now: Instant): string | null {
  if (given === null || given === undefined) return null
  if (!isDate(given) || given >= now.slice(0, 10) || given < '1900-01-01') {
    throw refuse('consumer.invalid_details', { member: where, rule: `must be a date in the past, as YYYY-MM-DD.` })
  }
  return given
}

function readState(given: Given, where: MemberPath): string | null {
  if (given === null || given === undefined) return null
  if (!STATE_CODES.has(given)) {
    throw refuse('consumer.invalid_details', { member: where, rule: `must be a two-letter US state code, such as TX.` })
  }
  return given
}

function readZip(given: Given, where: MemberPath): string | null {
  if (given === null || given === undefined) return null
  if (!/^\d{5}(-\d{4})?$/.test(given)) {
    throw refuse('consumer.invalid_details', { member: where, rule: `must be a ZIP code of 5 digits, or ZIP+4.` })
  }
  return given
}
