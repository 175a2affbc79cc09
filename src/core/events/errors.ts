import { refuser } from '../refuse.js'

export const eventRefusals = {
  'event.not_found': 'No event has this id.',
} as const

export type EventRefusal = keyof typeof eventRefusals
export const refuse = refuser(eventRefusals)
