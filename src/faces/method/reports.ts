/** `/reports`. Contract: method/payments §3. */
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Lines } from '../../core/export.js'
import type { Metadata as MetadataValue } from '../../core/metadata.js'
import { createReport, downloadReport, getReport, type Report, type ReportKind } from '../../core/reports/reports.js'
import { callerOf } from './caller.js'
import { readWireId, spellId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { columns } from './report-columns.js'
import { change, prefersLater, read } from './routes.js'
import { AnyObject, ErrorEnvelope, Metadata, nullable, oneOf, Text, Timestamp } from './schema.js'
import { isSince, type Version, type Wire, withFormer } from './versions/versions.js'

const KINDS = {
  'payments.created.current': 'payments_created_this_cycle',
  'payments.created.previous': 'payments_created_last_cycle',
  'payments.updated.current': 'payments_updated_this_cycle',
  'payments.updated.previous': 'payments_updated_last_cycle',
  'payments.created.previous_day': 'payments_created_yesterday',
  'payments.failed.previous_day': 'payments_failed_yesterday',
  'ach.pull.upcoming': 'pulls_of_next_window',
  'ach.pull.previous': 'pulls_of_last_window',
  'ach.pull.nightly': 'pulls_of_business_day',
  'ach.reversals.nightly': 'reversals_of_business_day',
  'entities.created.previous_day': 'consumers_created_yesterday',
  'ach.debit.daily': 'debits_of_business_day',
  'reserve_fbo_balance.created.previous_day': 'clearing_balance_yesterday',
} as const satisfies Record<string, ReportKind>
type WireType = keyof typeof KINDS
const WIRE_TYPES = Object.keys(KINDS) as WireType[]

/** Known from 2025-12-01 on. */
const NEWEST: readonly WireType[] = ['ach.debit.daily', 'reserve_fbo_balance.created.previous_day']

const ReportBody = Type.Object({
  type: oneOf(WIRE_TYPES),
  metadata: Type.Optional(nullable(AnyObject)),
})

const ReportWire = Type.Object({
  id: Text,
  type: Text,
  url: nullable(Text),
  status: Text,
  metadata: Metadata,
  created_at: Timestamp,
  updated_at: Timestamp,
})

export function reportRoutes(app: FastifyInstance): void {
  const facts = { tag: 'Reports', reply: ReportWire, resource: 'report' } as const

  change(
    app,
    'POST',
    '/reports',
    { ...facts, summary: 'Create a report', body: ReportBody },
    {
      write: (ctx, _, incoming) =>
        createReport(ctx, {
          kind: kindOf(incoming.body.type, incoming.version),
          isAnsweredLater: prefersLater(incoming),
          metadata: (incoming.body.metadata ?? null) as MetadataValue | null,
        }),
      toWire: (report, _, { publicUrl }) => reportWire(report, publicUrl),
    },
  )

  read(app, '/reports/:rpt_id', { ...facts, summary: 'Retrieve a report' }, async ({ ctx, params, publicUrl }) =>
    reportWire(await getReport(ctx, readWireId('report', params.rpt_id ?? '')), publicUrl),
  )

  downloadRoute(app)
}

/** The text as it is, outside the envelope; only what is refused is in it. Contract: method/conventions §5.5. */
function downloadRoute(app: FastifyInstance): void {
  const schema = {
    tags: ['Reports'],
    summary: 'Download a report',
    response: {
      200: { description: 'The rows as CSV', content: { 'text/csv': { schema: Type.String() } } },
      '4xx': ErrorEnvelope,
      '5xx': ErrorEnvelope,
    },
  }
  app.get('/reports/:rpt_id/download', { schema }, async (request, reply) => {
    const { rpt_id } = request.params as { readonly rpt_id: string }
    const { report, lines } = await downloadReport(callerOf(request).ctx, readWireId('report', rpt_id), columns)
    const text = await begun(lines)
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename=${spellId('report', report.id)}.csv`)
      .send(Readable.from(text, { highWaterMark: 1 }))
  })
}

/** The same text, with its first rows already read: what fails until then can still be answered as a failure. */
async function begun(lines: Lines): Promise<AsyncIterable<string>> {
  const headings = await lines.next()
  const first = await lines.next()
  return (async function* () {
    try {
      for (const { value } of [headings, first]) if (value) yield value
      yield* lines
    } finally {
      await lines.return()
    }
  })()
}

function kindOf(type: WireType, version: Version): ReportKind {
  if (NEWEST.includes(type) && !isSince(version, '2025-12-01')) {
    const known = WIRE_TYPES.filter((each) => !NEWEST.includes(each))
    throw invalidRequest('type', `is known from 2025-12-01 on. Use any of: ${known.join(', ')}.`)
  }
  return KINDS[type]
}

function wireTypeOf(kind: ReportKind): string | undefined {
  return WIRE_TYPES.find((type) => KINDS[type] === kind)
}

function reportWire(report: Report, publicUrl: string): Wire {
  const id = spellId('report', report.id)
  const url = `${publicUrl}/reports/${id}/download`
  const wire = {
    id,
    type: wireTypeOf(report.kind),
    url: report.status === 'completed' ? url : null,
    status: report.status,
    metadata: report.metadata,
    created_at: report.createdAt,
    updated_at: report.updatedAt,
  }
  return withFormer(wire, { url })
}
