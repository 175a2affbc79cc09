import { pino } from 'pino'
import { openDatabase } from '../../src/db/database.js'
import { readConfig } from '../../src/server/config.js'
import { wire } from '../../src/server/wiring.js'

// Nothing connects to it: only the routes are looked at.
const NOWHERE = 'postgres://nobody@127.0.0.1:1/nowhere'

/** Every route of the assembled server: `GET /method/entities/{}`, names of parameters left out. */
export async function servedRoutes(): Promise<ReadonlySet<string>> {
  const database = openDatabase({
    connectionString: NOWHERE,
    poolSize: 1,
    statementTimeoutMs: 1000,
    connectTimeoutMs: 1000,
  })
  const { http } = wire({
    database,
    config: readConfig({}, { isTTY: false }),
    secrets: { databaseUrl: null, masterKey: Buffer.alloc(32), metricsToken: null },
    log: pino({ level: 'silent' }),
  })
  const routes = new Set<string>()
  http.addHook('onRoute', ({ method, url }) => {
    for (const name of [method].flat())
      if (name !== 'HEAD' && name !== 'OPTIONS') routes.add(nameless(`${name} ${url}`))
  })
  await http.ready()
  await http.close()
  await database.close()
  return routes
}

/** `GET /entities/:ent_id` and `GET /entities/{ent_id}` → `GET /entities/{}`. */
export function nameless(operation: string): string {
  return operation.replaceAll(/:[A-Za-z_]+|\{[^}]*\}/g, '{}')
}
