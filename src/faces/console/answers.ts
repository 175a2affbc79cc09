/** How the console answers what fails: `{ "error": "a sentence" }`. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../core/refuse.js'
import { isUnavailable } from '../../core/unavailable.js'

/** What this face itself refuses. */
export class Failure extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'Failure'
    this.status = status
  }
}

export function notFound(what: string): Failure {
  return new Failure(404, `There is no such ${what}.`)
}

export function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, message } = explain(error)
  if (status >= 500) request.log.error({ err: error }, 'console.request_failed')
  return reply.code(status).send({ error: message })
}

function explain(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof Failure) return { status: error.status, message: error.message }
  if (error instanceof Refusal) return { status: statusOf(error), message: error.message }
  if (isUnavailable(error)) return { status: 503, message: 'The database cannot be reached at the moment.' }
  const { statusCode, message } = error as FastifyError
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return { status: statusCode, message }
  return { status: 500, message: 'An unexpected error occurred. The log of the server has the rest.' }
}

// People read the sentence; programs need no more than the kind.
function statusOf({ code }: Refusal): number {
  return code.endsWith('not_found') ? 404 : 422
}
