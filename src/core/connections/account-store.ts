/** Every statement about the accounts behind connections. */
import { sql } from 'kysely'
import type { Ctx, Reading } from '../ctx.js'
import type { ConnectionId, ConsumerId, HeldAccountId } from '../ids.js'
import type { HeldAccount, HeldAccountBalances } from './accounts.js'

/** An account with what only its own capability may know. */
export interface AccountRow extends HeldAccount {
  readonly connectionId: ConnectionId
  readonly networkRef: string | null
  readonly position: number
  readonly isPermitted: boolean
  readonly debtRef: string | null
}

export interface SealedAccountRow extends AccountRow {
  readonly numbersSealed: Buffer | null
  readonly ownersSealed: Buffer | null
}

type Flat<T extends AccountRow> = Omit<T, 'balances'> & {
  readonly currency: string | null
  readonly availableCents: number | null
  readonly currentCents: number | null
  readonly limitCents: number | null
  readonly balanceAt: string | null
}

const columns = sql`a.id, a.connection_id as "connectionId", a.network_ref as "networkRef", a.original_id as "originalId",
  a.position, a.type, a.name, a.nickname, a.mask, a.is_closed as "isClosed", a.is_permitted as "isPermitted", a.currency,
  a.available_cents as "availableCents", a.current_cents as "currentCents", a.limit_cents as "limitCents",
  a.balance_at as "balanceAt", a.debt_ref as "debtRef"`

function nested<T extends AccountRow>({
  currency,
  availableCents,
  currentCents,
  limitCents,
  balanceAt,
  ...row
}: Flat<T>): T {
  const balances: HeldAccountBalances = { currency, availableCents, currentCents, limitCents, at: balanceAt }
  return { ...row, balances } as unknown as T
}

/** All accounts of connections, in the order of their institutions. */
export async function listAccounts(
  ctx: Ctx<Reading>,
  connectionIds: readonly ConnectionId[],
): Promise<readonly AccountRow[]> {
  const { rows } = await sql<Flat<AccountRow>>`
    select ${columns} from held_accounts a
    where a.team_id = ${ctx.team.id} and a.connection_id = any(${connectionIds})
    order by a.connection_id, a.position, a.id`.execute(ctx.db)
  return rows.map((row) => nested<AccountRow>(row))
}

/** As `listAccounts`, of one connection, with what is sealed. */
/** The connection behind which an account is; null when there is no such account. */
export async function findConnectionId(ctx: Ctx<Reading>, accountId: string): Promise<ConnectionId | null> {
  const { rows } = await sql<{ id: ConnectionId }>`
    select a.connection_id as id from held_accounts a
    where a.team_id = ${ctx.team.id} and a.id = ${accountId}`.execute(ctx.db)
  return rows[0]?.id ?? null
}

export async function listSealed(ctx: Ctx<Reading>, connectionId: ConnectionId): Promise<readonly SealedAccountRow[]> {
  const { rows } = await sql<Flat<SealedAccountRow>>`
    select ${columns}, a.numbers_sealed as "numbersSealed", a.owners_sealed as "ownersSealed" from held_accounts a
    where a.team_id = ${ctx.team.id} and a.connection_id = ${connectionId} order by a.position, a.id`.execute(ctx.db)
  return rows.map((row) => nested<SealedAccountRow>(row))
}

/** Open accounts of a consumer that are read now, with numbers that end so. */
export async function listByMask(
  ctx: Ctx<Reading>,
  { consumerId, mask }: { readonly consumerId: ConsumerId; readonly mask: string },
): Promise<readonly SealedAccountRow[]> {
  const { rows } = await sql<Flat<SealedAccountRow>>`
    select ${columns}, a.numbers_sealed as "numbersSealed", a.owners_sealed as "ownersSealed"
    from connections c join held_accounts a on a.team_id = c.team_id and a.connection_id = c.id
    where c.team_id = ${ctx.team.id} and c.consumer_id = ${consumerId} and c.state = 'connected' and a.mask = ${mask}
      and a.is_permitted and not a.is_closed and a.numbers_sealed is not null
    order by c.created_at, a.position, a.id`.execute(ctx.db)
  return rows.map((row) => nested<SealedAccountRow>(row))
}

/** Adds accounts, and renews those whose id is known. */
export async function putAccounts(ctx: Ctx<'tx' | 'team'>, accounts: readonly AccountRow[], at: string): Promise<void> {
  if (accounts.length === 0) return
  const flat = accounts.map(({ balances, ...row }) => ({ ...row, ...balances, balanceAt: balances.at }))
  await sql`
    insert into held_accounts as a (team_id, id, connection_id, network_ref, original_id, position, type, name, nickname, mask,
      is_closed, is_permitted, currency, available_cents, current_cents, limit_cents, balance_at, debt_ref, created_at,
      updated_at)
    select ${ctx.team.id}, r.id, r."connectionId", r."networkRef", r."originalId", r.position, r.type, r.name, r.nickname,
      r.mask, r."isClosed", r."isPermitted", r.currency, r."availableCents", r."currentCents", r."limitCents", r."balanceAt",
      r."debtRef", ${at}, ${at}
    from jsonb_to_recordset(${JSON.stringify(flat)}::jsonb) as r
      (id text, "connectionId" text, "networkRef" text, "originalId" text, position integer, type text, name text,
       nickname text, mask text, "isClosed" boolean, "isPermitted" boolean, currency text, "availableCents" bigint,
       "currentCents" bigint, "limitCents" bigint, "balanceAt" timestamptz, "debtRef" text)
    on conflict (team_id, id) do update
    set network_ref = excluded.network_ref, position = excluded.position, type = excluded.type, name = excluded.name,
        nickname = excluded.nickname, mask = excluded.mask, is_closed = excluded.is_closed,
        is_permitted = excluded.is_permitted, currency = excluded.currency, available_cents = excluded.available_cents,
        current_cents = excluded.current_cents, limit_cents = excluded.limit_cents, balance_at = excluded.balance_at,
        debt_ref = excluded.debt_ref, updated_at = excluded.updated_at`.execute(ctx.tx)
}

/** Keeps sealed facts of accounts; those that are not named have none any more. */
export async function putSealed(
  ctx: Ctx<'tx' | 'team'>,
  connectionId: ConnectionId,
  column: 'numbers_sealed' | 'owners_sealed',
  facts: readonly { readonly id: HeldAccountId; readonly sealed: Buffer }[],
): Promise<void> {
  const spelled = facts.map(({ id, sealed }) => ({ id, sealed: sealed.toString('base64') }))
  await sql`
    update held_accounts a
    set ${sql.ref(column)} = (
      select decode(f.sealed, 'base64')
      from jsonb_to_recordset(${JSON.stringify(spelled)}::jsonb) as f (id text, sealed text) where f.id = a.id)
    where a.team_id = ${ctx.team.id} and a.connection_id = ${connectionId}`.execute(ctx.tx)
}
