/**
 * What is settled for one team: which products it may use, and what each face lets it choose. Stored as one document;
 * whatever a document leaves out is as the software has it by default.
 */
import { type Static, Type } from 'typebox'

const Names = Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 50, uniqueItems: true })
const strict = { additionalProperties: false }

export const TeamSettings = Type.Object(
  {
    products: Type.Optional(
      Type.Object(
        {
          restricted: Type.Optional(Names),
          /** Products that ordinary teams do not have. */
          granted: Type.Optional(Names),
          /** The team may not ask consumers for consent to their accounts, so it finds none. */
          noAccountConsent: Type.Optional(Type.Boolean()),
        },
        strict,
      ),
    ),
    method: Type.Optional(
      Type.Object(
        {
          /** The version of requests that name none. */
          version: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
          shape2024: Type.Optional(Type.Enum(['early', 'late', 'auto'])),
          accounts: Type.Optional(
            Type.Object(
              {
                /** Whether a deposit account counts as proven as soon as it is described. */
                autoVerify: Type.Optional(Type.Boolean()),
                /** ABA numbers of banks whose accounts the team has proven itself. */
                trustedRoutingNumbers: Type.Optional(
                  Type.Array(Type.String({ pattern: '^\\d{9}$' }), { maxItems: 100, uniqueItems: true }),
                ),
                /** Whether the team may handle full numbers of cards and loans. */
                directLiabilities: Type.Optional(Type.Boolean()),
              },
              strict,
            ),
          ),
          entities: Type.Optional(
            Type.Object(
              {
                /** Only people with these phone numbers may be taken on; left out: everybody. */
                allowedPhones: Type.Optional(
                  Type.Array(Type.String({ pattern: '^\\+1\\d{10}$' }), { maxItems: 1000, uniqueItems: true }),
                ),
                /** Whether no two entities may have one phone number. */
                uniquePhones: Type.Optional(Type.Boolean()),
              },
              strict,
            ),
          ),
          verification: Type.Optional(
            Type.Object(
              {
                /** Whether the team's own word about a person's identity is taken. */
                byo_kyc: Type.Optional(Type.Boolean()),
                /** Methods the team does without. */
                without: Type.Optional(Names),
                /** How many sessions one phone may have in 24 hours. */
                phone_sessions_per_day: Type.Optional(Type.Integer({ minimum: 1 })),
              },
              strict,
            ),
          ),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type TeamSettings = Static<typeof TeamSettings>

// What ordinary teams do not have until it is given to them. Contract: method/accounts §9.
const GRANTED: readonly string[] = ['payment_instrument']

/** The settings with one product taken from the team; twice is as once. */
export function withoutProduct(settings: TeamSettings, product: string): TeamSettings {
  if (GRANTED.includes(product)) return withNames(settings, 'granted', (names) => without(names, product))
  return withNames(settings, 'restricted', (names) => [...without(names, product), product].sort())
}

/** The settings with one product given to the team, for the first time or again. */
export function withProduct(settings: TeamSettings, product: string): TeamSettings {
  if (GRANTED.includes(product)) return withNames(settings, 'granted', (names) => [...without(names, product), product])
  return withNames(settings, 'restricted', (names) => without(names, product))
}

function withNames(
  settings: TeamSettings,
  list: 'granted' | 'restricted',
  change: (names: readonly string[]) => string[],
): TeamSettings {
  return { ...settings, products: { ...settings.products, [list]: change(settings.products?.[list] ?? []) } }
}

function without(names: readonly string[], product: string): string[] {
  return names.filter((name) => name !== product)
}

interface Settled {
  readonly settings: TeamSettings
}

type SettledSomewhere = Settled & { readonly environment: 'development' | 'sandbox' | 'production' }

/** Whether the team may not use a product at all. */
export function isProductRestricted({ settings }: Settled, product: string): boolean {
  return settings.products?.restricted?.includes(product) ?? false
}

/** Whether the team was given a product that ordinary teams do not have. */
export function isProductGranted({ settings }: Settled, product: string): boolean {
  return settings.products?.granted?.includes(product) ?? false
}

/** Whether the team may ask consumers for consent to their accounts. */
export function mayAskAccountConsent({ settings }: Settled): boolean {
  return settings.products?.noAccountConsent !== true
}

/** Whether a deposit account that the team describes is proven at once. Contract: method/accounts §1.4.2. */
export function autoVerifies({ settings, environment }: SettledSomewhere): boolean {
  return settings.method?.accounts?.autoVerify ?? environment !== 'production'
}

/** Whether the team has proven the accounts of this bank itself. */
export function trustsRouting({ settings }: Settled, routingNumber: string): boolean {
  return settings.method?.accounts?.trustedRoutingNumbers?.includes(routingNumber) ?? false
}

/** Whether the team may handle full numbers of cards and loans. Contract: method/accounts §1.5, "team by team in production". */
export function handlesDebtNumbers({ settings, environment }: SettledSomewhere): boolean {
  return environment !== 'production' || settings.method?.accounts?.directLiabilities === true
}
