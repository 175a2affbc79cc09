/** What a request must look like, and how it is said what is wrong: everything at once, by member. */
import type { TSchema } from 'typebox'
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
