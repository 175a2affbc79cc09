/** Every statement that touches the world's tables. */
import { sql } from 'kysely'
import { type Db, inTx, type Tx } from '../../db/database.js'
import type { BankAccount, CardFace } from '../port.js'
import type { Profile } from './invent/profile.js'
import type { Movement } from './life/movements.js'
import type { Terms } from './life/terms.js'

export interface Person {
  readonly ref: string
  readonly key: string
  /** `login`: met at an institution, and known nowhere else. */
  readonly origin: 'persona' | 'invented' | 'registered' | 'login'
  readonly phone: string
  readonly profile: Profile
  readonly ssnSealed: string | null
  readonly hasDebts: boolean
}

/** A look into a credit file by somebody who may make an offer. */
export interface SoftInquiry {
  /** The institution's. */
  readonly slug: string
  readonly on: string
}

/** A debt as it begins. */
export interface WrittenDebt {
  readonly ref: string
  /** Null for one that a caller located for somebody nobody identified. */
  readonly personRef: string | null
  readonly position: number
  readonly merchantNumber: number
  readonly terms: Terms
  readonly accountNumberSealed: string | null
}

/** A debt with what happened to it since. */
export interface Debt extends WrittenDebt {
  /** The face its card got later; null while it has its first one. */
  readonly cardFace: CardFace | null
  /** When it arose, for one that the person was not met with. */
  readonly aroseAt: string | null
  /** In the order in which they came. */
  readonly movements: readonly Movement[]
}

/** A debt with what single accounts need to know of who holds it; null where nobody is known. */
export interface HeldDebt extends Debt {
  readonly holder: (Pick<Person, 'origin' | 'phone'> & { readonly zip: string | null }) | null
}

export interface PersonWithDebts {
  readonly person: Person
  readonly debts: readonly Debt[]
  /** Beside those that follow from the seed. */
  readonly softInquiries: readonly SoftInquiry[]
  /** How many of each were announced and have not come true. */
  readonly awaited: { readonly debts: number; readonly inquiries: number }
}

/** Somebody to write down with the debts they begin with. */
export interface NewPerson {
  readonly person: Person
  readonly debts: readonly WrittenDebt[]
}

export async function findPerson(db: Db, realm: string, key: string): Promise<Person | null> {
  const { rows } = await sql<Person>`
    select ref, key, origin, phone, profile, ssn_sealed as "ssnSealed", has_debts as "hasDebts"
    from world.people
    where realm = ${realm} and key = ${key}`.execute(db)
  return rows[0] ?? null
}

/** The later life of the debt `l`, as keys of its object. */
const HISTORY = sql`
  'cardFace', case when l.card_product_number is not null then jsonb_build_object(
    'productNumber', l.card_product_number, 'brandNumber', l.card_brand_number) end,
  'aroseAt', l.arose_at,
  'movements', coalesce((
    select jsonb_agg(jsonb_build_object(
      'number', m.number, 'at', to_char(m.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'kind', m.kind, 'cents', m.cents, 'detail', m.detail) order by m.number)
    from world.movements m
    where l.movement_count > 0 and m.realm = l.realm and m.debt_ref = l.ref
  ), '[]'::jsonb)`

/** The person and all their debts in order, in one statement. */
export async function findPersonWithDebts(db: Db, realm: string, ref: string): Promise<PersonWithDebts | null> {
  const { rows } = await sql<Person & Omit<PersonWithDebts, 'person'>>`
    select p.ref, p.key, p.origin, p.phone, p.profile, p.ssn_sealed as "ssnSealed", p.has_debts as "hasDebts",
      p.soft_inquiries as "softInquiries",
      jsonb_build_object('debts', cardinality(p.awaited_debts), 'inquiries', p.awaited_inquiries) as awaited,
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'ref', l.ref, 'personRef', l.person_ref, 'position', l.position, 'merchantNumber', l.merchant_number,
          'terms', l.terms, 'accountNumberSealed', l.account_number_sealed, ${HISTORY}) order by l.position)
        from world.liabilities l
        where l.realm = p.realm and l.person_ref = p.ref
      ), '[]') as debts
    from world.people p
    where p.realm = ${realm} and p.ref = ${ref}`.execute(db)
  const [row] = rows
  if (!row) return null
  const { debts, softInquiries, awaited, ...person } = row
  return { person, debts, softInquiries, awaited }
}

export async function findDebt(db: Db, realm: string, ref: string): Promise<HeldDebt | null> {
  const { rows } = await sql<{ debt: HeldDebt }>`
    select jsonb_build_object(
      'ref', l.ref, 'personRef', l.person_ref, 'position', l.position, 'merchantNumber', l.merchant_number,
      'terms', l.terms, 'accountNumberSealed', l.account_number_sealed, ${HISTORY},
      'holder', case when p.ref is not null then jsonb_build_object(
        'origin', p.origin, 'phone', p.phone, 'zip', p.profile #>> '{address,zip}') end) as debt
    from world.liabilities l
    left join world.people p on p.realm = l.realm and p.ref = l.person_ref
    where l.realm = ${realm} and l.ref = ${ref}`.execute(db)
  return rows[0]?.debt ?? null
}

