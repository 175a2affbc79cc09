import { refuser } from '../refuse.js'

export const clockRefusals = {
  'clock.forbidden': 'Only the clock of a development team can be read and set. Use a development key.',
  'clock.invalid_duration':
    'advance must be a number of seconds or an ISO 8601 duration such as P1D or PT90S, and not negative.',
  'clock.backwards': 'A clock never goes back. Set it to an instant that is not over.',
  'clock.too_far': 'A clock is moved by at most ten years at a time, and not beyond the year 2100.',
  'clock.busy': 'The clock is being moved by others. Try again in a moment.',
} as const

export type ClockRefusal = keyof typeof clockRefusals
export const refuse = refuser(clockRefusals)
