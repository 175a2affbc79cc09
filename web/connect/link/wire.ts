/** What the page's own back end says. */

export interface Institution {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly domain: string | null
  readonly color: string
  readonly color_dark: string
  readonly login_kind: 'credentials' | 'oauth' | 'instant'
}

export interface OfferedInstitution extends Institution {
  readonly is_connected: boolean
}

export interface Session {
  readonly session_id: string
  readonly link_type: 'link' | 'relink'
  readonly application_name: string
  readonly redirect_origin: string
  readonly is_institution_settled: boolean
  readonly institution: Institution | null
  readonly features: {
    readonly report_issues: boolean
    readonly warn_of_duplicates: boolean
    readonly connect_manually: boolean
  }
}

export interface CredentialField {
  readonly name: string
  readonly label: string
  readonly is_secret: boolean
}

export interface Challenge {
  readonly id: string
  readonly kind: 'text' | 'one_time_code' | 'options' | 'image' | 'image_options'
  readonly label: string
  readonly image: string | null
  readonly options: readonly { readonly id: string; readonly label: string; readonly image: string | null }[]
}

export type Product = 'account_numbers' | 'identity' | 'transactions' | 'investments'

export interface OfferedProduct {
  readonly product: Product
  readonly reason: string | null
  readonly is_fixed: boolean
}

export interface OfferedAccount {
  readonly ref: string
  readonly type: string
  readonly name: string
  readonly mask: string | null
  readonly is_fixed: boolean
}

export interface Offer {
  readonly products: readonly OfferedProduct[]
  readonly accounts: readonly OfferedAccount[]
  readonly only_one: boolean
}

export type Step =
  | { readonly kind: 'log_in'; readonly institution: Institution; readonly fields: readonly CredentialField[] }
  | { readonly kind: 'answer'; readonly challenges: readonly Challenge[] }
  | { readonly kind: 'visit'; readonly url: string }
  | ({ readonly kind: 'choose' } & Offer)
  | {
      readonly kind: 'failed'
      readonly error_id: string
      readonly may_retry: boolean
      readonly request_id: string
    }

/** How it ended well. */
export interface Done {
  /** Null when a link was renewed. */
  readonly exchangeable_token: string | null
  readonly link_id: string
  readonly institution: Readonly<Record<string, unknown>>
}
