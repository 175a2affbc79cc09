/** Expansion: an id replaced by its whole object, in the same place. Contract: method/conventions §11. */
import { Type } from 'typebox'
import { findAccountSessions } from '../../core/account-verification/account-verification.js'
import type { Account } from '../../core/accounts/accounts.js'
import { findAccounts } from '../../core/accounts/accounts.js'
import type { Consumer } from '../../core/consumers/consumers.js'
import type { Ctx, Reading } from '../../core/ctx.js'
import type { RetrievalId } from '../../core/ids.js'
import { findMerchants } from '../../core/institutions/institutions.js'
import { type ConnectResult, findRetrievals, type Retrieval } from '../../core/products/products.js'
import { newestTransactions, type Transaction } from '../../core/transactions/transactions.js'
import { findSessions } from '../../core/verification/verification.js'
import { accountSessionWire } from './account-verification-wire.js'
import { accountWire } from './account-wire.js'
import { entityWire } from './entities.js'
import { invalidRequest } from './invalid.js'
import { merchantWire } from './merchants.js'
import { openedRetrievalWire, retrievalWire } from './retrieval-wire.js'
import { transactionWire } from './transaction-wire.js'
import { sessionWire } from './verification-session-wire.js'
import { downTo, isSince, type Version, type Wire, withFormer } from './versions/versions.js'

const NAMES_MAX = 20

// Clients write lists as `expand[]=a`, `expand[0]=a`, `expand=a&expand=b` or `expand=a`. The query parser folds the first
// two into this name.
export const expandQuery = {
  expand: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: NAMES_MAX })),
}

export const ENTITY_EXPANDABLES = [
  'connect',
  'credit_score',
  'attribute',
  'vehicle',
  'identity_latest_verification_session',
  'phone_latest_verification_session',
] as const
type EntityExpandable = (typeof ENTITY_EXPANDABLES)[number]

const ACCOUNT_EXPANDABLES = [
  'sensitive',
  'balance',
  'card_brand',
  'payoff',
  'transactions',
  'transaction',
  'update',
  'latest_verification_session',
  'attribute',
  'payment_instrument',
  'payment',
  'liability.mch_id',
] as const
type AccountExpandable = (typeof ACCOUNT_EXPANDABLES)[number]

/** What a version can expand; merchants came with 2025-12-01. */
export function accountExpandables(version: Version): readonly AccountExpandable[] {
  return ACCOUNT_EXPANDABLES.filter((name) => name !== 'liability.mch_id' || isSince(version, '2025-12-01'))
}

type ConnectExpandable = 'accounts' | `accounts.${AccountExpandable}`

/** Members of the accounts that a connect found. */
export function connectExpandables(version: Version): readonly ConnectExpandable[] {
  return ['accounts', ...accountExpandables(version).map((name) => `accounts.${name}` as const)]
}

/** The names a query asks for. Refuses one that this resource does not have. */
export function readExpand<const Name extends string>(
  query: { readonly expand?: readonly string[] | undefined },
  known: readonly Name[],
): readonly Name[] {
  return (query.expand ?? []).map((given) => {
    const name = known.find((candidate) => candidate === given)
    if (name === undefined) throw invalidRequest('expand', `has no ${given} here. Use any of: ${known.join(', ')}.`)
    return name
  })
}

interface Viewer {
  readonly ctx: Ctx<Reading | 'vault'>
  readonly version: Version
  readonly publicUrl: string
}

/** Entities in the newest shape, with the named members expanded; one statement for all retrievals and one for all sessions. */
export async function expandEntities(
  viewer: Viewer,
  names: readonly EntityExpandable[],
  consumers: readonly Consumer[],
): Promise<readonly Wire[]> {
  const { ctx, version, publicUrl } = viewer
  const wanted = (['connect', 'credit_score', 'attribute', 'vehicle'] as const).filter((name) => names.includes(name))
  const retrievals = await loadRetrievals(
    ctx,
    consumers.flatMap(({ latest }) => wanted.map((name) => latest[name])),
  )
  const showsIdentity = names.includes('identity_latest_verification_session')
  const showsPhone = names.includes('phone_latest_verification_session')
  const sessionIds = consumers.flatMap((consumer) => [
    ...(showsIdentity && consumer.identitySessionId ? [consumer.identitySessionId] : []),
    ...(showsPhone && consumer.phoneSessionId ? [consumer.phoneSessionId] : []),
  ])
  const sessions = new Map((await findSessions(ctx, sessionIds)).map((session) => [session.id, session]))
  const shownSession = (id: Consumer['phoneSessionId']) => {
    const session = id && sessions.get(id)
    return session ? downTo(version, 'verification_session', sessionWire(session, publicUrl)) : null
  }
  return consumers.map((consumer) => {
    const wire = { ...entityWire(consumer, ctx) }
    for (const name of wanted.filter((each) => each in wire))
      wire[name] = shownRetrieval(viewer, retrievals, consumer.latest[name]) ?? wire[name] ?? null
    if (wire.verification) {
      const { identity, phone } = wire.verification
      wire.verification = {
        identity: showsIdentity
          ? { ...identity, latest_verification_session: shownSession(consumer.identitySessionId) }
          : identity,
        phone: showsPhone ? { ...phone, latest_verification_session: shownSession(consumer.phoneSessionId) } : phone,
      }
    }
    return wire
  })
}

