import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../db/database.js'
import { type Page, type PageRequest, readPage } from '../../db/pages.js'
import { jsonOrNull, onlyRow } from '../../db/rows.js'
import type { PostalAddress } from '../../network/port.js'
import type { Ctx, Reading } from '../ctx.js'
import type { ConsumerId, RetrievalId, VerificationSessionId } from '../ids.js'
import type { CheckedConsumer, Consumer, ConsumerFilter, Standing } from './consumers.js'
import type { ConsumerStatus } from './transitions.js'

const columns = sql`t.id, t.external_id as "externalId", coalesce(t.kind, t.withdrawn_kind) as kind, t.status, t.status_reason as "statusReason", t.individual, t.corporation, t.address,
  t.ssn_sealed is not null as "hasSsn", t.ssn4_sealed is not null as "hasSsn4", t.person_ref as "personRef",
  t.phone_verified_at as "phoneVerifiedAt", t.identity_verified_at as "identityVerifiedAt",
  t.phone_session_id as "phoneSessionId", t.identity_session_id as "identitySessionId",
  t.awaits_consent as "awaitsConsent", t.connected_at as "connectedAt", t.latest, t.subscriptions, t.metadata, t.created_at as "createdAt", t.updated_at as "updatedAt"`

/** A consumer with the sealed values that its own door may open. */
export interface HeldConsumer {
  readonly consumer: Consumer
  readonly ssnSealed: Buffer | null
  readonly ssn4Sealed: Buffer | null
  /** Who the person was before consent was withdrawn; null when it never was. */
  readonly personMark: string | null
}

interface Sealed {
  readonly ssnSealed: Buffer | null
  readonly ssn4Sealed: Buffer | null
}

/** Whether another consumer of the team, who has not withdrawn consent, has the phone. */
export async function isPhoneTaken(ctx: Ctx<Reading>, phone: string, exceptId: ConsumerId): Promise<boolean> {
  const { rows } = await sql`
    select 1 from consumers t
    where t.team_id = ${ctx.team.id} and t.individual->>'phone' = ${phone} and t.id <> ${exceptId} limit 1`.execute(
    ctx.db,
  )
  return rows.length > 0
}

/** Has everybody else who takes the phone wait until this transaction ends. */
export async function takePhone(ctx: Ctx<'tx' | 'team'>, phone: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`consumers:${ctx.team.id}:${phone}`}, 0))`.execute(ctx.tx)
}

export async function addConsumer(
  ctx: Ctx<'tx' | 'team'>,
  row: CheckedConsumer &
    Sealed & { readonly externalId: string | null; readonly status: ConsumerStatus; readonly createdAt: string },
): Promise<Consumer> {
  const { rows } = await sql<Consumer>`
    insert into consumers as t (team_id, id, external_id, kind, status, individual, corporation, address, ssn_sealed, ssn4_sealed,
                                person_ref, metadata, created_at, updated_at)
    values (${ctx.team.id}, ${row.id}, ${row.externalId}, ${row.kind}, ${row.status}, ${jsonOrNull(row.individual)}, ${jsonOrNull(row.corporation)},
            ${jsonOrNull(row.address)}, ${row.ssnSealed}, ${row.ssn4Sealed}, ${row.personRef}, ${jsonOrNull(row.metadata)},
            ${row.createdAt}, ${row.createdAt})
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function findConsumer(ctx: Ctx<Reading>, id: ConsumerId): Promise<Consumer | null> {
  const { rows } = await sql<Consumer>`
    select ${columns} from consumers t where t.team_id = ${ctx.team.id} and t.id = ${id}`.execute(ctx.db)
  return rows[0] ?? null
}

/** By the team's own id. */
export async function findExternal(ctx: Ctx<Reading>, externalId: string): Promise<Consumer | null> {
  const { rows } = await sql<Consumer>`
    select ${columns} from consumers t where t.team_id = ${ctx.team.id} and t.external_id = ${externalId}`.execute(
    ctx.db,
  )
  return rows[0] ?? null
}

