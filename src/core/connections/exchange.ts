/** A consumer's success, turned into a connection by the team's back end. Contract: moneykit/links §1.4. */
import { createHash } from 'node:crypto'
import { addMs } from '../clock/clock.js'
import type { Ctx, Writing } from '../ctx.js'
import type { HeldAccount } from './accounts.js'
import type { Connection } from './connections.js'
import { refuse } from './errors.js'
import { move } from './moves.js'
import { queueFirstFetch } from './refresh.js'
import { takeToken } from './session-store.js'
import { shown, takeConnection } from './store.js'
import type { ConnectionError } from './transitions.js'

/** How a session ended. */
export interface Completed {
  readonly connection: Connection
  /** What the consumer granted. */
  readonly accounts: readonly HeldAccount[]
  /** A UUID, to be exchanged once within 30 minutes; null when a connection was renewed, and when the login failed. */
  readonly exchangeToken: string | null
  /** Why the login failed, which only `completeSession` ends in. */
  readonly failure: { readonly error: ConnectionError; readonly message: string } | null
}

export const TOKEN_MS = 30 * 60_000 // contract: moneykit/links §1.4

/** A token, of which only the hash is kept. */
export function newToken(ctx: Ctx<'chance' | 'clock'>): { readonly token: string; readonly kept: KeptToken } {
  const bytes = ctx.chance.bytes(16)
  // RFC 9562: version 4, variant 10.
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const token = bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { token, kept: { hash: hash(token), expiresAt: addMs(ctx.clock.now(), TOKEN_MS) } }
}

export interface KeptToken {
  readonly hash: Buffer
  readonly expiresAt: string
}

/** Makes the connection usable, and has fetched what was asked to be. Refuses `connect_session.invalid_token`. */
export async function exchangeToken(
  ctx: Ctx<Writing>,
  { token, clientId }: { readonly token: string; readonly clientId: string | null },
): Promise<Connection> {
  const session = await takeToken(ctx, { hash: hash(token), clientId, now: ctx.clock.now() })
  const before = session?.connectionId ? await takeConnection(ctx, session.connectionId) : null
  if (before?.state !== 'awaiting_exchange') throw refuse('connect_session.invalid_token')
  const after = await move(ctx, before, { cause: 'exchanged', patch: { connectedAt: ctx.clock.stamp() } })
  await queueFirstFetch(ctx, after)
  return shown(after)
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token.toLowerCase()).digest()
}
