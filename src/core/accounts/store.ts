import { type RawBuilder, sql } from 'kysely'
import { type Facet, type Page, type PageRequest, readPage } from '../../db/pages.js'
import { onlyRow } from '../../db/rows.js'
import type { Ctx, Reading } from '../ctx.js'
import { type AccountId, type AccountVerificationSessionId, type ConsumerId, type RetrievalId, readId } from '../ids.js'
import type { Account, AccountFilter } from './accounts.js'
import { ACCOUNT_STATUSES, type AccountDisablingReason, type AccountStatus } from './transitions.js'

/** What an `Account` is made of, over a row named `t`. */
export const columns = sql`t.id, t.consumer_id as "consumerId", coalesce(t.kind, t.withdrawn_kind) as kind, t.status,
  t.status_reason as "statusReason",
  t.network_ref as "networkRef",
  case when t.kind = 'liability' then jsonb_build_object(
    'merchantNumber', t.merchant_number, 'type', t.liability_type, 'subType', t.liability_sub_type,
    'name', t.name, 'mask', t.mask,
    'ownership', t.ownership, 'fingerprint', t.fingerprint, 'cardNetwork', t.card_network,
    'reportsDirectly', t.reports_directly) end as liability,
  case when t.kind in ('ach', 'clearing') then jsonb_build_object(
    'routingNumber', t.routing_number, 'bankName', t.bank_name, 'type', t.bank_account_type, 'mask', t.mask) end as bank,
  t.clearing_use as "clearingUse",
  case when t.kind = 'debit_card' then jsonb_build_object('network', t.card_network, 'mask', t.mask) end as "debitCard",
  t.origin, translate(encode(t.details_sealed, 'base64'), E'\\n', '') as "detailsSealed",
  t.verified_at as "verifiedAt", t.verification_session_id as "verificationSessionId", t.latest, t.subscriptions, t.metadata,
  t.created_at as "createdAt", t.updated_at as "updatedAt"`

export async function findAccount(ctx: Ctx<Reading>, id: AccountId): Promise<Account | null> {
  const { rows } = await sql<Account>`
    select ${columns} from accounts t where t.team_id = ${ctx.team.id} and t.id = ${id}`.execute(ctx.db)
  return rows[0] ?? null
}

export async function takeAccount(ctx: Ctx<'tx' | 'team'>, id: AccountId): Promise<Account | null> {
  const { rows } = await sql<Account>`
    select ${columns} from accounts t where t.team_id = ${ctx.team.id} and t.id = ${id} for update`.execute(ctx.tx)
  return rows[0] ?? null
}

export async function takeIdsOf(ctx: Ctx<'tx' | 'team'>, consumerId: ConsumerId): Promise<readonly AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`
    select t.id from accounts t where t.team_id = ${ctx.team.id} and t.consumer_id = ${consumerId}
    order by t.id for update`.execute(ctx.tx)
  return rows.map(({ id }) => id)
}

export async function holdAccounts(ctx: Ctx<'tx' | 'team'>, ids: readonly AccountId[]): Promise<readonly Account[]> {
  const { rows } = await sql<Account>`
    select ${columns} from accounts t where t.team_id = ${ctx.team.id} and t.id = any(${ids})
    order by t.id for share`.execute(ctx.tx)
  return rows
}

export function holderIdsOf(ctx: Ctx<'team'>, ids: readonly AccountId[]): RawBuilder<unknown> {
  return sql`array(select a.consumer_id from accounts a where a.team_id = ${ctx.team.id} and a.id = any(${ids}))`
}

export function idsHeldBy(ctx: Ctx<'team'>, consumerId: string): RawBuilder<unknown> {
  return sql`array(select a.id from accounts a where a.team_id = ${ctx.team.id} and a.consumer_id = ${consumerId})`
}

export function sessionIdsOf(ctx: Ctx<'team'>, ids: readonly AccountId[]): RawBuilder<unknown> {
  return sql`array(
    select a.verification_session_id from accounts a where a.team_id = ${ctx.team.id} and a.id = any(${ids}))`
}

export async function findAccounts(ctx: Ctx<Reading>, ids: readonly AccountId[]): Promise<readonly Account[]> {
  const { rows } = await sql<Account>`
    select ${columns} from accounts t where t.team_id = ${ctx.team.id} and t.id = any(${ids})`.execute(ctx.db)
  return rows
}

export async function findByNetworkRefs(
  ctx: Ctx<Reading>,
  consumerId: ConsumerId,
  networkRefs: readonly string[],
): Promise<readonly Account[]> {
  const { rows } = await sql<Account>`
    select ${columns} from accounts t
    where t.team_id = ${ctx.team.id} and t.consumer_id = ${consumerId} and t.network_ref = any(${networkRefs})
    order by t.created_at`.execute(ctx.db)
  return rows
}

