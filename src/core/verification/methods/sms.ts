import { timingSafeEqual } from 'node:crypto'
import type { Chance } from '../../ids.js'
import { refuse } from '../errors.js'
import { always, defineMethod } from './define.js'

export interface SmsDetail {
  readonly method: 'sms'
  /** When the right code came; null before. */
  readonly verifiedAt: string | null
}

export interface SmsSubmission {
  readonly method: 'sms'
  /** Six digits. */
  readonly code: string
}

// In development every code is right but this one. Contract: method/entities §2.7.
const REHEARSED_WRONG_CODE = '000000'

/** A code is sent to the phone, and the person tells it. */
export const sms = defineMethod<SmsDetail, SmsSubmission>({
  channels: ['phone'],
  isOffered: always,
  caller: {
    async begin(ctx, { consumer }) {
      const code = sixDigits(ctx.chance)
      const sent = await ctx.network.sendText(
        { realm: ctx.team.id, at: ctx.clock.now() },
        {
          to: consumer.individual?.phone ?? '',
          text: `${code} is your code to verify this phone. It is valid for 10 minutes.`,
        },
      )
      if (!sent.ok) throw refuse('verification.text_not_sent')
      return { detail: { method: 'sms', verifiedAt: null }, secret: code, isVerified: false }
    },
    answered: {
      failure: 'incorrect_code',
      missing: { member: 'sms.smsCode', rule: 'must be the six digits that were sent to the phone.' },
      judge({ team, clock }, { submission, secret }) {
        const isVerified =
          team.environment === 'development'
            ? submission.code !== REHEARSED_WRONG_CODE
            : secret !== null && isSame(secret, submission.code)
        return { detail: { method: 'sms', verifiedAt: isVerified ? clock.now() : null }, isVerified }
      },
    },
  },
})

/** Never begins with a zero, so that it is never the code that is wrong on purpose. */
function sixDigits(chance: Chance): string {
  return String(100_000 + (chance.bytes(4).readUInt32BE() % 900_000))
}

function isSame(right: string, given: string): boolean {
  return right.length === given.length && timingSafeEqual(Buffer.from(right), Buffer.from(given))
}
