/**
 * The server's real parts in one process, over a database of its own, with a clock that tests move. Every answer is held
 * against the schema its route declares: a member too many, too few or of another kind fails the test that asked.
 */
import { randomBytes } from 'node:crypto'
import pino from 'pino'
import { forTeam, runAllDue } from '../../src/core/clock/clock.js'
import type { Asking, Ctx } from '../../src/core/ctx.js'
import { Refusal } from '../../src/core/refuse.js'
import { ENVIRONMENTS, type Environment, ensureTeam } from '../../src/core/teams/teams.js'
import { ErrorEnvelope } from '../../src/faces/method/schema.js'
import type { Version, Wire } from '../../src/faces/method/versions/versions.js'
import { drain } from '../../src/jobs/runner.js'
import { readConfig } from '../../src/server/config.js'
import { type Wired, type WiringParts, wire } from '../../src/server/wiring.js'
import { type FreshDatabase, freshDatabase } from './database.js'
import { expectDeclared, expectEnvelope, type Routes, watchRoutes } from './declared.js'

/** When the test clock begins: a Tuesday, between a card's statement and its due date. */
export const STARTS_AT = '2026-03-10T15:00:00.000Z'

/** A team with a key for each environment; its name is the same in all of them. */
export type Keys = Readonly<Record<Environment, string>> & { readonly team: string }

export interface Call {
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is, instead of `body`, under the JSON content type. */
  readonly text?: string
  /** A secret key, or null for none. Default: the development key of the app's first team. */
  readonly key?: string | null
  /** Default: no header, which means the early shape of 2024-04-04. */
  readonly version?: Version
  readonly headers?: Readonly<Record<string, string>>
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The bytes of the body. */
  readonly text: string
  /** What the envelope holds: one resource, or a list of them. */
  readonly data: Wire
  /** The error of a request that failed. */
  readonly error: Wire
  /** The code of the refusal behind it, in the core's words. */
  readonly refusal: string | null
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface TestClock {
  now(): string
  advance(ms: number): void
}

export interface App extends Pick<Wired, 'http' | 'tasks' | 'admin' | 'base' | 'due' | 'mover'> {
  readonly keys: Keys
  readonly clock: TestClock
  readonly fresh: FreshDatabase
  /** What each route of every face declares. */
  readonly routes: Routes
  call(method: Method, path: string, call?: Call): Promise<Reply>
  /** Does what is due by the test clock, then the jobs that are due, and those they cause. */
  drain(): Promise<void>
  newTeam(): Promise<Keys>
  /** The team of an environment with all that an operation of the core may need but a transaction. */
  ctx(keys?: Keys, environment?: Environment): Promise<Ctx<Asking>>
  close(): Promise<void>
}

export async function openApp(
  environment: Readonly<Record<string, string>> = {},
  {
    masterKey = randomBytes(32),
    ...options
  }: Pick<WiringParts, 'movePatienceMs'> & { readonly masterKey?: Buffer } = {},
): Promise<App> {
  const fresh = await freshDatabase()
  let nowMs = Date.parse(STARTS_AT)
  const config = readConfig({ CLEARSPAN_ANSWER_DELAY_MS: '0', ...environment }, { isTTY: false })
  const { database } = fresh
  const metricsToken = environment.CLEARSPAN_METRICS_TOKEN ?? null
  const secrets = { databaseUrl: fresh.connectionString, masterKey, metricsToken }
  const log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' })
  const wired: Wired = wire({
    database,
    config,
    secrets,
    log,
    readMs: () => nowMs,
    finishJobs: () => drain(database.pool, wired.fetches),
    ...options,
  })
  const routes = watchRoutes(wired.http)
  const refusals = new Map<string, string>()
  wired.http.addHook('onError', async (request, _, error) => {
    const cause: unknown = error
    if (cause instanceof Refusal) refusals.set(String(request.headers[CALL_HEADER]), cause.code)
  })
  let calls = 0
  await wired.prepare()
  await wired.http.ready()
  const newTeam = () => makeTeam(wired)
  const keys = await newTeam()
  return {
    ...wired,
    keys,
    fresh,
    routes,
    newTeam,
    clock: {
      now: () => new Date(nowMs).toISOString(),
      advance: (ms) => {
        nowMs += ms
      },
    },
    async call(method, path, call = {}) {
      const callId = String(calls++)
      const answer = await wired.http.inject({
        method,
        url: `/method${path}`,
        headers: { ...headersOf(call, keys), [CALL_HEADER]: callId },
        ...(call.body === undefined ? {} : { payload: JSON.stringify(call.body) }),
        ...(call.text === undefined ? {} : { payload: call.text }),
      })
      const headers = answer.headers as Reply['headers']
      const body = JSON.parse(answer.payload) as Wire
      const reply = {
        status: answer.statusCode,
        headers,
        text: answer.payload,
        data: body.data,
        error: body.data?.error ?? {},
        refusal: refusals.get(callId) ?? null,
      }
      const name = `${method} ${path}`
      expectEnvelope(name, reply, body)
      // A replayed answer may be that of another route.
      if (headers['idem-status'] !== 'replayed') {
        expectDeclared(name, routes.schemaOf(method, `/method${path}`, reply.status) ?? ErrorEnvelope, body)
      }
      return reply
    },
    async drain() {
      await wired.readAchFiles()
      await runAllDue(wired.due)
      await drain(database.pool, wired.tasks)
    },
    async ctx(of = keys, at = 'development') {
      return forTeam(wired.base, await ensureTeam(wired.base, { name: of.team, environment: at }))
    },
    async close() {
      await wired.close()
      await fresh.close()
    },
  }
}

const CALL_HEADER = 'x-test-call'

async function makeTeam(wired: Wired): Promise<Keys> {
  const team = `team ${randomBytes(4).toString('hex')}`
  const entries = await Promise.all(
    ENVIRONMENTS.map(async (environment) => {
      const { secret } = await wired.admin.createKey({ team, environment, label: null })
      return [environment, secret] as const
    }),
  )
  return { team, ...(Object.fromEntries(entries) as Record<Environment, string>) }
}

// The late shape of 2024-04-04 is told from the early one by the client that asks.
const versionHeaders: Readonly<Record<Version, Readonly<Record<string, string>>>> = {
  '2024-04-04': { 'method-version': '2024-04-04' },
  '2024-04-04-late': { 'method-version': '2024-04-04', 'user-agent': 'Method-Node/v1.2.6' },
  '2025-07-04': { 'method-version': '2025-07-04' },
  '2025-12-01': { 'method-version': '2025-12-01' },
}

function headersOf({ key, version, headers, body, text }: Call, keys: Keys): Readonly<Record<string, string>> {
  const secret = key === undefined ? keys.development : key
  return {
    ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
    ...(body === undefined && text === undefined ? {} : { 'content-type': 'application/json' }),
    ...(version ? versionHeaders[version] : {}),
    ...headers,
  }
}

export type { Wire }
