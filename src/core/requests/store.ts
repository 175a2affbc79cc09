import { sql } from 'kysely'
import type { Db } from '../../db/database.js'
import type { Instant } from '../clock/clock.js'
import type { Ctx } from '../ctx.js'
import type { Answer } from './requests.js'

type Named = { readonly face: string; readonly key: string }

/** Stores the answer of a request whose key nobody claimed; fails, as `isKeyTaken` says, when somebody has it by now. */
export async function addAnswer(
  ctx: Ctx<'tx' | 'team' | 'realClock' | 'vault'>,
  { face, key }: Named,
  answer: Answer,
): Promise<void> {
  await sql`
    insert into keyed_requests (team_id, face, key, status, http_status, body_sealed, created_at)
    values (${ctx.team.id}, ${face}, ${key}, 'done', ${answer.status},
            ${ctx.vault.seal(ctx.team, placeOf({ face, key }), answer.body)}, ${ctx.realClock.now()})`.execute(ctx.tx)
}

export function isKeyTaken(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'keyed_requests_pkey'
}

/** True when the key is now ours: it was new, or its holder's lease ran out. */
export async function claimKey(
  ctx: Ctx<'db' | 'team' | 'realClock'>,
  { face, key }: Named,
  leaseUntil: Instant,
): Promise<boolean> {
  const now = ctx.realClock.now()
  const { rows } = await sql`
    insert into keyed_requests as k (team_id, face, key, status, lease_until, created_at)
    values (${ctx.team.id}, ${face}, ${key}, 'running', ${leaseUntil}, ${now})
    on conflict (team_id, face, key) do update set lease_until = excluded.lease_until
      where k.status = 'running' and k.lease_until < ${now}
    returning key`.execute(ctx.db)
  return rows.length > 0
}

/** Stores the answer; false when the lease was lost to another. */
export async function finishKey(
  ctx: Ctx<'tx' | 'team' | 'vault'>,
  { face, key }: Named,
  { lease, answer }: { readonly lease: Instant; readonly answer: Answer },
): Promise<boolean> {
  const { rows } = await sql`
    update keyed_requests
    set status = 'done', lease_until = null, http_status = ${answer.status},
        body_sealed = ${ctx.vault.seal(ctx.team, placeOf({ face, key }), answer.body)}
    where team_id = ${ctx.team.id} and face = ${face} and key = ${key}
      and status = 'running' and lease_until = ${lease}
    returning key`.execute(ctx.tx)
  return rows.length > 0
}

/** Stores the answer of a failed request unless the key has, or is about to have, another's; false then. */
export async function settleKeyed(
  ctx: Ctx<'db' | 'team' | 'realClock' | 'vault'>,
  { face, key }: Named,
  { lease, answer }: { readonly lease: Instant | null; readonly answer: Answer },
): Promise<boolean> {
  const { rows } = await sql`
    insert into keyed_requests as k (team_id, face, key, status, http_status, body_sealed, created_at)
    values (${ctx.team.id}, ${face}, ${key}, 'done', ${answer.status},
            ${ctx.vault.seal(ctx.team, placeOf({ face, key }), answer.body)}, ${ctx.realClock.now()})
    on conflict (team_id, face, key) do update
      set status = 'done', lease_until = null, http_status = excluded.http_status, body_sealed = excluded.body_sealed
      where k.status = 'running' and k.lease_until = ${lease}
    returning key`.execute(ctx.db)
  return rows.length > 0
}

export async function findKeyed(
  ctx: Ctx<'db' | 'team' | 'vault'>,
  { face, key }: Named,
): Promise<{ readonly answer: Answer | null; readonly leaseUntil: Instant | null } | null> {
  const { rows } = await sql<{ httpStatus: number | null; bodySealed: Buffer | null; leaseUntil: Instant | null }>`
    select http_status as "httpStatus", body_sealed as "bodySealed", lease_until as "leaseUntil" from keyed_requests
    where team_id = ${ctx.team.id} and face = ${face} and key = ${key}`.execute(ctx.db)
  const [row] = rows
  if (!row) return null
  const { httpStatus, bodySealed, leaseUntil } = row
  if (httpStatus === null || bodySealed === null) return { answer: null, leaseUntil }
  const body = ctx.vault.open(ctx.team, placeOf({ face, key }), bodySealed)
  return { answer: { status: httpStatus, body }, leaseUntil }
}

function placeOf({ face, key }: Named): string {
  return `keyed_requests.body.${face}.${key}`
}

/** Forgets up to `limit` keys older than `before`; returns how many. */
export async function forgetKeys(db: Db, { before, limit }: { before: Instant; limit: number }): Promise<number> {
  const { rows } = await sql`
    delete from keyed_requests where ctid = any(array(
      select ctid from keyed_requests where created_at < ${before} order by created_at limit ${limit}))
    returning 1`.execute(db)
  return rows.length
}
