/** The end user as a caller describes them. Contract: moneykit/links §1.1. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { type Static, Type } from 'typebox'
import type { ConnectSessionDraft } from '../../core/connections/connections.js'
import { AnyTime, COUNTRIES, maybe, oneOf } from './schema.js'

export const CustomerUser = Type.Object({
  id: Type.String({ minLength: 4, maxLength: 150 }),
  email: maybe(
    Type.Object({
      address: Type.String({ minLength: 4, maxLength: 254 }),
      customer_verified_at: maybe(AnyTime),
    }),
  ),
  phone: maybe(
    Type.Object({
      number: Type.String({ minLength: 4, maxLength: 30 }),
      country: maybe(oneOf(COUNTRIES)),
      customer_verified_at: maybe(AnyTime),
    }),
  ),
})

/** What the caller says about the user; a number that is none helps nobody and is left out. */
export function readContact({ email, phone }: Static<typeof CustomerUser>): ConnectSessionDraft['contact'] {
  return {
    email: email?.address ?? null,
    emailVerifiedAt: readTime(email?.customer_verified_at),
    phone: phone ? (parsePhoneNumberFromString(phone.number, phone.country ?? 'US')?.number ?? null) : null,
    phoneVerifiedAt: readTime(phone?.customer_verified_at),
  }
}

/** An instant; without an offset it is UTC. */
export function readTime(text: string | null | undefined): string | null {
  if (text == null) return null
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/i.test(text)
  return new Date(Date.parse(hasZone ? text : `${text}Z`)).toISOString()
}
