/** TypeBox pieces that the wire's schemas share. Types, validation and OpenAPI all come from these. */
import { type Static, type TSchema, Type } from 'typebox'

/** The schema, or null. */
export function nullable<S extends TSchema>(schema: S) {
  const { enum: words, type, ...rest } = schema as TSchema as { enum?: readonly unknown[]; type: string | string[] }
  return Type.Unsafe<Static<S> | null>({
    ...rest,
    type: [type, 'null'].flat(),
    ...(words ? { enum: [...words, null] } : {}),
  })
}

/** The member may be missing, or null. */
export function maybe<S extends TSchema>(schema: S) {
  return Type.Optional(nullable(schema))
}

/** An object with members that nobody knows beforehand. */
export const AnyObject = Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object', additionalProperties: true })

export const Text = Type.String()
export const Flag = Type.Boolean()
export const Count = Type.Integer()
export const Instant = Type.String({ description: 'ISO 8601, UTC' })
export const Seconds = Type.Integer({ description: 'Seconds since 1970' })
export const Amount = Type.Number({ description: 'Dollars' })

export const PageQuery = {
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  per_page: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
}

export const PaginationWire = Type.Object({
  current_page: Count,
  per_page: Count,
  total_entries: Count,
  total_pages: Count,
})

export interface PageNumber {
  readonly number: number
  readonly size: number
}

const PER_PAGE = 25 // contract: mx-connect/callbacks §5.11

export function readPage({ page = 1, per_page = PER_PAGE }: { page?: number; per_page?: number }): PageNumber {
  return { number: page, size: per_page }
}

export function pagination({ number, size }: PageNumber, total: number): Static<typeof PaginationWire> {
  return { current_page: number, per_page: size, total_entries: total, total_pages: Math.ceil(total / size) }
}

/** Of a list: a widget is given all of it, a team's back end a page. Contract: mx-connect/callbacks §4, §5.5 */
export function listWire<S extends TSchema>(name: string, each: S) {
  return Type.Object({ [name]: Type.Array(each), pagination: Type.Optional(PaginationWire) })
}

/** Who asks for a list, and for which page of it. */
export interface ListReader {
  /** Null for a team's back end. */
  readonly session: object | null
  readonly query: { readonly page?: number; readonly per_page?: number }
}

export function partOf<T>(all: readonly T[], { session, query }: ListReader) {
  if (session !== null) return { shown: all, envelope: {} }
  const page = readPage(query)
  const shown = all.slice((page.number - 1) * page.size, page.number * page.size)
  return { shown, envelope: { pagination: pagination(page, all.length) } }
}

/** Every failure: flat, because the client library hands it to the widget as it is. */
export const ErrorWire = Type.Object({
  type: Text,
  message: Text,
  status: Count,
  request_id: Text,
  guid: Type.Optional(Text),
  job_guid: Type.Optional(Text),
  micro_deposit: Type.Optional(AnyObject),
  fields: Type.Optional(
    Type.Unsafe<Readonly<Record<string, readonly string[]>>>({
      type: 'object',
      additionalProperties: { type: 'array', items: { type: 'string' } },
    }),
  ),
})
