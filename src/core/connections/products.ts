/** What a connection gives access to, how that was asked for, and how fetching it goes. Contract: moneykit/links §1.2, §2.3. */
import { ACCESS_PRODUCTS, type AccessFailure } from '../../network/port.js'

/** `enrichment` is read from nowhere: it is what the server makes of transactions. */
export const CONNECTION_PRODUCTS = [...ACCESS_PRODUCTS, 'enrichment'] as const
export type ConnectionProduct = (typeof CONNECTION_PRODUCTS)[number]

/** What a session can ask for; accounts are always granted. */
export const GRANTABLE_PRODUCTS = ['account_numbers', 'identity', 'transactions', 'investments'] as const
export type GrantableProduct = (typeof GRANTABLE_PRODUCTS)[number]

export interface ProductSettings {
  /** Only institutions that have it are offered, and the consumer cannot decline it. */
  readonly required: boolean
  /** Where it is not required: the consumer grants it or cancels. */
  readonly requirePermission: boolean
  /** It is fetched right after connecting, as are required ones. */
  readonly prefetch: boolean
  readonly reason: string | null
  readonly extendHistory: boolean
}

export type WantedProducts = Readonly<Partial<Record<GrantableProduct, ProductSettings>>>

/** Why the last attempt to fetch a product failed. */
export const PRODUCT_ERRORS = [
  'rate_limit',
  'auth_expired',
  'not_supported',
  'timeout',
  'unknown',
  'no_accounts',
  'institution_error',
  'no_permission',
] as const
export type ProductError = (typeof PRODUCT_ERRORS)[number]

/** How a refresh goes: asked for, being fetched, over. */
export const REFRESH_STATES = ['pending', 'in_progress', 'completed', 'failed'] as const
export type RefreshState = (typeof REFRESH_STATES)[number]

/** A product that a connection has. Instants are whole seconds. */
export interface GrantedProduct {
  /** Null for `accounts` and `enrichment`, which nobody asks for. */
  readonly settings: ProductSettings | null
  /** The end of the last refresh that succeeded; grows with each. Null: never fetched. */
  readonly refreshedAt: string | null
  readonly lastAttemptedAt: string | null
  /** Set after a failed attempt, until the next success. */
  readonly errorCode: ProductError | null
  readonly errorMessage: string | null
  /** Why it cannot be refreshed any more; what was fetched stays readable. */
  readonly unavailable: string | null
  /** Of `transactions`: whether everything that can be had has been fetched. */
  readonly hasHistory: boolean
}

export type GrantedProducts = Readonly<Partial<Record<ConnectionProduct, GrantedProduct>>>

/** Why a product could not be read. `broken`: an adapter threw, again and again. */
export type ReadFailure = AccessFailure | 'broken'

/** What such a failure means for the product, and what is said about it. */
export const failures: Readonly<Record<ReadFailure, { readonly code: ProductError; readonly message: string }>> = {
  access_ended: { code: 'auth_expired', message: 'The institution no longer accepts this connection.' },
  unreachable: { code: 'institution_error', message: 'The institution is not answering right now.' },
  provider_failed: { code: 'unknown', message: 'The provider behind this connection is failing.' },
  broken: { code: 'unknown', message: 'Something failed on our side.' },
  not_supported: { code: 'not_supported', message: 'The institution does not offer this data.' },
  no_accounts: { code: 'no_accounts', message: 'No account has this kind of data.' },
}
