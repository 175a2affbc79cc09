/** Who may use a connection for what, in the order in which a caller is told. Contract: moneykit/conventions §5.3, links §3.3. */
import type { Ctx, Reading } from '../ctx.js'
import { type ConnectionId, readId } from '../ids.js'
import { listOtherEnvironments } from '../teams/teams.js'
import type { Whose } from './connections.js'
import { refuse } from './errors.js'
import type { ConnectionProduct } from './products.js'
import type { HeldConnection } from './store.js'
import * as store from './store.js'

/** Also a deleted one. Refuses `connection.not_found`, and `.other_client` also for one of another environment. */
export async function findOwned(ctx: Ctx<Reading>, { id, clientId }: Whose): Promise<HeldConnection> {
  const wanted = readId<ConnectionId>(id)
  const connection = wanted && (await store.findConnection(ctx, wanted))
  if (!connection) throw refuse((await isElsewhere(ctx, wanted)) ? 'connection.other_client' : 'connection.not_found')
  if (clientId !== null && connection.clientId !== null && connection.clientId !== clientId) {
    throw refuse('connection.other_client')
  }
  return connection
}

/** A team is told that a connection of another of its environments is out of reach; what is another team's is not there. */
async function isElsewhere(ctx: Ctx<Reading>, id: ConnectionId | null): Promise<boolean> {
  return id !== null && store.hasConnection(ctx, await listOtherEnvironments(ctx), id)
}

/** Refuses `connection.not_found`, `.other_client`, `.deleted`. */
export async function findLive(ctx: Ctx<Reading>, whose: Whose): Promise<HeldConnection> {
  const connection = await findOwned(ctx, whose)
  if (connection.state === 'deleted') throw refuse('connection.deleted')
  return connection
}

/** As `findLive`, locked for this transaction. */
export async function takeLive(ctx: Ctx<Reading | 'tx'>, whose: Whose): Promise<HeldConnection> {
  const { id } = await findLive({ ...ctx, db: ctx.tx }, whose)
  const connection = await store.takeConnection(ctx, id)
  if (!connection || connection.state === 'deleted') throw refuse('connection.deleted')
  return connection
}

/** One whose data of a product can be read. Refuses as `findLive`, `connection.product_not_granted`, `.bad_state`. */
export async function findReadable(
  ctx: Ctx<Reading>,
  whose: Whose,
  product: ConnectionProduct,
): Promise<HeldConnection> {
  const connection = await findLive(ctx, whose)
  refuseWithout(connection, product)
  refuseUnreadable(connection)
  return connection
}

/** Refuses `connection.product_not_granted`. Before anything was granted, the state is what is in the way. */
export function refuseWithout({ products }: HeldConnection, product: ConnectionProduct): void {
  if (products.accounts && !products[product]) throw refuse('connection.product_not_granted')
}

/** What was fetched stays readable in an error, but nobody reads what the consumer has not finished. */
export function refuseUnreadable(connection: HeldConnection): void {
  const { state, connectedAt } = connection
  if (state === 'connected' || (state === 'error' && connectedAt !== null)) return
  throw badState(connection)
}

/** The refusal that names the error, or the state where there is none. */
export function badState({ state, errorCode }: Pick<HeldConnection, 'state' | 'errorCode'>) {
  return refuse('connection.bad_state', null, errorCode ?? state)
}

/** Refuses `connection.not_a_rehearsal` where people are real. */
export function refuseInEarnest({ team }: Ctx<'team'>): void {
  if (team.environment === 'production') throw refuse('connection.not_a_rehearsal')
}

const place = (id: ConnectionId) => `connections.access.${id}`

/** The provider's name of a login, sealed for its connection. */
export function sealAccess(ctx: Ctx<'vault' | 'team'>, id: ConnectionId, accessRef: string): Buffer {
  return ctx.vault.seal(ctx.team, place(id), accessRef)
}

/** Null when there is no login behind the connection. */
export function openAccess(
  ctx: Ctx<'vault' | 'team'>,
  { id, accessSealed }: Pick<HeldConnection, 'id' | 'accessSealed'>,
): string | null {
  return accessSealed && ctx.vault.open(ctx.team, place(id), accessSealed)
}
