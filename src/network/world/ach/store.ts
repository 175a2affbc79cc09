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

/** Posts the entries whose references are new; returns when the next return of the realm comes in, or null. */
export async function recordEntries(db: Db, { realm, at }: Ask, entries: readonly NewEntry[]): Promise<string | null> {
  return inTx(db, async (tx) => {
    await waitTurn(tx, realm)
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
      ), deposits as (
        insert into world.deposit_entries (realm, reference, position, number_mark, routing_number, cents, at)
        select realm, reference, 0, number_mark, routing_number, case direction when 'credit' then cents else -cents end, at
        from fresh where number_mark is not null
        on conflict do nothing
      ), counted as (
        update world.liabilities l set movement_count = l.movement_count + f.count
        from (select debt_ref, count(*)::integer as count from fresh where debt_ref is not null group by 1) f
        where l.realm = ${realm} and l.ref = f.debt_ref
        returning l.ref, l.movement_count - f.count as before
      )
      insert into world.movements (realm, debt_ref, number, at, kind, cents, detail)
      select f.realm, f.debt_ref, c.before + row_number() over (partition by f.debt_ref order by f.reference), f.at,
             'payment', -f.cents, jsonb_build_object('reference', f.reference)
      from fresh f join counted c on c.ref = f.debt_ref`.execute(tx)
    return nextReturn(tx, realm)
  })
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
    ), deposits as (
      insert into world.deposit_entries (realm, reference, position, number_mark, routing_number, cents, at, is_return)
      select realm, reference || ':return', 0, number_mark, routing_number,
             case direction when 'credit' then -cents else cents end, returns_at, true
      from back where number_mark is not null
      on conflict do nothing
    ), counted as (
      update world.liabilities l set movement_count = l.movement_count + b.count
      from (select debt_ref, count(*)::integer as count from back where debt_ref is not null group by 1) b
      where l.realm = ${realm} and l.ref = b.debt_ref
      returning l.ref, l.movement_count - b.count as before
    )
    insert into world.movements (realm, debt_ref, number, at, kind, cents, detail)
    select b.realm, b.debt_ref, c.before + row_number() over (partition by b.debt_ref order by b.reference), b.returns_at,
           'payment_return', b.cents, jsonb_build_object('reference', b.reference)
    from back b join counted c on c.ref = b.debt_ref`.execute(tx)
}

async function nextReturn(tx: Tx, realm: string): Promise<string | null> {
  const { rows } = await sql<{ at: string | null }>`
    select min(returns_at) as at from world.ach_entries
    where realm = ${realm} and returns_at is not null and returned_number is null`.execute(tx)
  return rows[0]?.at ?? null
}
