/** How each product of a connection is asked for, and what is kept of the answer. */
import type {
  AccessFailure,
  AccessNetwork,
  AccessOutcome,
  Ask,
  HeldAccount,
  TransactionChanges,
} from '../../network/port.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { openAccess } from './access.js'
import { keepAccounts, keepNumbers, keepOwners } from './accounts.js'
import { enrichSome } from './enrichment.js'
import { keepInvestments } from './investments.js'
import type { ConnectionProduct } from './products.js'
import { type HeldConnection, type RefreshRow, takeConnection } from './store.js'
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
  | { readonly ok: true; keep(ctx: Ctx<Writing>, connection: HeldConnection): Promise<Kept> }
  | { readonly ok: false; readonly reason: AccessFailure }

/** Asks while no transaction is open. */
type Fetcher = (ctx: Ctx<Asking>, connection: HeldConnection, row: RefreshRow) => Promise<Answer>

const ENRICHED_AT_ONCE = 2000

export const fetchers: Readonly<Record<ConnectionProduct, Fetcher>> = {
  accounts: (ctx, connection) =>
    read(
      ctx,
      connection,
      ({ network, ask, accessRef }) => network.heldAccounts(ask, accessRef),
      async (inside, { id }, told) => {
        await keepAccounts(inside, id, told)
        return {}
      },
    ),

  account_numbers: (ctx, connection) =>
    read(
      ctx,
      connection,
      ({ network, ask, accessRef }) => network.accountNumbers(ask, accessRef),
      async (inside, { id }, told) => {
        await keepNumbers(inside, id, told)
        return {}
      },
    ),

  identity: (ctx, connection) =>
    read(
      ctx,
      connection,
      ({ network, ask, accessRef }) => network.accountOwners(ask, accessRef),
      async (inside, { id }, told) => {
        await keepOwners(inside, id, told)
        return {}
      },
    ),

  transactions: (ctx, connection, { fetchedUntil: since }) =>
    read(
      ctx,
      connection,
      (access) => readTransactions(access, since),
      async (inside, held, { accounts: told, transactions, until, hasHistory }) => {
        const accounts = await keepAccounts(inside, held.id, told)
        const { hasNews } = await keepTransactions(inside, held, { accounts, transactions, isWhole: since === null })
        return { hasNews, isUnjudged: hasNews, hasHistory, fetchedUntil: until }
      },
    ),

  investments: (ctx, connection) =>
    read(
      ctx,
      connection,
      ({ network, ask, accessRef }) => network.investments(ask, accessRef),
      async (inside, { id }, told) => {
        await keepInvestments(inside, id, told)
        return {}
      },
    ),

  enrichment: async () => ({
    ok: true,
    async keep(ctx, connection) {
      for (let held: HeldConnection | null = connection; held; held = await takeConnection(ctx, connection.id)) {
        if ((await enrichSome(ctx, held, ENRICHED_AT_ONCE)) < ENRICHED_AT_ONCE) break
      }
      return {}
    },
  }),
}

interface Access {
  readonly network: AccessNetwork
  readonly ask: Ask
  readonly accessRef: string
}

async function read<T>(
  ctx: Ctx<Asking>,
  connection: HeldConnection,
  question: (access: Access) => Promise<AccessOutcome<T>>,
  keep: (ctx: Ctx<Writing>, connection: HeldConnection, value: T) => Promise<Kept>,
): Promise<Answer> {
  const accessRef = openAccess(ctx, connection)
  if (accessRef === null) return { ok: false, reason: 'access_ended' }
  const outcome = await question({
    network: ctx.providers.named(connection.provider),
    ask: { realm: ctx.team.id, at: ctx.clock.now() },
    accessRef,
  })
  if (!outcome.ok) return outcome
  return { ok: true, keep: (inside, held) => keep(inside, held, outcome.value) }
}

type ToldTransactions = TransactionChanges & { readonly accounts: readonly HeldAccount[] }

/** New transactions without new balances would not add up. */
async function readTransactions(
  { network, ask, accessRef }: Access,
  since: string | null,
): Promise<AccessOutcome<ToldTransactions>> {
  const changes = await network.heldTransactions(ask, accessRef, since)
  if (!changes.ok) return changes
  const accounts = await network.heldAccounts(ask, accessRef)
  return accounts.ok ? { ok: true, value: { ...changes.value, accounts: accounts.value } } : accounts
}
