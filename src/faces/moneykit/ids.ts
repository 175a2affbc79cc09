/**
 * How this face spells ids: a prefix, then 22 characters of an alphabet without look-alikes. Contract: moneykit/conventions
 * §8.1. The stored value, 73 bits, is padded with zeros to a block of 128 and enciphered with a key that never changes, so
 * that every id of this face is exactly one stored one, looks random, and is found without a table. Nothing is secret about
 * it: a text whose block does not end in the zeros is the id of nothing.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { ID_ALPHABET, ID_LENGTH } from '../../core/ids.js'

const PREFIXES = {
  account: 'acc',
  investment_transaction: 'it',
  link: 'mk',
  security: 'sec',
  transaction: 'txn',
} as const
export type Named = keyof typeof PREFIXES

const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const LENGTH = 22
const BLOCK_BYTES = 16
const SHAPE = new RegExp(`^[${LETTERS}]{${LENGTH}}$`)
const STORED_SHAPE = new RegExp(`^[${ID_ALPHABET}]{${ID_LENGTH}}$`)
const STORED_LIMIT = BigInt(ID_ALPHABET.length) ** BigInt(ID_LENGTH)

const key = createHash('sha256').update('clearspan moneykit ids').digest().subarray(0, BLOCK_BYTES)
// One block in, one block out: in this mode blocks know nothing of one another, so one cipher serves for all.
const encipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false)
const decipher = createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false)

export function spellId(kind: Named, stored: string): string {
  if (!STORED_SHAPE.test(stored)) throw new Error(`"${stored}" is no id.`)
  const block = encipher.update(blockOf(numberIn(stored, ID_ALPHABET)))
  return `${PREFIXES[kind]}_${textOf(numberOf(block), LETTERS, LENGTH)}`
}

/** The stored value behind a wire id; `''`, which nothing has, for text that is none. */
export function readWireId(kind: Named, text: string): string {
  const prefix = `${PREFIXES[kind]}_`
  const spelled = text.startsWith(prefix) ? text.slice(prefix.length) : ''
  if (!SHAPE.test(spelled)) return ''
  const enciphered = numberIn(spelled, LETTERS)
  if (enciphered >= 2n ** 128n) return ''
  const value = numberOf(decipher.update(blockOf(enciphered)))
  return value < STORED_LIMIT ? textOf(value, ID_ALPHABET, ID_LENGTH) : ''
}

/** A UUID that follows from another id. */
export function spellUuid(kind: string, id: string): string {
  const hex = createHash('sha256').update(`${kind}:${id}`).digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-')
}

function numberIn(text: string, letters: string): bigint {
  const base = BigInt(letters.length)
  let value = 0n
  for (const letter of text) value = value * base + BigInt(letters.indexOf(letter))
  return value
}

function textOf(number: bigint, letters: string, length: number): string {
  const base = BigInt(letters.length)
  let value = number
  let text = ''
  for (let place = 0; place < length; place++) {
    text = letters.charAt(Number(value % base)) + text
    value /= base
  }
  return text
}

function blockOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(BLOCK_BYTES * 2, '0'), 'hex')
}

function numberOf(block: Buffer): bigint {
  return BigInt(`0x${block.toString('hex')}`)
}

// What this face calls a link and an account.
const KINDS = { connection: 'link', held_account: 'account', held_transaction: 'transaction' } as const

/** For those who are given an id of any face and look for what it names: the resource in the core's words. */
export const moneykitIds = {
  face: 'moneykit',
  spell: (kind: string, id: string): string | null =>
    kind in KINDS ? spellId(KINDS[kind as keyof typeof KINDS], id) : null,
  read(text: string): { readonly kind: string; readonly id: string } | null {
    for (const [kind, named] of Object.entries(KINDS)) {
      const id = readWireId(named, text)
      if (id !== '') return { kind, id }
    }
    return null
  },
}
