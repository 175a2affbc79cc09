/** The accounts behind a connection, and what else is read about them. Contract: moneykit/data §1–3. */
import type {
  AccountNumbers,
  AccountOwners,
  HeldBalances,
  Owner,
  HeldAccount as ToldAccount,
} from '../../network/port.js'
import type { Ctx, Reading, Writing } from '../ctx.js'
import { type ConnectionId, type ConsumerId, type HeldAccountId, newId } from '../ids.js'
import { findReadable } from './access.js'
import { matchAccounts } from './account-matching.js'
import * as store from './account-store.js'
import type { Connection, Whose } from './connections.js'
import { refuse } from './errors.js'
import type { ProviderName } from './providers.js'
import { findConnection, type HeldConnection, shown } from './store.js'

/** An account as its institution showed it last. */
export interface HeldAccount {
  readonly id: HeldAccountId
  /** Group and kind, such as `depository.checking`; or `unknown`. */
  readonly type: string
  readonly name: string
  readonly nickname: string | null
  readonly mask: string | null
  readonly isClosed: boolean
  /** Amounts are in the smallest unit of their currency; of a debt, `currentCents` is what is owed. */
  readonly balances: HeldAccountBalances
  /** The caller's name of it, when it was imported. */
  readonly originalId: string | null
}

export type HeldAccountBalances = Omit<HeldBalances, 'currency' | 'at'> & {
  readonly currency: string | null
  readonly at: string | null
}

export type WithNumbers = HeldAccount & { readonly numbers: Omit<AccountNumbers, 'accountRef'> }
export type WithOwners = HeldAccount & { readonly owners: readonly Owner[] }

/** Accounts together with the connection that they are behind. */
export interface Owned<A = HeldAccount> {
  readonly connection: Connection
  readonly accounts: readonly A[]
}

/** Only these; null for all. Ids that are not the connection's mean nothing. */
export interface AccountFilter {
  readonly accountIds: readonly string[] | null
}

/**
 * Open accounts that the consumer permitted, in the institution's order. Refuses `connection.not_found`, `.other_client`,
 * `.deleted`, `.bad_state`.
 */
export async function listHeldAccounts(ctx: Ctx<Reading>, whose: Whose, filter: AccountFilter): Promise<Owned> {
  const connection = await findReadable(ctx, whose, 'accounts')
  return owned(ctx, connection, filter)
}

/** One of them, or a closed one. Refuses as `listHeldAccounts`, and `connection.account_not_found`. */
export async function getHeldAccount(
  ctx: Ctx<Reading>,
  whose: Whose,
  accountId: string,
): Promise<{ readonly connection: Connection; readonly account: HeldAccount }> {
  const connection = await findReadable(ctx, whose, 'accounts')
  const rows = await store.listAccounts(ctx, [connection.id])
  const row = rows.find(({ id, isPermitted }) => isPermitted && id === accountId)
  if (!row) throw refuse('connection.account_not_found')
  return { connection: shown(connection), account: accountOf(row) }
}

/** Those accounts that have numbers, in clear. Refuses as `listHeldAccounts`, and `connection.product_not_granted`. */
export async function listNumbers(ctx: Ctx<Reading | 'vault'>, whose: Whose): Promise<Owned<WithNumbers>> {
  const connection = await findReadable(ctx, whose, 'account_numbers')
  const rows = (await store.listSealed(ctx, connection.id)).filter(isListed)
  const accounts = rows.flatMap((row) => {
    if (!row.numbersSealed) return []
    const numbers = JSON.parse(ctx.vault.open(ctx.team, numbersPlace(row.id), row.numbersSealed))
    return [{ ...accountOf(row), numbers: numbers as WithNumbers['numbers'] }]
  })
  return { connection: shown(connection), accounts }
}

/** With their holders, as far as they were told. Refuses as `listHeldAccounts`, and `connection.product_not_granted`. */
export async function listOwners(
  ctx: Ctx<Reading | 'vault'>,
  whose: Whose,
  filter: AccountFilter,
): Promise<Owned<WithOwners>> {
  const connection = await findReadable(ctx, whose, 'identity')
  if (!connection.products.identity?.refreshedAt) return { connection: shown(connection), accounts: [] }
  const rows = (await store.listSealed(ctx, connection.id)).filter((row) => isListed(row) && passes(row, filter))
  const accounts = rows.map((row) => {
    const owners = row.ownersSealed ? JSON.parse(ctx.vault.open(ctx.team, ownersPlace(row.id), row.ownersSealed)) : []
    return { ...accountOf(row), owners: owners as WithOwners['owners'] }
  })
  return { connection: shown(connection), accounts }
}

