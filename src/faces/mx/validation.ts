/** What a request must look like, and how it is said what is wrong: everything at once, by member. */
import { type TProperties, type TSchema, Type } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { OwnFailure, ownErrors } from './errors.js'

/** Throws where a value breaks a schema. */
export function checkerOf(schema: TSchema): (value: unknown) => void {
  // Compiled when it is first needed: commands start everything and ask nothing.
  let compiled: Validator | null = null
  return (value) => {
    compiled ??= Compile(schema)
    if (compiled.Check(value)) return
    const fields: Record<string, string[]> = {}
    for (const flaw of compiled.Errors(value)) {
      const path = flaw.instancePath.split('/').slice(1).join('.')
      const missing = flaw.keyword === 'required' ? flaw.params.requiredProperties : null
      const named = missing?.map((name) => [path === '' ? name : `${path}.${name}`, 'is required'] as const)
      for (const [member, rule] of named ?? [[path, flaw.message] as const]) {
        fields[member] = [...(fields[member] ?? []), rule]
      }
    }
    const [member = '', [rule = ''] = []] = Object.entries(fields)[0] ?? []
    throw new OwnFailure(ownErrors.validation, `${member === '' ? 'The request' : member} ${rule}.`, { fields })
  }
}

/** The members of a query as its schema has them; empty ones are absent. */
export function queryReader<P extends TProperties>(
  properties: P,
): (query: Readonly<Record<string, unknown>>) => object {
  const members = Object.entries(Type.Object(properties).properties as Record<string, { type?: string }>)
  return (query) =>
    Object.fromEntries(
      members.flatMap(([name, { type = 'string' }]) => {
        const said = [query[name] ?? []]
          .flat()
          .map(String)
          .filter((text) => text !== '')
        if (said.length === 0) return []
        return [[name, type === 'array' ? said : readValue(type, said.at(-1) ?? '')] as const]
      }),
    )
}

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false }

/** Text that is no number stays text, for the check to find. */
function readValue(type: string, text: string): unknown {
  if (type === 'integer') return /^-?\d{1,15}$/.test(text) ? Number(text) : text
  if (type === 'boolean') return BOOLEANS[text.toLowerCase()] ?? text
  return text
}
