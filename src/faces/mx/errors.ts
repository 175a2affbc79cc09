/** What each refusal answers on this wire. Contract: mx-connect/callbacks §4, data §13. */
import type { RefusalCode } from '../../core/refusals.js'

export interface ErrorRow {
  readonly status: number
  readonly type: string
  /** Left out: the sentence of the refusal. */
  readonly message?: string
  /** The member at fault, where the refusal names none itself. */
  readonly field?: string
  /** What the refusal says beyond its sentence: whose id it is. */
  readonly detail?: 'guid'
}

const notFound = { status: 404, type: 'not_found' } as const
const unauthorized = { status: 401, type: 'unauthorized' } as const
const validation = { status: 422, type: 'validation' } as const
const serverError = { status: 500, type: 'server_error' } as const

/** Failures that no refusal of the core stands behind. */
export const ownErrors = {
  badRequest: { status: 400, type: 'bad_request' },
  unauthorized,
  notFound,
  methodNotAllowed: { status: 405, type: 'bad_request' },
  tooLarge: { status: 413, type: 'bad_request' },
  unsupportedMediaType: { status: 415, type: 'bad_request' },
  validation,
  internal: serverError,
  unavailable: { status: 503, type: 'server_error' },
} as const satisfies Record<string, ErrorRow>

// Capabilities that no operation of this face reaches.
type Elsewhere =
  | 'api_client'
  | 'card_product'
  | 'consent'
  | 'element'
  | 'element_flow'
  | 'event'
  | 'merchant'
  | 'opal'
  | 'payment'
  | 'product'
  | 'report'
  | 'signing_key'
  | 'retrieval'
  | 'subscription'
  | 'transaction'
  | 'verification'
  | 'webhook'
  | 'account'
  | 'account_verification'
  | 'connect_session'
// Of these, single refusals are reached.
type PartlyElsewhere = Exclude<
  Extract<RefusalCode, `${'connection' | 'consumer' | 'request' | 'simulation' | 'team'}.${string}`>,
  | 'connection.institution_not_found'
  | 'connection.deleted'
  | 'connection.not_found'
  | 'connection.bad_state'
  | 'connection.product_not_granted'
  | 'consumer.disabled'
  | 'consumer.not_found'
  | 'request.keys_unavailable'
  | 'request.still_running'
  | 'simulation.cannot_happen'
  | 'simulation.forbidden'
  | 'team.unknown_key'
>
type Reached = Exclude<RefusalCode, `${Elsewhere}.${string}` | PartlyElsewhere>

const memberNotFound: ErrorRow = { ...notFound, message: 'Member not found.' }

export const errorRows = {
  'clock.backwards': { ...validation, field: 'set' },
  'clock.busy': { status: 409, type: 'clock_busy' },
  'clock.forbidden': { status: 403, type: 'forbidden' },
  'clock.invalid_duration': { ...validation, field: 'advance' },
  'clock.too_far': { ...validation, field: 'advance' },
  'connection.bad_state': { status: 409, type: 'not_connected' },
  'connection.product_not_granted': {
    status: 400,
    type: 'product_not_supported',
    message: 'No job has asked for this of the member.',
  },
  'connection.deleted': memberNotFound,
  'connection.institution_not_found': { ...notFound, message: 'Institution not found.' },
  'connection.not_found': memberNotFound,
  'consumer.disabled': { status: 403, type: 'user_disabled', message: 'The user was disabled.' },
  'consumer.not_found': { ...notFound, message: 'User not found.' },
  'login.already_there': {
    status: 409,
    type: 'member_exists',
    message: 'The user has a member with this login at this institution.',
    detail: 'guid',
  },
  'login.cannot_become': { status: 409, type: 'cannot_be_simulated' },
  'login.has_no_pages': {
    status: 422,
    type: 'invalid_credentials_shape',
    message: 'One logs in to this institution with credentials.',
    field: 'is_oauth',
  },
  'login.institution_silent': { status: 503, type: 'server_error' },
  'login.institution_suspended': { status: 403, type: 'institution_disabled' },
  'login.invalid_answer': { ...validation, field: 'challenges' },
  'login.invalid_credentials': { status: 422, type: 'invalid_credentials_shape', field: 'credentials' },
  'login.not_challenged': { status: 409, type: 'not_challenged' },
  'login.not_found': memberNotFound,
  'login.product_not_supported': { status: 400, type: 'product_not_supported' },
  'login.rehearsed_ban': { status: 403, type: 'forbidden' },
  'login.rehearsed_failure': serverError,
  'login.rehearsed_invalid': ownErrors.badRequest,
  'login.run_not_found': { ...notFound, message: 'Job not found.' },
  'login.visit_is_over': ownErrors.badRequest,
  'login.visit_not_found': { ...notFound, message: 'OAuth state not found.' },
  'login.waits_for_visit': { status: 409, type: 'oauth_pending' },
  'micro_deposit.already_open': { status: 409, type: 'micro_deposit_conflict' },
  'micro_deposit.cannot_become': { status: 409, type: 'cannot_be_simulated' },
  'micro_deposit.invalid': { status: 400, type: 'micro_deposit_invalid' },
  'micro_deposit.not_begun': { status: 409, type: 'not_preinitiated' },
  'micro_deposit.not_found': { ...notFound, message: 'Microdeposit not found.' },
  'micro_deposit.not_verifiable': { status: 409, type: 'not_verifiable' },
  'micro_deposit.too_many': { status: 429, type: 'rate_limited' },
  'request.keys_unavailable': ownErrors.unavailable,
  'request.still_running': { status: 409, type: 'still_running' },
  'simulation.cannot_happen': { ...notFound, message: 'Nobody is awaited there.' },
  'simulation.forbidden': { status: 403, type: 'forbidden' },
  'team.unknown_key': unauthorized,
  'widget.invalid_ticket': validation,
  'widget.unknown_session': unauthorized,
  'widget.user_disabled': { status: 403, type: 'user_disabled' },
  'widget.user_not_found': { ...notFound, message: 'User not found.' },
} as const satisfies Record<Reached, ErrorRow>

export function rowOf(code: string): ErrorRow {
  return (errorRows as Readonly<Record<string, ErrorRow>>)[code] ?? ownErrors.internal
}

/** By the member's path, what is wrong with it. */
export type Fields = Readonly<Record<string, readonly string[]>>

/** A failure of this face alone. */
export class OwnFailure extends Error {
  readonly row: ErrorRow
  readonly extras: Readonly<Record<string, unknown>>

  constructor(row: ErrorRow, message: string, extras: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'OwnFailure'
    this.row = row
    this.extras = extras
  }
}
