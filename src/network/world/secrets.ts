/**
 * Social-security and account numbers of the world. Invented ones are never stored: they follow from the seed and the
 * ref each time. Ones a caller brought are stored sealed with AES-256-GCM, bound to the row they belong to.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { CardNetwork } from '../port.js'
import { type Chance, chanceOf } from './chance.js'

const NONCE_BYTES = 12
const TAG_BYTES = 16
const FRESH_REF_BYTES = 16

export interface Secrets {
  /** `owner`: the realm and ref of the row; opening with another one fails. */
  seal(clear: string, owner: string): string
  open(sealed: string, owner: string): string
  /** A keyed hash that finds a sealed text again; another for each owner. */
  mark(clear: string, owner: string): string
  /** A name nobody can guess, for what is opened once: unlike all other refs, it follows from nothing. */
  freshRef(): string
  inventedSsn(personRef: string): string
  inventedAccountNumber(accountRef: string, shape: NumberShape): string
}

/** What an account number looks like: a card's by its network, others by a pattern with `#` for a digit. */
export interface NumberShape {
  readonly cardNetwork: CardNetwork | null
  readonly pattern: string | null
}

/** `secretKey`: 32 bytes. */
export function createSecrets(seed: string, secretKey: Buffer): Secrets {
  return {
    seal: (clear, owner) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', secretKey, nonce).setAAD(Buffer.from(owner))
      const body = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
    },
    open: (sealed, owner) => {
      const bytes = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', secretKey, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      const body = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES))
      return Buffer.concat([body, decipher.final()]).toString('utf8')
    },
    mark: (clear, owner) =>
      createHmac('sha256', secretKey).update(`mark\u001f${owner}\u001f${clear}`).digest('base64url'),
    freshRef: () => randomBytes(FRESH_REF_BYTES).toString('base64url'),
    inventedSsn: (personRef) => ssnFrom(chanceOf(seed, 'ssn', personRef)),
    inventedAccountNumber: (accountRef, shape) => accountNumberFrom(chanceOf(seed, 'number', accountRef), shape),
  }
}

// SSA: areas 773 to 899 were not assigned before randomization in 2011, so no adult of the world has a real one
const SSN_AREA_MIN = 773
const SSN_AREA_MAX = 899

function ssnFrom(chance: Chance): string {
  const area = chance.between(SSN_AREA_MIN, SSN_AREA_MAX)
  return `${area}${padded(chance.between(1, 99), 2)}${padded(chance.between(1, 9999), 4)}`
}

const DEFAULT_PATTERN = '##########'
// Beginnings that processors set aside for test cards, so that no invented number belongs to anybody.
const CARD_PREFIXES = {
  visa: '400000',
  mastercard: '555555',
  amex: '378282',
  discover: '601111',
} as const satisfies Record<CardNetwork, string>

function accountNumberFrom(chance: Chance, { cardNetwork, pattern }: NumberShape): string {
  if (!cardNetwork) {
    const text = (pattern ?? DEFAULT_PATTERN).replaceAll('#', () => String(chance.between(0, 9)))
    return text.startsWith('0') ? `1${text.slice(1)}` : text
  }
  const length = cardNetwork === 'amex' ? 15 : 16
  const prefix = CARD_PREFIXES[cardNetwork]
  const free = length - prefix.length - 1
  const payload = `${prefix}${padded(chance.between(0, 10 ** free - 1), free)}`
  return `${payload}${luhnDigit(payload)}`
}

/** The check digit that makes a card number pass the Luhn test. */
function luhnDigit(payload: string): number {
  const sum = [...payload].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return (10 - (sum % 10)) % 10
}

function padded(value: number, length: number): string {
  return String(value).padStart(length, '0')
}
