/**
 * What callers asked and were answered. Requests are noted after they are answered, in memory, and four times a second one
 * statement writes what was noted. Every request counts in the totals of its hour; so many of them as somebody could look at are
 * also kept whole, and the rest is left out and counted rather than take time from other requests. A process that is killed loses
 * what it had not written: the log is for people who look, and nothing else depends on it.
 */
import type { Page } from '../../db/keyset.js'
import type { Ctx, Reading } from '../ctx.js'
import { newId, type RequestLogId, readId } from '../ids.js'
import { isSecretName, MASK, masked, maskedText } from '../masking.js'
import * as store from './store.js'

export { requestMonths } from './retention.js'
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
  /** Takes a request for the log; costs no more than adding to a list and to a sum. */
  note(request: NotedRequest): void
  /** How many were counted but not kept, since the start. */
  readonly leftOut: number
  /** Writes what waits. */
  close(): Promise<void>
}

const WRITE_EVERY_MS = 250
// Of the requests between two writes. What failed is looked for most, so it finds room when others do not.
const KEPT_MAX = 100
const KEPT_WITH_FAILED_MAX = 150
const HOUR_CHARACTERS = '2026-03-10T15'.length
/** Larger bodies are left out. */
export const BODY_CHARACTERS_MAX = 32_768
const PATH_CHARACTERS_MAX = 500

/** `onLost` is told when the database did not take what was noted, and how many requests that were. */
export function openRequestWriter(
  ctx: Ctx<'db' | 'chance'>,
  onLost: (facts: { readonly requests: number; readonly err: unknown }) => void,
): RequestWriter {
  let kept: NotedRequest[] = []
  let totals = new Map<string, store.NewTotal>()
  let leftOut = 0
  let writing: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  const write = async () => {
    const [requests, counts] = [kept, [...totals.values()]]
    kept = []
    totals = new Map()
    try {
      const rows = requests.map((request) => rowOf(ctx, request))
      await store.addRequests(ctx.db, rows, counts)
    } catch (err) {
      leftOut += requests.length
      onLost({ requests: requests.length, err })
    }
  }
  const begin = () => {
    timer = null
    writing = write().finally(() => {
      writing = null
      if (totals.size > 0) schedule()
    })
  }
  const schedule = () => {
    if (timer !== null || writing !== null) return
    timer = setTimeout(begin, WRITE_EVERY_MS)
    // A command that ends need not wait for it.
    timer.unref()
  }
  return {
    note(request) {
      count(totals, request)
      if (kept.length < (request.status < 400 ? KEPT_MAX : KEPT_WITH_FAILED_MAX)) kept.push(request)
      else leftOut += 1
      schedule()
    },
    get leftOut() {
      return leftOut
    },
    async close() {
      if (timer !== null) clearTimeout(timer)
      await writing
      if (totals.size > 0) await write()
    },
  }
}

function count(totals: Map<string, store.NewTotal>, { teamId, at, face, status, tookMs }: NotedRequest): void {
  const hour = at.slice(0, HOUR_CHARACTERS)
  const statusClass = Math.floor(status / 100)
  const key = `${teamId} ${hour} ${face} ${statusClass}`
  const held = totals.get(key)
  if (held) {
    held.total += 1
    held.tookUs += micros(tookMs)
    return
  }
  totals.set(key, {
    teamId: teamId ?? '',
    hour: `${hour}:00:00.000Z`,
    face,
    statusClass,
    total: 1,
    tookUs: micros(tookMs),
  })
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
    tookUs: micros(tookMs),
    query: Object.keys(query).length === 0 ? null : masked(query, 'everything'),
    requestBody: requestBody === undefined || requestBody === null ? null : masked(requestBody, 'everything'),
    responseBody: responseText === null ? null : shownText(responseText),
    createdAt: at,
  }
}

function micros(ms: number): number {
  return Math.round(ms * 1000)
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
