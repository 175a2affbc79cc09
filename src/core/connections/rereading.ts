/** Reading a connection anew through the login that it has, for callers who do not ask their consumers product by product. */
import type { Ctx, Writing } from '../ctx.js'
import { enrichesTransactions } from '../teams/teams.js'
import { takeLive } from './access.js'
import type { Connection, Whose } from './connections.js'
import * as productStore from './product-store.js'
import type { GrantableProduct, ProductSettings } from './products.js'
import { queueRefreshes } from './refresh.js'
import * as store from './store.js'

/** Wanted, and fetched at once. */
export const PREFETCHED: ProductSettings = {
  required: false,
  requirePermission: false,
  prefetch: true,
  reason: null,
  extendHistory: false,
}

/**
 * Asks for everything that it has, and for products that it gets with this, where its institution offers them. Refuses
 * `connection.not_found`, `.other_client`, `.deleted`.
 */
export async function readAnew(
  ctx: Ctx<Writing>,
  whose: Whose,
  products: readonly GrantableProduct[],
): Promise<Connection> {
  const before = await takeLive(ctx, whose)
  const added = products.filter((product) => before.availableProducts.includes(product))
  const isEnriched = added.includes('transactions') && enrichesTransactions(ctx.team)
  await productStore.grantProducts(ctx, before.id, [
    ...added.map((product) => ({ product, settings: PREFETCHED })),
    ...(isEnriched ? [{ product: 'enrichment', settings: null } as const] : []),
  ])
  // Accounts of a product that is new have a past that was not read.
  if (added.length > 0) await productStore.forgetFetchedUntil(ctx, before.id)
  const connection = added.length > 0 ? await store.takeConnection(ctx, before.id) : before
  if (!connection) throw new Error('A connection that is held is there.')
  const held = Object.keys(connection.products) as (keyof typeof connection.products)[]
  await queueRefreshes(ctx, [{ connection, products: held.filter((product) => product !== 'enrichment') }], {
    isTold: false,
    requestedAt: null,
  })
  return store.shown(connection)
}
