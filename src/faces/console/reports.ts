/** Reports: making them, and their lines as the face that has them spells them. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { createReport, getReport, listReports, REPORT_KINDS, type Report } from '../../core/reports/reports.js'
import { Failure } from './answers.js'
import { bodyOf, oneOf, queryOf } from './bodies.js'
import { type ConsoleDesk, change, findTeam, spellings, teamOf } from './desk.js'
import { askFace, mainFace } from './faces.js'
import { listMembers, readOn } from './lists.js'

const ReportQuery = Type.Object(listMembers)
const ReportBody = Type.Object({ kind: oneOf(REPORT_KINDS) })

export function reportRoutes(app: FastifyInstance, desk: ConsoleDesk): void {
  app.get('/reports', async (request) => {
    const { cursor } = queryOf(ReportQuery, request)
    const { items, next } = await listReports(await teamOf(desk, request), readOn(cursor))
    return { items: items.map(reportLine), next, kinds: REPORT_KINDS }
  })
  app.post('/reports', async (request) => {
    const { kind } = bodyOf(ReportBody, request)
    const ctx = await teamOf(desk, request)
    return reportLine(
      await change(ctx, (inside) => createReport(inside, { kind, isAnsweredLater: false, metadata: null })),
    )
  })
  app.get('/reports/:id/download', async (request, reply) => {
    const ctx = await teamOf(desk, request)
    const { id, kind } = await getReport(ctx, (request.params as { readonly id: string }).id)
    const wireId = spellings(desk, 'report', id).method
    const path = `/reports/${wireId}/download`
    const { status, text } = await askFace(mainFace(desk), await findTeam(desk.base, request), { method: 'GET', path })
    if (status !== 200) throw new Failure(502, `The report cannot be read: ${text.slice(0, 200)}`)
    return reply
      .header('content-disposition', `attachment; filename="${kind}-${id}.csv"`)
      .type('text/csv; charset=utf-8')
      .send(text)
  })
}

function reportLine({ id, kind, status, from, before, createdAt }: Report) {
  return { id, kind, status, from, before, createdAt }
}