/** The consumer's own account of these numbers, read through a connection that works; null when there is none. */
export async function findByNumbers(
  ctx: Ctx<Reading | 'vault'>,
  consumerId: ConsumerId,
  { routingNumber, accountNumber }: { readonly routingNumber: string; readonly accountNumber: string },
): Promise<{ readonly account: HeldAccount; readonly provider: ProviderName } | null> {
  const rows = await store.listByMask(ctx, { consumerId, mask: accountNumber.slice(-4) })
  const row = rows.find(({ id, numbersSealed }) => {
    if (!numbersSealed) return false
    const { ach } = JSON.parse(ctx.vault.open(ctx.team, numbersPlace(id), numbersSealed)) as WithNumbers['numbers']
    return ach?.number === accountNumber && ach.routingNumber === routingNumber
  })
  const connection = row && (await findConnection(ctx, row.connectionId))
  return connection ? { account: accountOf(row), provider: connection.provider } : null
}

/** Accounts of a connection that the caller has found readable. */
export async function owned(ctx: Ctx<Reading>, connection: HeldConnection, filter: AccountFilter): Promise<Owned> {
  const rows = await store.listAccounts(ctx, [connection.id])
  const accounts = rows.filter((row) => isListed(row) && passes(row, filter)).map(accountOf)
  return { connection: shown(connection), accounts }
}

export function isListed({ isClosed, isPermitted }: store.AccountRow): boolean {
  return isPermitted && !isClosed
}

export function passes({ id }: Pick<HeldAccount, 'id'>, { accountIds }: AccountFilter): boolean {
  return accountIds === null || accountIds.some((each) => each === id)
}

/** What everybody may see of it. */
export function accountOf({
  id,
  type,
  name,
  nickname,
  mask,
  isClosed,
  balances,
  originalId,
}: HeldAccount): HeldAccount {
  return { id, type, name, nickname, mask, isClosed, balances, originalId }
}

/** Keeps the accounts as their institution shows them now, and returns them all. */
export async function keepAccounts(
  ctx: Ctx<Writing>,
  connectionId: ConnectionId,
  told: readonly ToldAccount[],
  permitted: ReadonlySet<string> = new Set(),
): Promise<readonly store.AccountRow[]> {
  const known = await store.listAccounts({ ...ctx, db: ctx.tx }, [connectionId])
  const newAccountId = () => newId<HeldAccountId>(ctx.chance)
  const rows = matchAccounts({ connectionId, known, told, permitted, newId: newAccountId })
  await store.putAccounts(ctx, rows, ctx.clock.stamp())
  return rows
}

/** Keeps account numbers, sealed; of accounts that are not told any there are none any more. */
export async function keepNumbers(
  ctx: Ctx<Writing>,
  connectionId: ConnectionId,
  told: readonly AccountNumbers[],
): Promise<void> {
  await keepSealed(
    ctx,
    connectionId,
    'numbers_sealed',
    told.map(({ accountRef, ...numbers }) => [accountRef, numbers]),
  )
}

/** Keeps holders, sealed. */
export async function keepOwners(
  ctx: Ctx<Writing>,
  connectionId: ConnectionId,
  told: readonly AccountOwners[],
): Promise<void> {
  await keepSealed(
    ctx,
    connectionId,
    'owners_sealed',
    told.map(({ accountRef, owners }) => [accountRef, owners]),
  )
}

async function keepSealed(
  ctx: Ctx<Writing>,
  connectionId: ConnectionId,
  column: 'numbers_sealed' | 'owners_sealed',
  told: readonly (readonly [string, object])[],
): Promise<void> {
  const byRef = new Map(told)
  const placeOf = column === 'numbers_sealed' ? numbersPlace : ownersPlace
  const rows = await store.listAccounts({ ...ctx, db: ctx.tx }, [connectionId])
  const facts = rows.flatMap(({ id, networkRef, isPermitted }) => {
    const clear = isPermitted && networkRef !== null ? byRef.get(networkRef) : undefined
    return clear ? [{ id, sealed: ctx.vault.seal(ctx.team, placeOf(id), JSON.stringify(clear)) }] : []
  })
  await store.putSealed(ctx, connectionId, column, facts)
}

const numbersPlace = (id: HeldAccountId) => `held_accounts.numbers.${id}`
const ownersPlace = (id: HeldAccountId) => `held_accounts.owners.${id}`
