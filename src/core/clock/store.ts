import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../db/database.js'
import { onlyRow } from '../../db/rows.js'
import type { TeamId } from '../ids.js'
import type { ClockState } from './state.js'
import type { Instant } from './time.js'
import type { Waiting } from './waiting.js'

/** Every change of a clock is told here when it commits, as JSON. */
export const CHANNEL = 'team_clocks'

const columns = sql`c.team_id as "teamId", c.version, c.offset_ms as "offsetMs", c.stands_at as "standsAt",
  c.target_at as "targetAt", c.is_frozen as "isFrozen"`

/** Null for a clock that nobody has set. */
export async function findClock(db: Db, teamId: TeamId): Promise<ClockState | null> {
  const { rows } = await sql<ClockState>`select ${columns} from team_clocks c where c.team_id = ${teamId}`.execute(db)
  return rows[0] ?? null
}

export async function listClocks(db: Db): Promise<readonly ClockState[]> {
  const { rows } = await sql<ClockState>`select ${columns} from team_clocks c`.execute(db)
  return rows
}

/** Teams whose clock is on its way. */
export async function listMoving(db: Db): Promise<readonly TeamId[]> {
  const { rows } = await sql<{ teamId: TeamId }>`
    select team_id as "teamId" from team_clocks where target_at is not null`.execute(db)
  return rows.map(({ teamId }) => teamId)
}

/** Sets a clock and tells every process; false when it was set otherwise meanwhile. `state.version` is the one it had. */
export async function writeClock(db: Db, state: ClockState): Promise<ClockState | null> {
  const next = { ...state, version: state.version + 1 }
  const { rows } = await sql`
    with written as (
      insert into team_clocks as c (team_id, version, offset_ms, stands_at, target_at, is_frozen)
      values (${next.teamId}, ${next.version}, ${next.offsetMs}, ${next.standsAt}, ${next.targetAt}, ${next.isFrozen})
      on conflict (team_id) do update
        set version = excluded.version, offset_ms = excluded.offset_ms, stands_at = excluded.stands_at,
            target_at = excluded.target_at, is_frozen = excluded.is_frozen
        where c.version = ${state.version}
      returning c.team_id)
    select pg_notify(${CHANNEL}, ${JSON.stringify(next)}) from written`.execute(db)
  return rows.length > 0 ? next : null
}

/** True when this transaction is now the only one that moves the team's clock. */
export async function takeTurn(tx: Tx, teamId: TeamId): Promise<boolean> {
  const { rows } = await sql<{ isOurs: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`team_clocks:${teamId}`}, 0)) as "isOurs"`.execute(tx)
  return onlyRow(rows).isOurs
}

/** Keeps a transaction that only holds a turn from being taken for a forgotten one. */
export async function keepTurn(tx: Tx): Promise<void> {
  await sql`select 1`.execute(tx)
}

/** What is due by each team's clock: pairs of a team and the index of a kind of waiting. Clocks on their way are left out. */
export async function listDue(
  db: Db,
  waitings: readonly Waiting[],
  realNow: Instant,
): Promise<readonly { readonly teamId: TeamId; readonly kind: number }[]> {
  const now = sql`coalesce(c.stands_at, ${realNow}::timestamptz + coalesce(c.offset_ms, 0) * interval '1 ms')`
  const { rows } = await sql<{ teamId: TeamId; kind: number }>`
    select t.id as "teamId", d.kind
    from teams t left join team_clocks c on c.team_id = t.id
    cross join lateral (${union(
      waitings.map(
        ({ table, dueAt, where }, kind) => sql`
          select ${sql.lit(kind)} as kind
          where exists (select from ${table} w where w.team_id = t.id and ${where} and ${dueAt} <= ${now})`,
      ),
    )}) d
    where c.target_at is null`.execute(db)
  return rows
}

/** When the first of each kind that waits is due, of one team; kinds of which nothing waits are left out. */
export async function listNext(
  db: Db,
  waitings: readonly Waiting[],
  teamId: TeamId,
): Promise<readonly { readonly kind: number; readonly dueAt: Instant }[]> {
  const { rows } = await sql<{ kind: number; dueAt: Instant }>`
    select n.kind, n.due_at as "dueAt" from (${union(
      waitings.map(
        ({ table, dueAt, where }, kind) => sql`
          (select ${sql.lit(kind)} as kind, ${dueAt} as due_at from ${table} w
           where w.team_id = ${teamId} and ${where} and ${dueAt} is not null order by ${dueAt} limit 1)`,
      ),
    )}) n order by n.due_at, n.kind`.execute(db)
  return rows
}

function union(parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return sql.join(parts, sql` union all `)
}
