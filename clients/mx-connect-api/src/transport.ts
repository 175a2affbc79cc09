/** One request, whose every failure is an error that the widget can read. */
import type { Value } from './index.js'

export interface ConnectApiOptions {
  /** The root of the mx face: `https://host/mx`. */
  readonly baseUrl: string
  /** Of a widget session. */
  readonly token: string
  /** Default: the one there is. */
  readonly fetch?: typeof fetch
  /** Of each request. Default: 15 seconds. */
  readonly timeoutMs?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Hears of every failure, before the widget does. */
  readonly onError?: (error: ConnectApiError) => void
}

interface Answered {
  readonly status: number
  data: Value
  readonly headers: Readonly<Record<string, string>>
}

interface Asked {
  readonly url: string
  readonly method: string
}

/** A request that failed, in the shape that the widget looks for. */
export class ConnectApiError extends Error {
  readonly code: 'http' | 'network' | 'timeout' | 'aborted'
  /** Its status is 0 where there was no answer. */
  readonly response: Answered
  readonly config: Asked

  constructor(code: ConnectApiError['code'], config: Asked, response: Answered, options?: ErrorOptions) {
    super(`${config.method} ${config.url}: ${response.status === 0 ? code : response.status}`, options)
    this.name = 'ConnectApiError'
    this.code = code
    this.response = response
    this.config = config
  }

  /** One that no server was asked about. */
  static local({ status, ...config }: Asked & { readonly status: number }): ConnectApiError {
    return new ConnectApiError('http', config, { status, data: {}, headers: {} })
  }
}

export type Query = Readonly<Record<string, Value>>

interface Call {
  readonly query?: Query | undefined
  readonly body?: object
}

export type Send = (method: string, path: string, call?: Call) => Promise<Value>

const TIMEOUT_MS = 15_000

export function openTransport({
  baseUrl,
  token,
  timeoutMs = TIMEOUT_MS,
  headers,
  onError,
  ...rest
}: ConnectApiOptions): Send {
  const root = baseUrl.replace(/\/+$/, '')
  const ask: typeof fetch = rest.fetch ?? ((...given) => globalThis.fetch(...given))
  return async (method, path, { query, body } = {}) => {
    const asked = { url: `${root}${path}${textOf(query)}`, method }
    try {
      return await exchange(asked, body)
    } catch (cause) {
      const error = cause instanceof ConnectApiError ? cause : unanswered(asked, cause)
      onError?.(error)
      throw error
    }
  }

  async function exchange(asked: Asked, body: object | undefined): Promise<Value> {
    const answer = await ask(asked.url, {
      method: asked.method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await answer.text()
    const told = { status: answer.status, headers: Object.fromEntries(answer.headers) }
    if (answer.ok && text === '') return {}
    let data: Value
    try {
      data = JSON.parse(text)
    } catch (cause) {
      if (answer.ok) throw new ConnectApiError('network', asked, { ...told, status: 0, data: {} }, { cause })
      data = {}
    }
    if (answer.ok) return data
    throw new ConnectApiError('http', asked, { ...told, data: typeof data === 'object' && data !== null ? data : {} })
  }
}

function unanswered(asked: Asked, cause: unknown): ConnectApiError {
  const name = cause instanceof Error ? cause.name : ''
  const code = name === 'TimeoutError' ? 'timeout' : name === 'AbortError' ? 'aborted' : 'network'
  return new ConnectApiError(code, asked, { status: 0, data: {}, headers: {} }, { cause })
}

/** Lists are repeated as `name[]`; what is not there is left out. */
function textOf(query: Query = {}): string {
  const parts = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined || value === null) return []
    const pairs = Array.isArray(value) ? value.map((each) => [`${name}[]`, each]) : [[name, value]]
    return pairs.map(([key, each]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(each))}`)
  })
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}
