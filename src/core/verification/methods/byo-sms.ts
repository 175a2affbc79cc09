import { refuse } from '../errors.js'
import { always, defineMethod } from './define.js'

/** `timestamp` is the caller's own, byte for byte: when the caller verified the phone. */
export interface ByoSmsDetail {
  readonly method: 'byo_sms'
  readonly timestamp: string
}

// How far ahead of ours a caller's clock may be. Contract: method/entities §2.3.
const CLOCK_TOLERANCE_MS = 5 * 60_000

/** The caller has verified the phone; its word is taken. */
export const byoSms = defineMethod<ByoSmsDetail, never>({
  channels: ['phone'],
  isOffered: always,
  caller: {
    async begin(ctx, { timestamp }) {
      if (Date.parse(timestamp ?? '') > Date.parse(ctx.clock.now()) + CLOCK_TOLERANCE_MS) {
        throw refuse('verification.future_timestamp')
      }
      return { detail: { method: 'byo_sms', timestamp: timestamp ?? '' }, secret: null, isVerified: true }
    },
  },
})