/** Adds the person unless somebody else just did. */
export async function recordPerson(db: Db, realm: string, person: Person): Promise<void> {
  const profile = JSON.stringify(person.profile)
  await sql`
    insert into world.people (realm, ref, key, origin, phone, profile, ssn_sealed, has_debts)
    values (${realm}, ${person.ref}, ${person.key}, ${person.origin}, ${person.phone}, ${profile}::jsonb,
      ${person.ssnSealed}, ${person.hasDebts})
    on conflict do nothing`.execute(db)
}

/** Adds the debts of a person who has none yet; whoever claims the person first writes them, others write nothing. */
export async function recordDebts(
  db: Db,
  realm: string,
  personRef: string,
  debts: readonly WrittenDebt[],
): Promise<void> {
  await sql`
    with claimed as (
      update world.people set has_debts = true
      where realm = ${realm} and ref = ${personRef} and not has_debts
      returning realm, ref
    )
    insert into world.liabilities
      (realm, ref, person_ref, position, merchant_number, terms, account_number_sealed)
    select c.realm, d.ref, c.ref, d.position, d."merchantNumber", d.terms, d."accountNumberSealed"
    from claimed c, jsonb_to_recordset(${JSON.stringify(debts)}::jsonb)
      as d(ref text, position integer, "merchantNumber" integer, terms jsonb, "accountNumberSealed" text)
    on conflict do nothing`.execute(db)
}

/** Puts registered people in place of whoever had their keys, with their debts; all or nothing. */
export async function replacePeople(db: Db, realm: string, people: readonly NewPerson[]): Promise<void> {
  // One order for everybody, so that two registrations at once wait for each other instead of deadlocking.
  const inOrder = [...people].sort((a, b) => (a.person.key < b.person.key ? -1 : 1))
  await inTx(db, async (tx) => {
    await upsertPeople(
      tx,
      realm,
      inOrder.map(({ person }) => person),
    )
    await sql`
      delete from world.liabilities
      where realm = ${realm} and person_ref = any(${people.map(({ person }) => person.ref)}::text[])`.execute(tx)
    await insertDebts(
      tx,
      realm,
      inOrder.flatMap(({ debts }) => debts),
    )
  })
}

export interface RegisteredPerson extends Person {
  readonly debtCount: number
}

/** The registered people of a realm, by phone. */
export async function listRegistered(db: Db, realm: string): Promise<readonly RegisteredPerson[]> {
  const { rows } = await sql<RegisteredPerson>`
    select p.ref, p.key, p.origin, p.phone, p.profile, p.ssn_sealed as "ssnSealed", p.has_debts as "hasDebts",
      (select count(*)::integer from world.liabilities l
        where l.realm = p.realm and l.person_ref = p.ref) as "debtCount"
    from world.people p
    where p.realm = ${realm} and p.origin = 'registered'
    order by p.key`.execute(db)
  return rows
}

async function upsertPeople(tx: Tx, realm: string, people: readonly Person[]): Promise<void> {
  await sql`
    insert into world.people (realm, ref, key, origin, phone, profile, ssn_sealed, has_debts)
    select ${realm}, p.ref, p.key, p.origin, p.phone, p.profile, p."ssnSealed", p."hasDebts"
    from jsonb_to_recordset(${JSON.stringify(people)}::jsonb)
      as p(ref text, key text, origin text, phone text, profile jsonb, "ssnSealed" text, "hasDebts" boolean)
    on conflict (realm, key) do update
    set origin = excluded.origin, profile = excluded.profile, ssn_sealed = excluded.ssn_sealed,
      has_debts = excluded.has_debts, awaited_debts = '{}', awaited_inquiries = 0, soft_inquiries = '[]'`.execute(tx)
}

export async function insertDebts(tx: Tx, realm: string, debts: readonly WrittenDebt[]): Promise<void> {
  await sql`
    insert into world.liabilities
      (realm, ref, person_ref, position, merchant_number, terms, account_number_sealed)
    select ${realm}, d.ref, d."personRef", d.position, d."merchantNumber", d.terms, d."accountNumberSealed"
    from jsonb_to_recordset(${JSON.stringify(debts)}::jsonb)
      as d(ref text, "personRef" text, position integer, "merchantNumber" integer, terms jsonb,
        "accountNumberSealed" text)`.execute(tx)
}

