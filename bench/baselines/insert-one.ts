/** W4's baseline: Fastify, pg and one committed insert of a row as large as the reply. */
import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import pg from 'pg'

const { DATABASE_URL, POOL_SIZE, PORT } = process.env
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL_SIZE) })
const app = Fastify()

app.get('/healthz', async () => {
  await pool.query('select 1')
  return { status: 'ok' }
})

app.post('/rows', async ({ body }) => {
  const { rows } = await pool.query<{ reply: unknown }>({
    name: 'one',
    text: 'insert into added (id, reply) values ($1, $2) returning reply',
    values: [randomUUID(), JSON.stringify(body)],
  })
  return rows[0]?.reply
})

await app.listen({ host: '127.0.0.1', port: Number(PORT) })
process.once('SIGTERM', () => void app.close().then(() => pool.end()))
