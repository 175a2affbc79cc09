/** Notes what faces were asked and answered for the log of requests. Nothing here waits, and no request waits for it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BODY_CHARACTERS_MAX, type RequestWriter, shownPath } from '../core/request-log/request-log.js'

/** Who made a request, as its face knows. */
export interface Known {
  readonly teamId: string
  readonly version: string | null
}

export interface Noting {
  readonly writer: RequestWriter
  readonly now: () => string
}

export interface NotedFace {
  readonly name: string
  /** Null before the face knows, and for a caller that it does not let in. */
  readonly findCaller: (request: FastifyRequest) => Known | null
}

const PAYLOAD = 'notedPayload'
const REQUEST_ID_HEADERS = ['request-id', 'x-request-id']

/** For every route that is registered under `scope`. */
export function noteRequests(scope: FastifyInstance, face: NotedFace, { writer, now }: Noting): void {
  scope.decorateRequest(PAYLOAD, null)
  scope.addHook('onSend', (request, _, payload, done) => {
    if (typeof payload === 'string') request.setDecorator(PAYLOAD, heldText(payload))
    done()
  })
  scope.addHook('onResponse', (request, reply, done) => {
    const { routeOptions } = request
    const path = request.url.split('?', 1)[0] ?? ''
    const caller = face.findCaller(request)
    writer.note({
      teamId: caller?.teamId ?? null,
      face: face.name,
      method: request.method,
      path: shownPath(path, (request.params ?? {}) as Readonly<Record<string, unknown>>),
      route: routeOptions.url ?? null,
      version: caller?.version ?? null,
      status: reply.statusCode,
      tookMs: reply.elapsedTime,
      requestId: requestIdOf(reply),
      // What pages are opened with is between them and who opens them.
      query: isPage(request) ? {} : ((request.query ?? {}) as object),
      requestBody: bodyOf(request),
      responseText: request.getDecorator<string | null>(PAYLOAD),
      at: now(),
    })
    done()
  })
}

function requestIdOf(reply: FastifyReply): string | null {
  for (const name of REQUEST_ID_HEADERS) {
    const value = reply.getHeader(name)
    if (typeof value === 'string') return value
  }
  return null
}

// What waits must not fill the memory: of a large body only its size is kept.
function heldText(text: string): string {
  return text.length > BODY_CHARACTERS_MAX ? `… ${text.length} characters` : text
}

function isPage({ routeOptions }: FastifyRequest): boolean {
  return (routeOptions.schema as { readonly hide?: boolean } | undefined)?.hide === true
}

function bodyOf(request: FastifyRequest): unknown {
  const { body, headers } = request
  if (isPage(request)) return null
  const length = Number(headers['content-length'] ?? 0)
  return length > BODY_CHARACTERS_MAX ? `… ${length} bytes` : body
}
