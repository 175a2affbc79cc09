/** Bodies: JSON, but for the one route that takes a form. Contract: moneykit/conventions §2. */
import { parse } from 'node:querystring'
import type { FastifyInstance } from 'fastify'

export const BODY_BYTES_MAX = 1_000_000 // contract: moneykit/links §4.6

/** Stands for a body that cannot be read, so that everything wrong with a request is reported together. */
export const UNREADABLE = Object.freeze({ unreadable: true })

export function acceptForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: BODY_BYTES_MAX },
    (_request, text, done) => done(null, parse(text as string)),
  )
}
