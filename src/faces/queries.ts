/** Queries, which are text, as the values that a schema wants. */
import { type TProperties, Type } from 'typebox'

export interface QueryReading {
  /** Lists may be written with commas. */
  readonly commas?: boolean
}

/** The members of a query as its schema has them; empty ones are absent. Of a member that is given twice, the last one counts. */
export function queryReader<P extends TProperties>(
  properties: P,
  { commas = false }: QueryReading = {},
): (query: Readonly<Record<string, unknown>>) => object {
  const members = Object.entries(Type.Object(properties).properties as Record<string, { type?: string }>)
  return (query) =>
    Object.fromEntries(
      members.flatMap(([name, { type = 'string' }]) => {
        const given = [query[name] ?? []].flat().map(String)
        const texts = commas && type === 'array' ? given.flatMap((text) => text.split(',')) : given
        const said = texts.filter((text) => text !== '')
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
