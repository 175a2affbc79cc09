import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/**
 * Encryption at rest. Each team has a data key, kept wrapped by the master key; a value is sealed with AES-256-GCM and
 * bound to the place it is stored in, so that a ciphertext moved to another row, column or team does not open.
 *
 * Layout of a sealed value: version (1 byte) · nonce (12) · ciphertext · tag (16).
 */
export interface Vault {
  /** A new data key, wrapped; store it with the team. */
  newDataKey(teamId: string): Buffer
  /** Encrypts `clear` for one place of one team. */
  seal(key: TeamKey, place: string, clear: string): Buffer
  /** Throws when the value was altered, moved, or belongs to another key: it fails closed. */
  open(key: TeamKey, place: string, sealed: Buffer): string
  /** A keyed hash for finding equal values without opening any: 40 hex characters. */
  fingerprint(key: TeamKey, text: string): string
}

/** Names a team's wrapped data key. */
export interface TeamKey {
  readonly id: string
  readonly dataKey: Buffer
}

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
export const MASTER_KEY_BYTES = 32

/**
 * A vault under one master key of 32 bytes. Unwrapped data keys stay in memory only. With a seed a team's data key, and so what
 * fingerprints are, follows from it and the master key.
 */
export function openVault(masterKey: Buffer, seed: string | null = null): Vault {
  if (masterKey.length !== MASTER_KEY_BYTES) throw new Error('The master key must be 32 bytes.')
  const unwrapped = new Map<string, { cipher: Buffer; mac: Buffer }>()

  const keysOf = (team: TeamKey) => {
    const name = `${team.id}:${team.dataKey.toString('base64')}`
    const known = unwrapped.get(name)
    if (known) return known
    const dataKey = decrypt(masterKey, `team:${team.id}`, team.dataKey)
    const keys = { cipher: derive(dataKey, 'cipher'), mac: derive(dataKey, 'mac') }
    unwrapped.set(name, keys)
    return keys
  }

  return {
    newDataKey(teamId) {
      const dataKey = seed === null ? randomBytes(32) : derive(masterKey, `${seed}:${teamId}`)
      return encrypt(masterKey, `team:${teamId}`, dataKey)
    },
    seal: (team, place, clear) => encrypt(keysOf(team).cipher, `${team.id}:${place}`, Buffer.from(clear)),
    open: (team, place, sealed) => decrypt(keysOf(team).cipher, `${team.id}:${place}`, sealed).toString(),
    fingerprint: (team, text) => createHmac('sha256', keysOf(team).mac).update(text).digest('hex').slice(0, 40),
  }
}

function derive(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, 32))
}

function encrypt(key: Buffer, place: string, clear: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Buffer, place: string, sealed: Buffer): Buffer {
  if (sealed[0] !== VERSION) throw new Error('This value was sealed by an unknown version of the vault.')
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  const body = sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES)
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  return Buffer.concat([cipher.update(body), cipher.final()])
}
