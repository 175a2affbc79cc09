/** How requests are held against the schemas of their routes. */
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { Value } from 'typebox/value'
import { findFlaw } from '../json-bodies.js'

/** Query strings are text, so their members are converted; bodies must already have the right types. */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  // Compiled when it is first needed: commands start everything and ask nothing.
  let compiled: Validator | null = null
  return (data: unknown) => {
    compiled ??= Compile(schema)
    const validator = compiled
    const value = httpPart === 'querystring' ? convertQuery(schema, data as object) : data
    if (validator.Check(value)) {
      const flaw = httpPart === 'querystring' ? findFlaw(value) : null
      return flaw === null ? { value } : { error: new Error(`The query ${flaw}`) }
    }
    const [flaw] = validator.Errors(value)
    return { error: new Error(flaw ? describe(httpPart, flaw) : 'The request is not valid.') }
  }
}

/** The query with its numbers and lists made of text; text that is no number as a whole stays text: `1.5` is no page. */
function convertQuery(schema: TSchema, query: object): unknown {
  if (Object.keys(query).length === 0) return query
  const converted = Value.Convert(schema, { ...query }) as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries(query).map(([name, text]) => {
      const value = converted[name]
      return [name, typeof value === 'number' && String(value) !== text ? text : value]
    }),
  )
}

interface Flaw {
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

function describe(part: string | undefined, { instancePath, message, params }: Flaw): string {
  const member = instancePath
    .slice(1)
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
  const where = member === '' ? (part === 'querystring' ? 'The query' : 'The body') : member
  const words =
    'allowedValues' in params && Array.isArray(params.allowedValues) ? `: ${params.allowedValues.join(', ')}` : ''
  return `${where} ${message}${words}.`
}
