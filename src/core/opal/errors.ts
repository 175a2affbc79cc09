import { refuser } from '../refuse.js'

export const opalRefusals = {
  'opal.unknown_token': 'The Opal token is missing or unknown. Send one from POST /opal/token as a Bearer token.',
  'opal.expired_token':
    'The Opal token is no longer valid: it is older than 30 minutes or was ended. Create another one with the session_id to continue the session.',
  'opal.invalid_consumer': 'Opal needs an individual that is not disabled.',
  'opal.account_not_found': 'No account of this entity has the given id. List its accounts first.',
  'opal.session_not_found': 'No Opal session has this id. Check the id and the API key.',
  'opal.session_completed': 'The Opal session is completed. Create a token without it to begin another.',
  'opal.session_of_another_mode': 'The Opal session has another mode. Send the mode that it began with.',
} as const

export type OpalRefusal = keyof typeof opalRefusals
export const refuse = refuser(opalRefusals)
