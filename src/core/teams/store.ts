import { sql } from 'kysely'
import type { Db, Tx } from '../../db/database.js'
import type { TeamId } from '../ids.js'
import type { TeamSettings } from './settings.js'
import type { ApiKey, Team, TeamName } from './teams.js'

const teamColumns = sql`t.id, t.name, t.environment, t.settings, t.data_key as "dataKey"`

export async function findTeam(db: Db, { name, environment }: TeamName): Promise<Team | null> {
  const { rows } = await sql<Team>`
    select ${teamColumns} from teams t where t.name = ${name} and t.environment = ${environment}`.execute(db)
  return rows[0] ?? null
}

/** The ids of the team in its other environments. */
export async function listOtherEnvironments(
  db: Db,
  { id, name }: Pick<Team, 'id' | 'name'>,
): Promise<readonly TeamId[]> {
  const { rows } = await sql<
    Pick<Team, 'id'>
  >`select t.id from teams t where t.name = ${name} and t.id <> ${id}`.execute(db)
  return rows.map((row) => row.id)
}

/** Locks the team for this transaction. */
export async function takeTeam(tx: Tx, { name, environment }: TeamName): Promise<Team | null> {
  const { rows } = await sql<Team>`
    select ${teamColumns} from teams t where t.name = ${name} and t.environment = ${environment} for update`.execute(tx)
  return rows[0] ?? null
}

export async function updateSettings(tx: Tx, id: TeamId, settings: TeamSettings): Promise<void> {
  await sql`update teams set settings = ${JSON.stringify(settings)} where id = ${id}`.execute(tx)
}

export async function getTeam(db: Db, wanted: TeamName): Promise<Team> {
  const team = await findTeam(db, wanted)
  if (!team) throw new Error(`There is no team ${wanted.name} in ${wanted.environment}.`)
  return team
}

export async function findTeamById(db: Db, id: TeamId): Promise<Team | null> {
  const { rows } = await sql<Team>`select ${teamColumns} from teams t where t.id = ${id}`.execute(db)
  return rows[0] ?? null
}

export async function getTeamById(db: Db, id: TeamId): Promise<Team> {
  const team = await findTeamById(db, id)
  if (!team) throw new Error(`There is no team ${id}.`)
  return team
}

export async function listTeams(db: Db): Promise<readonly Team[]> {
  const { rows } = await sql<Team>`select ${teamColumns} from teams t order by t.name, t.environment`.execute(db)
  return rows
}

/** Adds a team unless one of that name and environment exists. */
export async function addTeam(db: Db, team: Team, createdAt: string): Promise<void> {
  await sql`
    insert into teams (id, name, environment, settings, data_key, created_at)
    values (${team.id}, ${team.name}, ${team.environment}, ${JSON.stringify(team.settings)}, ${team.dataKey}, ${createdAt})
    on conflict (name, environment) do nothing`.execute(db)
}

/** Adds a key unless its secret exists. */
export async function addKey(db: Db, key: ApiKey, secretHash: Buffer): Promise<void> {
  await sql`
    insert into api_keys (id, team_id, label, prefix, secret_hash, created_at)
    values (${key.id}, ${key.teamId}, ${key.label}, ${key.prefix}, ${secretHash}, ${key.createdAt})
    on conflict (secret_hash) do nothing`.execute(db)
}

export async function listKeys(db: Db, filter: { readonly teamName?: string }): Promise<readonly ApiKey[]> {
  const { rows } = await sql<ApiKey>`
    select k.id, k.team_id as "teamId", t.name as "teamName", t.environment, k.label, k.prefix,
           k.created_at as "createdAt", k.revoked_at as "revokedAt"
    from api_keys k join teams t on t.id = k.team_id
    where ${filter.teamName ?? null}::text is null or t.name = ${filter.teamName ?? null}
    order by k.created_at desc, k.id desc`.execute(db)
  return rows
}

/** True when the key exists; revoking twice keeps the first moment. */
export async function revokeKey(db: Db, id: string, revokedAt: string): Promise<boolean> {
  const { rows } = await sql`
    update api_keys set revoked_at = coalesce(revoked_at, ${revokedAt}) where id = ${id} returning id`.execute(db)
  return rows.length > 0
}

/** Live keys that begin alike: usually one. */
export async function findKeysByPrefix(
  db: Db,
  prefix: string,
): Promise<readonly { readonly secretHash: Buffer; readonly team: Team }[]> {
  const { rows } = await sql<Team & { secretHash: Buffer }>`
    select k.secret_hash as "secretHash", ${teamColumns}
    from api_keys k join teams t on t.id = k.team_id
    where k.prefix = ${prefix} and k.revoked_at is null`.execute(db)
  return rows.map(({ secretHash, ...team }) => ({ secretHash, team }))
}
