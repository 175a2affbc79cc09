/**
 * How this face spells ids: a prefix, then what looks like a UUID in lower case. The stored value, 73 bits, is padded with
 * zeros to a block of 128 and enciphered with a key that never changes, so that every id of this face is exactly one stored
 * one and is found without a table. Nothing is secret about it. Contract: mx-connect/data, first paragraph.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { ID_ALPHABET, ID_LENGTH } from '../../core/ids.js'

const PREFIXES = {
  account: 'ACT',
  client: 'CLT',
  job: 'JOB',
  member: 'MBR',
  micro_deposit: 'MIC',
  oauth_state: 'OAS',
  support_ticket: 'SPT',
  transaction: 'TRN',
  user: 'USR',
  user_profile: 'USP',
  widget_session: 'CNS',
} as const
export type Named = keyof typeof PREFIXES

const BLOCK_BYTES = 16
const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const STORED_SHAPE = new RegExp(`^[${ID_ALPHABET}]{${ID_LENGTH}}$`)
const BASE = BigInt(ID_ALPHABET.length)
const STORED_LIMIT = BASE ** BigInt(ID_LENGTH)

const key = createHash('sha256').update('clearspan mx ids').digest().subarray(0, BLOCK_BYTES)
// One block in, one block out: in this mode blocks know nothing of one another, so one cipher serves for all.
const encipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false)
const decipher = createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false)

export function spellId(kind: Named, stored: string): string {
  if (!STORED_SHAPE.test(stored)) throw new Error(`"${stored}" is no id.`)
  let value = 0n
  for (const letter of stored) value = value * BASE + BigInt(ID_ALPHABET.indexOf(letter))
  const block = Buffer.from(value.toString(16).padStart(BLOCK_BYTES * 2, '0'), 'hex')
  return `${PREFIXES[kind]}-${hyphened(encipher.update(block).toString('hex'))}`
}

/** The stored value behind a wire id; `''`, which nothing has, for text that is none. */
export function readWireId(kind: Named, text: string): string {
  const prefix = `${PREFIXES[kind]}-`
  const spelled = text.startsWith(prefix) ? text.slice(prefix.length) : ''
  if (!SHAPE.test(spelled)) return ''
  const block = decipher.update(Buffer.from(spelled.replaceAll('-', ''), 'hex'))
  let value = BigInt(`0x${block.toString('hex')}`)
  if (value >= STORED_LIMIT) return ''
  let text_ = ''
  for (let place = 0; place < ID_LENGTH; place++) {
    text_ = ID_ALPHABET.charAt(Number(value % BASE)) + text_
    value /= BASE
  }
  return text_
}

/** Of what has no id of its own: an institution, a field, something asked, an option. It follows from a name. */
export function nameGuid(prefix: 'BRN' | 'CRD' | 'CRO' | 'INS' | 'INS-MANUAL', ...name: readonly string[]): string {
  const hex = createHash('sha256')
    .update(`${prefix}\0${name.join('\0')}`)
    .digest('hex')
  return `${prefix}-${hyphened(hex.slice(0, 32))}`
}

function hyphened(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

// What this face calls a connection, its consumer and what is behind it.
const KINDS = {
  connection: 'member',
  consumer: 'user',
  held_account: 'account',
  held_transaction: 'transaction',
} as const

/** For those who are given an id of any face and look for what it names: the resource in the core's words. */
export const mxIds = {
  face: 'mx',
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
