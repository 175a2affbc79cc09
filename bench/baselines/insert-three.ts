/** W3's baseline: Fastify, pg, and a transaction of three inserts of rows as large as the reply, one statement after the other. */
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
  const client = await pool.connect()
  const add = (name: string) =>
    client.query<{ reply: unknown }>({
      name,
      text: `insert into ${name} (id, reply) values ($1, $2) returning reply`,
      values: [randomUUID(), JSON.stringify(body)],
    })
  try {
    await client.query('begin')
    const { rows } = await add('added')
    await add('added_second')
    await add('added_third')
    await client.query('commit')
    return rows[0]?.reply
  } finally {
    client.release()
  }
})

await app.listen({ host: '127.0.0.1', port: Number(PORT) })
process.once('SIGTERM', () => void app.close().then(() => pool.end()))