export function listAccounts(
  ctx: Ctx<Reading>,
  filter: AccountFilter,
  request: PageRequest,
): Promise<Page<Account> | null> {
  const { statuses, kind, merchantNumber, liabilityType, ownership, isWithdrawn } = filter
  const whose = filter.consumerIds?.map((id) => readId<ConsumerId>(id) ?? '') ?? null
  const where = sql`t.team_id = ${ctx.team.id}
    ${whose === null ? sql`` : whose.length === 1 ? sql`and t.consumer_id = ${whose[0]}` : sql`and t.consumer_id = any(${whose})`}
    ${hasStatus(statuses)}
    ${kind === null ? sql`` : sql`and t.kind = ${kind}`}
    ${isWithdrawn === null ? sql`` : isWithdrawn ? sql`and t.withdrawn_kind is not null` : sql`and t.kind is not null`}
    ${merchantNumber === null ? sql`` : sql`and t.merchant_number = ${merchantNumber}`}
    ${liabilityType === null ? sql`` : sql`and t.liability_type = ${liabilityType}`}
    ${ownership === null ? sql`` : sql`and t.ownership = ${ownership}`}`
  // A consumer has few accounts; a team has many, whose totals are kept.
  const kept = merchantNumber === null ? 'accounts' : `accounts of ${merchantNumber}`
  const facets = [
    statuses.length === 1 ? (statuses[0] ?? null) : { oneOf: statuses },
    kind ?? kindsOf(isWithdrawn),
    liabilityType,
    ownership,
  ]
  const total = whose === null ? { kept, facets } : ('counted' as const)
  return readPage<Account>(ctx.db, { table: 'accounts', columns, where, teamId: ctx.team.id, total }, request)
}

// Spelled so that lists of one status, and those of nearly every account, are read in the order of an index.
function hasStatus(statuses: readonly AccountStatus[]) {
  if (statuses.length === 1) return sql`and t.status = ${statuses[0]}`
  const others = ACCOUNT_STATUSES.filter((status) => !statuses.includes(status))
  return others.length === 0 ? sql`` : sql`and t.status not in (${sql.join(others.map((status) => sql.lit(status)))})`
}

// What consent was withdrawn from has no kind any more.
function kindsOf(isWithdrawn: boolean | null): Facet {
  if (isWithdrawn === null) return null
  return isWithdrawn ? '-' : { except: ['-'] }
}

export interface NewDebtAccount {
  readonly id: AccountId
  readonly consumerId: ConsumerId
  readonly status: AccountStatus
  readonly networkRef: string
  readonly merchantNumber: number
  readonly liabilityType: string
  readonly liabilitySubType: string | null
  readonly name: string
  readonly mask: string
  readonly ownership: string
  readonly fingerprint: string
  readonly cardNetwork: string | null
  readonly reportsDirectly: boolean
  readonly latest: Readonly<Record<string, RetrievalId>>
  readonly createdAt: string
}

/** Returns the rows that were really added, in order. */
export async function addAccounts(
  ctx: Ctx<'tx' | 'team'>,
  accounts: readonly NewDebtAccount[],
): Promise<readonly Account[]> {
  const { rows } = await sql<Account>`
    with added as (
      insert into accounts as t (team_id, id, consumer_id, kind, status, network_ref, merchant_number, liability_type,
                                 liability_sub_type, name, mask, ownership, fingerprint, card_network, reports_directly, latest, created_at, updated_at)
      select ${ctx.team.id}, a.id, a."consumerId", 'liability', a.status, a."networkRef", a."merchantNumber",
             a."liabilityType", a."liabilitySubType", a.name, a.mask, a.ownership, a.fingerprint, a."cardNetwork", a."reportsDirectly", a.latest,
             a."createdAt", a."createdAt"
      from jsonb_to_recordset(${JSON.stringify(accounts)}::jsonb) as a
        (id text, "consumerId" text, status text, "networkRef" text, "merchantNumber" integer, "liabilityType" text,
         "liabilitySubType" text,
         name text, mask text, ownership text, fingerprint text, "cardNetwork" text, "reportsDirectly" boolean,
         latest jsonb, "createdAt" timestamptz)
      join merchants m on m.number = a."merchantNumber"
      on conflict (team_id, consumer_id, network_ref) do nothing
      returning t.*)
    select ${columns} from added t order by t.created_at`.execute(ctx.tx)
  return rows
}

