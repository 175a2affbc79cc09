/** What is sent: only the members that a route takes, whatever object of its own the widget hands over. */

import type { Value } from './index.js'
import { ConnectApiError } from './transport.js'

/** The widget's member and configuration, as the routes about members take them. */
export function memberFrom(given: Value, config: Value) {
  const { institution_guid, credentials, is_oauth, use_cases } = given
  const wanted = [...new Set([...(use_cases ?? []), ...(config.use_cases ?? [])])]
  return {
    member: {
      institution_guid,
      ...(credentials
        ? { credentials: credentials.map(({ guid, value }: Value) => ({ guid, value: value ?? null })) }
        : {}),
      ...(is_oauth ? { is_oauth: true } : {}),
      ...(wanted.length > 0 ? { use_cases: wanted } : {}),
      skip_aggregation: true,
      background_aggregation_is_disabled: Boolean(config.disable_background_agg ?? config.mode === 'verification'),
    },
    include_transactions: config.include_transactions ?? null,
    referral_source: config.is_mobile_webview === true ? 'APP' : (config.oauth_referral_source ?? 'BROWSER'),
    ui_message_webview_url_scheme: config.ui_message_webview_url_scheme ?? null,
    client_redirect_url: config.client_redirect_url ?? null,
    enable_app2app: config.enable_app2app ?? null,
    mode: config.mode ?? null,
    data_request: config.data_request ?? null,
  }
}

const TEXTS: readonly string[] = ['user_name']
const ACCOUNT_MEMBERS = [
  'user_name',
  'account_type',
  'balance',
  'interest_rate',
  'minimum_payment',
  'day_payment_is_due',
  'credit_limit',
  'original_balance',
  'property_type',
  'is_personal',
] as const

/** A form's texts become numbers; what was left empty is left out. */
export function accountFrom(given: Value): Value {
  return Object.fromEntries(
    ACCOUNT_MEMBERS.flatMap((name) => {
      const value = given[name]
      if (value === '' || value === undefined || value === null) return []
      const isNumber = typeof value === 'string' && !TEXTS.includes(name)
      return [[name, isNumber ? Number(value.replaceAll(',', '')) : value]]
    }),
  )
}

const DEPOSIT_MEMBERS = [
  'account_name',
  'account_number',
  'account_type',
  'routing_number',
  'first_name',
  'last_name',
  'email',
  'user_guid',
] as const

export function depositFrom(given: Value): Value {
  return Object.fromEntries(DEPOSIT_MEMBERS.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])))
}

/** The widget shows the account of a failed micro-deposit, and breaks without one. */
export function failedDeposit({ account_number = null, account_type = null, routing_number = null }: Value) {
  return (error: unknown): never => {
    if (error instanceof ConnectApiError) {
      const { data } = error.response
      const said = typeof data.micro_deposit === 'object' ? data.micro_deposit : {}
      data.micro_deposit = { account_number, account_type, routing_number, ...said }
    }
    throw error
  }
}

/** The widget sends what follows the decimal point: `07` is seven cents. */
export function toDollars(digits: string | number): number {
  return typeof digits === 'number' ? digits : Number(`0.${digits}`)
}
