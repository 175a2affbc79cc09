/** Accounts that a person describes, because nobody reads them anywhere: they stand in a connection of their own. */
import type { Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type ConnectionId, type ConsumerId, type HeldAccountId, newId } from '../ids.js'
import { takeLive } from './access.js'
import { listAccounts, putAccounts } from './account-store.js'
import { accountOf, type HeldAccount } from './accounts.js'
import type { Connection } from './connections.js'
import { changed } from './moves.js'
import * as productStore from './product-store.js'
import * as store from './store.js'

/** Where they are; no institution has this slug. */
export const DESCRIBED_AT = { slug: 'manual', name: 'Manual Institution' } as const

/** A connection for what a person describes; nothing is read through it. */
export async function beginDescribed(ctx: Ctx<Writing>, consumerId: ConsumerId): Promise<Connection> {
  const at = ctx.clock.stamp()
  const connection = await store.addConnection(ctx, {
    id: newId<ConnectionId>(ctx.chance),
    consumerId,
    institution: DESCRIBED_AT,
    institutionProducts: ['accounts'],
    provider: 'mx',
    clientId: null,
    state: 'connected',
    errorCode: null,
    webhookUrl: null,
    tags: [],
    isImported: true,
    connectedAt: at,
    createdAt: at,
  })
  await productStore.grantProducts(ctx, connection.id, [{ product: 'accounts', settings: null }])
  await record(ctx, [changed(null, connection)])
  return store.shown(connection)
}

export interface AccountDescription {
  /** Group and kind, such as `depository.checking`. */
  readonly type: string
  readonly name: string
  readonly currentCents: number | null
  readonly limitCents: number | null
}

/** Adds one. Refuses `connection.not_found`, `.deleted`. */
export async function describeAccount(
  ctx: Ctx<Writing>,
  connectionId: ConnectionId,
  { type, name, currentCents, limitCents }: AccountDescription,
): Promise<HeldAccount> {
  const before = await takeLive(ctx, { id: connectionId, clientId: null })
  const known = await listAccounts({ ...ctx, db: ctx.tx }, [connectionId])
  const row = {
    id: newId<HeldAccountId>(ctx.chance),
    connectionId,
    networkRef: null,
    originalId: null,
    position: known.length,
    type,
    name,
    nickname: null,
    mask: null,
    isClosed: false,
    isPermitted: true,
    debtRef: null,
    balances: { currency: 'USD', availableCents: null, currentCents, limitCents, at: ctx.clock.now() },
  }
  await putAccounts(ctx, [row], ctx.clock.stamp())
  const after = await store.patchConnection(ctx, connectionId, {}, ctx.clock.stamp())
  await record(ctx, [changed(before, after)])
  return accountOf(row)
}
