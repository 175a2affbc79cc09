/**
 * What callers asked and were answered. Requests are noted after they are answered, in memory, and written in batches by one
 * writer at a time; when it cannot keep up, what does not fit is dropped and counted rather than keep anybody waiting. A process
 * that is killed loses what it had not written: the log is for people who look, and nothing else depends on it.
 */
import type { Page } from '../../db/keyset.js'
import type { Ctx, Reading } from '../ctx.js'
import { newId, type RequestLogId, readId } from '../ids.js'
import { isSecretName, MASK, masked, maskedText } from '../masking.js'
import * as store from './store.js'

export { forgetRequestsTask, makeRequestMonths } from './jobs.js'
export type { LoggedRequest, RequestCount, RequestFilter, RequestLine } from './store.js'

/** A request as the server saw it, nothing masked. */
export interface NotedRequest {
  /** Null for one without a valid key. */
  readonly teamId: string | null
  readonly face: string
  readonly method: string
  readonly path: string
  readonly route: string | null
  readonly version: string | null
  readonly status: number
  readonly tookMs: number
  readonly requestId: string | null
  readonly query: object
  readonly requestBody: unknown
  /** JSON, or anything else; what is too large is only told, as `… 123456 characters`. */
  readonly responseText: string | null
  /** When it was answered, in real time. */
  readonly at: string
}

export interface RequestWriter {
  /** Takes a request for the log; costs no more than adding to a list. */
  note(request: NotedRequest): void
  /** How many were dropped since the start. */
  readonly dropped: number
  /** Writes what waits. */
  close(): Promise<void>
}

const WAITING_MAX = 5_000
const BATCH = 100
const WRITE_EVERY_MS = 250
/** Larger bodies are left out. */
export const BODY_CHARACTERS_MAX = 32_768
const PATH_CHARACTERS_MAX = 500

/** `onDropped` is told how many were dropped, at most once in each batch. */
export function openRequestWriter(
  ctx: Ctx<'db' | 'chance'>,
  onDropped: (facts: { readonly dropped: number; readonly err?: unknown }) => void,
): RequestWriter {
  let waiting: NotedRequest[] = []
  let writing: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let dropped = 0
  let untold = 0
  const tell = (err?: unknown) => {
    if (untold === 0) return
    onDropped({ dropped: untold, ...(err === undefined ? {} : { err }) })
    untold = 0
  }
  const drop = (count: number) => {
    dropped += count
    untold += count
  }
  const writeAll = async () => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH)
      waiting = waiting.slice(BATCH)
      try {
        await store.addRequests(
          ctx.db,
          batch.map((request) => rowOf(ctx, request)),
        )
        tell()
      } catch (error) {
        drop(batch.length)
        tell(error)
      }
    }
    writing = null
  }
  const write = () => {
    timer = null
    writing ??= writeAll()
    return writing
  }
  return {
    note(request) {
      if (waiting.length >= WAITING_MAX) return drop(1)
      waiting.push(request)
      if (timer !== null || writing !== null) return
      timer = setTimeout(write, WRITE_EVERY_MS)
      // A command that ends need not wait for it.
      timer.unref()
    },
    get dropped() {
      return dropped
    },
    async close() {
      if (timer !== null) clearTimeout(timer)
      await write()
    },
  }
}

/** Newest first; null when the cursor names no request. */
export function listRequests(
  ctx: Ctx<Reading>,
  filter: store.RequestFilter,
  page: { readonly cursor: string | null; readonly limit: number },
): Promise<Page<store.RequestLine>> {
  return store.listRequests(ctx, filter, page)
}

/** A request with its bodies, by its own id or by the one that its caller was told; null when there is none. */
export function findRequest(ctx: Ctx<Reading>, id: string): Promise<store.LoggedRequest | null> {
  return store.findRequest(ctx, { id: readId<RequestLogId>(id), requestId: id })
}

/** How many requests there were in each hour since an instant, by face and kind of status. */
export function requestCounts(ctx: Ctx<Reading>, since: string): Promise<readonly store.RequestCount[]> {
  return store.listCounts(ctx, since)
}

function rowOf(ctx: Ctx<'chance'>, request: NotedRequest): store.NewRequest {
  const { teamId, tookMs, at, query, requestBody, responseText, path, ...rest } = request
  return {
    ...rest,
    id: newId<RequestLogId>(ctx.chance),
    teamId: teamId ?? '',
    path: maskedText(path).slice(0, PATH_CHARACTERS_MAX),
    tookUs: Math.round(tookMs * 1000),
    query: Object.keys(query).length === 0 ? null : masked(query, 'everything'),
    requestBody: requestBody === undefined || requestBody === null ? null : masked(requestBody, 'everything'),
    responseBody: responseText === null ? null : shownText(responseText),
    createdAt: at,
  }
}

function shownText(text: string): unknown {
  if (text.startsWith('… ')) return text
  try {
    return masked(JSON.parse(text), 'everything')
  } catch {
    // What is no JSON is a file: lists of people's payments, pictures.
    return `… ${text.length} characters of text`
  }
}

/** A path with what is secret in its places masked. */
export function shownPath(path: string, places: Readonly<Record<string, unknown>>): string {
  const secrets = Object.entries(places).filter(([name]) => isSecretName(name))
  return secrets.reduce((rest, [, value]) => rest.replaceAll(String(value), MASK), path)
}
