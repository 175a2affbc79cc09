/**
 * Connections: what a consumer opened to a team with a login at an institution. A consumer makes one in a connect session;
 * from then on it is read product by product, on request and by schedule, and whoever asks for its data gets what was read
 * last. Nobody who reads data here ever waits for an institution.
 */
import type { Page as KeysetPage } from '../../db/keyset.js'
import type { Ctx, Reading, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type ConnectionId, type ConsumerId, readId } from '../ids.js'
import { badState, findLive, findOwned, refuseInEarnest, takeLive } from './access.js'
import { queueAccessEnd } from './access-end.js'
import { findConnectionId } from './account-store.js'
import { refuse } from './errors.js'
import { changed, move } from './moves.js'
import { setOwnWebhook } from './own-webhook.js'
import type { ConnectionProduct, GrantedProducts } from './products.js'
import type { ProviderName } from './providers.js'
import { endSessionsOf } from './session-store.js'
import * as store from './store.js'
import { deleteCorrections } from './transaction-store.js'
import type { ConnectionError, ConnectionState } from './transitions.js'

export { accessEndTask } from './access-end.js'

export {
  type AccountFilter,
  findByNumbers,
  getHeldAccount,
  type HeldAccount,
  listHeldAccounts,
  listNumbers,
  listOwners,
  type Owned,
  type WithNumbers,
  type WithOwners,
} from './accounts.js'
export { CATEGORIES } from './categories.js'
export { type AccountDescription, beginDescribed, describeAccount } from './described.js'
export {
  type Correction,
  correctCategory,
  type EnrichedParty,
  type Enrichment,
} from './enrichment.js'
export type { ConnectionRefusal } from './errors.js'
export { type Completed, exchangeToken } from './exchange.js'
export {
  type AccountImport,
  type ConnectionImport,
  importConnection,
  importTransactions,
  type TransactionImport,
} from './imports.js'
export { getInstitution, type InstitutionFilter, type InstitutionPage, listInstitutions } from './institutions.js'
export {
  type HeldHolding,
  type HeldInvestmentTransaction,
  type HeldSecurity,
  type InvestmentTransactionPage,
  listHoldings,
  listInvestmentTransactions,
} from './investments.js'
export { type Issue, listIssues, reportIssue } from './issues.js'
export {
  CONNECTION_TOPICS,
  type ConnectionTopic,
  type ProductNews,
  type StateNews,
  type TransactionNews,
  testWebhook,
} from './news.js'
export { listOffered, type OfferedInstitution } from './offered.js'
export { beginConnection } from './opening.js'
export {
  CONNECTION_PRODUCTS,
  type ConnectionProduct,
  GRANTABLE_PRODUCTS,
  type GrantableProduct,
  type GrantedProduct,
  type GrantedProducts,
  type ProductError,
  type ProductSettings,
  type RefreshState,
  type WantedProducts,
} from './products.js'
export {
  createProviders,
  PROVIDER_NAMES,
  type Provider,
  type ProviderName,
  type Providers,
  type RoutedInstitution,
  type RoutingRule,
} from './providers.js'
export { fetchAsked, refreshTask, requestRefresh } from './refresh.js'
export { completeSession } from './rehearsed.js'
export { fetchRehearsed, rehearseChange, rehearseRemoval, rehearseTransaction } from './rehearsing.js'
export { PREFETCHED, readAnew } from './rereading.js'
export { connectionWorks } from './schedule.js'
export {
  type ConnectSession,
  type ConnectSessionDraft,
  createConnectSession,
  getConnectSession,
  type SessionFeatures,
} from './sessions.js'
export type { FailureReason } from './step-failures.js'
export {
  answerChallenges,
  type ConnectStep,
  chooseAccounts,
  currentStep,
  isAwaitedBack,
  type Login,
  type Offer,
  returnFromInstitution,
  startConnecting,
  submitCredentials,
  visitedAttempt,
} from './steps.js'
export { type SyncPage, syncTransactions } from './sync.js'
export {
  type HeldTransaction,
  listHeldTransactions,
  type TransactionFilter,
  type TransactionPage,
} from './transactions.js'
export { CONNECTION_STATES, type ConnectionError, type ConnectionState } from './transitions.js'
export { accountsOfConsumer, connectionsOfConsumer, transactionsOfConsumer } from './users.js'

