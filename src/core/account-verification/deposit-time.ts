import { addBusinessDays, dateIn, instantOn } from '../calendar/calendar.js'
import { addMs, type Instant } from '../clock/clock.js'
import type { Environment } from '../teams/teams.js'

const REHEARSED_DELAY_MS = 5000 // contract: method/accounts §12.5
const MORNING = '08:30'

/**
 * When deposits asked for now leave: five seconds later in development; elsewhere on the morning of the next business
 * day, at 8:30 US Central time.
 */
export function depositTime(now: Instant, environment: Environment): Instant {
  if (environment === 'development') return addMs(now, REHEARSED_DELAY_MS)
  return instantOn(addBusinessDays(dateIn(now), 1), MORNING)
}
