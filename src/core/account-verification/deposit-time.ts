import { addMs, type Instant } from '../clock/clock.js'
import type { Environment } from '../teams/teams.js'

const REHEARSED_DELAY_MS = 5000 // contract: method/accounts §12.5
const DAY_MS = 86_400_000

/**
 * When deposits asked for now leave: five seconds later in development; elsewhere with the first ACH window of the next
 * business day, at 8:30 in the morning, US Central time. Saturdays and Sundays are no business days.
 */
export function depositTime(now: Instant, environment: Environment): Instant {
  if (environment === 'development') return addMs(now, REHEARSED_DELAY_MS)
  for (let day = 1; ; day++) {
    const window = windowOn(addMs(now, day * DAY_MS).slice(0, 10))
    if (!['Sat', 'Sun'].includes(inChicago(window, { weekday: 'short' }))) return window
  }
}

/** 8:30 in Chicago is 13:30 UTC in summer and 14:30 in winter. */
function windowOn(date: string): Instant {
  const summer = `${date}T13:30:00.000Z`
  return inChicago(summer, { hour: '2-digit', hourCycle: 'h23' }) === '08' ? summer : `${date}T14:30:00.000Z`
}

function inChicago(at: Instant, shown: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { timeZone: 'America/Chicago', ...shown }).format(Date.parse(at))
}
