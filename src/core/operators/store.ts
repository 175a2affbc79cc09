import { sql } from 'kysely'
import { type Db, inTx } from '../../db/database.js'
import { onlyRow } from '../../db/rows.js'
import type { OperatorSession } from './operators.js'

/** Adds a link, and drops those that are over. */
export async function addLink(
  db: Db,
  link: { readonly secretHash: Buffer; readonly now: string; readonly expiresAt: string },
): Promise<void> {
  await sql`
    with over as (delete from operator_links where expires_at <= ${link.now})
    insert into operator_links (secret_hash, expires_at) values (${link.secretHash}, ${link.expiresAt})`.execute(db)
}

/** True when there was such a link; there is none afterwards. */
export async function useLink(db: Db, secretHash: Buffer, now: string): Promise<boolean> {
  const { rows } = await sql`
    delete from operator_links where secret_hash = ${secretHash} and expires_at > ${now} returning 1`.execute(db)
  return rows.length > 0
}

export interface HeldPassword {
  readonly salt: Buffer
  readonly hash: Buffer
}

export async function findPassword(db: Db): Promise<HeldPassword | null> {
  const { rows } = await sql<HeldPassword>`select salt, hash from operator_password`.execute(db)
  return rows[0] ?? null
}

export async function writePassword(db: Db, row: HeldPassword & { readonly setAt: string }): Promise<void> {
  await sql`
    insert into operator_password (salt, hash, set_at) values (${row.salt}, ${row.hash}, ${row.setAt})
    on conflict (is_only) do update set salt = excluded.salt, hash = excluded.hash, set_at = excluded.set_at`.execute(
    db,
  )
}

export interface Attempts {
  readonly address: string
  readonly now: string
  readonly since: string
  readonly ofAddressMax: number
  readonly max: number
}

/** Counts an attempt unless there were too many; one after the other, so that each sees those before it. */
export function noteAttempt(db: Db, { address, now, since, ofAddressMax, max }: Attempts): Promise<boolean> {
  return inTx(db, async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('operator_attempts', 0))`.execute(tx)
    await sql`delete from operator_attempts where at <= ${since}`.execute(tx)
    const { rows } = await sql<{ own: number; total: number }>`
      select count(*) filter (where address = ${address}) as own, count(*) as total
      from operator_attempts`.execute(tx)
    const { own, total } = onlyRow(rows)
    if (own >= ofAddressMax || total >= max) return false
    await sql`insert into operator_attempts (address, at) values (${address}, ${now})`.execute(tx)
    return true
  })
}

export async function forgetAttempts(db: Db, address: string): Promise<void> {
  await sql`delete from operator_attempts where address = ${address}`.execute(db)
}

const columns = sql`s.id, s.agent, s.created_at as "createdAt", s.seen_at as "seenAt", s.expires_at as "expiresAt"`

interface Alive {
  readonly now: string
  readonly seenSince: string
}
const isAlive = ({ now, seenSince }: Alive) => sql`s.expires_at > ${now} and s.seen_at > ${seenSince}`

/** Adds a session, and drops those that are over. */
export async function addSession(db: Db, session: OperatorSession, secretHash: Buffer): Promise<void> {
  await sql`
    with over as (delete from operator_sessions where expires_at <= ${session.createdAt})
    insert into operator_sessions (id, secret_hash, agent, created_at, seen_at, expires_at)
    values (${session.id}, ${secretHash}, ${session.agent}, ${session.createdAt}, ${session.seenAt}, ${session.expiresAt})`.execute(
    db,
  )
}

export async function findSession(db: Db, secretHash: Buffer, alive: Alive): Promise<OperatorSession | null> {
  const { rows } = await sql<OperatorSession>`
    select ${columns} from operator_sessions s where s.secret_hash = ${secretHash} and ${isAlive(alive)}`.execute(db)
  return rows[0] ?? null
}

export async function noteSeen(db: Db, id: string, now: string): Promise<void> {
  await sql`update operator_sessions set seen_at = ${now} where id = ${id}`.execute(db)
}

export async function listSessions(db: Db, alive: Alive): Promise<readonly OperatorSession[]> {
  const { rows } = await sql<OperatorSession>`
    select ${columns} from operator_sessions s where ${isAlive(alive)} order by s.seen_at desc, s.id`.execute(db)
  return rows
}

export async function endSession(db: Db, id: string): Promise<void> {
  await sql`delete from operator_sessions where id = ${id}`.execute(db)
}

export async function endSessions(db: Db): Promise<void> {
  await sql`delete from operator_sessions`.execute(db)
}
