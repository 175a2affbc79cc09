/** Everything a database has of a team, for comparing two of them byte for byte. */
import type { Database } from '../../src/db/database.js'

// Real time's own: answers by idempotency key, the log of requests, credentials, turns, and how far a clock is from real time. Counters are spread over
// connections.
const LEFT_OUT = [
  'keyed_requests',
  'team_clocks',
  'list_counts',
  'api_keys',
  'api_clients',
  'delivery_attempts',
  'webhook_turns',
  'request_counts',
  'request_log',
]

// In texts and snapshots a ciphertext's member says that it is one.
const SEALED = /("\w*_?[sS]ealed": )"[^"]*"/g

/**
 * One line for each row, in the order of their texts. What is encrypted is left out, since every nonce is a new one, and so is
 * what PostgreSQL puts its own time into.
 */
export async function dumpOf({ pool }: Database, teamId: string): Promise<readonly string[]> {
  const { rows: tables } = await pool.query<{ name: string; key: string; columns: string }>(
    `select format('%I.%I', c.table_schema, c.table_name) as name,
       min(c.column_name) filter (where c.column_name in ('team_id', 'realm')) as key,
       string_agg(format('%L, t.%I', c.column_name, c.column_name), ', ' order by c.column_name)
         filter (where c.data_type <> 'bytea' and c.column_default is distinct from 'now()') as columns
     from information_schema.columns c join information_schema.tables b using (table_schema, table_name)
     where b.table_type = 'BASE TABLE' and c.table_schema in ('public', 'world') and c.table_name <> all($1)
       and not (select p.relispartition from pg_class p where p.oid = format('%I.%I', c.table_schema, c.table_name)::regclass)
     group by 1 having bool_or(c.column_name in ('team_id', 'realm')) order by 1`,
    [LEFT_OUT],
  )
  const lines: string[] = []
  for (const { name, key, columns } of tables) {
    const { rows } = await pool.query<{ line: string }>(
      `select jsonb_build_object(${columns})::text as line from ${name} t where t.${key} = $1 order by 1`,
      [teamId],
    )
    lines.push(...rows.map(({ line }) => `${name} ${line.replaceAll(SEALED, '$1')}`))
  }
  return lines
}
