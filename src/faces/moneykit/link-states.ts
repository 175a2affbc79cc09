/** The words for how a link is. Contract: moneykit/links §3. */
import type { ConnectionError, ConnectionState } from '../../core/connections/connections.js'
import { oneOf } from './schema.js'

export const linkStates = {
  connecting: 'connecting',
  awaiting_exchange: 'awaiting_token_exchange',
  connected: 'connected',
  deleted: 'deleted',
  error: 'error',
} as const satisfies Record<ConnectionState, string>

const linkErrors = {
  system_error: 'system_error',
  provider_error: 'provider_error',
  institution_error: 'institution_error',
  user_error: 'user_error',
  auth_expired: 'auth_expired',
  incomplete: 'incomplete',
  no_accounts: 'no_accounts',
  user_setup_required: 'user_setup_required',
  invalid_credentials: 'invalid_credentials',
  user_oauth_denied: 'user_oauth_denied',
  user_input_incorrect: 'user_input_incorrect',
} as const satisfies Record<ConnectionError, string>

export const LinkStateWire = oneOf(Object.values(linkStates))
export const LinkErrorWire = oneOf(Object.values(linkErrors))

/** Why a link is of no use: its error, or the name of its state. */
export function spellLinkErrorCode(word: string): string {
  return linkStates[word as ConnectionState] ?? word
}
