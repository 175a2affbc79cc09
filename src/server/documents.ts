import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { Problem } from './problem.js'

/** What a person wrote, as the schema has it. Anything else is a problem whose sentence names the member. */
export function parseDocument<S extends TSchema>(schema: S, document: unknown, help: string): Static<S> {
  if (Value.Check(schema, document)) return document
  const [flaw] = Value.Errors(schema, document)
  const where = flaw?.instancePath.slice(1).replaceAll('/', '.') || 'The document'
  throw new Problem(`${where} ${flaw ? ruleOf(flaw) : 'is not what is expected'}. ${help}`)
}

type Flaw = ReturnType<typeof Value.Errors>[number]

function ruleOf(flaw: Flaw): string {
  // A member where none is allowed.
  if (flaw.keyword === 'boolean') return 'is not a member that is known here'
  if (flaw.keyword === 'enum') return `must be one of: ${flaw.params.allowedValues.join(', ')}`
  return flaw.message
}
