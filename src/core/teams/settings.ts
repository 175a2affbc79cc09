/**
 * What is settled for one team: which products it may use, and what each face lets it choose. Stored as one document;
 * whatever a document leaves out is as the software has it by default.
 */
import { type Static, Type } from 'typebox'

const Names = Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 50, uniqueItems: true })
const Cents = Type.Integer({ minimum: 1, maximum: 1_000_000_00 })
const Pause = Type.Optional(Type.Integer({ minimum: 0, maximum: 30 * 86_400 }))
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
    connections: Type.Optional(
      Type.Object(
        {
          /** Whether something is made of transactions (categories, merchants). Left out: yes. */
          enrichment: Type.Optional(Type.Boolean()),
          /** How many seconds must pass between two requests to refresh a product of a connection. */
          refreshPauses: Type.Optional(
            Type.Object(
              {
                accounts: Pause,
                account_numbers: Pause,
                identity: Pause,
                transactions: Pause,
                investments: Pause,
                enrichment: Pause,
              },
              strict,
            ),
          ),
        },
        strict,
      ),
    ),
    hosted: Type.Optional(
      Type.Object(
        {
          /** The origins whose pages may hold hosted pages in a frame, and are told by them how it goes. */
          origins: Type.Optional(
            Type.Array(Type.String({ pattern: '^https?://[^/?#]+$' }), { maxItems: 100, uniqueItems: true }),
          ),
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
                /** Whether people are asked before accounts that a later connect finds may be used. */
                newAccountsAwaitConsent: Type.Optional(Type.Boolean()),
              },
              strict,
            ),
          ),
          payments: Type.Optional(
            Type.Object(
              {
                /** The most that one payment may be. */
                maximumCents: Type.Optional(Cents),
                /** How many payments may be made in a month. */
                monthlyQuota: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
                /** What the operator takes for each. */
                operatorFeeCents: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_00 })),
                /** Business days from processing to each settlement. */
                sourceSettlementDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
                destinationSettlementDays: Type.Optional(Type.Integer({ minimum: 2, maximum: 20 })),
                /** Whether reversals begin without anybody's approval. */
                automaticReversals: Type.Optional(Type.Boolean()),
                /** Whether windows wait: payments then move only when they are made to. */
                suspendsWindows: Type.Optional(Type.Boolean()),
                /** Whether only accounts that a data provider has linked may be paid from. */
                linkedSourcesOnly: Type.Optional(Type.Boolean()),
                /** Whether companies may pay, and not only be paid. */
                companiesMaySend: Type.Optional(Type.Boolean()),
                /** Accounts from before live mode was switched on may not be used. */
                liveSince: Type.Optional(
                  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' }),
                ),
              },
              strict,
            ),
          ),
          verification: Type.Optional(
            Type.Object(
              {
                /** Whether the team's own word about a person's identity is taken. */
                byo_kyc: Type.Optional(Type.Boolean()),
                /** Whether a person whom the team has proven as another entity needs no proof again. */
                method_verified: Type.Optional(Type.Boolean()),
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
    moneykit: Type.Optional(
      Type.Object(
        {
          /** How often each of the team's clients may ask in a minute. */
          requestsPerMinute: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
          /** The origins that its link sessions may lead back to. */
          redirectOrigins: Type.Optional(
            Type.Array(Type.String({ pattern: '^https?://[^/?#]+$' }), { maxItems: 100, uniqueItems: true }),
          ),
          /** Where its users' institutions are unless a session says otherwise. */
          country: Type.Optional(Type.Enum(['US', 'GB', 'CA'])),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type TeamSettings = Static<typeof TeamSettings>

// What ordinary teams do not have until it is given to them. Contract: method/accounts §9, entities §10.
const GRANTED: readonly string[] = ['payment_instrument', 'manual_connect']

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

/** The origins that may frame a team's hosted pages; null: any loopback origin, for rehearsals where none is settled. */
export function hostedOrigins({ settings, environment }: SettledSomewhere): readonly string[] | null {
  return settings.hosted?.origins ?? (environment === 'development' ? null : [])
}

/** Whether accounts that a later connect finds wait for their holder's consent. Contract: method/accounts §1.7, `consent_status`. */
export function newAccountsAwaitConsent({ settings }: Settled): boolean {
  return settings.method?.entities?.newAccountsAwaitConsent === true
}

/** Whether a deposit account that the team describes is proven at once. Contract: method/accounts §1.4.2. */
export function autoVerifies({ settings, environment }: SettledSomewhere): boolean {
  return settings.method?.accounts?.autoVerify ?? environment !== 'production'
}

/** Whether the team has proven the accounts of this bank itself. */
export function trustsRouting({ settings }: Settled, routingNumber: string): boolean {
  return settings.method?.accounts?.trustedRoutingNumbers?.includes(routingNumber) ?? false
}

// Contract: method/accounts §1.3, 11006; entities §1.7.
const ACCOUNTS_END_SINCE = '2025-12-01'

/** Whether accounts end with their holder, whatever ended it: so since a version, which the team is pinned to. */
export function endsAccountsWithHolder({ settings }: Settled): boolean {
  return (settings.method?.version ?? '') >= ACCOUNTS_END_SINCE
}

/** Whether the team may handle full numbers of cards and loans. Contract: method/accounts §1.5, "team by team in production". */
export function handlesDebtNumbers({ settings, environment }: SettledSomewhere): boolean {
  return environment !== 'production' || settings.method?.accounts?.directLiabilities === true
}

// contract: moneykit/conventions §10
const REFRESH_PAUSES = {
  accounts: 3600,
  account_numbers: 86_400,
  identity: 86_400,
  transactions: 3600,
  investments: 3600,
  enrichment: 3600,
} as const
export type RefreshPauses = Readonly<Record<keyof typeof REFRESH_PAUSES, number>>
const NO_PAUSES: RefreshPauses = {
  accounts: 0,
  account_numbers: 0,
  identity: 0,
  transactions: 0,
  investments: 0,
  enrichment: 0,
}

/** Seconds between two requests to refresh a product of a connection; in development none, unless they are settled. */
export function refreshPauses({ settings, environment }: SettledSomewhere): RefreshPauses {
  const pauses = environment === 'development' ? NO_PAUSES : REFRESH_PAUSES
  return { ...pauses, ...settings.connections?.refreshPauses }
}

/** Whether something is made of the transactions that connections bring. */
export function enrichesTransactions({ settings }: Settled): boolean {
  return settings.connections?.enrichment ?? true
}

/** What is settled about a team's payments, with the defaults of its environment. */
export interface PaymentRules {
  readonly maximumCents: number
  /** Null: any number. */
  readonly monthlyQuota: number | null
  readonly operatorFeeCents: number
  readonly sourceSettlementDays: number
  readonly destinationSettlementDays: number
  readonly automaticReversals: boolean
  readonly suspendsWindows: boolean
  readonly linkedSourcesOnly: boolean
  readonly companiesMaySend: boolean
  readonly liveSince: string | null
}

const PAYMENT_RULES: PaymentRules = {
  maximumCents: 1_000_000_00, // contract: method/payments §1.2
  monthlyQuota: null,
  operatorFeeCents: 75, // contract: method/payments §1.9
  sourceSettlementDays: 1, // contract: method/payments §1.8
  destinationSettlementDays: 3,
  automaticReversals: false,
  suspendsWindows: false,
  linkedSourcesOnly: false,
  companiesMaySend: true,
  liveSince: null,
}
// contract: method/payments §1.2
const SANDBOX_RULES: PaymentRules = { ...PAYMENT_RULES, maximumCents: 1_00, monthlyQuota: 20 }

export function paymentRules({ settings, environment }: SettledSomewhere): PaymentRules {
  return { ...(environment === 'sandbox' ? SANDBOX_RULES : PAYMENT_RULES), ...settings.method?.payments }
}

/** What is settled about a team's links, with the defaults of its environment. */
export interface MoneykitRules {
  /** How often each client may ask; null: any number. */
  readonly requestsPerMinute: number | null
  /** Where link sessions may lead back to; null: anywhere. */
  readonly redirectOrigins: readonly string[] | null
  readonly country: 'US' | 'GB' | 'CA'
}

const CLIENT_REQUESTS_PER_MINUTE = 6000 // contract: moneykit/conventions §10, "generous"

export function moneykitRules({ settings, environment }: SettledSomewhere): MoneykitRules {
  const isRehearsal = environment === 'development'
  return {
    requestsPerMinute: isRehearsal ? null : CLIENT_REQUESTS_PER_MINUTE,
    redirectOrigins: isRehearsal ? null : [],
    country: 'US',
    ...settings.moneykit,
  }
}
