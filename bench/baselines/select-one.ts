/** W1's baseline: Fastify, pg and one prepared select of a row that holds the whole reply; no key, no team, no schema. */
import Fastify from 'fastify'
import pg from 'pg'

const { DATABASE_URL, POOL_SIZE, PORT } = process.env
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL_SIZE) })
const app = Fastify()

app.get('/healthz', async () => {
  await pool.query('select 1')
  return { status: 'ok' }
})

app.get<{ Params: { id: string } }>('/accounts/:id', async ({ params }, reply) => {
  const { rows } = await pool.query<{ reply: unknown }>({
    name: 'one',
    text: 'select reply from replies where id = $1',
    values: [params.id],
  })
  return rows[0]?.reply ?? reply.code(404).send({})
})

await app.listen({ host: '127.0.0.1', port: Number(PORT) })
process.once('SIGTERM', () => void app.close().then(() => pool.end()))
