/**
 * `/metrics`: how this server and the database behind it are doing, in the words of Prometheus. Names and numbers only: nothing
 * in them tells a team, a person or an id. What is in the database is read when somebody asks, so every server tells the same of it.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { TaskBacklog } from '../jobs/backlog.js'

export interface MetricsParts {
  /** What a reader has to know; null where none was settled. */
  readonly token: string | null
  /** Whether only this machine can reach the server: then no token is needed. */
  readonly isPrivate: boolean
  readonly faces: readonly string[]
  /** Connections for requests. */
  readonly pool: { readonly totalCount: number; readonly idleCount: number; readonly waitingCount: number }
  /** What the database knows; rejects while it cannot be reached. */
  readonly readState: () => Promise<ServiceState>
  /** How many requests were answered but left out of the request log. */
  readonly countLeftOut: () => number
}

export interface ServiceState {
  readonly tasks: readonly TaskBacklog[]
  /** Webhooks by status, of all teams. */
  readonly webhooks: readonly { readonly status: string; readonly count: number }[]
  /** Deliveries that wait to be made or made again. */
  readonly deliveriesPending: number
}

const PATH = '/metrics'
const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Measures the requests of every route that is registered after this call, and tells of them at `/metrics`. */
export function serveMetrics(http: FastifyInstance, parts: MetricsParts): void {
  const registry = new Registry()
  const measured = new Histogram({
    name: 'clearspan_http_request_duration_seconds',
    help: 'How long requests took until they were answered.',
    labelNames: ['face', 'method', 'status'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  })
  const collectState = stateIn(registry, parts)
  const prefixes = parts.faces.map((face) => [`/${face}/`, face] as const)
  http.addHook('onResponse', (request, reply, done) => {
    const url = request.routeOptions.url ?? ''
    const face = prefixes.find(([prefix]) => url.startsWith(prefix))?.[1] ?? 'other'
    measured.labels(face, request.method, String(reply.statusCode)).observe(reply.elapsedTime / 1000)
    done()
  })
  http.get(PATH, async (request, reply) => {
    if (parts.token === null && !parts.isPrivate) {
      return reply.code(403).send('Set CLEARSPAN_METRICS_TOKEN to read metrics where others can reach the server.\n')
    }
    if (parts.token !== null && !knows(request, parts.token)) {
      return reply
        .code(401)
        .header('www-authenticate', 'Bearer')
        .send('Send the header "Authorization: Bearer …" with what CLEARSPAN_METRICS_TOKEN holds.\n')
    }
    await collectState()
    const texts = await Promise.all([ofProcess().metrics(), registry.metrics()])
    return reply.header('content-type', registry.contentType).send(texts.join('\n'))
  })
}

/** Returns what brings the numbers of the database up to date. */
function stateIn(registry: Registry, { pool, readState, countLeftOut }: MetricsParts): () => Promise<void> {
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge<Label>({ name: `clearspan_${name}`, help, labelNames: [...labelNames], registers: [registry] })
  const connections = gauge('database_connections', 'Connections for requests, by what they do.', ['state'])
  const queued = gauge('database_connections_awaited', 'Requests that wait for a connection.')
  const isUp = gauge('database_up', 'Whether the database answers: 1, or 0.')
  const jobs = gauge('jobs', 'Jobs of all processes, by task and state.', ['task', 'state'])
  const lag = gauge('job_lag_seconds', 'How long the job that is due longest has been waiting.', ['task'])
  const webhooks = gauge('webhooks', 'Webhooks of all teams, by status.', ['status'])
  const deliveries = gauge('deliveries_pending', 'Deliveries that wait to be made, or made again.')
  new Counter({
    name: 'clearspan_requests_left_out_total',
    help: 'Requests that were answered and not kept in the request log, because there were too many.',
    registers: [registry],
    collect() {
      this.reset()
      this.inc(countLeftOut())
    },
  })
  return async () => {
    connections.set({ state: 'idle' }, pool.idleCount)
    connections.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
    queued.set(pool.waitingCount)
    for (const metric of [jobs, lag, webhooks, deliveries]) metric.reset()
    const state = await readState().catch(() => null)
    isUp.set(state === null ? 0 : 1)
    if (state === null) return
    for (const { task, waiting, running, failed, lagSeconds } of state.tasks) {
      jobs.set({ task, state: 'waiting' }, waiting)
      jobs.set({ task, state: 'running' }, running)
      jobs.set({ task, state: 'failed' }, failed)
      lag.set({ task }, lagSeconds)
    }
    for (const { status, count } of state.webhooks) webhooks.set({ status }, count)
    deliveries.set(state.deliveriesPending)
  }
}

let processRegistry: Registry | undefined

// A process has one, however many servers tests open in it: its observers cannot be taken back.
function ofProcess(): Registry {
  if (processRegistry) return processRegistry
  processRegistry = new Registry()
  collectDefaultMetrics({ register: processRegistry })
  return processRegistry
}

function knows({ headers }: FastifyRequest, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(headers.authorization ?? ''), hash(`Bearer ${token}`))
}
