/** What the page is told when a request of its comes to nothing. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../../core/refuse.js'
import { isUnavailable } from '../../../core/unavailable.js'
import { InvalidRequest, rowOf } from '../errors.js'

/** A failure that no refusal of the core stands behind. */
export class PageFailure extends Error {
  readonly status: number
  readonly id: string

  constructor(status: number, id: string) {
    super(id)
    this.name = 'PageFailure'
    this.status = status
    this.id = id
  }
}

// Refusals that the page tells apart; after any other it offers to try again.
const IDS: Readonly<Record<string, string>> = {
  'connect_session.not_found': 'session_invalid',
  'connect_session.expired': 'session_expired',
  'connect_session.completed': 'session_completed',
  'connect_session.wrong_step': 'wrong_step',
  'connect_session.invalid_choice': 'invalid_choice',
  'consumer.disabled': 'session_invalid',
}

export function sendPageFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, id } = explain(error)
  if (status >= 500) request.log.error({ err: error }, 'connect.request_failed')
  return reply.code(status).send({ error_id: id, request_id: request.id })
}

function explain(error: unknown): { readonly status: number; readonly id: string } {
  if (error instanceof PageFailure) return error
  if (error instanceof Refusal) return { status: rowOf(error.code).status, id: IDS[error.code] ?? 'system_error' }
  if (error instanceof InvalidRequest) return { status: 422, id: 'invalid_request' }
  const { statusCode = 500 } = error as FastifyError
  if (statusCode >= 400 && statusCode < 500) return { status: statusCode, id: 'invalid_request' }
  return { status: isUnavailable(error) ? 503 : 500, id: 'system_error' }
}
