/** Every refusal of the core as this face answers it. Contract: method/conventions §6, §7, §18. */

import type { ApiClientRefusal } from '../../core/api-clients/api-clients.js'
import type { ConnectionRefusal } from '../../core/connections/connections.js'
import type { RefusalCode } from '../../core/refusals.js'
import type { Refusal } from '../../core/refuse.js'

export interface ErrorRow {
  readonly status: number
  readonly type: 'INVALID_REQUEST' | 'INVALID_AUTHORIZATION' | 'API_ERROR'
  readonly subType: string
  /** Replaces the refusal's own sentence where the wire's text is fixed. */
  readonly message?: string
}

const invalid = (subType: string): ErrorRow => ({ status: 400, type: 'INVALID_REQUEST', subType })
const notFound: ErrorRow = { status: 404, type: 'INVALID_REQUEST', subType: 'NOT_FOUND' }
const forbidden: ErrorRow = {
  status: 403,
  type: 'INVALID_REQUEST',
  subType: 'FORBIDDEN',
  message: "Your authorization token is valid. However, you're unauthorized to access the requested resource.",
}

/** Not refusals of the core but of HTTP itself. */
export const httpErrors = {
  badRequest: invalid('INVALID_REQUEST'),
  notFound,
  methodNotAllowed: { status: 405, type: 'INVALID_REQUEST', subType: 'METHOD_NOT_ALLOWED' },
  tooLarge: { status: 413, type: 'INVALID_REQUEST', subType: 'PAYLOAD_TOO_LARGE' },
  unsupportedMediaType: { status: 415, type: 'INVALID_REQUEST', subType: 'UNSUPPORTED_MEDIA_TYPE' },
  internal: { status: 500, type: 'API_ERROR', subType: 'INTERNAL_ERROR' },
  unavailable: { status: 503, type: 'API_ERROR', subType: 'SERVICE_UNAVAILABLE' },
} as const satisfies Record<string, ErrorRow>

