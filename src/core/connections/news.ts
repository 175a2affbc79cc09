/**
 * What is told of connections. A connection's own webhook hears of these topics; the event's `after` is what the face words.
 * Contract: moneykit/links §7.
 */
import type { Ctx, Writing } from '../ctx.js'
import type { ConnectionId, DeliveryId } from '../ids.js'
import type { Whose } from './connections.js'
import type { ConnectionProduct, RefreshState } from './products.js'
import type { ConnectionError, ConnectionState } from './transitions.js'

export const CONNECTION_TOPICS = [
  'connection.state_changed',
  'connection.product_refreshed',
  'connection.transactions_available',
] as const
export type ConnectionTopic = (typeof CONNECTION_TOPICS)[number]

interface News {
  readonly connectionId: ConnectionId
  readonly tags: readonly string[]
  /** Only of a test: what the team wants to recognise it by. */
  readonly testKey: string | null
}

/** `after` of `connection.state_changed`. */
export interface StateNews extends News {
  readonly state: ConnectionState
  readonly errorCode: ConnectionError | null
  readonly errorMessage: string | null
}

/** `after` of `connection.product_refreshed`: every step of a refresh that somebody waits for. */
export interface ProductNews extends News {
  readonly product: ConnectionProduct
  readonly state: RefreshState
  readonly changedAt: string
  readonly errorMessage: string | null
}

/** `after` of `connection.transactions_available`. */
export interface TransactionNews extends News {
  readonly hasHistory: boolean
}

/**
 * Sends the connection's webhook what it would get, although nothing happened. Refuses `connection.not_found`,
 * `.other_client`, `.deleted`, `.not_a_rehearsal`, `.no_webhook`.
 */
export async function testWebhook(
  _ctx: Ctx<Writing>,
  _whose: Whose,
  _test: { readonly topic: ConnectionTopic; readonly key: string },
): Promise<DeliveryId> {
  throw new Error('not written yet')
}
