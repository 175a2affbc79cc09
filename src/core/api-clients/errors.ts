import { refuser } from '../refuse.js'

export const apiClientRefusals = {
  'api_client.expired_token': 'The access token has expired. Ask for a new one.',
  'api_client.missing_scope': 'The client may not do this. Use one that has the scope.',
  'api_client.not_found': 'No client has this id. `clearspan clients list` shows them.',
  'api_client.too_many_attempts': 'Too many attempts with a wrong secret. Try again in a minute.',
  'api_client.unknown': 'The credentials are missing or not valid.',
} as const

export type ApiClientRefusal = keyof typeof apiClientRefusals
export const refuse = refuser(apiClientRefusals)