export const errorRows = {
  'account.debts_not_allowed': invalid('TEAM_CAPABILITY_RESTRICTED'),
  'account.disabled': invalid('INVALID_REQUEST'),
  'account.existing_disabled': invalid('EXISTING_ACCOUNT_DISABLED'),
  'account.holder_disabled': invalid('INVALID_HOLDER_ID'),
  'account.invalid_bank_account': invalid('INVALID_REQUEST'),
  'account.invalid_details': invalid('INVALID_ACCOUNT_DETAILS'),
  'account.invalid_number': invalid('INVALID_ACCOUNT_NUMBER'),
  'account.metadata_too_large': invalid('MAX_ACCOUNT_METADATA_SIZE_EXCEEDED'),
  'account.network_unreachable': httpErrors.unavailable,
  'account.not_found': notFound,
  'account.unknown_holder': invalid('INVALID_HOLDER_ID'),
  'account.unknown_merchant': invalid('INVALID_MERCHANT_ID'),
  'account_verification.account_inactive': invalid('INVALID_REQUEST'),
  'account_verification.already_verified': invalid('EXISTING_VERIFIED_SESSION'),
  'account_verification.ended': invalid('INVALID_REQUEST'),
  'account_verification.mismatch': invalid('INVALID_REQUEST'),
  'account_verification.network_unreachable': httpErrors.unavailable,
  'account_verification.no_amounts': invalid('INVALID_REQUEST'),
  'account_verification.not_found': notFound,
  'account_verification.not_ready': invalid('INVALID_REQUEST'),
  'account_verification.too_many_attempts': invalid('VERIFICATION_SESSION_ATTEMPT_LIMIT_REACHED'),
  'account_verification.type_not_supported': invalid('VERIFICATION_TYPE_NOT_SUPPORTED'),
  'account_verification.unfinished_session': invalid('EXISTING_VERIFICATION_SESSION'),
  'account_verification.wrong_amounts': invalid('INVALID_VERIFICATION_AMOUNTS'),
  'card_product.not_found': notFound,
  'clock.backwards': invalid('INVALID_REQUEST'),
  'clock.busy': { status: 409, type: 'INVALID_REQUEST', subType: 'INVALID_REQUEST' },
  'clock.forbidden': forbidden,
  'clock.invalid_duration': invalid('INVALID_REQUEST'),
  'clock.too_far': invalid('INVALID_REQUEST'),
  'consent.account_already_granted': invalid('ACCOUNT_CONSENT_ALREADY_GRANTED'),
  'consent.account_erased': invalid('ACCOUNT_CONSENT_ALREADY_WITHDRAWN'),
  'consent.account_already_withdrawn': invalid('ACCOUNT_CONSENT_ALREADY_WITHDRAWN'),
  'consent.already_granted': invalid('ENTITY_CONSENT_ALREADY_GRANTED'),
  'consent.already_withdrawn': invalid('ENTITY_CONSENT_ALREADY_WITHDRAWN'),
  'consent.account_payment_in_progress': invalid('ACCOUNT_HAS_PAYMENT_IN_PROGRESS'),
  'consent.payments_in_progress': invalid('ENTITY_HAS_PAYMENTS_IN_PROGRESS'),
  'consumer.already_set': invalid('ENTITY_UPDATE_INVALID'),
  'consumer.awaits_consent': invalid('ENTITY_UPDATE_RESTRICTED'),
  'consumer.disabled': invalid('ENTITY_UPDATE_DISABLED'),
  'consumer.duplicate_details': invalid('DUPLICATE_ENTITY_DETAILS'),
  'consumer.invalid_details': invalid('INVALID_REQUEST'),
  'consumer.invalid_email': invalid('INVALID_ENTITY_EMAIL_ADDRESS'),
  'consumer.invalid_phone': invalid('INVALID_ENTITY_PHONE_NUMBER'),
  'consumer.invalid_ssn': invalid('ENTITY_INVALID_SSN'),
  'consumer.invalid_ssn4': invalid('ENTITY_INVALID_SSN4'),
  'consumer.metadata_too_large': invalid('MAX_ENTITY_METADATA_SIZE_EXCEEDED'),
  'consumer.not_found': notFound,
  'consumer.restricted_details': invalid('RESTRICTED_ENTITY_DETAILS'),
  'consumer.wrong_kind': invalid('ENTITY_UPDATE_UNSUPPORTED'),
  'element_flow.loan_exceeded': invalid('INVALID_REQUEST'),
  'element_flow.loan_too_small': invalid('INVALID_REQUEST'),
  'element_flow.no_account': invalid('INVALID_REQUEST'),
  'element_flow.one_account': invalid('INVALID_REQUEST'),
  'element.account_not_found': notFound,
  'element.expired_token': invalid('EXPIRED_TOKEN'),
  'element.invalid_consumer': invalid('INVALID_ENTITY'),
  'element.invalid_image': invalid('INVALID_REQUEST'),
  'element.not_found': notFound,
  'element.session_inactive': invalid('INVALID_REQUEST'),
  'element.session_not_found': notFound,
  'element.unknown_token': invalid('INVALID_TOKEN'),
  'merchant.conflicting_filters': invalid('INVALID_SEARCH_PARAMETERS'),
  'merchant.not_found': notFound,
  'opal.account_not_found': notFound,
  'opal.expired_token': invalid('EXPIRED_TOKEN'),
  'opal.invalid_consumer': invalid('INVALID_ENTITY'),
  'opal.session_completed': invalid('INVALID_REQUEST'),
  'opal.session_not_found': notFound,
  'opal.session_of_another_mode': invalid('INVALID_REQUEST'),
  'opal.unknown_token': { status: 401, type: 'INVALID_AUTHORIZATION', subType: 'UNAUTHORIZED' },
  'payment.amount_not_cents': invalid('INVALID_AMOUNT_TYPE'),
  'payment.amount_out_of_range': invalid('INVALID_AMOUNT'),
  'payment.amount_over_limit': invalid('MAX_AMOUNT_EXCEEDED'),
  'payment.destination_before_live': invalid('INVALID_TEST_DESTINATION'),
  'payment.destination_holder_inactive': invalid('INVALID_DESTINATION_HOLDER'),
  'payment.destination_not_payable': invalid('INVALID_DESTINATION_CAPABILITIES'),
  'payment.error_code_missing': invalid('INVALID_REQUEST'),
  'payment.insufficient_funds': invalid('INSUFFICIENT_FUNDS'),
  'payment.invalid_description': invalid('INVALID_ACH_DESCRIPTION'),
  'payment.invalid_fee': invalid('INVALID_REQUEST'),
  'payment.invalid_move': invalid('INVALID_REQUEST'),
  'payment.not_an_inbound_instrument': invalid('INVALID_REQUEST'),
  'payment.invalid_reversal_account': invalid('INVALID_REQUEST'),
  'payment.metadata_too_large': invalid('MAX_PAYMENT_METADATA_SIZE_EXCEEDED'),
  'payment.not_found': notFound,
  'payment.not_pending': invalid('INVALID_STATUS'),
  'payment.nothing_owed': invalid('INVALID_DESTINATION_BALANCE'),
  'payment.quota_used_up': invalid('MAX_REQUEST_LIMIT'),
  'payment.reversal_not_awaiting': invalid('INVALID_REVERSAL_STATUS'),
  'payment.reversal_not_found': notFound,
  'payment.same_account': invalid('INVALID_TRANSFER'),
  'payment.single_use_source_used': invalid('INVALID_SOURCE_SINGLE_USE_CLEARING'),
  'payment.source_before_live': invalid('INVALID_TEST_SOURCE'),
  'payment.source_holder_inactive': invalid('INVALID_SOURCE_HOLDER'),
  'payment.source_holder_may_not_send': invalid('INVALID_SOURCE_HOLDER_CAPABILITIES'),
  'payment.source_is_liability': invalid('INVALID_SOURCE_LIABILITY'),
  'payment.source_not_linked': invalid('INVALID_SOURCE_HOLDER_LIMITED'),
  'payment.source_not_verified': invalid('INVALID_SOURCE_CAPABILITIES'),
  'payment.unknown_destination': invalid('INVALID_DESTINATION'),
  'payment.unknown_source': invalid('INVALID_SOURCE'),
  'product.account_unverified': invalid('PRODUCT_VERIFICATION_MISSING'),
  'product.consent_unavailable': invalid('ACCOUNT_CONSENT_UNAVAILABLE'),
  'product.connect_required': invalid('PRODUCT_RESTRICTED_CONNECT_REQUIRED'),
  'product.consumer_inactive': invalid('ENTITY_VERIFICATION_MISSING'),
  'product.details_missing': invalid('PRODUCT_RESTRICTED'),
  'product.individuals_only': invalid('INVALID_REQUEST'),
  'product.no_identities': invalid('NO_IDENTITIES_FOUND'),
  'product.detail_of_another_type': invalid('INVALID_REQUEST'),
  'product.no_card_brand': invalid('CARD_BRANDS_NOT_FOUND'),
  'product.not_found': notFound,
  'product.team_restricted': invalid('TEAM_CAPABILITY_RESTRICTED'),
  'product.unavailable': invalid('PRODUCT_UNAVAILABLE'),
  'report.metadata_too_large': invalid('MAX_REPORT_METADATA_SIZE_EXCEEDED'),
  'report.not_found': notFound,
  'signing_key.not_found': notFound,
  'report.processing': invalid('INVALID_REQUEST'),
  'request.invalid': invalid('INVALID_REQUEST'),
  'request.keys_unavailable': { status: 503, type: 'API_ERROR', subType: 'IDEMPOTENCY_UNAVAILABLE' },
  'request.still_running': { status: 409, type: 'INVALID_REQUEST', subType: 'INVALID_REQUEST' },
  'request.unknown_cursor': invalid('INVALID_REQUEST'),
  'retrieval.not_found': notFound,
  'simulation.cannot_happen': invalid('INVALID_REQUEST'),
  'simulation.forbidden': forbidden,
  'simulation.invalid_persona': invalid('INVALID_REQUEST'),
  'simulation.not_subscribed': invalid('SIMULATION_RESTRICTED_MISSING_SUBSCRIPTION'),
  'simulation.nothing_requested': invalid('SIMULATION_RESTRICTED_MISSING_PRODUCT_REQUEST'),
  'simulation.too_many': invalid('INVALID_REQUEST'),
  'simulation.unknown_brand': invalid('CARD_BRANDS_NOT_FOUND'),
  'subscription.duplicate': invalid('SUBSCRIPTION_DUPLICATE'),
  'subscription.not_found': notFound,
  'subscription.restricted': invalid('PRODUCT_CAPABILITY_RESTRICTED'),
  'subscription.team_restricted': invalid('TEAM_CAPABILITY_RESTRICTED'),
  'subscription.unavailable': invalid('PRODUCT_UNAVAILABLE'),
  'subscription.unknown': invalid('SUBSCRIPTION_NOT_FOUND'),
  'team.key_not_found': notFound,
  'team.not_found': notFound,
  'team.unknown_key': { status: 401, type: 'INVALID_AUTHORIZATION', subType: 'UNAUTHORIZED' },
  'transaction.not_found': notFound,
  'verification.already_verified': invalid('EXISTING_VERIFIED_SESSION'),
  'verification.expired': invalid('VERIFICATION_SESSION_EXPIRED'),
  'verification.failed_answer': invalid('VERIFICATION_SESSION_FAILED_INVALID_ANSWER'),
  'verification.failed_code': invalid('VERIFICATION_SESSION_FAILED_INCORRECT_SMS_CODE'),
  'verification.failed_sna': invalid('VERIFICATION_SESSION_FAILED_SNA'),
  'verification.future_timestamp': invalid('INVALID_REQUEST'),
  'verification.individuals_only': invalid('INVALID_ENTITY_TYPE'),
  'verification.links_used_up': invalid('VERIFICATION_SESSION_FAILED_SNA'),
  'verification.method_not_allowed': invalid('UNAUTHORIZED_VERIFICATION_METHOD'),
  'verification.mismatch': invalid('INVALID_REQUEST'),
  'verification.no_code': notFound,
  'verification.no_match': invalid('MISSING_IDENTITY_MATCH'),
  'verification.no_phone': invalid('INVALID_REQUEST'),
  'verification.not_found': notFound,
  'verification.phone_first': invalid('MISSING_PHONE_VERIFICATION'),
  'verification.text_not_sent': httpErrors.unavailable,
  'verification.too_many_attempts': invalid('ENTITY_PHONE_VERIFICATION_MAX_ATTEMPTS'),
  'event.not_found': notFound,
  'webhook.invalid_url': invalid('INVALID_REQUEST'),
  'webhook.metadata_too_large': invalid('MAX_WEBHOOK_METADATA_SIZE_EXCEEDED'),
  'webhook.not_found': notFound,
  // This face knows keys, not clients, and makes no connections.
} as const satisfies Record<
  Exclude<
    RefusalCode,
    ApiClientRefusal | ConnectionRefusal | `login.${string}` | `micro_deposit.${string}` | `widget.${string}`
  >,
  ErrorRow
