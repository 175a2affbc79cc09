/**
 * Reports: tables of what happened in a stretch of time, for downloading. A report settles which rows it has when it is made;
 * what they say is read while it is downloaded, so one of a million rows costs no more to make than an empty one.
 * Contract: method/payments §3.
 */
import type { Page } from '../../db/keyset.js'
import type { Ctx, Reading, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import type { Lines } from '../export.js'
import { newId, type ReportId, readId } from '../ids.js'
import { isMetadataTooLarge, type Metadata } from '../metadata.js'
import { refuse } from './errors.js'
import { type ReportKind, reportKinds } from './kinds.js'
import { type Columns, rowsOf } from './rows.js'
import * as store from './store.js'

export { REPORT_KINDS, type ReportKind } from './kinds.js'
export type { Columns } from './rows.js'

export interface Report {
  readonly id: ReportId
  readonly kind: ReportKind
  /** The stretch of time whose rows it has; the second instant is no longer in it. */
  readonly from: string
  readonly before: string
  readonly metadata: Metadata | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** Makes a report, which can be downloaded at once. Refuses `report.metadata_too_large`. */
export async function createReport(
  ctx: Ctx<Writing>,
  { kind, metadata }: Pick<Report, 'kind' | 'metadata'>,
): Promise<Report> {
  if (isMetadataTooLarge(metadata)) throw refuse('report.metadata_too_large')
  const report = await store.addReport(ctx, {
    id: newId<ReportId>(ctx.chance),
    kind,
    ...reportKinds[kind].span(ctx.clock.now()),
    metadata,
    createdAt: ctx.clock.stamp(),
  })
  await record(ctx, [{ resource: 'report', op: 'created', resourceId: report.id, before: null, after: report }])
  return report
}

/** Refuses `report.not_found`. */
export async function getReport(ctx: Ctx<Reading>, wanted: string): Promise<Report> {
  const id = readId<ReportId>(wanted)
  const report = id && (await store.findReport(ctx, id))
  if (!report) throw refuse('report.not_found')
  return report
}

/** Newest first. */
export function listReports(
  ctx: Ctx<Reading>,
  page: { readonly cursor: string | null; readonly limit: number },
): Promise<Page<Report>> {
  return store.listReports(ctx, page)
}

/** The report with its text, headed and spelled as `columns` say. Refuses `report.not_found`. */
export async function downloadReport(
  ctx: Ctx<Reading>,
  wanted: string,
  columns: Columns,
): Promise<{ readonly report: Report; readonly lines: Lines }> {
  const report = await getReport(ctx, wanted)
  return { report, lines: rowsOf(ctx, report, columns) }
}
