/**
 * How each subscription keeps producing. Most ask for a product again when they are due. Some listen: they ask whether there
 * are news, and make records of those only.
 */
import { addMs, type Instant, type Pace } from '../clock/clock.js'
import type { Subscription } from './subscriptions.js'

const MINUTE_MS = 60 * 1000
const DAY_MS = 24 * 3600 * 1000
// No source names it: often enough that a purchase is told while it is still on its way to being posted.
const LISTENING_MS = 5 * MINUTE_MS
// A clock that is moved by years would spend them listening. At 0, 6, 12 and 18 o'clock, wherever the way began: then one long
// way and many short ones hear the same.
const DRIVEN_LISTENING_MS = 6 * 3600 * 1000

export interface Rhythm {
  /** The product that is asked for, and what is asked of it; null for a subscription that listens. */
  readonly makes: { readonly product: string; readonly detail: object } | null
  /** When it is due next, if it was due, or enrolled, at an instant: never at once. Contract: method/entities §9.4. */
  readonly nextAt: (at: Instant, pace: Pace) => Instant
}

const daily = (at: Instant) => addMs(at, DAY_MS)
const often = (at: Instant, pace: Pace) =>
  pace === 'real' ? addMs(at, LISTENING_MS) : addMs(at, DRIVEN_LISTENING_MS - (Date.parse(at) % DRIVEN_LISTENING_MS))
const product = (name: string, detail: object = {}) => ({ product: name, detail })

/** By owner and name. Sources name no rhythm but that of snapshots; a day is what the development environment is said to do. */
const rhythms: Readonly<Record<string, Rhythm>> = {
  'consumer.connect': { makes: product('connect'), nextAt: daily },
  'consumer.credit_score': { makes: product('credit_score'), nextAt: daily },
  'consumer.attribute': { makes: product('attribute'), nextAt: daily },
  'account.update': { makes: product('update'), nextAt: daily },
  'account.update.snapshot': { makes: product('update', { source: 'snapshot' }), nextAt: nextMonth },
  'account.card_brand': { makes: null, nextAt: daily },
  'account.transaction': { makes: null, nextAt: often },
}

type Named = Pick<Subscription, 'ownerKind' | 'name'>

export function rhythmOf({ ownerKind, name }: Named): Rhythm {
  const rhythm = rhythms[`${ownerKind}.${name}`]
  if (!rhythm) throw new Error(`Nothing says how often ${name} is due.`)
  return rhythm
}

/** When an enrolment of now is due for the first time. */
export function firstDueAt(subscription: Named, now: Instant): Instant {
  return rhythmOf(subscription).nextAt(now, 'real')
}

/** The same time a month later; on the month's last day where it has no such date. */
function nextMonth(at: Instant): Instant {
  const [year = 0, month = 1, day = 1] = at.slice(0, 10).split('-').map(Number)
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const date = new Date(Date.UTC(year, month, Math.min(day, lastDay)))
  return `${date.toISOString().slice(0, 10)}${at.slice(10)}`
}
