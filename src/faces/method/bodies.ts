/** Bodies: JSON only, and only JSON that every part behind can hold. Contract: method/conventions §4. */
import type { FastifyInstance } from 'fastify'
import { invalidRequest } from './invalid.js'

export const BODY_BYTES_MAX = 1_000_000
const DEPTH_MAX = 32

/** An empty body is `{}`: some clients send none where no member is required. */
export function acceptBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_BYTES_MAX },
    (request, text, done) => {
      if (text === '') return done(null, {})
      parseJson(request, text as string, (error, body) => {
        if (error) return done(invalidRequest('The body', 'is not valid JSON. Send one JSON object.'))
        const flaw = findFlaw(body)
        done(flaw === null ? null : invalidRequest('The body', flaw), body)
      })
    },
  )
}

/**
 * What PostgreSQL or a later reader could not keep unchanged, or null. Walks without recursion: depth is the sender's.
 */
export function findFlaw(body: unknown): string | null {
  const waiting: { value: unknown; depth: number }[] = [{ value: body, depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next
    if (depth > DEPTH_MAX) return `is nested deeper than ${DEPTH_MAX} levels. Flatten it.`
    if (typeof value === 'string' && !isStorable(value))
      return 'holds a NUL or half a surrogate pair. Send valid Unicode text.'
    if (typeof value === 'number' && !Number.isFinite(value)) return 'holds a number that is out of range.'
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value)) {
      if (!isStorable(key)) return 'holds a member name with a NUL or half a surrogate pair.'
      waiting.push({ value: inner, depth: depth + 1 })
    }
  }
  return null
}

/** True for text that PostgreSQL can store. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}
