/**
 * Whether a webhook's receiver can be reached. Contract: method/webhooks-events §2.5.
 *
 * - `active`: the last delivery arrived, or none has been given up since.
 * - `requires_attention`: at least one was given up; the next that arrives makes it active again.
 * - `disabled`: five in a row were given up, or five in a day that are 40 % of what ended, or somebody switched it off. Nothing is
 *   sent until somebody switches it on.
 */
export type WebhookStatus = 'active' | 'requires_attention' | 'disabled'
export type WebhookReason = 'timeout' | 'received_4xx' | 'received_5xx' | 'other' | 'by_user'

/** Deliveries given up in a row: five times five attempts. */
const EXHAUSTED_MAX = 5
/** Of what ended in a day, once that many were given up. Method's overview of webhooks, 2026-03-30: 40 % of a rolling day. */
export const FAILING_SHARE_MAX = 0.4

export interface Health {
  readonly status: WebhookStatus
  readonly statusReason: WebhookReason | null
  readonly exhaustedInRow: number
}

export const HEALTHY: Health = { status: 'active', statusReason: null, exhaustedInRow: 0 }
export const SWITCHED_OFF: Health = { status: 'disabled', statusReason: 'by_user', exhaustedInRow: 0 }

/** The health after one more delivery ended; a webhook that was switched off stays off. */
export function healthAfter(before: Health, end: 'delivered' | 'exhausted', outcome: string): Health {
  if (before.status === 'disabled') return before
  if (end === 'delivered') return HEALTHY
  const exhaustedInRow = before.exhaustedInRow + 1
  const status = exhaustedInRow >= EXHAUSTED_MAX ? 'disabled' : 'requires_attention'
  return { status, statusReason: reasonOf(outcome), exhaustedInRow }
}

/** The health after a look at the whole day: a receiver that fails again and again is no better for what it takes in between. */
export function healthAfterDay(health: Health, day: { readonly exhausted: number; readonly ended: number }): Health {
  if (health.status !== 'requires_attention') return health
  const isFailing = day.exhausted >= EXHAUSTED_MAX && day.exhausted >= day.ended * FAILING_SHARE_MAX
  return isFailing ? { ...health, status: 'disabled' } : health
}

/** `outcome`: the HTTP status, or why there was none. */
function reasonOf(outcome: string): WebhookReason {
  if (outcome === 'timeout') return 'timeout'
  if (/^4\d\d$/.test(outcome)) return 'received_4xx'
  return /^5\d\d$/.test(outcome) ? 'received_5xx' : 'other'
}
