/** Bodies: JSON, but for the one route that takes a form. Contract: moneykit/conventions §2. */
import { parse } from 'node:querystring'
import type { FastifyInstance } from 'fastify'

const BODY_BYTES_MAX = 1_000_000 // contract: moneykit/links §4.6

/** Stands for a body that cannot be read, so that everything wrong with a request is reported together. */
export const UNREADABLE = Object.freeze({ unreadable: true })

export function acceptJson(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_BYTES_MAX },
    (request, text, done) => {
      if (text === '') return done(null, undefined)
      parseJson(request, text as string, (error, body) => done(null, error || !isStorable(body) ? UNREADABLE : body))
    },
  )
}

export function acceptForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: BODY_BYTES_MAX },
    (_request, text, done) => done(null, parse(text as string)),
  )
}

const DEPTH_MAX = 32

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

/** True for text that PostgreSQL can store. */
export function isText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}
