/** How answers leave this face. Contract: moneykit/conventions §5. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../core/refuse.js'
import { isUnavailable } from '../../core/unavailable.js'
import { type ErrorBody, type ErrorRow, errorBody, InvalidRequest, OwnFailure, ownErrors, rowOf } from './errors.js'
import { TooOften } from './limits.js'
import { spellLinkErrorCode } from './link-states.js'

/** Members leave in the order in which they were written, so no schema comes between. */
export function sendJson(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return reply.code(status).type('application/json').send(JSON.stringify(body))
}

export function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { row, body } = explain(error)
  if (row.status >= 500) request.log.error({ err: error }, 'moneykit.request_failed')
  const seconds = secondsToWait(error)
  if (seconds !== null) reply.header('retry-after', seconds)
  return sendJson(reply, row.status, body)
}

interface Explained {
  readonly row: ErrorRow
  readonly body: ErrorBody
}

function explain(error: unknown): Explained {
  if (error instanceof Refusal) {
    const row = rowOf(error.code)
    return { row, body: refusalBody(error, row) }
  }
  if (error instanceof OwnFailure) return plain(error.row, error.message)
  if (error instanceof InvalidRequest) return invalid(error)
  const { code, statusCode } = error as FastifyError
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return plain(ownErrors.tooLarge, 'The body is larger than 1 MB.')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return plain(ownErrors.unsupportedMediaType, 'The body is of a type that this operation does not take.')
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const flaw = { location: ['body'], message: 'The body cannot be read', type: 'value_error' }
    return invalid(new InvalidRequest([flaw]))
  }
  if (isUnavailable(error)) return plain(ownErrors.unavailable, 'The service is not available at the moment.')
  return plain(ownErrors.internal, 'An unexpected error occurred.')
}

function plain(row: ErrorRow, message: string): Explained {
  return { row, body: errorBody(row, message) }
}

function invalid({ errors, message }: InvalidRequest): Explained {
  const row = ownErrors.invalid
  return { row, body: { ...errorBody(row, message), validation_errors: errors } }
}

function refusalBody({ message, fault, detail }: Refusal, row: ErrorRow): ErrorBody {
  const body = errorBody(row, message)
  if (row.detail === 'link_error_code') return { ...body, link_error_code: spellLinkErrorCode(detail ?? '') }
  if (!row.location) return body
  const location = fault ? [row.location[0] ?? 'body', ...pathOf(fault.member)] : row.location
  return { ...body, validation_errors: [{ location, message: fault?.rule ?? message, type: 'value_error' }] }
}

/** `accounts[0].originalId` → `accounts`, 0, `original_id`. */
function pathOf(member: string): readonly (string | number)[] {
  return member
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : spellMember(step)))
}

// Members whose wire name is more than another spelling of the core's.
const wireWords: Readonly<Record<string, string>> = { accountOriginalId: 'account_id', originalId: 'account_id' }

function spellMember(word: string): string {
  return wireWords[word] ?? word.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function secondsToWait(error: unknown): string | null {
  if (error instanceof TooOften) return String(error.retryAfterSeconds)
  return error instanceof Refusal && rowOf(error.code).detail === 'retry_after' ? error.detail : null
}
