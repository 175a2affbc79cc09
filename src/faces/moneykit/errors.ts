/** What each refusal answers on this wire. Contract: moneykit/conventions §5. */
import type { RefusalCode } from '../../core/refusals.js'

export interface ErrorRow {
  readonly status: number
  readonly code: string
  /** Left out: the sentence of the refusal. */
  readonly message?: string
  /** The member at fault, where the failure is one of validation. */
  readonly location?: readonly string[]
  /** What the refusal says beyond its sentence: why the link is of no use, or how many seconds to wait. */
  readonly detail?: 'link_error_code' | 'retry_after'
}

const unauthorized: ErrorRow = { status: 401, code: 'api_error.auth.unauthorized' }
const rateLimited: ErrorRow = { status: 429, code: 'api_error.rate_limit_exceeded', message: 'Rate limit exceeded' }

/** Failures that no refusal of the core stands behind. */
export const ownErrors = {
  expiredToken: { status: 401, code: 'api_error.auth.expired_access_token', message: 'Access token expired' },
  unauthorized,
  rateLimited,
  unsupportedGrant: { status: 400, code: 'api_error.auth.unauthorized' },
  invalid: { status: 422, code: 'api_error.request.validation_failed', message: 'Request validation error' },
  forbiddenConfig: { status: 403, code: 'link_session_error.forbidden_config' },
  invalidSession: { status: 400, code: 'link_session_error.invalid_token_exchange' },
  notFound: { status: 404, code: 'api_error.not_found' },
  methodNotAllowed: { status: 405, code: 'api_error.method_not_allowed' },
  tooLarge: { status: 413, code: 'api_error.request.too_large' },
  unsupportedMediaType: { status: 415, code: 'api_error.request.unsupported_media_type' },
  internal: { status: 500, code: 'api_error.internal_error' },
  unavailable: { status: 503, code: 'api_error.internal_error' },
} as const satisfies Record<string, ErrorRow>

// Capabilities that no operation of this face reaches.
type Elsewhere =
  | 'account'
  | 'account_verification'
  | 'card_product'
  | 'clock'
  | 'consent'
  | 'element'
  | 'element_flow'
  | 'event'
  | 'login'
  | 'merchant'
  | 'micro_deposit'
  | 'opal'
  | 'payment'
  | 'product'
  | 'report'
  | 'signing_key'
  | 'request'
  | 'retrieval'
  | 'subscription'
  | 'team'
  | 'transaction'
  | 'verification'
  | 'widget'
// Of these, single refusals are reached.
type PartlyElsewhere = Exclude<
  Extract<RefusalCode, `${'consumer' | 'simulation' | 'webhook'}.${string}`>,
  'consumer.disabled' | 'simulation.cannot_happen' | 'simulation.forbidden' | 'webhook.invalid_url'
>
type Reached = Exclude<RefusalCode, `${Elsewhere}.${string}` | PartlyElsewhere>

const linkNotFound: ErrorRow = { status: 404, code: 'link_error.not_found' }
const forbiddenAction: ErrorRow = { status: 403, code: 'link_error.forbidden_action' }
const { invalidSession } = ownErrors

export const errorRows = {
  'api_client.expired_token': ownErrors.expiredToken,
  'api_client.missing_scope': unauthorized,
  'api_client.not_found': unauthorized,
  'api_client.too_many_attempts': rateLimited,
  'api_client.unknown': unauthorized,
  'connect_session.completed': { ...invalidSession, message: 'The link session has been completed' },
  'connect_session.expired': { ...invalidSession, message: 'The link session has expired' },
  'connect_session.invalid_choice': { ...ownErrors.invalid, location: ['body'] },
  'connect_session.invalid_token': { ...invalidSession, message: 'Invalid token for link' },
  'connect_session.not_found': { ...invalidSession, message: 'Invalid link session token' },
  'connect_session.rehearsal_data': {
    status: 403,
    code: 'link_session_error.forbidden_config',
    message: 'Custom sandbox data is possible in sandbox only',
  },
  'connect_session.wrong_step': { ...invalidSession, message: 'The link session is at another step' },
  'connection.account_not_found': { ...linkNotFound, message: 'Account not found.' },
  'connection.bad_state': { status: 422, code: 'link_error.bad_state', detail: 'link_error_code' },
  'connection.deleted': {
    status: 410,
    code: 'link_error.deleted',
    message: 'This link was deleted at some earlier time.',
  },
  'connection.institution_not_found': {
    status: 404,
    code: 'institution_error.not_found',
    message: 'Institution not found',
  },
  'connection.invalid_category': { ...ownErrors.invalid, location: ['body', 'subcategory'] },
  'connection.invalid_import': { ...ownErrors.invalid, location: ['body'] },
  'connection.no_webhook': { status: 400, code: 'link_error.bad_config', message: 'The link has no webhook URL' },
  'connection.not_a_rehearsal': { ...forbiddenAction, message: 'Only sandbox links allow this' },
  'connection.not_found': { ...linkNotFound, message: 'Link not found.' },
  'connection.not_imported': { ...forbiddenAction, message: 'Only imported links allow this' },
  'connection.other_client': {
    status: 401,
    code: 'link_error.unauthorized_access',
    message: 'Unauthorized link access.',
  },
  'connection.product_not_granted': { ...forbiddenAction, message: 'Product access not permitted' },
  'connection.refreshed_too_recently': { ...rateLimited, detail: 'retry_after' },
  'connection.transaction_not_found': { ...linkNotFound, message: 'Transaction not found.' },
  'connection.unknown_cursor': { ...ownErrors.invalid, location: ['query', 'cursor'] },
  'consumer.disabled': { ...ownErrors.forbiddenConfig, message: 'The user was disabled' },
  'simulation.cannot_happen': { ...ownErrors.invalid, location: ['path'] },
  'simulation.forbidden': { ...forbiddenAction, message: 'Only development links allow this' },
  'webhook.invalid_url': { ...ownErrors.invalid, location: ['body', 'webhook'] },
} as const satisfies Record<Reached, ErrorRow>

export function rowOf(code: string): ErrorRow {
  return (errorRows as Readonly<Record<string, ErrorRow>>)[code] ?? ownErrors.internal
}

/** A member of a request that breaks its schema. */
export interface ValidationError {
  readonly location: readonly (string | number)[]
  readonly message: string
  readonly type: string
}

/** The body of an answer that reports a failure: flat. */
export interface ErrorBody {
  readonly error_code: string
  readonly error_message: string
  readonly documentation_url: null
  readonly validation_errors?: readonly ValidationError[]
  readonly link_error_code?: string
}

export function errorBody(row: ErrorRow, message: string): ErrorBody {
  return { error_code: row.code, error_message: row.message ?? message, documentation_url: null }
}

/** Everything that is wrong with a request, reported together. */
export class InvalidRequest extends Error {
  readonly errors: readonly ValidationError[]

  constructor(errors: readonly ValidationError[]) {
    super('The request breaks its schema.')
    this.name = 'InvalidRequest'
    this.errors = errors
  }
}

/** A failure of this face alone. */
export class OwnFailure extends Error {
  readonly row: ErrorRow

  constructor(row: ErrorRow, message: string) {
    super(message)
    this.name = 'OwnFailure'
    this.row = row
  }
}
