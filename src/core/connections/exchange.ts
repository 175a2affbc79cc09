/** A consumer's success, turned into a connection by the team's back end. Contract: moneykit/links §1.4. */
import type { Ctx, Writing } from '../ctx.js'
import type { HeldAccount } from './accounts.js'
import type { Connection } from './connections.js'

/** How a session ended. */
export interface Completed {
  readonly connection: Connection
  /** What the consumer granted. */
  readonly accounts: readonly HeldAccount[]
  /** A UUID, to be exchanged once within 30 minutes; null when a connection was renewed, and when the login failed. */
  readonly exchangeToken: string | null
}

/** Makes the connection usable, and has fetched what was asked to be. Refuses `connect_session.invalid_token`. */
export async function exchangeToken(
  _ctx: Ctx<Writing>,
  _given: { readonly token: string; readonly clientId: string | null },
): Promise<Connection> {
  throw new Error('not written yet')
}
