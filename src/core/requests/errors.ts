import { refuser } from '../refuse.js'

export const requestRefusals = {
  'request.invalid': 'The request is not valid.',
  'request.unknown_cursor': 'page_cursor names no record. Use a cursor from the headers of an earlier page.',
  'request.keys_unavailable':
    'Idempotent requests are temporarily unavailable. To ensure idempotency try your request later, or fall back to a non-idempotent request.',
  'request.still_running': 'A request with this idempotency key is still running. Send it again in a moment.',
} as const

export type RequestRefusal = keyof typeof requestRefusals
export const refuse = refuser(requestRefusals)
