/** The ACH's rows of the world. Whatever moves money in a realm waits for whoever does, so order and numbers have no gaps. */
import { sql } from 'kysely'
import { type Db, inTx, type Tx } from '../../../db/database.js'
import type { AchPosting, AchReturns, Ask } from '../../port.js'

export interface NewEntry {
  readonly reference: string
  readonly direction: 'debit' | 'credit'
  readonly cents: number
  readonly traceId: string
  readonly description: string
  readonly numberMark: string | null
  readonly numberSealed: string | null
  readonly routingNumber: string | null
  readonly accountType: string | null
  readonly debtRef: string | null
  readonly returnCode: string | null
  readonly returnsAt: string | null
}

interface Given {
  readonly entries: readonly NewEntry[]
  /** What becomes of a debit that a clearing account does not cover. */
  readonly uncovered: { readonly code: string; readonly at: string }
}

/** Posts the entries whose references are new; returns when the next return of the realm comes in, or null. */
export async function recordEntries(db: Db, { realm, at }: Ask, given: Given): Promise<string | null> {
  return inTx(db, async (tx) => {
    await waitTurn(tx, realm)
    const short = await uncoveredAmong(tx, realm, given.entries)
    const entries = given.entries.map((entry) =>
      short.has(entry.reference)
        ? { ...entry, returnCode: given.uncovered.code, returnsAt: given.uncovered.at }
        : entry,
    )
    await sql`
      with given as (
        select * from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as g
          (reference text, direction text, cents bigint, "traceId" text, "numberMark" text, "numberSealed" text,
           "routingNumber" text, "accountType" text, "debtRef" text, "returnCode" text, "returnsAt" timestamptz,
           description text)
      ), fresh as (
        insert into world.ach_entries as e
          (realm, reference, direction, cents, trace_id, number_mark, routing_number, debt_ref, at, return_code, returns_at,
           description)
        select ${realm}, reference, direction, cents, "traceId", "numberMark", "routingNumber", "debtRef", ${at}::timestamptz,
               "returnCode", "returnsAt", description
        from given
        on conflict do nothing
        returning e.*
      ), accounts as (
        insert into world.deposit_accounts (realm, number_mark, routing_number, type, number_sealed)
        select distinct on ("numberMark", "routingNumber") ${realm}, "numberMark", "routingNumber", "accountType", "numberSealed"
        from given where "numberMark" is not null
        on conflict do nothing
      ), posted as (
        select realm, reference, reference as posting, number_mark, routing_number, debt_ref, at, 'payment' as kind,
               case direction when 'credit' then cents else -cents end as deposit_cents, -cents as debt_cents
        from fresh
      ), ${posting(realm)}`.execute(tx)
    return nextReturn(tx, realm)
  })
}

/**
 * The debits that clearing accounts do not cover. What comes in with a batch is there before anything is taken, and of debits
 * the first come first; what was taken and will come back counts as being there.
 */
async function uncoveredAmong(tx: Tx, realm: string, entries: readonly NewEntry[]): Promise<ReadonlySet<string>> {
  const marks = entries.flatMap(({ direction, numberMark }) => (direction === 'debit' ? (numberMark ?? []) : []))
  if (marks.length === 0) return new Set()
  const { rows } = await sql<{ place: string; cents: number }>`
    select a.number_mark || ' ' || a.routing_number as place,
      (select coalesce(sum(d.cents), 0)::bigint from world.deposit_entries d
       where d.realm = a.realm and d.number_mark = a.number_mark and d.routing_number = a.routing_number)
      + (select coalesce(sum(e.cents), 0)::bigint from world.ach_entries e
         where e.realm = a.realm and e.number_mark = a.number_mark and e.routing_number = a.routing_number
           and e.direction = 'debit' and e.returns_at is not null and e.returned_number is null) as cents
    from world.deposit_accounts a
    where a.realm = ${realm} and a.number_mark = any(${[...new Set(marks)]}) and a.is_prefunded`.execute(tx)
  if (rows.length === 0) return new Set()
  const { rows: known } = await sql<{ reference: string }>`
    select reference from world.ach_entries
    where realm = ${realm} and reference = any(${entries.map(({ reference }) => reference)})`.execute(tx)
  const old = new Set(known.map(({ reference }) => reference))
  const fresh = entries.filter(({ reference }) => !old.has(reference))
  const left = new Map(rows.map(({ place, cents }) => [place, cents]))
  const short = new Set<string>()
  for (const { direction, cents, numberMark, routingNumber } of fresh) {
    const place = `${numberMark} ${routingNumber}`
    const held = left.get(place)
    if (held !== undefined && direction === 'credit') left.set(place, held + cents)
  }
  for (const { reference, direction, cents, numberMark, routingNumber } of fresh) {
    const place = `${numberMark} ${routingNumber}`
    const held = left.get(place)
    if (held === undefined || direction === 'credit') continue
    if (held < cents) short.add(reference)
    else left.set(place, held - cents)
  }
  return short
}

