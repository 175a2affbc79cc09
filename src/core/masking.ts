/**
 * Masks what a log or a screen must not show. It goes by the names of members, in any face's spelling, and then by what values
 * look like, so that a number in a sentence is masked as well. Masking too much is a pity, masking too little is a leak.
 */
export const MASK = '•••'

/** `secrets`: numbers, credentials and ways to reach a person. `everything`: who the person is, too. */
export type Masking = 'secrets' | 'everything'

// Without underscores and in small letters: `account_number` and `accountNumber` are one.
const SECRET =
  /ssn|tin$|^ein$|secret|token|passw|credential|authorization|answer|cvv|cvc|^pin|^number$|accountnumber|cardnumber|routing|iban|encrypted|sealed|dob$|birth|privatekey|signature|smscode|hmac|cookie|apikey|otp|^phone|phone$|phonenumber|email|^line[12]$|^street|addressline|fingerprint|^sna|ciphertext|^mfa|^username$|^login$|deeplink|ur[il]s?$|^amounts$|depositamount/
const PERSONAL = /firstname|lastname|middlename|fullname|legalname|displayname|ownername|^dba$|^city$|^zip|postal/
// Nothing in them but what they are and their ids.
const PERSONAL_TREES =
  /^(individual|corporation|owners?|identit(y|ies)|address(es)?|customeruser|plaid|mx|teller|holder|people)$/
const KEPT_IN_TREES = /^(id|type|status)$/
const CODE = /^(code|verificationcode)$/

const LOOKS_SECRET = [
  // Numbers of accounts, cards and people, as far as they are written in digits.
  /\d{3}-\d{2}-\d{4}/g,
  /\d[\d ]{7,}\d/g,
  // Keys and tokens of the faces, and signed tokens.
  /\b(?:sk|pk|pk_elem|pk_opal|whsec|tok|cst|ost)_[\w-]{8,}/g,
  /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g,
  /[\w.+-]+@[\w-]+\.[\w.-]+/g,
]
const DEPTH_MAX = 12
const ITEMS_MAX = 100
const TEXT_CHARACTERS_MAX = 2_000

/** The value as it may be shown; long lists and texts are cut. */
export function masked(value: unknown, masking: Masking): unknown {
  return mask(value, masking, { isTree: false, depth: 0 })
}

/** Text without what looks secret in it. */
export function maskedText(text: string): string {
  // PostgreSQL keeps neither NULs nor halves of surrogate pairs.
  const storable = text.replaceAll('\0', '').toWellFormed()
  const shown = LOOKS_SECRET.reduce((rest, pattern) => rest.replace(pattern, MASK), storable)
  return shown.length > TEXT_CHARACTERS_MAX ? `${shown.slice(0, TEXT_CHARACTERS_MAX)}…` : shown
}

/** Whether a member of that name is masked, whatever it holds. */
export function isSecretName(name: string): boolean {
  return SECRET.test(plain(name))
}

interface Place {
  readonly isTree: boolean
  readonly depth: number
}

function mask(value: unknown, masking: Masking, place: Place): unknown {
  if (typeof value === 'string') return place.isTree ? MASK : isTime(value) ? value : maskedText(value)
  if (typeof value === 'number') return place.isTree ? MASK : value
  if (typeof value !== 'object' || value === null) return value
  if (place.depth >= DEPTH_MAX) return '…'
  const inside = { ...place, depth: place.depth + 1 }
  if (Array.isArray(value)) {
    const shown = value.slice(0, ITEMS_MAX).map((item) => mask(item, masking, inside))
    return value.length > ITEMS_MAX ? [...shown, `… ${value.length - ITEMS_MAX} more`] : shown
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [maskedText(name), maskMember(name, inner, masking, inside)]),
  )
}

function maskMember(name: string, value: unknown, masking: Masking, place: Place): unknown {
  if (value === null || typeof value === 'boolean') return value
  const known = plain(name)
  if (SECRET.test(known)) return MASK
  if (masking === 'everything' && PERSONAL.test(known)) return MASK
  if (CODE.test(known) && typeof value === 'string' && /^\d{4,}$/.test(value)) return MASK
  if (place.isTree && KEPT_IN_TREES.test(known) && typeof value === 'string') return maskedText(value)
  const isTree = place.isTree || (masking === 'everything' && PERSONAL_TREES.test(known))
  return mask(value, masking, { ...place, isTree })
}

function plain(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase()
}

// Times and dates are digits too.
function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?$/.test(text)
}
