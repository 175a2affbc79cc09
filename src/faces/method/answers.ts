/** How answers leave: in the envelope, failures too, and remembered when the request was named. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../core/refuse.js'
import { type Answer, settleFailure } from '../../core/requests/requests.js'
import { isUnavailable } from '../../core/unavailable.js'
import { FACE, findCaller, keyOf } from './caller.js'
import { type ErrorRow, errorBody, httpErrors, messageOf, rowOf } from './errors.js'
import { isSince } from './versions/versions.js'

const JSON_TYPE = 'application/json; charset=utf-8'

/** The envelope of a success. */
export function success(data: unknown) {
  return { success: true, data, message: null }
}

export function send(
  reply: FastifyReply,
  answer: Answer,
  idemStatus: 'stored' | 'replayed' | 'bypassed',
): FastifyReply {
  return reply.code(answer.status).header('idem-status', idemStatus).type(JSON_TYPE).send(answer.body)
}

// Answers that say "not now" or "not you" are no answer to the request itself, so its name stays free.
const NOT_REMEMBERED: readonly number[] = [401, 403, 409, 429, 503]

/** Answers a failure; a named request gets the same failure again, or the answer it had before. */
export async function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { row, message } = explain(error)
  if (row.status >= 500) request.log.error({ err: error }, 'method.request_failed')
  const answer = spellFailure(atVersion(row, request), message)
  const caller = findCaller(request)
  if (!caller || NOT_REMEMBERED.includes(answer.status)) return send(reply, answer, 'bypassed')
  const key = keyOf(request)
  if (key === null) return send(reply, answer, 'bypassed')
  try {
    const settled = await settleFailure(caller.ctx, { face: FACE, key }, { answer, error })
    return send(reply, settled, settled.isReplay ? 'replayed' : 'stored')
  } catch (later) {
    const { row: laterRow, message: laterMessage } = explain(later)
    return send(reply, spellFailure(laterRow, laterMessage), 'bypassed')
  }
}

export function spellFailure(row: ErrorRow, message: string): Answer {
  return { status: row.status, body: JSON.stringify(errorBody(row, message)) }
}

/** A refusal as the answer to a request whose effect is kept. */
export function spellRefusal(refusal: Refusal, request: FastifyRequest): Answer {
  return spellFailure(atVersion(rowOf(refusal), request), messageOf(refusal))
}

/** Which row of the errors a failure is, and its sentence. */
export function explain(error: unknown): { readonly row: ErrorRow; readonly message: string } {
  if (error instanceof Refusal) return { row: rowOf(error), message: messageOf(error) }
  const { code, validation, message, statusCode } = error as FastifyError
  if (validation) return { row: httpErrors.badRequest, message }
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { row: httpErrors.tooLarge, message: 'The body is larger than 1 MB. Send less.' }
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return { row: httpErrors.unsupportedMediaType, message: 'Send the body as application/json.' }
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return { row: httpErrors.badRequest, message }
  if (isUnavailable(error)) {
    return { row: httpErrors.unavailable, message: 'The service is not available at the moment. Try again shortly.' }
  }
  return { row: httpErrors.internal, message: 'An unexpected error occurred. The request can be tried again.' }
}

/** From 2025-12-01 on, a request that is well formed but breaks a rule of business is 422. Contract: method/conventions §6. */
function atVersion(row: ErrorRow, request: FastifyRequest): ErrorRow {
  const isRule = row.status === 400 && row.subType !== 'INVALID_REQUEST'
  const caller = findCaller(request)
  return isRule && caller && isSince(caller.version, '2025-12-01') ? { ...row, status: 422 } : row
}
