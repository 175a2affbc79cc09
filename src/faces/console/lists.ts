/** Lists a page at a time, of two makes: those that are counted and those that are only read on. */
import { Type } from 'typebox'
import type { Page, PageRequest } from '../../core/pages.js'

export const PAGE_LIMIT = 25

/** Members of every list's query. */
export const listMembers = {
  cursor: Type.Optional(Type.String({ maxLength: 100 })),
}

/** What a counted list is asked with. */
export function counted(cursor: string | undefined, limit = PAGE_LIMIT): PageRequest {
  return { fromDate: null, toDate: null, page: 1, cursor: cursor ?? null, limit }
}

/** What other lists are asked with. */
export function readOn(cursor: string | undefined, limit = PAGE_LIMIT) {
  return { cursor: cursor ?? null, limit }
}

export function shownPage<T, Shown>({ items, next, total }: Page<T>, show: (item: T) => Shown) {
  return { items: items.map(show), next, total }
}