/** The members of an account that point to retrievals, and the products whose latest one each shows. */
const ACCOUNT_POINTERS = {
  balance: 'balance',
  update: 'update',
  card_brand: 'card_brand',
  payoff: 'payoff',
  attribute: 'account_attribute',
  sensitive: 'sensitive',
  payment_instrument: 'payment_instrument',
} as const

/** Accounts in the newest shape, with the named members expanded; one statement for all records and one for all transactions. */
export async function expandAccounts(
  viewer: Viewer,
  names: readonly AccountExpandable[],
  accounts: readonly Account[],
): Promise<readonly Wire[]> {
  const { ctx } = viewer
  const wanted = Object.entries(ACCOUNT_POINTERS).filter(([name]) => names.some((each) => each === name))
  const retrievals = await loadRetrievals(
    ctx,
    accounts.flatMap(({ latest }) => wanted.map(([, product]) => latest[product])),
  )
  // Members that stand on the account only when asked for. Contract: method/accounts §1.1.
  const lists = (['transactions', 'transaction'] as const).filter((name) => names.includes(name))
  const cards = lists.length === 0 ? [] : accounts.map(({ id }) => id)
  const transactions = await newestTransactions(ctx, cards)
  const showsSession = names.includes('latest_verification_session')
  const sessionIds = accounts.flatMap(({ verificationSessionId: id }) => (showsSession && id ? [id] : []))
  const sessions = new Map((await findAccountSessions(ctx, sessionIds)).map((session) => [session.id, session]))
  const merchants = names.includes('liability.mch_id') ? await merchantsOf(ctx, accounts) : new Map<string, Wire>()
  return accounts.map((account) => {
    const wire = { ...accountWire(account, ctx) }
    const merchant = merchants.get(wire.liability?.mch_id)
    if (merchant) wire.liability = { ...wire.liability, mch_id: merchant }
    const session = account.verificationSessionId && sessions.get(account.verificationSessionId)
    if (session) wire.latest_verification_session = accountSessionWire(session, ctx)
    for (const name of lists) wire[name] = shownTransactions(viewer, transactions.get(account.id))
    for (const [name, product] of wanted) {
      if (name in wire) wire[name] = shownRetrieval(viewer, retrievals, account.latest[product])
    }
    return names.includes('sensitive') ? withFormer(wire, { sensitive: wire.sensitive ?? null }) : wire
  })
}

/** The merchants of accounts, by their wire ids. */
async function merchantsOf(ctx: Ctx<Reading>, accounts: readonly Account[]): Promise<ReadonlyMap<string, Wire>> {
  const numbers = new Set(accounts.flatMap(({ liability }) => (liability ? [liability.merchantNumber] : [])))
  const wires = (await findMerchants(ctx, [...numbers])).map(merchantWire)
  return new Map(wires.map((wire) => [wire.id as string, wire]))
}

function shownTransactions({ version }: Viewer, transactions: readonly Transaction[] = []): readonly Wire[] {
  return transactions.map((transaction) => downTo(version, 'transaction', transactionWire(transaction)))
}

/** Connects in the newest shape, with their accounts expanded where asked for. */
export async function expandConnects(
  viewer: Viewer,
  names: readonly ConnectExpandable[],
  connects: readonly Retrieval[],
): Promise<readonly Wire[]> {
  const wires = connects.map((connect) => retrievalWire(connect, viewer.publicUrl))
  if (names.length === 0) return wires
  const ids = connects.flatMap((connect) => (connect.result as ConnectResult | null)?.accountIds ?? [])
  const nested = ACCOUNT_EXPANDABLES.filter((name) => names.includes(`accounts.${name}`))
  const accounts = await expandAccounts(viewer, nested, await findAccounts(viewer.ctx, [...new Set(ids)]))
  const shown = new Map(accounts.map((wire) => [wire.id as string, downTo(viewer.version, 'account', wire)]))
  return wires.map((wire) => ({
    ...wire,
    accounts: wire.accounts?.map((id: string) => shown.get(id) ?? id) ?? null,
  }))
}

async function loadRetrievals(
  ctx: Ctx<Reading>,
  ids: readonly (RetrievalId | undefined)[],
): Promise<ReadonlyMap<RetrievalId, Retrieval>> {
  const found = await findRetrievals(ctx, [...new Set(ids.filter((id) => id !== undefined))])
  return new Map(found.map((retrieval) => [retrieval.id, retrieval]))
}

function shownRetrieval(
  { ctx, version, publicUrl }: Viewer,
  retrievals: ReadonlyMap<RetrievalId, Retrieval>,
  id: RetrievalId | undefined,
): Wire | null {
  const retrieval = id && retrievals.get(id)
  if (!retrieval) return null
  const wire = openedRetrievalWire(ctx, retrieval, publicUrl)
  return isVersioned(retrieval.product) ? downTo(version, retrieval.product, wire) : wire
}

const VERSIONED = ['attribute', 'card_brand', 'connect', 'payment_instrument', 'sensitive', 'update'] as const

function isVersioned(product: string): product is (typeof VERSIONED)[number] {
  return VERSIONED.some((name) => name === product)
}
