/** Connections made of data that the team has already. Contract: moneykit/links §4.6. */
import { inTx } from '../../db/database.js'
import { ensureExternalConsumer, refuseDisabled } from '../consumers/consumers.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type ConnectionId, type HeldAccountId, type HeldTransactionId, newId } from '../ids.js'
import { enrichesTransactions } from '../teams/teams.js'
import { takeLive } from './access.js'
import { type AccountRow, listAccounts, putAccounts } from './account-store.js'
import { readAccountType } from './account-types.js'
import { readCategory } from './categories.js'
import type { Connection, Whose } from './connections.js'
import { enrichAll } from './enrichment.js'
import { refuse } from './errors.js'
import { getInstitution } from './institutions.js'
import { changed } from './moves.js'
import { transactionsChange } from './news.js'
import * as productStore from './product-store.js'
import type { ProductSettings } from './products.js'
import type { ProviderName } from './providers.js'
import { nextSecond } from './refresh.js'
import type { ConsumerContact } from './sessions.js'
import * as store from './store.js'
import { addChanges, listPosted, putTransactions, recount, type TransactionRow } from './transaction-store.js'

export interface AccountImport {
  /** The team's own, unique among those imported with it. */
  readonly originalId: string
  readonly name: string
  readonly nickname: string | null
  /** Any words. */
  readonly type: string
  readonly mask: string | null
  readonly balances: {
    readonly currency: string | null
    readonly availableCents: number | null
    readonly currentCents: number | null
    readonly limitCents: number | null
    readonly at: string | null
  }
}

export interface TransactionImport {
  readonly accountOriginalId: string
  readonly originalId: string | null
  /** Positive is money in. */
  readonly cents: number
  readonly on: string
  readonly at: string | null
  readonly description: string | null
  /** Any words. */
  readonly type: string | null
}

export interface ConnectionImport {
  readonly externalConsumerId: string
  readonly contact: ConsumerContact
  readonly clientId: string | null
  readonly provider: ProviderName | null
  readonly institutionId: string
  readonly accounts: readonly AccountImport[]
  readonly transactions: readonly TransactionImport[]
}

/**
 * All or nothing. What was imported can be read at once; a consumer who connects it again attaches it to the institution.
 * Refuses `connection.institution_not_found`, `consumer.disabled`, `connection.invalid_import` with the member at fault.
 */
export async function importConnection(ctx: Ctx<Asking>, given: ConnectionImport): Promise<Connection> {
  const institution = await getInstitution(ctx, given.institutionId)
  refuseTwice(given.accounts)
  const consumer = await ensureExternalConsumer(ctx, given.externalConsumerId, given.contact)
  refuseDisabled(consumer)
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const at = ctx.clock.stamp()
    const connection = await store.addConnection(inside, {
      id: newId<ConnectionId>(ctx.chance),
      consumerId: consumer.id,
      institution: { slug: institution.institutionSlug, name: institution.name },
      institutionProducts: institution.products,
      provider: given.provider ?? 'moneykit',
      clientId: given.clientId,
      state: 'error',
      errorCode: 'auth_expired',
      webhookUrl: null,
      tags: [],
      isImported: true,
      connectedAt: at,
      createdAt: at,
    })
    await putAccounts(
      inside,
      given.accounts.map((account, position) => accountRow(ctx, connection, account, position)),
      at,
    )
    const isEnriched = enrichesTransactions(ctx.team)
    await productStore.grantProducts(inside, connection.id, [
      { product: 'accounts', settings: null },
      { product: 'transactions', settings: ASKED_FOR_NOTHING },
      ...(isEnriched ? [{ product: 'enrichment', settings: null } as const] : []),
    ])
    await record(inside, [changed(null, connection)])
    await noteImported(inside, connection, ['accounts', 'transactions'])
    return addTransactions(inside, connection.id, given.transactions)
  })
}

const ASKED_FOR_NOTHING: ProductSettings = {
  required: false,
  requirePermission: false,
  prefetch: false,
  reason: null,
  extendHistory: false,
}

/**
 * Adds transactions, and renews those whose `originalId` is known. Refuses `connection.not_found`, `.other_client`,
 * `.deleted`, `.not_imported`, `.invalid_import`.
 */
export async function importTransactions(
  ctx: Ctx<Writing>,
  whose: Whose,
  transactions: readonly TransactionImport[],
): Promise<Connection> {
  const connection = await takeLive(ctx, whose)
  if (!connection.isImported) throw refuse('connection.not_imported')
  await noteImported(ctx, connection, ['transactions'])
  return addTransactions(ctx, connection.id, transactions)
}