/** Lets in what banks send back by the time of asking, and tells what came in after `since`. */
export async function takeReturns(db: Db, { realm, at }: Ask, since: number): Promise<AchReturns> {
  return inTx(db, async (tx) => {
    await waitTurn(tx, realm)
    await letBack(tx, realm, sql`e.returns_at <= ${at}::timestamptz`)
    const { rows } = await sql<{ reference: string; code: string; at: string; number: number }>`
      select reference, return_code as code, returns_at as at, returned_number as number from world.ach_entries
      where realm = ${realm} and returned_number > ${since} order by returned_number`.execute(tx)
    return {
      returns: rows.map(({ number, ...rest }) => rest),
      until: rows.at(-1)?.number ?? since,
      lookAgainAt: await nextReturn(tx, realm),
    }
  })
}

export async function returnEntry(
  db: Db,
  { realm, at }: Ask,
  { reference, code }: { readonly reference: string; readonly code: string },
): Promise<boolean> {
  return inTx(db, async (tx) => {
    await waitTurn(tx, realm)
    await sql`
      update world.ach_entries set return_code = ${code}, returns_at = ${at}
      where realm = ${realm} and reference = ${reference} and returned_number is null`.execute(tx)
    await letBack(tx, realm, sql`e.reference = ${reference} and e.returns_at is not null`)
    const { rows } = await sql`
      select 1 from world.ach_entries where realm = ${realm} and reference = ${reference}`.execute(tx)
    return rows.length > 0
  })
}

export async function listPostings(
  db: Db,
  realm: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly AchPosting[]> {
  const { rows } = await sql<AchPosting>`
    select reference, direction, cents as "amountCents", case when returned_number is not null then return_code end as "returnCode"
    from world.ach_entries where realm = ${realm} and reference > ${after} order by reference limit ${limit}`.execute(
    db,
  )
  return rows
}

async function waitTurn(tx: Tx, realm: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`world.ach/${realm}`}, 0))`.execute(tx)
}

/** What came back is numbered, and undone where it was posted. */
async function letBack(tx: Tx, realm: string, which: ReturnType<typeof sql>): Promise<void> {
  await sql`
    with back as (
      update world.ach_entries e set returned_number = nextval('world.ach_returned')
      where e.realm = ${realm} and e.returned_number is null and ${which}
      returning e.*
    ), posted as (
      select realm, reference, reference || ':return' as posting, number_mark, routing_number, debt_ref, returns_at as at,
             'payment_return' as kind, case direction when 'credit' then -cents else cents end as deposit_cents,
             cents as debt_cents
      from back
    ), ${posting(realm)}`.execute(tx)
}

/** The end of a statement: what its `posted` holds goes into the books of the accounts and debts that it names. */
function posting(realm: string) {
  return sql`deposits as (
      insert into world.deposit_entries (realm, reference, position, number_mark, routing_number, cents, at, is_return)
      select realm, posting, 0, number_mark, routing_number, deposit_cents, at, kind = 'payment_return' from posted where number_mark is not null
      on conflict do nothing
    ), counted as (
      update world.liabilities l set movement_count = l.movement_count + p.count
      from (select debt_ref, count(*)::integer as count from posted where debt_ref is not null group by 1) p
      where l.realm = ${realm} and l.ref = p.debt_ref
      returning l.ref, l.movement_count - p.count as before
    )
    insert into world.movements (realm, debt_ref, number, at, kind, cents, detail)
    select p.realm, p.debt_ref, c.before + row_number() over (partition by p.debt_ref order by p.reference), p.at, p.kind,
           p.debt_cents, jsonb_build_object('reference', p.reference)
    from posted p join counted c on c.ref = p.debt_ref`
}

async function nextReturn(tx: Tx, realm: string): Promise<string | null> {
  const { rows } = await sql<{ at: string | null }>`
    select min(returns_at) as at from world.ach_entries
    where realm = ${realm} and returns_at is not null and returned_number is null`.execute(tx)
  return rows[0]?.at ?? null
}
