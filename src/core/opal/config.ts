/** What an Opal session is about, and what its flow may show and skip. Contract: method/entities §13. */
import type { AccountId } from '../ids.js'
import type { LiabilityType } from '../institutions/institutions.js'
import type { AccountProductName } from '../products/products.js'

export const OPAL_MODES = [
  'identity_verification',
  'connect',
  'card_connect',
  'account_verification',
  'transactions',
] as const
export type OpalMode = (typeof OPAL_MODES)[number]

/** Details that the flow does not ask the person for. */
export type SkippableDetail = 'name' | 'dob' | 'address' | 'ssn4'
export const OPAL_SELECTIONS = ['single', 'multiple', 'all'] as const

export interface AccountFilters {
  /** Only these; empty for all. */
  readonly types: readonly LiabilityType[]
  readonly products: readonly AccountProductName[]
  /** Never these. */
  readonly exceptTypes: readonly LiabilityType[]
  readonly exceptMerchantNumbers: readonly number[]
  readonly exceptUnverifiedNumbers: boolean
}

interface Finding {
  readonly skips: readonly SkippableDetail[]
  readonly selection: (typeof OPAL_SELECTIONS)[number]
  readonly filters: AccountFilters
}

export type OpalConfig = { readonly appearance: object | null } & (
  | { readonly mode: 'identity_verification'; readonly skips: readonly SkippableDetail[] }
  | ({ readonly mode: 'connect' | 'card_connect' } & Finding)
  | { readonly mode: 'account_verification'; readonly accountId: AccountId; readonly intent: string | null }
  | { readonly mode: 'transactions' }
)

/** As a caller says it; the account is not known to be one. */
export type OpalConfigInput =
  | Exclude<OpalConfig, { mode: 'account_verification' }>
  | {
      readonly mode: 'account_verification'
      readonly accountId: string
      readonly intent: string | null
      readonly appearance: object | null
    }

/** The products that a mode leads to. */
export function productsOf(config: OpalConfigInput): readonly string[] {
  switch (config.mode) {
    case 'connect':
    case 'card_connect':
      return ['connect', ...config.filters.products]
    case 'transactions':
      return ['transaction']
    case 'identity_verification':
    case 'account_verification':
      return []
  }
}
