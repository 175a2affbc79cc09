/** How answers leave this face. Contract: mx-connect/callbacks §4. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../core/refuse.js'
import type { Answer } from '../../core/requests/requests.js'
import { isUnavailable } from '../../core/unavailable.js'
import { type ErrorRow, OwnFailure, ownErrors, rowOf } from './errors.js'
import { spellId } from './ids.js'

/** Members leave in the order in which they were written, so no schema comes between. */
export function sendJson(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return reply.code(status).type('application/json').send(JSON.stringify(body))
}

export function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendAnswer(reply, spellFailure(error, request, reply))
}

export function sendAnswer(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  if (status === 204) return reply.code(204).send()
  if (status === 429) reply.header('retry-after', String(RETRY_AFTER_SECONDS))
  return reply.code(status).type('application/json').send(body)
}
// What is counted here is counted for good, so asking often helps nobody.
const RETRY_AFTER_SECONDS = 86_400

export function spellFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): Answer {
  const { row, message, extras } = explain(error)
  if (row.status >= 500) request.log.error({ err: error }, 'mx.request_failed')
  const { type, status } = row
  return { status, body: JSON.stringify({ type, message, status, request_id: requestIdOf(reply), ...extras }) }
}

export function requestIdOf(reply: FastifyReply): string {
  return String(reply.getHeader('request-id') ?? '')
}

interface Explained {
  readonly row: ErrorRow
  readonly message: string
  readonly extras?: Readonly<Record<string, unknown>>
}

function explain(error: unknown): Explained {
  if (error instanceof Refusal) return explainRefusal(error)
  if (error instanceof OwnFailure) return { row: error.row, message: error.message, extras: error.extras }
  const { code, statusCode } = error as FastifyError
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return { row: ownErrors.tooLarge, message: 'The body is too large.' }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return { row: ownErrors.unsupportedMediaType, message: 'The body must be JSON.' }
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { row: ownErrors.badRequest, message: 'The request cannot be read.' }
  }
  if (isUnavailable(error)) {
    return { row: ownErrors.unavailable, message: 'The service is not available at the moment.' }
  }
  return { row: ownErrors.internal, message: 'An unexpected error occurred.' }
}

function explainRefusal({ code, message, fault, detail }: Refusal): Explained {
  const row = rowOf(code)
  const member = fault?.member ?? row.field
  const sentence = fault ? `${fault.member} ${fault.rule}` : (row.message ?? message)
  const guid = row.detail === 'guid' && detail ? { guid: spellId('member', detail) } : {}
  const fields = member === undefined ? {} : { fields: { [member]: [fault?.rule ?? row.message ?? message] } }
  return { row, message: sentence, extras: { ...guid, ...fields } }
}
