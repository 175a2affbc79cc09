/** Every statement about the accesses that stand by. */
import { sql } from 'kysely'
import type { Ctx, Reading } from '../ctx.js'
import type { ConnectionId } from '../ids.js'
import type { ProviderName } from './providers.js'

interface StandbyRow {
  readonly provider: ProviderName
  readonly accessSealed: Buffer
}

export async function replaceStandbys(
  ctx: Ctx<'tx' | 'team'>,
  connectionId: ConnectionId,
  rows: readonly StandbyRow[],
): Promise<void> {
  await sql`
    delete from connection_standbys where team_id = ${ctx.team.id} and connection_id = ${connectionId}`.execute(ctx.tx)
  if (rows.length === 0) return
  await sql`
    insert into connection_standbys (team_id, connection_id, provider, access_sealed)
    select ${ctx.team.id}, ${connectionId}, s.provider, s.sealed
    from unnest(${rows.map(({ provider }) => provider)}::text[], ${rows.map(({ accessSealed }) => accessSealed)}::bytea[])
      as s (provider, sealed)`.execute(ctx.tx)
}

export async function listStandbys(ctx: Ctx<Reading>, connectionId: ConnectionId): Promise<readonly StandbyRow[]> {
  const { rows } = await sql<StandbyRow>`
    select s.provider, s.access_sealed as "accessSealed" from connection_standbys s
    where s.team_id = ${ctx.team.id} and s.connection_id = ${connectionId} order by s.provider`.execute(ctx.db)
  return rows
}
