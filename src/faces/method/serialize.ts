/** How answers are written, by the schemas of their routes: members in the order of the contract, and none that it lacks. */
import fastJson from 'fast-json-stringify'
import type { FastifySerializerCompiler } from 'fastify'
import type { TSchema } from 'typebox'

/** Compiles a schema when it is first needed: all of them are a third of a start, and most starts need a few. */
export const compileSerializer: FastifySerializerCompiler<TSchema> = ({ schema }) => {
  let write: ((data: unknown) => string) | null = null
  return (data: unknown) => {
    write ??= fastJson(schema)
    return write(data)
  }
}