/** Has everybody else who takes the team's own id wait until this transaction ends. */
export async function takeExternalId(ctx: Ctx<'tx' | 'team'>, externalId: string): Promise<void> {
  const name = `consumers:${ctx.team.id}:external:${externalId}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(ctx.tx)
}

export async function findConsumers(ctx: Ctx<Reading>, ids: readonly ConsumerId[]): Promise<readonly Consumer[]> {
  const { rows } = await sql<Consumer>`
    select ${columns} from consumers t where t.team_id = ${ctx.team.id} and t.id = any(${ids})`.execute(ctx.db)
  return rows
}

export async function holdConsumers(ctx: Ctx<'tx' | 'team'>, ids: RawBuilder<unknown>): Promise<readonly Standing[]> {
  const { rows } = await sql<Standing>`
    select t.id, coalesce(t.kind, t.withdrawn_kind) as kind, t.status from consumers t
    where t.team_id = ${ctx.team.id} and t.id = any(${ids})
    order by t.id for share`.execute(ctx.tx)
  return rows
}

export async function disableConsumer(
  ctx: Ctx<'tx' | 'team'>,
  row: { readonly id: ConsumerId; readonly reason: string; readonly updatedAt: string },
): Promise<Consumer> {
  const { rows } = await sql<Consumer>`
    update consumers as t
    set status = 'disabled', status_reason = ${row.reason}, subscriptions = '{}', updated_at = ${row.updatedAt}
    where t.team_id = ${ctx.team.id} and t.id = ${row.id} and t.status <> 'disabled'
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

/** Locks the consumer for this transaction. */
export async function takeConsumer(ctx: Ctx<'tx' | 'team'>, id: ConsumerId): Promise<Consumer | null> {
  const { rows } = await sql<Consumer>`
    select ${columns} from consumers t where t.team_id = ${ctx.team.id} and t.id = ${id} for update`.execute(ctx.tx)
  return rows[0] ?? null
}

export function findHeld(ctx: Ctx<Reading>, id: ConsumerId): Promise<HeldConsumer | null> {
  return held(ctx, id, sql``)
}

/** Locks the consumer for this transaction. */
export function takeHeld(ctx: { tx: Tx } & Ctx<'team'>, id: ConsumerId): Promise<HeldConsumer | null> {
  return held({ db: ctx.tx, team: ctx.team }, id, sql`for update`)
}

async function held(ctx: Ctx<Reading>, id: ConsumerId, lock: ReturnType<typeof sql>): Promise<HeldConsumer | null> {
  const { rows } = await sql<Consumer & Omit<HeldConsumer, 'consumer'>>`
    select ${columns}, t.ssn_sealed as "ssnSealed", t.ssn4_sealed as "ssn4Sealed", t.person_mark as "personMark"
    from consumers t where t.team_id = ${ctx.team.id} and t.id = ${id} ${lock}`.execute(ctx.db)
  const [row] = rows
  if (!row) return null
  const { ssnSealed, ssn4Sealed, personMark, ...consumer } = row
  return { consumer, ssnSealed, ssn4Sealed, personMark }
}

export async function updateDetails(
  ctx: Ctx<'tx' | 'team'>,
  row: Pick<CheckedConsumer, 'id' | 'individual' | 'corporation' | 'address' | 'personRef' | 'metadata'> &
    Sealed & { readonly status: ConsumerStatus; readonly updatedAt: string },
): Promise<Consumer> {
  const { rows } = await sql<Consumer>`
    update consumers as t
    set individual = ${jsonOrNull(row.individual)}, corporation = ${jsonOrNull(row.corporation)}, address = ${jsonOrNull(row.address)},
        person_ref = ${row.personRef}, ssn_sealed = ${row.ssnSealed}, ssn4_sealed = ${row.ssn4Sealed},
        status = ${row.status}, metadata = ${jsonOrNull(row.metadata)}, updated_at = ${row.updatedAt}
    where t.team_id = ${ctx.team.id} and t.id = ${row.id}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export async function updateVerification(
  ctx: Ctx<'tx' | 'team'>,
  row: {
    readonly id: ConsumerId
    readonly phoneVerifiedAt: string | null
    readonly identityVerifiedAt: string | null
    readonly phoneSessionId: VerificationSessionId | null
    readonly identitySessionId: VerificationSessionId | null
    readonly status: ConsumerStatus
    /** Null when nothing that the consumer shows has changed. */
    readonly updatedAt: string | null
  },
): Promise<Consumer> {
  const { rows } = await sql<Consumer>`
    update consumers as t
    set phone_verified_at = ${row.phoneVerifiedAt}, identity_verified_at = ${row.identityVerifiedAt},
        phone_session_id = ${row.phoneSessionId}, identity_session_id = ${row.identitySessionId},
        status = ${row.status}, updated_at = coalesce(${row.updatedAt}::timestamptz, t.updated_at)
    where t.team_id = ${ctx.team.id} and t.id = ${row.id}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

/** Points the consumer to its newest retrieval of a product; with `connectedAt`, marks its first completed connect. */
export async function updateLatest(
  ctx: Ctx<'tx' | 'team'>,
  note: {
    readonly id: ConsumerId
    readonly product: string
    readonly retrievalId: RetrievalId
    readonly connectedAt: string | null
    readonly awaitsConsent: boolean
  },
): Promise<Consumer> {
  const { rows } = await sql<Consumer>`
    update consumers as t
    set latest = t.latest || jsonb_build_object(${note.product}::text, ${note.retrievalId}::text),
        connected_at = coalesce(t.connected_at, ${note.connectedAt}),
        awaits_consent = t.awaits_consent or ${note.awaitsConsent},
        updated_at = coalesce(${note.connectedAt}, t.updated_at)
    where t.team_id = ${ctx.team.id} and t.id = ${note.id}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

export function listConsumers(
  ctx: Ctx<Reading>,
  filter: ConsumerFilter,
  request: PageRequest,
): Promise<Page<Consumer> | null> {
  const where = sql`t.team_id = ${ctx.team.id}
    ${filter.status === null ? sql`` : sql`and t.status = ${filter.status}`}
    ${filter.kind === null ? sql`` : sql`and t.kind = ${filter.kind}`}
    ${filter.name === null ? sql`` : sql`and ${isNamed(filter.name)}`}`
  return readPage<Consumer>(
    ctx.db,
    {
      table: 'consumers',
      columns,
      where,
      teamId: ctx.team.id,
      total: filter.name === null ? { kept: 'consumers', facets: [filter.kind, filter.status] } : 'counted',
    },
    request,
  )
}

function isNamed(part: string) {
  const spellings = [
    sql`concat_ws(' ', t.individual->>'firstName', t.individual->>'lastName')`,
    sql`t.corporation->>'name'`,
    sql`t.corporation->>'dba'`,
  ].map((spelling) => sql`strpos(lower(${spelling}), lower(${part})) > 0`)
  return sql`(${sql.join(spellings, sql` or `)})`
}

export async function updateSubscriptions(
  ctx: Ctx<'tx' | 'team'>,
  row: { readonly id: ConsumerId; readonly names: readonly string[]; readonly updatedAt: string },
): Promise<Consumer> {
  const { rows } = await sql<Consumer>`
    update consumers as t set subscriptions = ${row.names}, updated_at = ${row.updatedAt}
    where t.team_id = ${ctx.team.id} and t.id = ${row.id}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

/** Points many consumers to their newest retrievals of one product. */
export async function updateLatestOfMany(
  ctx: Ctx<'tx' | 'team'>,
  product: string,
  notes: readonly { readonly ownerId: string; readonly retrievalId: RetrievalId }[],
): Promise<void> {
  await sql`
    update consumers as t set latest = t.latest || jsonb_build_object(${product}::text, n."retrievalId")
    from jsonb_to_recordset(${JSON.stringify(notes)}::jsonb) as n ("ownerId" text, "retrievalId" text)
    where t.team_id = ${ctx.team.id} and t.id = n."ownerId"`.execute(ctx.tx)
}

/** Nothing of the consumer's waits for its consent any more. */
export async function endAwaiting(ctx: Ctx<'tx' | 'team'>, id: ConsumerId, updatedAt: string): Promise<Consumer> {
  const { rows } = await sql<Consumer>`
    update consumers as t set awaits_consent = false, updated_at = ${updatedAt}
    where t.team_id = ${ctx.team.id} and t.id = ${id}
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

/** Disables the consumer and leaves nothing personal in its row. */
export async function eraseConsumer(
  ctx: Ctx<'tx' | 'team'>,
  row: {
    readonly id: ConsumerId
    readonly address: PostalAddress
    readonly personMark: string | null
    readonly updatedAt: string
  },
): Promise<Consumer> {
  const { rows } = await sql<Consumer>`
    update consumers as t
    set status = 'disabled', status_reason = 'consent_withdrawn', withdrawn_kind = t.kind, kind = null,
        individual = null, corporation = null, address = ${JSON.stringify(row.address)}, ssn_sealed = null,
        ssn4_sealed = null, person_ref = null, person_mark = coalesce(${row.personMark}, t.person_mark),
        awaits_consent = false, subscriptions = '{}', metadata = null, updated_at = ${row.updatedAt}
    where t.team_id = ${ctx.team.id} and t.id = ${row.id} and t.withdrawn_kind is null
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}

/** Enables a consumer again; a verification that was not complete begins anew. */
export async function restoreConsumer(
  ctx: Ctx<'tx' | 'team'>,
  row: Pick<Consumer, 'id' | 'status' | 'individual' | 'corporation' | 'updatedAt'>,
): Promise<Consumer> {
  const { rows } = await sql<Consumer>`
    update consumers as t
    set status = ${row.status}, status_reason = null, kind = t.withdrawn_kind, withdrawn_kind = null,
        individual = ${jsonOrNull(row.individual)}, corporation = ${jsonOrNull(row.corporation)},
        phone_verified_at = case when ${row.status} = 'active' then t.phone_verified_at end,
        identity_verified_at = case when ${row.status} = 'active' then t.identity_verified_at end,
        updated_at = ${row.updatedAt}
    where t.team_id = ${ctx.team.id} and t.id = ${row.id} and t.withdrawn_kind is not null
    returning ${columns}`.execute(ctx.tx)
  return onlyRow(rows)
}
