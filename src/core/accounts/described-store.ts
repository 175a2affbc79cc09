/** Accounts that callers describe: added once for each number or debt, and found again by it. */
import { sql } from 'kysely'
import { onlyRow } from '../../db/rows.js'
import type { Ctx } from '../ctx.js'
import type { AccountId, AccountVerificationSessionId, ConsumerId } from '../ids.js'
import type { Metadata } from '../metadata.js'
import type { Account } from './accounts.js'
import { columns, json } from './store.js'
import type { AccountStatus } from './transitions.js'

interface Described {
  readonly id: AccountId
  readonly consumerId: ConsumerId
  readonly mask: string
  /** Base64 */
  readonly detailsSealed: string
  readonly numberMark: string
  readonly metadata: Metadata | null
  readonly createdAt: string
}

/** Null when the consumer has an account with this mark. */
export async function addBankAccount(
  ctx: Ctx<'tx' | 'team'>,
  row: Described & {
    readonly routingNumber: string
    readonly bankName: string | null
    readonly type: string
    readonly verificationSessionId: AccountVerificationSessionId | null
    readonly verifiedAt: string | null
  },
): Promise<Account | null> {
  const { rows } = await sql<Account>`
    insert into accounts as t (team_id, id, consumer_id, kind, status, origin, routing_number, bank_name, bank_account_type,
                               mask, details_sealed, number_mark, verification_session_id, verified_at, metadata,
                               created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.consumerId}, 'ach', 'active', 'caller', ${row.routingNumber}, ${row.bankName},
            ${row.type}, ${row.mask}, decode(${row.detailsSealed}, 'base64'), ${row.numberMark},
            ${row.verificationSessionId}, ${row.verifiedAt}, ${json(row.metadata)}, ${row.createdAt}, ${row.createdAt})
    on conflict do nothing
    returning ${columns}`.execute(ctx.tx)
  return rows[0] ?? null
}

export async function addClearingAccount(
  ctx: Ctx<'tx' | 'team'>,
  row: Omit<Described, 'numberMark'> & {
    readonly use: string
    readonly routingNumber: string
    readonly bankName: string | null
    readonly type: string
  },
): Promise<Account> {
  const { rows } = await sql<Account>`
    insert into accounts as t (team_id, id, consumer_id, kind, status, origin, clearing_use, routing_number, bank_name,
                               bank_account_type, mask, details_sealed, verified_at, metadata, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.consumerId}, 'clearing', 'active', 'caller', ${row.use}, ${row.routingNumber},
            ${row.bankName}, ${row.type}, ${row.mask}, decode(${row.detailsSealed}, 'base64'), ${row.createdAt},
            ${json(row.metadata)}, ${row.createdAt}, ${row.createdAt})
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

/** Null when the consumer has an account with this mark. */
export async function addDebitCard(
  ctx: Ctx<'tx' | 'team'>,
  row: Described & { readonly cardNetwork: string },
): Promise<Account | null> {
  const { rows } = await sql<Account>`
    insert into accounts as t (team_id, id, consumer_id, kind, status, origin, card_network, mask, details_sealed,
                               number_mark, verified_at, metadata, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.consumerId}, 'debit_card', 'active', 'caller', ${row.cardNetwork},
            ${row.mask}, decode(${row.detailsSealed}, 'base64'), ${row.numberMark}, ${row.createdAt},
            ${json(row.metadata)}, ${row.createdAt}, ${row.createdAt})
    on conflict do nothing
    returning ${columns}`.execute(ctx.tx)
  return rows[0] ?? null
}

/** Null when the consumer has an account of this debt, by its mark or by the network's name of it. */
export async function addDebt(
  ctx: Ctx<'tx' | 'team'>,
  row: Described & {
    readonly status: AccountStatus
    readonly networkRef: string | null
    readonly merchantNumber: number
    readonly liabilityType: string
    readonly liabilitySubType: string | null
    readonly name: string
    readonly cardNetwork: string | null
    readonly reportsDirectly: boolean
  },
): Promise<Account | null> {
  const { rows } = await sql<Account>`
    insert into accounts as t (team_id, id, consumer_id, kind, status, origin, network_ref, merchant_number, liability_type,
                               liability_sub_type, name, mask, ownership, card_network, reports_directly, details_sealed,
                               number_mark, metadata, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.consumerId}, 'liability', ${row.status}, 'caller', ${row.networkRef},
            ${row.merchantNumber}, ${row.liabilityType}, ${row.liabilitySubType}, ${row.name}, ${row.mask}, 'unknown',
            ${row.cardNetwork}, ${row.reportsDirectly}, decode(${row.detailsSealed}, 'base64'), ${row.numberMark},
            ${json(row.metadata)}, ${row.createdAt}, ${row.createdAt})
    on conflict do nothing
    returning ${columns}`.execute(ctx.tx)
  return rows[0] ?? null
}

/** Gives described accounts that nobody outside told of the debts that have their marks; returns them before and after. */
export async function adoptDebts(
  ctx: Ctx<'tx' | 'team'>,
  consumerId: ConsumerId,
  debts: readonly {
    readonly numberMark: string
    readonly networkRef: string
    readonly subType: string | null
    readonly name: string
    readonly cardNetwork: string | null
    readonly reportsDirectly: boolean
  }[],
  at: string,
): Promise<readonly { readonly before: Account; readonly after: Account }[]> {
  const { rows } = await sql<Account & { readonly previous: { readonly name: string; readonly updatedAt: string } }>`
    update accounts as t
    set network_ref = d."networkRef", liability_sub_type = d."subType", name = d.name, card_network = d."cardNetwork",
        reports_directly = d."reportsDirectly", updated_at = ${at}
    from jsonb_to_recordset(${JSON.stringify(debts)}::jsonb) as d
      ("numberMark" text, "networkRef" text, "subType" text, name text, "cardNetwork" text, "reportsDirectly" boolean),
      accounts old
    where t.team_id = ${ctx.team.id} and t.consumer_id = ${consumerId} and t.number_mark = d."numberMark"
      and t.network_ref is null and t.status = 'active' and old.team_id = t.team_id and old.id = t.id
    returning ${columns}, jsonb_build_object('name', old.name, 'updatedAt', to_char(old.updated_at at time zone 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as previous`.execute(ctx.tx)
  return rows.map(({ previous, ...after }) => ({ before: asDescribed(after, previous), after }))
}

/** An adopted account as it was while only the caller told of it. */
function asDescribed(after: Account, previous: { readonly name: string; readonly updatedAt: string }): Account {
  const { name, updatedAt } = previous
  const liability = after.liability && {
    ...after.liability,
    subType: null,
    name,
    cardNetwork: null,
    reportsDirectly: false,
  }
  return { ...after, networkRef: null, liability, updatedAt }
}

/** The consumer's account that has the mark or stands for the debt. */
export async function findDescribed(
  ctx: Ctx<'tx' | 'team'>,
  consumerId: ConsumerId,
  wanted: { readonly numberMark: string; readonly networkRef: string | null },
): Promise<Account> {
  const { rows } = await sql<Account>`
    select ${columns} from accounts t
    where t.team_id = ${ctx.team.id} and t.consumer_id = ${consumerId}
      and (t.number_mark = ${wanted.numberMark} or t.network_ref = ${wanted.networkRef})
    order by t.created_at limit 1`.execute(ctx.tx)
  return onlyRow(rows)
}
