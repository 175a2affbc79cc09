/** TypeBox pieces that the wire's schemas share. Types, validation and OpenAPI all come from these. */
import { type Static, type TSchema, Type } from 'typebox'

/** One of the words. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return Type.Unsafe<Words[number]>({ type: 'string', enum: [...words] })
}

/** The schema, or null. */
export function nullable<S extends TSchema>(schema: S) {
  const { enum: words, type, ...rest } = schema as TSchema as { enum?: readonly unknown[]; type: string }
  return Type.Unsafe<Static<S> | null>({ ...rest, type: [type, 'null'], ...(words ? { enum: [...words, null] } : {}) })
}

/** An object whose members have names that nobody knows beforehand. */
export function mapOf<S extends TSchema>(schema: S) {
  return Type.Unsafe<Readonly<Record<string, Static<S>>>>({ type: 'object', additionalProperties: schema })
}

/** The member may be missing, or null. */
export function maybe<S extends TSchema>(schema: S) {
  return Type.Optional(nullable(schema))
}

export const Text = Type.String()
/** `2031-02-16T09:14:11` */
export const Time = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d$', description: 'UTC' })
/** `2031-02-16T09:14:11Z` */
export const Instant = Type.String({ description: 'ISO 8601, UTC' })
export const Day = Type.String({ format: 'date', description: 'YYYY-MM-DD' })
export const Decimal = Type.String({ pattern: '^-?\\d+(\\.\\d+)?$', description: 'A decimal number' })
export const Units = Type.Number({ description: 'Whole units of the currency, with decimals' })

export const COUNTRIES = ['US', 'GB', 'CA'] as const

export const ErrorWire = Type.Object({
  error_code: Text,
  error_message: Text,
  documentation_url: nullable(Text),
  validation_errors: Type.Optional(
    Type.Array(
      Type.Object({
        location: Type.Array(Type.Unsafe<string | number>({ type: ['string', 'integer'] })),
        message: Text,
        type: Text,
      }),
    ),
  ),
  link_error_code: Type.Optional(Text),
})

// ---- what requests hold --------------------------------------------------------------------------------------------

/** A list in a query: `a=1&a=2`, `a[]=1`, `a=1,2`. */
export const TextList = Type.Array(Type.String())
export const PageQuery = {
  page: Type.Optional(Type.Integer({ minimum: 1 })),
  size: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
}
export const DayFilter = Type.Optional(Type.String({ format: 'date' }))
/** Any ISO 8601, with or without an offset. */
export const AnyTime = Type.String({ format: 'any-time' })
export const WebUrl = Type.String({ minLength: 1, maxLength: 65_536, format: 'web-url' })
