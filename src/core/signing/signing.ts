/**
 * What the server puts its name to. Keys are made by the server, kept sealed, and follow one another: a new one is known
 * everywhere before it first signs, and an old one counts until nothing that it signed can still arrive.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { Ctx } from '../ctx.js'
import { isSignedBy, type Members, parseToken, writeToken } from './jwt.js'
import { PRIVATE_PLACE } from './rotation.js'
import { type KeyRow, listKeys, type PublicJwk, type Purpose } from './store.js'
import { countsUntil } from './told.js'

export { ensureSigningKeys, rotateSigningKey } from './rotation.js'
export type { Purpose } from './store.js'
export { getSigningKey, type SigningKey, signingKeyId } from './told.js'

// Processes look at the keys at least this often, so that a new one is known everywhere before it signs.
const BELIEF_MS = 10_000
/** A published key, as receivers look it up. */
export interface PublishedKey extends PublicJwk {
  readonly alg: 'ES256'
  readonly use: 'sig'
  readonly kid: string
}

export interface Signer {
  /** A token of these claims, signed by the key whose turn it is. */
  sign(purpose: Purpose, claims: Members, header?: Members): Promise<string>
  /** The claims of a token that a key of the purpose has signed; null for any other text. Says nothing about its time. */
  read(purpose: Purpose, token: string): Promise<Members | null>
  /** The keys that count, newest first. */
  published(purpose: Purpose): Promise<readonly PublishedKey[]>
}

interface LiveKey extends KeyRow {
  readonly publicKey: KeyObject
  /** Opened by whoever signs with it. */
  readonly privateKey: () => KeyObject
}

/** Signs and reads with the keys that are stored. `readMs` is a steady clock of the machine. */
export function openSigner(ctx: Ctx<'db' | 'realClock' | 'vault'>, options: { readonly readMs: () => number }): Signer {
  let known: { readonly until: number; readonly keys: Promise<readonly LiveKey[]> } | null = null
  const load = async () => (await listKeys(ctx.db)).map((row) => revive(ctx, row))
  const keysOf = async (purpose: Purpose): Promise<readonly LiveKey[]> => {
    if (!known || known.until <= options.readMs()) {
      const keys = load()
      known = { until: options.readMs() + BELIEF_MS, keys }
      keys.catch(() => {
        known = null
      })
    }
    return counting(
      (await known.keys).filter((key) => key.purpose === purpose),
      ctx.realClock.now(),
    )
  }
  return {
    async sign(purpose, claims, header = {}) {
      const now = ctx.realClock.now()
      const key = (await keysOf(purpose)).find(({ signsFrom }) => signsFrom <= now)
      if (!key) throw new Error(`There is no key that signs a ${purpose}.`)
      return writeToken(key.privateKey(), { alg: 'ES256', kid: key.id, typ: 'JWT', ...header }, claims)
    },
    async read(purpose, text) {
      const token = parseToken(text)
      if (!token) return null
      const key = (await keysOf(purpose)).find(({ id }) => id === token.header.kid)
      return key && isSignedBy(key.publicKey, token) ? token.claims : null
    },
    async published(purpose) {
      return (await keysOf(purpose)).map(({ id, publicJwk: { kty, crv, x, y } }) => ({
        kty,
        crv,
        alg: 'ES256',
        use: 'sig',
        kid: id,
        x,
        y,
      }))
    },
  }
}

/** All but those whose successor has been signing for long enough; `keys` newest first. */
function counting(keys: readonly LiveKey[], now: string): readonly LiveKey[] {
  return keys.filter((_, index) => {
    const until = countsUntil(keys[index - 1])
    return until === null || until > now
  })
}

function revive(ctx: Ctx<'vault'>, row: KeyRow): LiveKey {
  let opened: KeyObject | null = null
  return {
    ...row,
    publicKey: createPublicKey({ key: { ...row.publicJwk }, format: 'jwk' }),
    privateKey: () => {
      opened ??= createPrivateKey(ctx.vault.open(row, PRIVATE_PLACE, row.privateSealed))
      return opened
    },
  }
}
