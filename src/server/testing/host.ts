/**
 * A server for tests: a whole one, on a throwaway database, beside which a door of its own does what only tests need, such as
 * a fresh team or everything as it was before. The door is on loopback and wants a token that is made at the start.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Fastify from 'fastify'
import pg from 'pg'
import { fingerprintMigrations } from '../../db/migrate.js'
import { Closers } from '../closers.js'
import { Problem } from '../problem.js'
import { type RunningServer, startServer } from '../serve.js'
import { createScratch, ensureTemplate, type ScratchDatabase } from './scratch-databases.js'
import { joinPostgres } from './shared-postgres.js'

export interface TestServerOptions {
  /** The folder of the PostgreSQL that test processes share. */
  readonly folder: string
  /** Another PostgreSQL instead, whose user may create databases. */
  readonly databaseUrl: string | null
  /** Settings of the server, such as `CLEARSPAN_SEED`. */
  readonly environment: Readonly<Record<string, string>>
}

export interface TestServer {
  /** Where the faces are, without a slash at the end. */
  readonly url: string
  /** The door for tests, without a slash at the end, and what it wants as a bearer token. */
  readonly doorUrl: string
  readonly token: string
  stop(): Promise<void>
}

// Every test server has the same one, so that copies of one template can be read by all, and seeded runs repeat.
const MASTER_KEY = createHash('sha256').update('clearspan: simulated data of tests, no secret').digest('base64')
// The command line is built beside the bundle that this becomes a part of.
const PROGRAM = fileURLToPath(new URL('./main.js', import.meta.url))
const LOOPBACK = '127.0.0.1'
// Whole suites begin at once, on machines with little to spare: whoever waits is served in the end.
const CONNECT_TIMEOUT_MS = 30_000

/** Where the PostgreSQL of a user's tests is, unless another folder is named. */
export function sharedFolder({ XDG_CACHE_HOME, HOME }: Readonly<Record<string, string | undefined>>): string {
  return join(XDG_CACHE_HOME || join(HOME || tmpdir(), '.cache'), 'clearspan', 'testing')
}

/** Starts one and returns when it answers. Throws `Problem` or `DatabaseUnavailable`, with nothing left running. */
export function startTestServer(options: TestServerOptions): Promise<TestServer> {
  return Closers.around((closers) => start(options, closers))
}

async function start(options: TestServerOptions, closers: Closers): Promise<TestServer> {
  const client = await connect(options)
  closers.add(() => client.end())
  const template = `clearspan_template_${await fingerprintMigrations()}`
  await ensureTemplate(client, template, (url) => fill(url, options))
  const scratch = await createScratch(client, template)
  closers.add(() => scratch.drop())
  const served = new Served(scratch, options)
  await served.start()
  closers.add(() => served.stop())
  const token = randomBytes(24).toString('base64url')
  const door = openDoor(served, scratch, token)
  closers.add(() => door.close())
  return {
    url: `http://${LOOPBACK}:${served.running.config.port}`,
    doorUrl: await door.listen({ host: LOOPBACK, port: 0 }),
    token,
    stop: () => closers.close(),
  }
}

async function connect({ folder, databaseUrl }: TestServerOptions): Promise<pg.Client> {
  if (databaseUrl === null) return joinPostgres(folder, PROGRAM)
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** What every server does at its start is done once, in the template. */
async function fill(connectionString: string, options: TestServerOptions): Promise<void> {
  const server = await startServer({ environment: environmentOf(options, connectionString), isTTY: false, parts: [] })
  await server.stop()
}

function environmentOf({ environment }: TestServerOptions, connectionString: string, port = 0) {
  return {
    LOG_LEVEL: 'warn',
    CLEARSPAN_ANSWER_DELAY_MS: '0',
    // Many servers share one PostgreSQL.
    CLEARSPAN_POOL_SIZE: '5',
    ...environment,
    HOST: LOOPBACK,
    PORT: String(port),
    DATABASE_URL: connectionString,
    CLEARSPAN_MASTER_KEY: MASTER_KEY,
  }
}

/** The server, which keeps its address when its database is exchanged under it. */
class Served {
  readonly #scratch: ScratchDatabase
  readonly #options: TestServerOptions
  #running: RunningServer | undefined
  #port = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(scratch: ScratchDatabase, options: TestServerOptions) {
    this.#scratch = scratch
    this.#options = options
  }

  get running(): RunningServer {
    if (!this.#running) throw new Error('The server is not running.')
    return this.#running
  }

  async start(): Promise<void> {
    const environment = environmentOf(this.#options, this.#scratch.connectionString, this.#port)
    this.#running = await startServer({
      environment,
      isTTY: false,
      parts: ['api', 'worker'],
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
    })
    this.#port = this.#running.config.port
  }

  async stop(): Promise<void> {
    await this.#running?.stop()
    this.#running = undefined
  }

  /** Does something to the database while the server is away; one after the other. */
  whileAway<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(async () => {
      await this.stop()
      try {
        return await work()
      } finally {
        await this.start()
      }
    })
    this.#turn = done.catch(() => {})
    return done
  }
}

function openDoor(served: Served, scratch: ScratchDatabase, token: string) {
  const door = Fastify({ forceCloseConnections: true })
  const expected = Buffer.from(`Bearer ${token}`)
  door.addHook('onRequest', async ({ headers }, reply) => {
    const given = Buffer.from(headers.authorization ?? '')
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reply.code(401).send()
  })
  door.setErrorHandler((error, _, reply) =>
    reply
      .code(error instanceof Problem ? 400 : 500)
      .send({ message: error instanceof Error ? error.message : String(error) }),
  )
  door.post<{ Body: { readonly settings?: object } }>('/teams', async ({ body }) => {
    const { admin } = served.running
    const owner = { team: `test ${randomBytes(6).toString('hex')}`, environment: 'development', label: null } as const
    const { secret: key } = await admin.createKey(owner)
    const client = await admin.createClient({ ...owner, app: null, scopes: null })
    if (body?.settings) await admin.seed({ teams: [{ name: owner.team, settings: body.settings }] })
    return { name: owner.team, key, client }
  })
  door.post('/reset', () => served.whileAway(() => scratch.reset()).then(() => ({})))
  door.post('/snapshots', async () => ({ name: await served.whileAway(() => scratch.snapshot()) }))
  door.post<{ Params: { readonly name: string } }>('/snapshots/:name/restore', ({ params }) =>
    served.whileAway(() => scratch.reset(params.name)).then(() => ({})),
  )
  return door
}