/** Whether another account of the same consumer has the mark. */
export async function isMarkTaken(ctx: Ctx<'tx' | 'team'>, account: Account, numberMark: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from accounts t
    where t.team_id = ${ctx.team.id} and t.consumer_id = ${account.consumerId} and t.number_mark = ${numberMark}
      and t.id <> ${account.id}`.execute(ctx.tx)
  return rows.length > 0
}

export interface Renumbering {
  readonly mask: string
  readonly numberMark: string
}

/** With `number`, also what shows and marks it; a mark is kept only where the caller described the account. */
export async function updateDescription(
  ctx: Ctx<'tx' | 'team'>,
  row: Pick<Account, 'id' | 'metadata' | 'detailsSealed' | 'updatedAt'> & { readonly number: Renumbering | null },
): Promise<Account> {
  const { number } = row
  const { rows } = await sql<Account>`
    update accounts as t
    set metadata = ${json(row.metadata)}, details_sealed = decode(${row.detailsSealed}, 'base64'),
        updated_at = ${row.updatedAt}
        ${number === null ? sql`` : sql`, mask = ${number.mask}, number_mark = case when t.origin = 'caller' then ${number.numberMark} end`}
    where t.team_id = ${ctx.team.id} and t.id = ${row.id}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function updateVerificationSession(
  ctx: Ctx<'tx' | 'team'>,
  id: AccountId,
  sessionId: AccountVerificationSessionId,
): Promise<void> {
  await sql`
    update accounts set verification_session_id = ${sessionId}
    where team_id = ${ctx.team.id} and id = ${id}`.execute(ctx.tx)
}

export async function updateVerified(
  ctx: Ctx<'tx' | 'team'>,
  row: Pick<Account, 'id' | 'verifiedAt' | 'detailsSealed' | 'updatedAt'>,
): Promise<Account> {
  const { rows } = await sql<Account>`
    update accounts as t
    set verified_at = ${row.verifiedAt}, details_sealed = decode(${row.detailsSealed}, 'base64'), updated_at = ${row.updatedAt}
    where t.team_id = ${ctx.team.id} and t.id = ${row.id}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function disableAccount(
  ctx: Ctx<'tx' | 'team'>,
  row: {
    readonly id: AccountId
    readonly from: AccountStatus
    readonly reason: AccountDisablingReason
    readonly updatedAt: string
  },
): Promise<Account> {
  const { rows } = await sql<Account>`
    update accounts as t set status = 'disabled', status_reason = ${row.reason}, subscriptions = '{}', updated_at = ${row.updatedAt}
    where t.team_id = ${ctx.team.id} and t.id = ${row.id} and t.status = ${row.from}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function closeAccount(
  ctx: Ctx<'tx' | 'team'>,
  row: { readonly id: AccountId; readonly from: AccountStatus; readonly updatedAt: string },
): Promise<Account> {
  const { rows } = await sql<Account>`
    update accounts as t set status = 'closed', updated_at = ${row.updatedAt}
    where t.team_id = ${ctx.team.id} and t.id = ${row.id} and t.status = ${row.from}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export function json(value: object | null): string | null {
  return value && JSON.stringify(value)
}

/** Makes active what waits for a consumer's consent; returns each before and after. */
export async function approveAccounts(
  ctx: Ctx<'tx' | 'team'>,
  consumerId: ConsumerId,
  at: string,
): Promise<readonly { readonly before: Account; readonly after: Account }[]> {
  const { rows } = await sql<Account & { previousUpdatedAt: string }>`
    update accounts as t set status = 'active', updated_at = ${at}
    from accounts old
    where t.team_id = ${ctx.team.id} and t.consumer_id = ${consumerId} and t.status = 'awaiting_consent'
      and old.team_id = t.team_id and old.id = t.id
    returning ${columns}, old.updated_at as "previousUpdatedAt"`.execute(ctx.tx)
  return rows.map(({ previousUpdatedAt, ...after }) => ({
    before: { ...after, status: 'awaiting_consent', updatedAt: previousUpdatedAt },
    after,
  }))
}

/** Moves accounts that are in one status to another; returns them before and after. */
export async function moveAccounts(
  ctx: Ctx<'tx' | 'team'>,
  wanted: {
    readonly consumerId: ConsumerId
    readonly networkRefs: readonly string[]
    readonly from: AccountStatus
    readonly to: AccountStatus
    readonly at: string
  },
): Promise<readonly { readonly before: Account; readonly after: Account }[]> {
  const { rows } = await sql<Account & { previousUpdatedAt: string }>`
    update accounts as t set status = ${wanted.to}, updated_at = ${wanted.at}
    from accounts old
    where t.team_id = ${ctx.team.id} and t.consumer_id = ${wanted.consumerId} and t.network_ref = any(${wanted.networkRefs})
      and t.status = ${wanted.from} and old.team_id = t.team_id and old.id = t.id
    returning ${columns}, old.updated_at as "previousUpdatedAt"`.execute(ctx.tx)
  return rows.map(({ previousUpdatedAt, ...after }) => ({
    before: { ...after, status: wanted.from, updatedAt: previousUpdatedAt },
    after,
  }))
}

export async function updateLatest(
  ctx: Ctx<'tx' | 'team'>,
  note: { readonly id: AccountId; readonly product: string; readonly retrievalId: RetrievalId },
): Promise<void> {
  await sql`
    update accounts set latest = latest || jsonb_build_object(${note.product}::text, ${note.retrievalId}::text)
    where team_id = ${ctx.team.id} and id = ${note.id}`.execute(ctx.tx)
}

export async function updateSubscriptions(
  ctx: Ctx<'tx' | 'team'>,
  notes: readonly { readonly id: AccountId; readonly names: readonly string[]; readonly updatedAt: string }[],
): Promise<readonly Account[]> {
  const { rows } = await sql<Account>`
    update accounts as t
    set subscriptions = array(select jsonb_array_elements_text(n.names)), updated_at = n."updatedAt"
    from jsonb_to_recordset(${JSON.stringify(notes)}::jsonb) as n (id text, names jsonb, "updatedAt" timestamptz)
    where t.team_id = ${ctx.team.id} and t.id = n.id
    returning ${columns}`.execute(ctx.tx)
  return rows
}

/** Points many accounts to their newest retrievals of one product. */
export async function updateLatestOfMany(
  ctx: Ctx<'tx' | 'team'>,
  product: string,
  notes: readonly { readonly ownerId: string; readonly retrievalId: RetrievalId }[],
): Promise<void> {
  await sql`
    update accounts as t set latest = t.latest || jsonb_build_object(${product}::text, n."retrievalId")
    from jsonb_to_recordset(${JSON.stringify(notes)}::jsonb) as n ("ownerId" text, "retrievalId" text)
    where t.team_id = ${ctx.team.id} and t.id = n."ownerId"`.execute(ctx.tx)
}

type EndedAccount = Account & {
  readonly previous: Pick<Account, 'status' | 'statusReason' | 'subscriptions' | 'updatedAt'>
}

// The same row as it was before an update that joins it as `old`.
const previous = sql`jsonb_build_object('status', old.status, 'statusReason', old.status_reason,
  'subscriptions', old.subscriptions, 'updatedAt', to_char(old.updated_at at time zone 'UTC',
  'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as previous`

/** Disables accounts and leaves nothing of their details in their rows; those erased before are left alone. */
export async function eraseAccounts(
  ctx: Ctx<'tx' | 'team'>,
  whose: { readonly accountId: AccountId } | { readonly consumerId: ConsumerId },
  at: string,
): Promise<readonly EndedAccount[]> {
  const mine = 'accountId' in whose ? sql`t.id = ${whose.accountId}` : sql`t.consumer_id = ${whose.consumerId}`
  const { rows } = await sql<EndedAccount>`
    update accounts as t
    set status = 'disabled', status_reason = 'consent_withdrawn', withdrawn_kind = t.kind, kind = null,
        merchant_number = null, liability_type = null, liability_sub_type = null, name = null, mask = null,
        ownership = null, fingerprint = null, card_network = null, reports_directly = false, verified_at = null,
        routing_number = null, bank_name = null, bank_account_type = null, clearing_use = null, details_sealed = null, number_mark = null,
        verification_session_id = null,
        latest = '{}', subscriptions = '{}', metadata = null, updated_at = ${at}
    from accounts old
    where t.team_id = ${ctx.team.id} and ${mine} and t.withdrawn_kind is null
      and old.team_id = t.team_id and old.id = t.id
    returning ${columns}, ${previous}`.execute(ctx.tx)
  return rows
}

/** Disables those of a consumer that are not; of each also what it was before. */
export async function disableAccountsOf(
  ctx: Ctx<'tx' | 'team'>,
  row: { readonly consumerId: ConsumerId; readonly reason: AccountDisablingReason; readonly updatedAt: string },
): Promise<readonly EndedAccount[]> {
  const { rows } = await sql<EndedAccount>`
    update accounts as t
    set status = 'disabled', status_reason = ${row.reason}, subscriptions = '{}', updated_at = ${row.updatedAt}
    from accounts old
    where t.team_id = ${ctx.team.id} and t.consumer_id = ${row.consumerId} and t.status <> 'disabled'
      and old.team_id = t.team_id and old.id = t.id
    returning ${columns}, ${previous}`.execute(ctx.tx)
  return rows
}

export async function forgetNetworkRefs(ctx: Ctx<'tx' | 'team'>, consumerId: ConsumerId): Promise<void> {
  await sql`
    update accounts set network_ref = null
    where team_id = ${ctx.team.id} and consumer_id = ${consumerId} and network_ref is not null`.execute(ctx.tx)
}
