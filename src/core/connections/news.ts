/**
 * What is told of connections. A connection's own webhook hears of these topics; the event's `after` is what the face words.
 * Contract: moneykit/links §7.
 */
import type { Ctx, Writing } from '../ctx.js'
import { type Change, recordAndTell } from '../events/events.js'
import type { ConnectionId, DeliveryId } from '../ids.js'
import { findLive, refuseInEarnest } from './access.js'
import type { Connection, Whose } from './connections.js'
import { refuse } from './errors.js'
import type { ConnectionProduct, RefreshState } from './products.js'
import { type ConnectionError, type ConnectionState, errorMessages } from './transitions.js'

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

export function stateNews(connection: Connection, testKey: string | null = null): StateNews {
  const { id, tags, state, errorCode } = connection
  const errorMessage = errorCode && errorMessages[errorCode]
  return { connectionId: id, tags, testKey, state, errorCode, errorMessage }
}

export interface RefreshStep {
  readonly product: ConnectionProduct
  readonly state: RefreshState
  readonly errorMessage: string | null
}

/** The record of a step of a refresh. */
export function refreshChange(connection: Connection, step: RefreshStep, changedAt: string): Change {
  const { id, tags } = connection
  const after: ProductNews = { connectionId: id, tags, testKey: null, ...step, changedAt }
  return { resource: 'connection', op: 'product_refreshed', resourceId: id, before: null, after }
}

/** The record that a sync would bring something new. */
export function transactionsChange(connection: Connection): Change {
  const after = transactionNews(connection, null)
  return { resource: 'connection', op: 'transactions_available', resourceId: connection.id, before: null, after }
}

function transactionNews({ id, tags, products }: Connection, testKey: string | null): TransactionNews {
  return { connectionId: id, tags, testKey, hasHistory: products.transactions?.hasHistory ?? false }
}

/**
 * Sends the connection's webhook what it would get, although nothing happened. Refuses `connection.not_found`,
 * `.other_client`, `.deleted`, `.not_a_rehearsal`, `.no_webhook`.
 */
export async function testWebhook(
  ctx: Ctx<Writing>,
  whose: Whose,
  { topic, key }: { readonly topic: ConnectionTopic; readonly key: string },
): Promise<DeliveryId> {
  const connection = await findLive(ctx, whose)
  refuseInEarnest(ctx)
  if (connection.webhookUrl === null) throw refuse('connection.no_webhook')
  const [resource = '', op = ''] = topic.split('.')
  const after = testNews[topic](connection, key, ctx.clock.now())
  const [deliveryId] = await recordAndTell(ctx, [{ resource, op, resourceId: connection.id, before: null, after }])
  if (!deliveryId) throw new Error('A connection with a webhook was told nothing.')
  return deliveryId
}

const testNews: Readonly<Record<ConnectionTopic, (of: Connection, testKey: string, at: string) => object>> = {
  'connection.state_changed': (connection, testKey) => stateNews(connection, testKey),
  'connection.product_refreshed': ({ id, tags }, testKey, changedAt): ProductNews => {
    return { connectionId: id, tags, testKey, product: 'accounts', state: 'completed', errorMessage: null, changedAt }
  },
  'connection.transactions_available': transactionNews,
}