/** A consumer's login at an institution, as it is kept. */
export interface Connection {
  readonly id: ConnectionId
  readonly consumerId: ConsumerId
  readonly institution: { readonly slug: string; readonly name: string }
  /** Who made it last. */
  readonly provider: ProviderName
  readonly state: ConnectionState
  /** Set only in state `error`. */
  readonly errorCode: ConnectionError | null
  /** What a session granted, in the order in which products are shown; empty once it is deleted. */
  readonly products: GrantedProducts
  /** What the institution has beyond that. */
  readonly availableProducts: readonly ConnectionProduct[]
  /** The client of the team whose session made it; null for any. */
  readonly clientId: string | null
  readonly webhookUrl: string | null
  readonly tags: readonly string[]
  /** Its data came from the team, not from an institution. */
  readonly isImported: boolean
  /** The newest `refreshedAt` of any product. */
  readonly lastSyncedAt: string | null
  /** When a token was first exchanged for it; null before. */
  readonly connectedAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** Which connection is meant, and which client asks; null where the team's clients are one. */
export interface Whose {
  readonly id: string
  readonly clientId: string | null
}

/** A webhook of one connection alone, worded and signed by a face. */
export interface OwnWebhook {
  readonly url: string
  readonly face: string
  readonly wireVersion: string
}

/** Also a deleted one, for 90 days. Refuses `connection.not_found`, `.other_client`. */
export async function getConnection(ctx: Ctx<Reading>, whose: Whose): Promise<Connection> {
  return store.shown(await findOwned(ctx, whose))
}

/** Those of the ids that are there and not deleted. */
export async function connectionsById(ctx: Ctx<Reading>, ids: readonly ConnectionId[]): Promise<readonly Connection[]> {
  return ids.length === 0 ? [] : (await store.listByIds(ctx, ids)).map(store.shown)
}

/** Those of a consumer that were ever connected and are not deleted, oldest first. */
export async function connectionsMade(ctx: Ctx<Reading>, consumerId: ConsumerId): Promise<readonly Connection[]> {
  return (await store.listOfConsumer(ctx, { consumerId, clientId: null })).map(store.shown)
}

export interface ConnectionList {
  readonly connections: readonly Pick<Connection, 'id' | 'createdAt'>[]
  /** The connection that the next page begins with; null on the last. */
  readonly next: ConnectionId | null
}

/** Active ones, oldest first: connected at some time and not deleted. Refuses `connection.unknown_cursor`. */
export async function listConnections(
  ctx: Ctx<Reading>,
  page: { readonly clientId: string | null; readonly cursor: string | null; readonly limit: number },
): Promise<ConnectionList> {
  const from = page.cursor === null ? null : readId<ConnectionId>(page.cursor)
  if (page.cursor !== null && from === null) throw refuse('connection.unknown_cursor')
  const rows = await store.listActive(ctx, { clientId: page.clientId, from, limit: page.limit + 1 })
  if (!rows) throw refuse('connection.unknown_cursor')
  return { connections: rows.slice(0, page.limit), next: rows[page.limit]?.id ?? null }
}

/** The connection behind which an account is, for who only has the account's id. Refuses as `getConnection`. */
export async function connectionOfAccount(ctx: Ctx<Reading>, accountId: string): Promise<Connection> {
  const id = await findConnectionId(ctx, accountId)
  return getConnection(ctx, { id: id ?? '', clientId: null })
}

/** Every connection of a team, whatever its client and state, newest first. Null leaves a filter out. */
export async function listAllConnections(
  ctx: Ctx<Reading>,
  filter: { readonly consumerId: string | null; readonly state: ConnectionState | null },
  page: { readonly cursor: string | null; readonly limit: number },
): Promise<KeysetPage<Connection>> {
  const { items, next } = await store.listAll(ctx, filter, page)
  return { items: items.map(store.shown), next }
}

/** What is absent stays as it is. Refuses `connection.not_found`, `.other_client`, `.deleted`, `webhook.invalid_url`. */
export async function changeConnection(
  ctx: Ctx<Writing>,
  whose: Whose,
  { webhook, tags }: { readonly webhook?: OwnWebhook | null; readonly tags?: readonly string[] },
): Promise<Connection> {
  const before = await takeLive(ctx, whose)
  if (webhook !== undefined) await setOwnWebhook(ctx, before.id, webhook)
  const patch = {
    ...(webhook === undefined ? {} : { webhookUrl: webhook?.url ?? null }),
    ...(tags === undefined ? {} : { tags }),
  }
  if (webhook === undefined && tags === undefined) return store.shown(before)
  const after = await store.patchConnection(ctx, before.id, patch, ctx.clock.stamp())
  await record(ctx, [changed(before, after)])
  return store.shown(after)
}

/**
 * Destroys its data and ends the access; a bare record stays for 90 days. Refuses `connection.not_found`, `.other_client`,
 * `.deleted`.
 */
export async function deleteConnection(ctx: Ctx<Writing>, whose: Whose): Promise<void> {
  await destroy(ctx, await findLive({ ...ctx, db: ctx.tx }, whose))
}

/** Deletes all that a consumer has connected, finished or not, and what was said about it: nothing may be read any more. */
export async function deleteConnectionsOf(ctx: Ctx<Writing>, consumerId: ConsumerId): Promise<void> {
  const inside = { ...ctx, db: ctx.tx }
  for (const id of await store.listUndeleted(inside, consumerId)) await destroy(ctx, { id })
  await deleteCorrections(ctx, consumerId)
}

async function destroy(ctx: Ctx<Writing>, { id }: Pick<Connection, 'id'>): Promise<void> {
  // Whoever takes both takes the session first.
  await endSessionsOf(ctx, id)
  const before = await store.takeConnection(ctx, id)
  if (!before || before.state === 'deleted') throw refuse('connection.deleted')
  await store.destroyData(ctx, id)
  // Told to the address that it had.
  await move(ctx, before, { cause: 'deleted', patch: { webhookUrl: null } })
  await setOwnWebhook(ctx, id, null)
  await queueAccessEnd(ctx, id)
}

/**
 * Disconnects it by force, as if the institution had ended the access. Refuses `connection.not_found`, `.other_client`,
 * `.deleted`, `.bad_state`, and `.not_a_rehearsal` in production.
 */
export async function resetConnection(ctx: Ctx<Writing>, whose: Whose): Promise<Connection> {
  const before = await takeLive(ctx, whose)
  refuseInEarnest(ctx)
  if (before.state !== 'connected' && before.state !== 'error') throw badState(before)
  return store.shown(await move(ctx, before, { cause: 'failed', errorCode: 'auth_expired' }))
}
