import { sql } from 'kysely'
import type { Db } from '../../db/database.js'
import type { ApiClient } from './api-clients.js'

const columns = sql`c.id, c.team_id as "teamId", t.name as "teamName", t.environment, c.app, c.label, c.scopes,
  c.created_at as "createdAt", c.disabled_at as "disabledAt"`

/** Adds a client; one of that id, which only the demo client can meet, gets the scopes. */
export async function addClient(
  db: Db,
  client: Pick<ApiClient, 'id' | 'teamId' | 'app' | 'label' | 'scopes' | 'createdAt'>,
  secretHash: Buffer,
): Promise<void> {
  await sql`
    insert into api_clients (id, team_id, app, label, scopes, secret_hash, created_at)
    values (${client.id}, ${client.teamId}, ${client.app}, ${client.label}, ${client.scopes}, ${secretHash}, ${client.createdAt})
    on conflict (id) do update set scopes = excluded.scopes`.execute(db)
}

export interface KnownClient extends ApiClient {
  readonly secretHash: Buffer
}

export async function findClient(db: Db, id: string): Promise<KnownClient | null> {
  const { rows } = await sql<KnownClient>`
    select ${columns}, c.secret_hash as "secretHash"
    from api_clients c join teams t on t.id = c.team_id where c.id = ${id}`.execute(db)
  return rows[0] ?? null
}

export async function listClients(db: Db, filter: { readonly teamName: string | null }): Promise<readonly ApiClient[]> {
  const { rows } = await sql<ApiClient>`
    select ${columns} from api_clients c join teams t on t.id = c.team_id
    where ${filter.teamName}::text is null or t.name = ${filter.teamName}
    order by c.created_at desc, c.id desc`.execute(db)
  return rows
}

/** True when the client exists; disabling twice keeps the first moment. */
export async function disableClient(db: Db, id: string, at: string): Promise<boolean> {
  const { rows } = await sql`
    update api_clients set disabled_at = least(coalesce(disabled_at, ${at}), ${at}::timestamptz) where id = ${id}
    returning id`.execute(db)
  return rows.length > 0
}
