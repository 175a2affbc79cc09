/** Every statement about who has accounts where, who tries to log in, and what was opened. */
import { sql } from 'kysely'
import { type Db, inTx, type Tx } from '../../../db/database.js'
import type { LoginRefusal } from '../../port.js'
import type { Round } from './questions.js'
import type { CustomerTerms } from './terms.js'

/** Somebody with accounts at an institution. */
export interface Customer {
  readonly ref: string
  readonly personRef: string
  readonly institutionSlug: string
  readonly variant: string
  readonly isMain: boolean
  readonly terms: CustomerTerms
  readonly describedSealed: string | null
}

export interface Access {
  readonly ref: string
  readonly endedAt: string | null
  readonly customer: Customer
}

export interface Attempt {
  readonly ref: string
  readonly institutionSlug: string
  readonly claimSealed: string
  /** Null while the consumer is at the institution's own page. */
  readonly rounds: readonly Round[] | null
  readonly accessRef: string | null
  readonly refusal: LoginRefusal | null
  /** Since when an answer, or a visit, is awaited. */
  readonly waitsSince: string
}

const CUSTOMER = sql`
  jsonb_build_object('ref', c.ref, 'personRef', c.person_ref, 'institutionSlug', c.institution_slug,
    'variant', c.variant, 'isMain', c.is_main, 'terms', c.terms, 'describedSealed', c.described_sealed)`

export interface CustomerKey {
  readonly personRef: string
  readonly institutionSlug: string
  readonly variant: string
}

export async function findCustomer(db: Db, realm: string, key: CustomerKey): Promise<Customer | null> {
  const { rows } = await sql<{ customer: Customer }>`
    select ${CUSTOMER} as customer from world.customers c
    where c.realm = ${realm} and c.person_ref = ${key.personRef} and c.institution_slug = ${key.institutionSlug}
      and c.variant = ${key.variant}`.execute(db)
  return rows[0]?.customer ?? null
}

/** Whether the person is paid at some institution already. */
export async function hasMain(db: Db, realm: string, personRef: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from world.customers where realm = ${realm} and person_ref = ${personRef} and is_main`.execute(db)
  return rows.length > 0
}

/** Adds a customer unless it is there, and unless it would be a second main one; false then. */
export async function recordCustomer(db: Db, realm: string, customer: Customer): Promise<boolean> {
  const { ref, personRef, institutionSlug, variant, isMain, terms, describedSealed } = customer
  const { rows } = await sql`
    insert into world.customers (realm, ref, person_ref, institution_slug, variant, is_main, terms, described_sealed)
    values (${realm}, ${ref}, ${personRef}, ${institutionSlug}, ${variant}, ${isMain},
      ${JSON.stringify(terms)}::jsonb, ${describedSealed})
    on conflict do nothing
    returning 1`.execute(db)
  return rows.length > 0
}

export async function recordAccess(
  db: Db,
  { realm, at }: { readonly realm: string; readonly at: string },
  { ref, customerRef }: { readonly ref: string; readonly customerRef: string },
): Promise<void> {
  await sql`
    insert into world.accesses (realm, ref, customer_ref, opened_at)
    values (${realm}, ${ref}, ${customerRef}, ${at})`.execute(db)
}

export async function findAccess(db: Db, realm: string, ref: string): Promise<Access | null> {
  const { rows } = await sql<Access>`
    select a.ref, a.ended_at as "endedAt", ${CUSTOMER} as customer
    from world.accesses a join world.customers c on c.realm = a.realm and c.ref = a.customer_ref
    where a.realm = ${realm} and a.ref = ${ref}`.execute(db)
  return rows[0] ?? null
}

export async function reopenAccess(db: Db, realm: string, ref: string): Promise<void> {
  await sql`update world.accesses set ended_at = null where realm = ${realm} and ref = ${ref}`.execute(db)
}

export async function endAccess(
  db: Db,
  { realm, at }: { readonly realm: string; readonly at: string },
  ref: string,
): Promise<boolean> {
  const { rows } = await sql`
    update world.accesses set ended_at = coalesce(ended_at, ${at}::timestamptz)
    where realm = ${realm} and ref = ${ref}
    returning 1`.execute(db)
  return rows.length > 0
}

// Long after nobody can answer any more.
const ATTEMPTS_KEPT_HOURS = 24

/** Adds an attempt and forgets old ones of the realm. */
export async function recordAttempt(db: Db, realm: string, attempt: Attempt): Promise<void> {
  const { ref, institutionSlug, claimSealed, rounds, waitsSince } = attempt
  await sql`
    with forgotten as (
      delete from world.login_attempts
      where realm = ${realm} and waits_since < ${waitsSince}::timestamptz - make_interval(hours => ${ATTEMPTS_KEPT_HOURS})
    )
    insert into world.login_attempts (realm, ref, institution_slug, claim_sealed, rounds, waits_since)
    values (${realm}, ${ref}, ${institutionSlug}, ${claimSealed}, ${rounds && JSON.stringify(rounds)}::jsonb,
      ${waitsSince})`.execute(db)
}

const ATTEMPT = sql`
  ref, institution_slug as "institutionSlug", claim_sealed as "claimSealed", rounds, access_ref as "accessRef",
  refusal, waits_since as "waitsSince"`

export async function findAttempt(db: Db, realm: string, ref: string): Promise<Attempt | null> {
  const { rows } = await sql<Attempt>`
    select ${ATTEMPT} from world.login_attempts where realm = ${realm} and ref = ${ref}`.execute(db)
  return rows[0] ?? null
}

/** Lets one at a time go on with an attempt: `next` says what becomes of it, or that it stays as it is. */
export async function moveAttempt(
  db: Db,
  { realm, ref }: { readonly realm: string; readonly ref: string },
  next: (attempt: Attempt, tx: Tx) => Promise<Attempt>,
): Promise<Attempt | null> {
  return inTx(db, async (tx) => {
    const { rows } = await sql<Attempt>`
      select ${ATTEMPT} from world.login_attempts where realm = ${realm} and ref = ${ref} for update`.execute(tx)
    const [attempt] = rows
    if (!attempt) return null
    const moved = await next(attempt, tx)
    if (moved === attempt) return attempt
    const { claimSealed, rounds, accessRef, refusal, waitsSince } = moved
    await sql`
      update world.login_attempts
      set claim_sealed = ${claimSealed}, rounds = ${rounds && JSON.stringify(rounds)}::jsonb, access_ref = ${accessRef},
        refusal = ${refusal}, waits_since = ${waitsSince}
      where realm = ${realm} and ref = ${ref}`.execute(tx)
    return moved
  })
}

/** Makes an institution fail for a reason, or work again. */
export async function setFault(
  db: Db,
  realm: string,
  { institutionSlug, reason }: { readonly institutionSlug: string; readonly reason: LoginRefusal | null },
): Promise<void> {
  if (reason === null) {
    await sql`
      delete from world.institution_faults
      where realm = ${realm} and institution_slug = ${institutionSlug}`.execute(db)
    return
  }
  await sql`
    insert into world.institution_faults (realm, institution_slug, reason)
    values (${realm}, ${institutionSlug}, ${reason})
    on conflict (realm, institution_slug) do update set reason = excluded.reason`.execute(db)
}

export async function findFault(db: Db, realm: string, institutionSlug: string): Promise<LoginRefusal | null> {
  const { rows } = await sql<{ reason: LoginRefusal }>`
    select reason from world.institution_faults
    where realm = ${realm} and institution_slug = ${institutionSlug}`.execute(db)
  return rows[0]?.reason ?? null
}
