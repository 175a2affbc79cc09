/** Bodies: JSON. One that cannot be read, or kept, is no request. */
import type { FastifyInstance } from 'fastify'
import { OwnFailure, ownErrors } from './errors.js'

const BODY_BYTES_MAX = 256_000
const DEPTH_MAX = 32

export function acceptJson(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_BYTES_MAX },
    (request, text, done) => {
      if (text === '') return done(null, undefined)
      parseJson(request, text as string, (error, body) => {
        if (!error && isStorable(body)) return done(null, body)
        done(new OwnFailure(ownErrors.badRequest, 'The body is not valid JSON.'))
      })
    },
  )
}

/** Whether PostgreSQL can keep it unchanged. Walks without recursion: depth is the sender's. */
function isStorable(body: unknown): boolean {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: body, depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next
    if (depth > DEPTH_MAX || (typeof value === 'string' && !isText(value))) return false
    if (typeof value === 'number' && !Number.isFinite(value)) return false
    if (typeof value !== 'object' || value === null) continue
    for (const [name, inner] of Object.entries(value)) {
      if (!isText(name)) return false
      waiting.push({ value: inner, depth: depth + 1 })
    }
  }
  return true
}

function isText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}
