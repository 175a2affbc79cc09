/** What comes in, as a schema has it. */
import type { FastifyRequest } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { Failure } from './answers.js'

/** The body of a request. Anything else answers 400 with the member at fault. */
export function bodyOf<S extends TSchema>(schema: S, { body }: FastifyRequest): Static<S> {
  return parsed(schema, body ?? {}, 'The body')
}

/** The query of a request, its numbers made of text. */
export function queryOf<S extends TSchema>(schema: S, { query }: FastifyRequest): Static<S> {
  return parsed(schema, Value.Convert(schema, { ...(query as object) }), 'The query')
}

function parsed<S extends TSchema>(schema: S, value: unknown, whole: string): Static<S> {
  if (Value.Check(schema, value)) return value
  const [flaw] = Value.Errors(schema, value)
  const where = flaw?.instancePath.slice(1).replaceAll('/', '.') || whole
  throw new Failure(400, `${where} ${flaw?.message ?? 'is not what is expected'}.`)
}

/** One of some words. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return Type.Unsafe<Words[number]>({ type: 'string', enum: [...words] })
}
