/** Bodies of JSON, and only of JSON that every part behind can hold. */
import type { FastifyInstance } from 'fastify'

const DEPTH_MAX = 32

export interface JsonBodies {
  readonly bytesMax: number
  /** What stands for no body at all. */
  readonly empty: unknown
  /** What the route gets for a body that cannot be read or kept; an error is answered. `flaw` says what to do, of "the body". */
  readonly refuse: (flaw: string) => unknown
}

/** Reads JSON, and no other type of body. */
export function acceptJson(app: FastifyInstance, { bytesMax, empty, refuse }: JsonBodies): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: bytesMax }, (request, text, done) => {
    if (text === '') return done(null, empty)
    parseJson(request, text as string, (error, body) => {
      const flaw = error ? 'is not valid JSON. Send one JSON object.' : findFlaw(body)
      const value = flaw === null ? body : refuse(flaw)
      return value instanceof Error ? done(value) : done(null, value)
    })
  })
}

/**
 * What PostgreSQL or a later reader could not keep unchanged, or null. Walks without recursion: depth is the sender's.
 */
export function findFlaw(body: unknown): string | null {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: body, depth: 0 }]
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
