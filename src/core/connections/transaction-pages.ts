/**
 * Pages of transactions by number. Counts by month tell the total, and in which month a page begins, so that the last page of
 * twenty thousand costs what the first does; only months that a filter cuts are counted one by one.
 */
import { Temporal } from 'temporal-polyfill'
import type { Ctx, Reading } from '../ctx.js'
import type { ConnectionId } from '../ids.js'
import * as store from './transaction-store.js'
import type { PageNumber, TransactionFilter } from './transactions.js'

export async function readPage(
  ctx: Ctx<Reading>,
  connectionIds: readonly ConnectionId[],
  filter: TransactionFilter,
  { page, size }: PageNumber,
): Promise<{ readonly rows: readonly store.TransactionRow[]; readonly total: number }> {
  const months = await monthsWithin(ctx, connectionIds, filter)
  const total = months.reduce((sum, month) => sum + month.total, 0)
  let offset = (page - 1) * size
  if (offset >= total) return { rows: [], total }
  let toDate = filter.toDate
  for (const month of months) {
    if (offset < month.total) break
    offset -= month.total
    toDate = dayBefore(month.month)
  }
  const rows = await store.listFrom(ctx, connectionIds, { ...filter, toDate }, { offset, limit: size })
  return { rows, total }
}

/** How many of each month pass a filter, the newest month first. */
async function monthsWithin(
  ctx: Ctx<Reading>,
  connectionIds: readonly ConnectionId[],
  filter: TransactionFilter,
): Promise<readonly { readonly month: string; readonly total: number }[]> {
  const { fromDate, toDate, accountIds } = filter
  const months = await store.listMonths(ctx, connectionIds, accountIds)
  const within = months.filter(
    ({ month }) => (toDate === null || month <= toDate) && (fromDate === null || lastDay(month) >= fromDate),
  )
  return Promise.all(
    within.map(async ({ month, total }) => {
      const from = fromDate !== null && fromDate > month ? fromDate : month
      const to = toDate !== null && toDate < lastDay(month) ? toDate : lastDay(month)
      const isWhole = from === month && to === lastDay(month)
      const cut = { accountIds, fromDate: from, toDate: to }
      return { month, total: isWhole ? total : await store.count(ctx, connectionIds, cut) }
    }),
  )
}

function lastDay(month: string): string {
  return Temporal.PlainDate.from(month).add({ months: 1 }).subtract({ days: 1 }).toString()
}

function dayBefore(month: string): string {
  return Temporal.PlainDate.from(month).subtract({ days: 1 }).toString()
}