function refuseTwice(accounts: readonly AccountImport[]): void {
  const seen = new Set<string>()
  for (const [index, { originalId }] of accounts.entries()) {
    if (seen.has(originalId)) {
      throw refuse('connection.invalid_import', {
        member: `accounts[${index}].originalId`,
        rule: 'must be unique among the accounts.',
      })
    }
    seen.add(originalId)
  }
}

function accountRow(
  ctx: Ctx<'chance'>,
  connection: store.HeldConnection,
  { type, ...account }: AccountImport,
  position: number,
): AccountRow {
  return {
    ...account,
    id: newId<HeldAccountId>(ctx.chance),
    connectionId: connection.id,
    networkRef: null,
    position,
    type: readAccountType(type),
    isClosed: false,
    isPermitted: true,
    debtRef: null,
  }
}

async function noteImported(
  ctx: Ctx<Writing>,
  { id, products }: store.HeldConnection,
  names: readonly ('accounts' | 'transactions')[],
): Promise<void> {
  for (const product of names) {
    await productStore.noteAttempt(ctx, {
      connectionId: id,
      product,
      refreshState: null,
      end: {
        at: nextSecond(ctx.clock.now(), products[product]?.lastAttemptedAt ?? null),
        error: null,
        unavailable: null,
        hasHistory: true,
        fetchedUntil: null,
        readBy: null,
      },
    })
  }
}

/** What nobody enriches later is enriched at once: an imported connection is read by no schedule. */
async function addTransactions(
  ctx: Ctx<Writing>,
  id: ConnectionId,
  given: readonly TransactionImport[],
): Promise<Connection> {
  const connection = await taken(ctx, id)
  const accounts = new Map((await listAccounts(ctx, [id])).map((row) => [row.originalId, row]))
  const known = new Map(
    (await listPosted(ctx, id)).flatMap((row) => (row.originalId === null ? [] : [[row.originalId, row] as const])),
  )
  const rows = given.map((each, index): TransactionRow => {
    const account = accounts.get(each.accountOriginalId)
    if (!account) {
      throw refuse('connection.invalid_import', {
        member: `transactions[${index}].accountOriginalId`,
        rule: 'must be one of the accounts.',
      })
    }
    const before = each.originalId === null ? undefined : known.get(each.originalId)
    return { ...(before ?? fresh(ctx, connection)), ...factsOf(each, account), isJudged: false }
  })
  // The last word about one that is named twice.
  const last = [...new Map(rows.map((row) => [row.originalId ?? row.id, row])).values()]
  const positioned = last.map((row, index) => {
    return { ...row, createdPosition: row.createdPosition ?? connection.changePosition + index + 1 }
  })
  await putTransactions(ctx, positioned, ctx.clock.stamp())
  await addChanges(ctx, id, positioned, connection.changePosition)
  await recount(ctx, id)
  const changePosition = connection.changePosition + positioned.length
  const after = await store.patchConnection(ctx, id, { changePosition }, ctx.clock.stamp())
  if (positioned.length > 0) await record(ctx, [transactionsChange(after)])
  if (after.products.enrichment) await enrichAll(ctx, after)
  return store.shown(await taken(ctx, id))
}

async function taken(ctx: Ctx<Writing>, id: ConnectionId): Promise<store.HeldConnection> {
  const connection = await store.takeConnection(ctx, id)
  if (!connection) throw new Error('A connection that is being imported into is there.')
  return connection
}

function factsOf({ cents, on, at, description, type, originalId }: TransactionImport, account: AccountRow) {
  const category = type === null ? null : readCategory(type)
  return {
    accountId: account.id,
    originalId,
    cents: Math.abs(cents),
    direction: cents < 0 ? ('debit' as const) : ('credit' as const),
    currency: account.balances.currency ?? 'USD',
    on,
    at,
    description,
    rawDescription: description,
    category: category?.category ?? null,
    subcategory: category?.subcategory ?? null,
  }
}

function fresh(ctx: Ctx<'chance'>, connection: store.HeldConnection) {
  return {
    id: newId<HeldTransactionId>(ctx.chance),
    connectionId: connection.id,
    networkRef: null,
    status: 'posted' as const,
    counterparty: null,
    recurrence: null,
    enrichment: null,
    isCorrected: false,
    createdPosition: null,
    removedPosition: null,
    generation: null,
  }
}
