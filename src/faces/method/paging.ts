/** Pages: the query members of every list, and the headers of every page. Contract: method/conventions §9. */
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { isDate } from '../../core/dates.js'
import type { PageRequest } from '../../core/pages.js'
import { invalidRequest } from './invalid.js'

const LIMIT_MAX = 100

/** `limit` is the deployment's default page size. */
export const pageQuery = {
  from_date: Type.Optional(Type.String({ description: 'First day of creation, UTC, inclusive: YYYY-MM-DD' })),
  to_date: Type.Optional(Type.String({ description: 'Last day of creation, UTC, inclusive: YYYY-MM-DD' })),
  ...numberedPageQuery(),
  page_cursor: Type.Optional(Type.String({ description: 'Id of the record that the page begins with; not with page' })),
}

/** For lists without dates and cursors. */
export function numberedPageQuery() {
  return {
    page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Counted from 1' })),
    page_limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX, description: 'Records a page' })),
  }
}

export const PAGE_LIMIT_DEFAULT = 10 // contract: method/conventions §20.19

interface PageQuery {
  readonly from_date?: string
  readonly to_date?: string
  readonly page?: number
  readonly page_limit?: number
  readonly page_cursor?: string
}

/** The page that a query asks for. `readCursor` gives the stored id behind a cursor's wire spelling. */
export function readPageRequest(query: PageQuery, readCursor: (text: string) => string): PageRequest {
  for (const name of ['from_date', 'to_date'] as const) {
    const given = query[name]
    if (given !== undefined && !isDate(given)) throw invalidRequest(name, 'must be a date such as 2026-01-31.')
  }
  if (query.page !== undefined && query.page_cursor !== undefined) {
    throw invalidRequest('page_cursor', 'cannot be combined with page. Send one of them.')
  }
  return {
    fromDate: query.from_date ?? null,
    toDate: query.to_date ?? null,
    page: query.page ?? 1,
    cursor: query.page_cursor === undefined ? null : readCursor(query.page_cursor),
    limit: query.page_limit ?? PAGE_LIMIT_DEFAULT,
  }
}

export interface PageFacts {
  readonly number: number
  readonly pageCount: number
  readonly limit: number
  readonly total: number
  readonly previous?: string | null
  readonly next?: string | null
}

export function sendPageHeaders(reply: FastifyReply, page: PageFacts, spellCursor: (id: string) => string): void {
  reply.headers({
    'pagination-page': page.number,
    'pagination-page-count': page.pageCount,
    'pagination-page-limit': page.limit,
    'pagination-total-count': page.total,
    ...(page.previous ? { 'pagination-page-cursor-prev': spellCursor(page.previous) } : {}),
    ...(page.next ? { 'pagination-page-cursor-next': spellCursor(page.next) } : {}),
  })
}
