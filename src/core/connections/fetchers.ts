/** How each product of a connection is asked for, and what is kept of the answer. */
import type {
  AccessFailure,
  AccessOutcome,
  AccessProduct,
  Ask,
  HeldAccount,
  TransactionChanges,
} from '../../network/port.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { keepAccounts, keepNumbers, keepOwners } from './accounts.js'
import { enrichAll } from './enrichment.js'
import { keepInvestments } from './investments.js'
import type { RefreshRow } from './product-store.js'
import type { ConnectionProduct, ReadFailure } from './products.js'
import type { ProviderName } from './providers.js'
import { type AccessReader, accessesTo, inOrderFor, inTermsOf, type ProviderAccess } from './standbys.js'
import type { HeldConnection } from './store.js'
import { keepTransactions } from './transaction-keeping.js'

/** What follows from keeping an answer. */
export interface Kept {
  /** A sync of the transactions would bring something new. */
  readonly hasNews?: boolean
  /** There may be transactions that nothing was made of yet. */
  readonly isUnjudged?: boolean
  readonly hasHistory?: boolean
  readonly fetchedUntil?: string
}

export type Answer =
  | {
      readonly ok: true
      readonly readBy: ProviderName
      keep(ctx: Ctx<Writing>, connection: HeldConnection): Promise<Kept>
    }
  | { readonly ok: false; readonly reason: ReadFailure }

/** Asks while no transaction is open. Throws what an adapter threw, where no other provider answered. */
type Fetcher = (ctx: Ctx<Asking>, connection: HeldConnection, row: RefreshRow) => Promise<Answer>

// An adapter that takes longer counts as broken.
const ANSWER_MS_MAX = 50_000

export const fetchers: Readonly<Record<ConnectionProduct, Fetcher>> = {
  accounts: reader(
    ({ network, ask, accessRef }) => network.heldAccounts(ask, accessRef),
    async (ctx, { id }, told) => {
      await keepAccounts(ctx, id, told)
      return {}
    },
  ),

  account_numbers: reader(
    ({ network, ask, accessRef }) => network.accountNumbers(ask, accessRef),
    async (ctx, { id }, told) => {
      await keepNumbers(ctx, id, told)
      return {}
    },
  ),

  identity: reader(
    ({ network, ask, accessRef }) => network.accountOwners(ask, accessRef),
    async (ctx, { id }, told) => {
      await keepOwners(ctx, id, told)
      return {}
    },
  ),

  transactions: reader(
    readTransactions,
    async (ctx, held, { accounts: told, transactions, until, hasHistory, isWhole }) => {
      const accounts = await keepAccounts(ctx, held.id, told)
      const { hasNews } = await keepTransactions(ctx, held, { accounts, transactions, isWhole })
      return { hasNews, isUnjudged: hasNews, hasHistory, fetchedUntil: until }
    },
  ),

  investments: reader(
    ({ network, ask, accessRef }) => network.investments(ask, accessRef),
    async (ctx, { id }, told) => {
      await keepInvestments(ctx, id, told)
      return {}
    },
  ),

  enrichment: async (_ctx, { provider }) => ({
    ok: true,
    readBy: provider,
    async keep(ctx, connection) {
      await enrichAll(ctx, connection)
      return {}
    },
  }),
}

interface Access {
  readonly network: AccessReader
  readonly ask: Ask
  readonly accessRef: string
  /** Where this provider's last answer ended; null for everything. */
  readonly since: string | null
}

/**
 * Asks the providers that have an access, the best first. What the connection's own one says stands, unless it fails for
 * reasons of its own or cannot read this; what goes wrong with another is nobody's business while somebody answers.
 */
function reader<T>(
  question: (access: Access) => Promise<AccessOutcome<T>>,
  keep: (ctx: Ctx<Writing>, connection: HeldConnection, value: T) => Promise<Kept>,
): Fetcher {
  return async (ctx, connection, row) => {
    const accesses = await accessesTo(ctx, connection)
    if (accesses.length === 0) return { ok: false, reason: 'access_ended' }
    const product = row.product as AccessProduct
    let failure: AccessFailure = 'provider_failed'
    let broken: { readonly error: unknown } | null = null
    for (const access of await inOrderFor(ctx, connection.institution.slug, product, accesses)) {
      const isOwn = access.provider === connection.provider
      const outcome = await within(ANSWER_MS_MAX, askProvider(ctx, { connection, row, access, question })).catch(
        (error: unknown) => {
          if (isOwn) broken = { error }
          return null
        },
      )
      if (outcome?.ok) {
        return { ok: true, readBy: access.provider, keep: (inside, held) => keep(inside, held, outcome.value) }
      }
      if (!isOwn || outcome === null) continue
      failure = outcome.reason
      if (failure !== 'provider_failed' && failure !== 'not_supported') break
    }
    if (broken) throw (broken as { readonly error: unknown }).error
    return { ok: false, reason: failure }
  }
}

interface Asked<T> {
  readonly connection: HeldConnection
  readonly row: RefreshRow
  readonly access: ProviderAccess
  readonly question: (access: Access) => Promise<AccessOutcome<T>>
}

async function askProvider<T>(
  ctx: Ctx<Asking>,
  { connection, row, access, question }: Asked<T>,
): Promise<AccessOutcome<T>> {
  const { provider, accessRef } = access
  const isSameReader = (row.readBy ?? connection.provider) === provider
  return question({
    network: await inTermsOf(ctx, connection, access),
    ask: { realm: ctx.team.id, at: ctx.clock.now() },
    accessRef,
    since: isSameReader ? row.fetchedUntil : null,
  })
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`A provider did not answer within ${limitMs} ms.`)), limitMs)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}

type ToldTransactions = TransactionChanges & { readonly accounts: readonly HeldAccount[]; readonly isWhole: boolean }

/** New transactions without new balances would not add up. */
async function readTransactions({ network, ask, accessRef, since }: Access): Promise<AccessOutcome<ToldTransactions>> {
  const changes = await network.heldTransactions(ask, accessRef, since)
  if (!changes.ok) return changes
  const accounts = await network.heldAccounts(ask, accessRef)
  if (!accounts.ok) return accounts
  return { ok: true, value: { ...changes.value, accounts: accounts.value, isWhole: since === null } }
}
