/** TypeBox pieces that the wire's schemas share. Types, validation, serialization and OpenAPI all come from these. */
import { type Static, type TSchema, Type } from 'typebox'

/** One of the words. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return Type.Unsafe<Words[number]>({ type: 'string', enum: [...words] })
}

/** The schema, or null. Written as a list of types, which the serializer compiles to a plain branch. */
export function nullable<S extends TSchema>(schema: S) {
  const { enum: words, type, ...rest } = schema as TSchema as { enum?: readonly unknown[]; type: string }
  return Type.Unsafe<Static<S> | null>({ ...rest, type: [type, 'null'], ...(words ? { enum: [...words, null] } : {}) })
}

/** An id, or the whole object when the caller asked to have it expanded. */
export function expandable(description: string) {
  return Type.Unsafe<string | object | null>({
    type: ['string', 'object', 'null'],
    additionalProperties: true,
    description,
  })
}

/** An object of any members. */
export const AnyObject = Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object', additionalProperties: true })

export const Text = Type.String()
export const Cents = Type.Integer({ description: 'US cents' })
export const Timestamp = Type.String({ description: 'ISO 8601, UTC, milliseconds' })
export const Day = Type.String({ description: 'YYYY-MM-DD' })
export const Metadata = nullable(AnyObject)

export const WireError = Type.Object({
  type: Text,
  code: Type.Optional(Type.Integer()),
  sub_type: Text,
  message: Text,
})
export const ResourceError = nullable(WireError)

/** The envelope around every JSON answer. Contract: method/conventions §5. */
export function enveloped<S extends TSchema>(data: S) {
  return Type.Object({ success: Type.Boolean(), data, message: nullable(Text) })
}

export const ErrorEnvelope = enveloped(Type.Object({ error: WireError }))
