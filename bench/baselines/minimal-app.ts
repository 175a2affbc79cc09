/** W9's baseline: the built-in PostgreSQL, eight connections, a job worker and three hundred routes with schemas. */
import Fastify from 'fastify'
import { Logger, run } from 'graphile-worker'
import pg from 'pg'
import { startEmbedded } from '../../src/db/embedded.js'

const POOL_SIZE = 8
const ROUTES = 300

const { DATA_FOLDER, PORT } = process.env
const postgres = await startEmbedded({ folder: DATA_FOLDER ?? '' })
const pool = new pg.Pool({ connectionString: postgres.connectionString, max: POOL_SIZE })
// A connection that breaks fails the statement it carries.
pool.on('error', () => {}).on('connect', (client) => client.on('error', () => {}))
const runner = await run({
  pgPool: pool,
  noHandleSignals: true,
  crontab: '',
  logger: new Logger(() => () => {}),
  taskList: { nothing: async () => {} },
})

const app = Fastify()
app.get('/healthz', async () => {
  await pool.query('select 1')
  return { status: 'ok' }
})
const text = { type: 'string' }
for (let index = 0; index < ROUTES; index++) {
  const members = { type: 'object', properties: { id: text, name: text, amount: { type: 'integer' } } }
  app.post(`/things-${index}/:id`, { schema: { body: members, response: { 200: members } } }, async ({ body }) => body)
}
await app.listen({ host: '127.0.0.1', port: Number(PORT) })

process.once('SIGTERM', async () => {
  await app.close()
  await runner.stop()
  await pool.end()
  await postgres.stop()
})
