/** A value to begin with, by a JSON schema: what is required, and the first word of each list of words. */
interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

const DEPTH_MAX = 4

export function exampleOf(schema: unknown, depth = 0): unknown {
  const { type, enum: words, const: only, properties, required = [], items, anyOf } = (schema ?? {}) as Schema
  if (only !== undefined) return only
  if (words) return words[0]
  if (anyOf) return exampleOf(anyOf[0], depth)
  const kind = typeof type === 'string' ? type : type?.[0]
  if (kind === 'object') {
    const members = Object.entries(properties ?? {})
    // Where nothing is required, anything may be wanted.
    const shown = required.length > 0 ? members.filter(([name]) => required.includes(name)) : members
    return depth >= DEPTH_MAX
      ? {}
      : Object.fromEntries(shown.map(([name, inner]) => [name, exampleOf(inner, depth + 1)]))
  }
  if (kind === 'array') return items ? [exampleOf(items, depth + 1)] : []
  if (kind === 'integer' || kind === 'number') return 1
  return kind === 'boolean' ? true : ''
}