>

export function rowOf(refusal: Refusal): ErrorRow {
  return (errorRows as Readonly<Record<string, ErrorRow>>)[refusal.code] ?? httpErrors.internal
}

/** The refusal's sentence with the member's name as the wire spells it: `individual.first_name must be …`. */
export function messageOf(refusal: Refusal): string {
  const { fault } = refusal
  return fault ? `${spellMember(fault.member)} ${fault.rule}` : refusal.message
}

// Members whose wire name is more than another spelling of the core's.
const wireWords: Readonly<Record<string, string>> = {
  balanceCents: 'balance',
  creditLimitCents: 'credit_limit',
  interestRatePercent: 'interest_rate_percentage',
  isClosed: 'closed',
  isFrozen: 'credit_frozen',
  isRecognized: 'kba_recognized',
  merchantNumber: 'mch_id',
  openedOn: 'opened_at',
  ssn4: 'ssn_4',
}

/** `individual.firstName` → `individual.first_name`, `ssn4` → `ssn_4`. */
export function spellMember(path: string): string {
  const spell = (word: string) => wireWords[word] ?? word.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return path.replace(/[A-Za-z]\w*/g, spell)
}

export interface ErrorBody {
  readonly success: false
  readonly data: { readonly error: { type: string; code: number; sub_type: string; message: string } }
  readonly message: string
}

export function errorBody(row: ErrorRow, message: string): ErrorBody {
  const text = row.message ?? message
  return {
    success: false,
    data: { error: { type: row.type, code: row.status, sub_type: row.subType, message: text } },
    message: text,
  }
}
