/** What receivers of signatures are told of a published key, and how it is looked up. */
import { addMs, type Instant } from '../clock/clock.js'
import type { Ctx } from '../ctx.js'
import { deriveId } from '../ids.js'
import { refuse } from './errors.js'
import { type KeyRow, listKeys, type PublicJwk } from './store.js'

// Receivers may remember published keys for 24 hours, and deliveries are tried for two. Contract: moneykit/conventions §4.3.
const COUNTS_AFTERWARDS_MS = 26 * 3_600_000

export interface SigningKey extends PublicJwk {
  readonly id: string
  /** As it stands in what it signed and in the published set. */
  readonly kid: string
  readonly signsFrom: Instant
  /** Until when what it signed counts; null while it has no successor. */
  readonly countsUntil: Instant | null
}

/** Until when a key counts that has this successor; null for one that has none. */
export function countsUntil(successor: Pick<KeyRow, 'signsFrom'> | undefined): Instant | null {
  return successor ? addMs(successor.signsFrom, COUNTS_AFTERWARDS_MS) : null
}

/** The id of the key that signatures name so. */
export function signingKeyId(kid: string): string {
  return deriveId(kid, 'signing_key')
}

export function toldOf(key: KeyRow, successor: KeyRow | undefined): SigningKey {
  const { kty, crv, x, y } = key.publicJwk
  const { id: kid, signsFrom } = key
  return { id: signingKeyId(kid), kid, kty, crv, x, y, signsFrom, countsUntil: countsUntil(successor) }
}

/** A published key, also one that counts no longer. Refuses `signing_key.not_found`. */
export async function getSigningKey(ctx: Ctx<'db'>, id: string): Promise<SigningKey> {
  const keys = (await listKeys(ctx.db)).filter(({ purpose }) => purpose === 'webhook')
  const found = keys.map((key, index) => toldOf(key, keys[index - 1])).find((key) => key.id === id)
  if (!found) throw refuse('signing_key.not_found')
  return found
}
