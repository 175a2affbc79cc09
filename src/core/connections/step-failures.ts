/** What it means for a session that an institution does not let the consumer in, or shows nothing. */
import type { AccessFailure, LoginRefusal } from '../../network/port.js'
import type { ConnectionError } from './transitions.js'

/** In words of the network. */
export type FailureReason = LoginRefusal | AccessFailure

interface StepFailure {
  readonly error: ConnectionError
  /** Not a slip of the consumer: the connection says so at once. */
  readonly isFinal: boolean
  /** Another try in this session makes sense. */
  readonly mayRetry: boolean
}

const slip = (error: ConnectionError): StepFailure => ({ error, isFinal: false, mayRetry: true })
const trouble = (error: ConnectionError): StepFailure => ({ error, isFinal: true, mayRetry: true })
const obstacle = (error: ConnectionError): StepFailure => ({ error, isFinal: true, mayRetry: false })

const refusals: Readonly<Record<LoginRefusal, StepFailure>> = {
  invalid_credentials: slip('invalid_credentials'),
  rejected_without_reason: slip('invalid_credentials'),
  wrong_answer: slip('user_input_incorrect'),
  challenge_expired: slip('user_input_incorrect'),
  access_denied: slip('user_oauth_denied'),
  locked: obstacle('user_setup_required'),
  too_many_failures: obstacle('user_setup_required'),
  setup_required: obstacle('user_setup_required'),
  reading_disabled: obstacle('user_setup_required'),
  no_accounts: obstacle('no_accounts'),
  institution_down: trouble('institution_error'),
  institution_maintenance: trouble('institution_error'),
  institution_unavailable: trouble('institution_error'),
  provider_failed: trouble('provider_error'),
}

const unread: Readonly<Record<AccessFailure, StepFailure>> = {
  access_ended: slip('user_error'),
  unreachable: trouble('institution_error'),
  provider_failed: trouble('provider_error'),
  not_supported: obstacle('no_accounts'),
  no_accounts: obstacle('no_accounts'),
}

/** Logins and accounts have some reasons in common, which mean the same. */
export function failureOf(reason: FailureReason): StepFailure {
  return reason in refusals ? refusals[reason as LoginRefusal] : unread[reason as AccessFailure]
}