/** Adds a debt that has no person unless it is there already. */
export async function recordLocated(db: Db, realm: string, debt: WrittenDebt): Promise<void> {
  await sql`
    insert into world.liabilities
      (realm, ref, person_ref, position, merchant_number, terms, account_number_sealed)
    values (${realm}, ${debt.ref}, null, ${debt.position}, ${debt.merchantNumber}, ${JSON.stringify(debt.terms)}::jsonb,
      ${debt.accountNumberSealed})
    on conflict do nothing`.execute(db)
}

export async function setCardFace(
  db: Db,
  realm: string,
  { ref, face }: { ref: string; face: CardFace },
): Promise<void> {
  await sql`
    update world.liabilities
    set card_product_number = ${face.productNumber}, card_brand_number = ${face.brandNumber}
    where realm = ${realm} and ref = ${ref}`.execute(db)
}

/** The terms of a debt, ended on a day with nothing owed. */
export async function closeDebt(db: Db, realm: string, { ref, day }: { ref: string; day: string }): Promise<void> {
  const ending = JSON.stringify({ closedOn: day, closingBalanceCents: 0 })
  await sql`
    update world.liabilities set terms = terms || ${ending}::jsonb where realm = ${realm} and ref = ${ref}`.execute(db)
}

/** Adds a movement, numbered after the last one of its debt; null when there is no such debt. */
export async function recordMovement(
  db: Db,
  { realm, ref }: { realm: string; ref: string },
  make: (number: number) => Movement,
): Promise<Movement | null> {
  return inTx(db, async (tx) => {
    // The row is locked until the end, so that each number is taken once.
    const { rows } = await sql<{ number: number }>`
      update world.liabilities set movement_count = movement_count + 1
      where realm = ${realm} and ref = ${ref}
      returning movement_count as number`.execute(tx)
    const [taken] = rows
    if (!taken) return null
    const { number, at, kind, cents, detail } = make(taken.number)
    await sql`
      insert into world.movements (realm, debt_ref, number, at, kind, cents, detail)
      values (${realm}, ${ref}, ${number}, ${at}, ${kind}, ${cents}, ${JSON.stringify(detail)}::jsonb)`.execute(tx)
    return { number, at, kind, cents, detail }
  })
}

export interface NewDeposits {
  readonly realm: string
  readonly numberMark: string
  readonly routingNumber: string
  readonly type: BankAccount['type']
  readonly numberSealed: string
  readonly reference: string
  readonly amountsCents: readonly number[]
  readonly at: string
}

/** Adds the credits of a reference that has not arrived yet, and the account when it is a new one. */
export async function recordDeposits(db: Db, deposits: NewDeposits): Promise<void> {
  const { realm, numberMark, routingNumber, type, numberSealed, reference, amountsCents, at } = deposits
  await sql`
    with account as (
      insert into world.deposit_accounts (realm, number_mark, routing_number, type, number_sealed)
      values (${realm}, ${numberMark}, ${routingNumber}, ${type}, ${numberSealed})
      on conflict do nothing
    )
    insert into world.deposit_entries (realm, reference, position, number_mark, routing_number, cents, at)
    select ${realm}, ${reference}, e.place - 1, ${numberMark}, ${routingNumber}, e.cents, ${at}::timestamptz
    from unnest(${amountsCents}::bigint[]) with ordinality as e(cents, place)
    on conflict do nothing`.execute(db)
}

export async function listDeposits(
  db: Db,
  realm: string,
  numberMark: string,
): Promise<readonly { readonly cents: number; readonly at: string }[]> {
  const { rows } = await sql<{ cents: number; at: string }>`
    select cents::integer as cents, at from world.deposit_entries
    where realm = ${realm} and number_mark = ${numberMark}
    order by at desc, reference, position desc`.execute(db)
  return rows
}

const MESSAGES_KEPT_MAX = 20

/** Adds a text to a phone and lets go of its oldest. */
export async function addMessage(
  db: Db,
  message: {
    readonly realm: string
    readonly phone: string
    readonly textSealed: string
    readonly sentAt: string
  },
): Promise<void> {
  const { realm, phone, textSealed, sentAt } = message
  await sql`
    with forgotten as (
      delete from world.messages where (realm, phone, id) in (
        select realm, phone, id from world.messages where realm = ${realm} and phone = ${phone}
        order by id desc offset ${MESSAGES_KEPT_MAX - 1})
    )
    insert into world.messages (realm, phone, text_sealed, sent_at)
    values (${realm}, ${phone}, ${textSealed}, ${sentAt})`.execute(db)
}

export async function listMessages(
  db: Db,
  realm: string,
  phone: string,
): Promise<readonly { readonly textSealed: string; readonly sentAt: string }[]> {
  const { rows } = await sql<{ textSealed: string; sentAt: string }>`
    select text_sealed as "textSealed", sent_at as "sentAt" from world.messages
    where realm = ${realm} and phone = ${phone} order by id desc`.execute(db)
  return rows
}
