/** What each refusal answers on this wire. Contract: moneykit/conventions §5. */
import type { RefusalCode } from '../../core/refusals.js'

export interface ErrorRow {
  readonly status: number
  readonly code: string
  /** Left out: the sentence of the refusal. */
  readonly message?: string
  /** The member at fault, where the failure is one of validation. */
  readonly location?: readonly string[]
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
  | 'consumer'
  | 'element'
  | 'event'
  | 'merchant'
  | 'opal'
  | 'payment'
  | 'product'
  | 'report'
  | 'request'
  | 'retrieval'
  | 'simulation'
  | 'subscription'
  | 'team'
  | 'transaction'
  | 'verification'
  | 'webhook'
type Reached = Exclude<RefusalCode, `${Elsewhere}.${string}`>

export const errorRows = {
  'api_client.expired_token': ownErrors.expiredToken,
  'api_client.missing_scope': unauthorized,
  'api_client.not_found': unauthorized,
  'api_client.too_many_attempts': rateLimited,
  'api_client.unknown': unauthorized,
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
