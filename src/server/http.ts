/** One HTTP server for every face: by path, and by the host name of the vendor for clients whose address cannot be set. */
import { parse } from 'node:querystring'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import type { Logger } from 'pino'

export interface MountedFace {
  readonly prefix: string
  /** The vendor's host names: a request to one of them needs no prefix. */
  readonly hosts: readonly string[]
  readonly plugin: FastifyPluginAsync
}

export interface HttpParts {
  readonly log: Logger
  /** Throws while requests cannot be served. */
  readonly isReady: () => Promise<void>
  readonly faces: readonly MountedFace[]
}

// A client that is slower than this to send a request is let go. Abuse test A14.
const REQUEST_TIMEOUT_MS = 30_000
const CONNECTION_IDLE_MS = 75_000

export function openHttp({ log, isReady, faces }: HttpParts): FastifyInstance {
  const prefixes = new Map(faces.flatMap(({ hosts, prefix }) => hosts.map((host) => [host, prefix] as const)))
  const http = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    disableRequestLogging: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: CONNECTION_IDLE_MS,
    routerOptions: { querystringParser: parseQuery },
    rewriteUrl: ({ url = '/', headers }) => {
      const prefix = prefixes.get((headers.host ?? '').split(':', 1)[0] ?? '')
      return prefix === undefined ? url : `${prefix}${url}`
    },
  })
  http.get('/healthz', async (_, reply) => {
    try {
      await isReady()
    } catch {
      return reply.code(503).send({ status: 'unavailable' })
    }
    return { status: 'ok' }
  })
  for (const { prefix, plugin } of faces) http.register(plugin, { prefix })
  return http
}

// Clients write lists as `name[]=a`, `name[0]=a` or `name=a&name=b`: all are the list called `name`.
function parseQuery(text: string): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null)
  for (const [key, value] of Object.entries(parse(text))) {
    const list = /^(.+)\[\d*\]$/.exec(key)?.[1]
    const held = query[list ?? key]
    query[list ?? key] = list === undefined && held === undefined ? value : [held ?? [], value ?? []].flat()
  }
  return query
}
