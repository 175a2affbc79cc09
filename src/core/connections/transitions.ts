/**
 * The life of a connection. Contract: moneykit/links §3.
 *
 * - `connecting` waits for the consumer, who is logging in or choosing; its session moves it on, or ends with it.
 * - `awaiting_exchange` waits for the team's back end to exchange the token that the consumer's success gave.
 * - `connected` is read by schedule and on request.
 * - `error` waits for whoever its code names: the consumer connects again, or a scheduled refresh finds that it works again.
 * - `deleted` is the end: a bare record without data, which is dropped after 90 days.
 */
export const CONNECTION_STATES = ['connecting', 'awaiting_exchange', 'connected', 'error', 'deleted'] as const
export type ConnectionState = (typeof CONNECTION_STATES)[number]

/** Why a connection needs attention. */
export const CONNECTION_ERRORS = [
  'system_error',
  'provider_error',
  'institution_error',
  'user_error',
  'auth_expired',
  'incomplete',
  'no_accounts',
  'user_setup_required',
  'invalid_credentials',
  'user_oauth_denied',
  'user_input_incorrect',
] as const
export type ConnectionError = (typeof CONNECTION_ERRORS)[number]

/** What can happen to a connection, and which states it can happen in. The values are the states it leads to. */
export const transitions = {
  /** The consumer tries again in a session that is still open. */
  retried: { error: 'connecting', connecting: 'connecting' },
  submitted: { connecting: 'awaiting_exchange' },
  exchanged: { awaiting_exchange: 'connected' },
  /** Login, institution or provider failed for good, time ran out, access ended, or somebody reset it. */
  failed: { connecting: 'error', awaiting_exchange: 'error', connected: 'error', error: 'error' },
  /** The consumer has connected it again. */
  reconnected: { connecting: 'connected', awaiting_exchange: 'connected', connected: 'connected', error: 'connected' },
  /** What had failed by itself works again. */
  recovered: { error: 'connected' },
  deleted: { connecting: 'deleted', awaiting_exchange: 'deleted', connected: 'deleted', error: 'deleted' },
} as const satisfies Readonly<Record<string, Partial<Record<ConnectionState, ConnectionState>>>>
export type Cause = keyof typeof transitions

/** Where a cause leads from a state; null where it cannot happen. */
export function stateAfter(from: ConnectionState, cause: Cause): ConnectionState | null {
  const moves: Partial<Record<ConnectionState, ConnectionState>> = transitions[cause]
  return moves[from] ?? null
}

/** Errors that pass without anybody doing anything. */
export const RECOVERABLE_ERRORS: readonly ConnectionError[] = ['institution_error', 'provider_error', 'system_error']

/** What a person who looks at the connection is told. */
export const errorMessages: Readonly<Record<ConnectionError, string>> = {
  system_error: 'Something failed on our side.',
  provider_error: 'The provider behind this connection is failing.',
  institution_error: 'The institution is not answering right now.',
  user_error: 'The login was not completed.',
  auth_expired: 'The institution no longer accepts this connection.',
  incomplete: 'The connection waits for the user to complete it.',
  no_accounts: 'No account has the requested kind of data, or none is permitted.',
  user_setup_required: 'The user has to do something at the institution first.',
  invalid_credentials: 'The institution did not accept the credentials.',
  user_oauth_denied: "Access was denied on the institution's page.",
  user_input_incorrect: 'An answer to a question of the institution was wrong.',
}
