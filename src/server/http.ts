/** One HTTP server for every face: by path, and by the host name of the vendor for clients whose address cannot be set. */
import { parse } from 'node:querystring'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync, LogController } from 'fastify'
import type { Logger } from 'pino'
import { type NotedFace, type Noting, noteRequests } from './request-noting.js'

export interface MountedFace {
  readonly prefix: string
  /** The vendor's host names: a request to one of them needs no prefix. */
  readonly hosts: readonly string[]
  readonly plugin: FastifyPluginAsync
  /** As the log of requests knows it; requests of others are not noted. */
  readonly noted?: NotedFace
}

/** A page at a path of its own, with whatever it asks for; a vendor's host shows it at the root. */
export interface HostedFace {
  readonly prefix: string
  readonly hosts: readonly string[]
  /** Its routes have whole paths. */
  readonly plugin: FastifyPluginAsync
}

export interface HttpParts {
  readonly log: Logger
  /** Throws while requests cannot be served. */
  readonly isReady: () => Promise<void>
  readonly faces: readonly MountedFace[]
  readonly hosted: readonly HostedFace[]
  /** Measures every request, and tells of that at a path of its own. */
  readonly metrics: (http: FastifyInstance) => void
  /** The start page, and what hosted pages load. */
  readonly web: FastifyPluginAsync
  /** Null where requests are not noted. */
  readonly noting: Noting | null
}

// A client that is slower than this to send a request is let go. Abuse test A14.
const REQUEST_TIMEOUT_MS = 30_000
const CONNECTION_IDLE_MS = 75_000
// As much as Node lets a request line hold: an id that is too long is one that nobody has.
const PATH_CHARACTERS_MAX = 16_384

// Faces say how their schemas are read and written; the framework's own ways would be loaded and compiled for nothing.
const compilersFactory = {
  buildValidator: () => (): never => {
    throw new Error('A route has a schema, and its face no way to check one: set its validator compiler.')
  },
  buildSerializer: () => () => JSON.stringify,
}

export function openHttp({ log, isReady, faces, hosted, web, noting, metrics }: HttpParts): FastifyInstance {
  const prefixes = new Map(faces.flatMap(({ hosts, prefix }) => hosts.map((host) => [host, prefix] as const)))
  const roots = new Map(hosted.flatMap(({ hosts, prefix }) => hosts.map((host) => [host, prefix] as const)))
  const http = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    schemaController: { compilersFactory },
    keepAliveTimeout: CONNECTION_IDLE_MS,
    routerOptions: { querystringParser: parseQuery, maxParamLength: PATH_CHARACTERS_MAX },
    rewriteUrl: ({ url = '/', headers }) => {
      const host = (headers.host ?? '').split(':', 1)[0] ?? ''
      const prefix = prefixes.get(host) ?? (/^\/(\?|$)/.test(url) ? roots.get(host) : undefined)
      return readable(prefix === undefined ? url : `${prefix}${url}`)
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
  metrics(http)
  http.register(web)
  for (const { plugin } of hosted) http.register(plugin)
  for (const { prefix, plugin, noted } of faces) {
    http.register(async (scope) => {
      if (noted && noting) noteRequests(scope, noted, noting)
      await scope.register(plugin, { prefix })
    })
  }
  return http
}

// A path that is no valid encoding is taken literally, so that its face can say that nothing is there.
function readable(url: string): string {
  if (!url.includes('%')) return url
  const [path = '', ...query] = url.split('?')
  try {
    decodeURIComponent(path)
    return url
  } catch {
    return [path.replaceAll('%', '%25'), ...query].join('?')
  }
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
