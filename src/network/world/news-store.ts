/** The statements about what a rehearsal announced for a person. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../db/database.js'
import type { LiabilityType } from '../port.js'
import { insertDebts, type SoftInquiry, type WrittenDebt } from './store.js'

/** Of each kind, for one person. contract: method/simulate §5, §6 */
export const AWAITED_MAX = 5

/** Has debts wait for a person, after those that wait already; false when that would be too many, or nobody is there. */
export async function awaitDebts(
  db: Db,
  { realm, ref, types }: { readonly realm: string; readonly ref: string; readonly types: readonly LiabilityType[] },
): Promise<boolean> {
  const { rows } = await sql`
    update world.people set awaited_debts = awaited_debts || ${types}::text[]
    where realm = ${realm} and ref = ${ref} and cardinality(awaited_debts) + ${types.length}::integer <= ${AWAITED_MAX}
    returning 1`.execute(db)
  return rows.length > 0
}

/** As `awaitDebts`, for soft inquiries. */
export async function awaitInquiries(
  db: Db,
  { realm, ref, count }: { readonly realm: string; readonly ref: string; readonly count: number },
): Promise<boolean> {
  const { rows } = await sql`
    update world.people set awaited_inquiries = awaited_inquiries + ${count}::integer
    where realm = ${realm} and ref = ${ref} and awaited_inquiries + ${count}::integer <= ${AWAITED_MAX}
    returning 1`.execute(db)
  return rows.length > 0
}

/** What waits, locked for this transaction, with the position of the person's next debt. */
export async function takeAwaitedDebts(
  tx: Tx,
  realm: string,
  ref: string,
): Promise<{ readonly types: readonly LiabilityType[]; readonly position: number }> {
  const { rows } = await sql<{ types: readonly LiabilityType[] }>`
    select awaited_debts as types from world.people where realm = ${realm} and ref = ${ref} for update`.execute(tx)
  const { rows: positions } = await sql<{ position: number }>`
    select coalesce(max(position) + 1, 0) as position from world.liabilities
    where realm = ${realm} and person_ref = ${ref}`.execute(tx)
  return { types: rows[0]?.types ?? [], position: positions[0]?.position ?? 0 }
}

/** The debts that waited, as having arisen at an instant; nothing waits any more. */
export async function recordArisen(
  tx: Tx,
  { realm, ref, at }: { readonly realm: string; readonly ref: string; readonly at: string },
  debts: readonly WrittenDebt[],
): Promise<void> {
  await insertDebts(tx, realm, debts)
  await sql`
    with arisen as (
      update world.liabilities set arose_at = ${at}
      where realm = ${realm} and ref = any(${debts.map((debt) => debt.ref)}::text[]))
    update world.people set awaited_debts = '{}' where realm = ${realm} and ref = ${ref}`.execute(tx)
}

export async function takeAwaitedInquiries(tx: Tx, realm: string, ref: string): Promise<number> {
  const { rows } = await sql<{ awaited: number }>`
    select awaited_inquiries as awaited from world.people
    where realm = ${realm} and ref = ${ref} for update`.execute(tx)
  return rows[0]?.awaited ?? 0
}

/** Keeps inquiries that waited with the person; nothing waits any more. */
export async function recordInquiries(
  tx: Tx,
  {
    realm,
    ref,
    inquiries,
  }: { readonly realm: string; readonly ref: string; readonly inquiries: readonly SoftInquiry[] },
): Promise<void> {
  await sql`
    update world.people
    set soft_inquiries = soft_inquiries || ${JSON.stringify(inquiries)}::jsonb, awaited_inquiries = 0
    where realm = ${realm} and ref = ${ref}`.execute(tx)
}
