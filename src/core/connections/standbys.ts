/**
 * The providers that can take over. A login that one provider opened without a question is made with the next ones of the
 * route, too: what the consumer typed is known then and never again. Those that open it stand by. Each product is read
 * through the best provider of its route that has an access, and through the next one where that fails for reasons of its own.
 * The connection keeps the name of the one that the consumer logged in with, and every ref is kept in that one's terms.
 */
import type {
  AccessNetwork,
  AccessProduct,
  HeldAccount,
  Holding,
  Investments,
  InvestmentTransaction,
  LoginAttempt,
} from '../../network/port.js'
import type { Asking, Ctx } from '../ctx.js'
import type { ConnectionId } from '../ids.js'
import { openAccess } from './access.js'
import { sameAccounts } from './account-matching.js'
import { listAccounts } from './account-store.js'
import type { ProviderName } from './providers.js'
import * as store from './standby-store.js'
import type { HeldConnection } from './store.js'

/** What is asked through an access. */
export type AccessReader = Pick<
  AccessNetwork,
  'heldAccounts' | 'accountNumbers' | 'accountOwners' | 'heldTransactions' | 'investments'
>

/** A login as a provider knows it. */
export interface ProviderAccess {
  readonly provider: ProviderName
  readonly accessRef: string
}

/** The accesses that providers open at once with a login that worked elsewhere; those that ask or refuse are left out. */
export async function openStandbys(
  ctx: Ctx<Asking>,
  providers: readonly ProviderName[],
  attempt: LoginAttempt,
): Promise<readonly ProviderAccess[]> {
  const ask = { realm: ctx.team.id, at: ctx.clock.now() }
  const opened = await Promise.all(
    providers.map(async (provider): Promise<readonly ProviderAccess[]> => {
      // Nobody waits for a standby: one that breaks is none.
      const step = await ctx.providers
        .named(provider)
        .login(ask, attempt)
        .catch(() => null)
      return step?.kind === 'opened' ? [{ provider, accessRef: step.accessRef }] : []
    }),
  )
  return opened.flat()
}

const place = (id: ConnectionId, provider: ProviderName) => `connections.standbys.${id}.${provider}`

/** These stand by from now on, and no others. */
export async function keepStandbys(
  ctx: Ctx<'tx' | 'team' | 'vault'>,
  id: ConnectionId,
  standbys: readonly ProviderAccess[],
): Promise<void> {
  const sealed = standbys.map(({ provider, accessRef }) => {
    return { provider, accessSealed: ctx.vault.seal(ctx.team, place(id, provider), accessRef) }
  })
  await store.replaceStandbys(ctx, id, sealed)
}

/** Every access to a connection, its own first; none when there is no login behind it. */
export async function accessesTo(
  ctx: Ctx<'db' | 'team' | 'vault'>,
  connection: Pick<HeldConnection, 'id' | 'provider' | 'accessSealed'>,
): Promise<readonly ProviderAccess[]> {
  const accessRef = openAccess(ctx, connection)
  if (accessRef === null) return []
  const standbys = (await store.listStandbys(ctx, connection.id)).map(({ provider, accessSealed }) => {
    return { provider, accessRef: ctx.vault.open(ctx.team, place(connection.id, provider), accessSealed) }
  })
  const others = standbys.filter(({ provider }) => provider !== connection.provider)
  return [{ provider: connection.provider, accessRef }, ...others]
}

/** The accesses in the order in which a product is asked for, as the rules of the registry say. */
export async function inOrderFor(
  { providers }: Ctx<'providers'>,
  institutionSlug: string,
  product: AccessProduct,
  accesses: readonly ProviderAccess[],
): Promise<readonly ProviderAccess[]> {
  if (accesses.length < 2) return accesses
  const institution = (await providers.institutions()).find((each) => each.institutionSlug === institutionSlug)
  if (!institution) return accesses.slice(0, 1)
  const names = accesses.map(({ provider }) => provider)
  const ranked = providers.route(institution, { products: [product], providers: names })
  const own = accesses.filter(({ provider }, index) => index === 0 && !ranked.includes(provider))
  return [...ranked.flatMap((name) => accesses.filter(({ provider }) => provider === name)), ...own]
}

/**
 * The adapter of another provider, with the accounts named as the connection's own provider names them. Accounts that are not
 * known are left out; where a known one is missing, it is of no use.
 */
export async function inTermsOf(
  ctx: Ctx<Asking>,
  connection: HeldConnection,
  { provider, accessRef }: ProviderAccess,
): Promise<AccessReader> {
  const network = ctx.providers.named(provider)
  if (provider === connection.provider) return network
  const known = await listAccounts(ctx, [connection.id])
  const told = await network.heldAccounts({ realm: ctx.team.id, at: ctx.clock.now() }, accessRef)
  const refs = told.ok ? sameAccounts(known, told.value) : null
  if (!refs) throw new Error(`The provider ${provider} does not show the accounts of the connection.`)
  return {
    heldAccounts: async (ask, ref) => mapped(await network.heldAccounts(ask, ref), (list) => named(list, refs)),
    accountNumbers: async (ask, ref) => mapped(await network.accountNumbers(ask, ref), (list) => owned(list, refs)),
    accountOwners: async (ask, ref) => mapped(await network.accountOwners(ask, ref), (list) => owned(list, refs)),
    heldTransactions: async (ask, ref, since) =>
      mapped(await network.heldTransactions(ask, ref, since), (changes) => {
        return { ...changes, transactions: owned(changes.transactions, refs) }
      }),
    investments: async (ask, ref) => mapped(await network.investments(ask, ref), (all) => investmentsOf(all, refs)),
  }
}

type Refs = ReadonlyMap<string, string>

function mapped<T, Failure extends { readonly ok: false }>(
  outcome: { readonly ok: true; readonly value: T } | Failure,
  map: (value: T) => T,
): { readonly ok: true; readonly value: T } | Failure {
  return outcome.ok ? { ok: true, value: map(outcome.value) } : outcome
}

function named(accounts: readonly HeldAccount[], refs: Refs): readonly HeldAccount[] {
  return accounts.flatMap((account) => {
    const ref = refs.get(account.ref)
    return ref === undefined ? [] : [{ ...account, ref }]
  })
}

function owned<T extends { readonly accountRef: string }>(items: readonly T[], refs: Refs): readonly T[] {
  return items.flatMap((item) => {
    const accountRef = refs.get(item.accountRef)
    return accountRef === undefined ? [] : [{ ...item, accountRef }]
  })
}

function investmentsOf({ securities, holdings, transactions }: Investments, refs: Refs): Investments {
  return {
    securities,
    holdings: owned<Holding>(holdings, refs),
    transactions: owned<InvestmentTransaction>(transactions, refs),
  }
}
