/** Fetching what a connection gives access to: on request, after connecting, and by schedule. Contract: moneykit/links §5. */
import type { Task } from '../../jobs/task.js'
import type { Base, Ctx, Writing } from '../ctx.js'
import type { Connection, Whose } from './connections.js'
import type { ConnectionProduct } from './products.js'

/**
 * Asks for fresh data; all of them or none. A refresh that runs is joined. Refuses `connection.not_found`, `.other_client`,
 * `.deleted`, `.product_not_granted`, `.refreshed_too_recently` (its detail: seconds to wait), `.bad_state`.
 */
export async function requestRefresh(
  _ctx: Ctx<Writing>,
  _whose: Whose,
  _products: readonly ConnectionProduct[],
): Promise<Connection> {
  throw new Error('not written yet')
}

/** Fetches one product of one connection. */
export function refreshTask(_base: Base): Task {
  throw new Error('not written yet')
}
