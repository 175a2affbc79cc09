import { refuser } from '../refuse.js'

export const elementRefusals = {
  'element.not_found': 'No element token of this team is the given one. Check the token and the API key.',
  'element.unknown_token': 'The element token is unknown or malformed. Request a new one.',
  'element.expired_token':
    'The public element token is no longer valid. Element tokens are short lived and can only be used once. Request a new element token and try your request again.',
  'element.invalid_consumer': 'An element needs an individual that is not disabled.',
  'element.invalid_image': 'The image must be an http or https URL.',
  'element.account_not_found': 'No account of this entity has one of the given ids. List its accounts first.',
  'element.session_not_found': 'No element session has this id. Check the id and the API key.',
  'element.session_inactive': 'The element session has ended. Create a token without it to begin another.',
} as const

export type ElementRefusal = keyof typeof elementRefusals
export const refuse = refuser(elementRefusals)
