import pg from 'pg'

/** The same server, another database. */
export function inDatabase(url: string, database: string): string {
  const address = new URL(url)
  address.pathname = `/${database}`
  return address.href
}

/** Runs one statement on a connection of its own. */
// biome-ignore lint/suspicious/noExplicitAny: rows of whatever was asked.
export async function runOn(url: string, statement: string): Promise<readonly any[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(statement).finally(() => client.end())
  return rows
}
