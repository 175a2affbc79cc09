/** How often one client may ask. A bucket for each, that fills steadily: a burst of a minute's worth is fine. */
import { OwnFailure, ownErrors } from './errors.js'

/** A failure that says when to come back. */
export class TooOften extends OwnFailure {
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    super(ownErrors.rateLimited, 'Rate limit exceeded')
    this.retryAfterSeconds = retryAfterSeconds
  }
}

const KNOWN_MAX = 10_000

/** Counts a request; throws `TooOften`. `perMinute` null: any number. */
export type RequestLimiter = (clientId: string, perMinute: number | null) => void

/** `readMs` is a steady clock of the machine. Each process counts for itself. */
export function openLimiter(readMs: () => number): RequestLimiter {
  const buckets = new Map<string, { left: number; at: number }>()
  return (clientId, perMinute) => {
    if (perMinute === null) return
    const now = readMs()
    const bucket = buckets.get(clientId) ?? { left: perMinute, at: now }
    const left = Math.min(perMinute, bucket.left + ((now - bucket.at) / 60_000) * perMinute)
    if (left < 1) {
      buckets.set(clientId, { left, at: now })
      throw new TooOften(Math.max(1, Math.ceil(((1 - left) * 60) / perMinute)))
    }
    if (buckets.size >= KNOWN_MAX) buckets.clear()
    buckets.set(clientId, { left: left - 1, at: now })
  }
}
