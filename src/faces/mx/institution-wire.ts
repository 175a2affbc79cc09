/** Institutions and what one types to log in there. Contract: mx-connect/data §1, §2. */
import { type Static, Type } from 'typebox'
import type { RoutedInstitution } from '../../core/connections/connections.js'
import type { Caller } from './caller.js'
import { nameGuid } from './ids.js'
import { AnyObject, Count, Flag, nullable, Text } from './schema.js'
import { FIELD_TYPES, type FieldType } from './statuses.js'

export type Place = Pick<Caller, 'publicUrl'>

export const InstructionsWire = Type.Object({
  title: nullable(Text),
  description: nullable(Text),
  steps: Type.Array(Text),
})

export const InstitutionWire = Type.Object({
  guid: Text,
  code: Text,
  name: Text,
  url: Text,
  login_url: nullable(Text),
  logo_url: Text,
  popularity: Count,
  supports_oauth: Flag,
  account_verification_is_enabled: Flag,
  account_identification_is_enabled: Flag,
  tax_statement_is_enabled: Flag,
  is_disabled_by_client: Flag,
  instructional_data: InstructionsWire,
  forgot_password_credential_recovery_url: nullable(Text),
  forgot_username_credential_recovery_url: nullable(Text),
  trouble_signing_credential_recovery_url: nullable(Text),
  aggregatorDisplayName: Text,
  status: Count,
  iso_country_code: nullable(Text),
  routing_numbers: Type.Array(Text),
})

export const CredentialWire = Type.Object({
  guid: Text,
  display_order: Count,
  field_name: Text,
  field_type: Count,
  field_type_name: Text,
  label: Text,
  meta_data: nullable(AnyObject),
  optional: Flag,
  options: nullable(AnyObject),
})

/** Where manual accounts are; the widget knows it by the beginning of its guid. */
export const MANUAL_SLUG = 'manual'

export function institutionGuid(slug: string): string {
  return slug === MANUAL_SLUG ? nameGuid('INS-MANUAL', slug) : nameGuid('INS', slug)
}

export function logoUrl({ publicUrl }: Place, slug: string): string {
  return `${publicUrl}/logos/${institutionGuid(slug)}.svg`
}

// Higher comes first. contract: mx-connect/data §1
const POPULARITY_MAX = 1000

export function institutionWire(institution: RoutedInstitution, place: Place): Static<typeof InstitutionWire> {
  const { institutionSlug, name, domain, loginKind, products, isSuspended, help, country } = institution
  const url = `https://${domain ?? `${institutionSlug.replaceAll('_', '-')}.example`}`
  return {
    guid: institutionGuid(institutionSlug),
    code: institutionSlug,
    name,
    url,
    login_url: `${url}/login`,
    logo_url: logoUrl(place, institutionSlug),
    popularity: popularityOf(institution),
    supports_oauth: loginKind === 'oauth',
    account_verification_is_enabled: products.includes('account_numbers'),
    account_identification_is_enabled: products.includes('identity'),
    tax_statement_is_enabled: false,
    is_disabled_by_client: isSuspended,
    instructional_data: {
      title: help?.title ?? null,
      description: help?.text ?? null,
      steps: [...(help?.steps ?? [])],
    },
    forgot_password_credential_recovery_url:
      help?.forgotPasswordUrl ?? (loginKind === 'oauth' ? null : `${url}/forgot`),
    forgot_username_credential_recovery_url: help?.forgotUserNameUrl ?? null,
    trouble_signing_credential_recovery_url: help?.troubleUrl ?? null,
    aggregatorDisplayName: 'Clearspan',
    status: 0,
    iso_country_code: country,
    routing_numbers: [...institution.routingNumbers],
  }
}

export function popularityOf({ popularity }: Pick<RoutedInstitution, 'popularity'>): number {
  return Math.max(1, POPULARITY_MAX + 1 - popularity)
}

export function manualInstitutionWire(place: Place): Static<typeof InstitutionWire> {
  return {
    guid: institutionGuid(MANUAL_SLUG),
    code: MANUAL_SLUG,
    name: 'Manual Institution',
    url: place.publicUrl,
    login_url: null,
    logo_url: logoUrl(place, MANUAL_SLUG),
    popularity: 1,
    supports_oauth: false,
    account_verification_is_enabled: false,
    account_identification_is_enabled: false,
    tax_statement_is_enabled: false,
    is_disabled_by_client: false,
    instructional_data: { title: null, description: null, steps: [] },
    forgot_password_credential_recovery_url: null,
    forgot_username_credential_recovery_url: null,
    trouble_signing_credential_recovery_url: null,
    aggregatorDisplayName: 'Clearspan',
    status: 0,
    iso_country_code: null,
    routing_numbers: [],
  }
}

// Under which names the widget's pages know the fields.
const FIELD_NAMES: Readonly<Record<string, string>> = {
  username: 'LOGIN',
  password: 'PASSWORD',
  member_number: 'MEMBER_NO',
  member_no: 'MEMBER_NO',
}

export function credentialsWire({ institutionSlug, fields }: RoutedInstitution): Static<typeof CredentialWire>[] {
  return fields.map(({ name, label, isSecret }, index) => {
    const type: FieldType = isSecret ? 'PASSWORD' : name === 'username' ? 'LOGIN' : 'TEXT'
    return {
      guid: fieldGuid(institutionSlug, name),
      display_order: index + 1,
      field_name: FIELD_NAMES[name] ?? name.toUpperCase(),
      field_type: FIELD_TYPES[type],
      field_type_name: type,
      label,
      meta_data: null,
      optional: false,
      options: null,
    }
  })
}

export function fieldGuid(slug: string, name: string): string {
  return nameGuid('CRD', slug, name)
}
