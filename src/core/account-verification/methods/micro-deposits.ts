import type { Chance } from '../../ids.js'
import { depositTime } from '../deposit-time.js'
import { defineMethod, isBankAccount } from './define.js'

export interface MicroDepositsDetail {
  readonly method: 'micro_deposits'
  /** The amounts last handed in, right or wrong; empty before. */
  readonly amountsCents: readonly number[]
}

export interface MicroDepositsSubmission {
  readonly method: 'micro_deposits'
  readonly amountsCents: readonly number[]
}

/** What is kept sealed. */
export interface MicroDepositsSecret {
  readonly amountsCents: readonly number[]
}

// Contract: method/accounts §12.5, "between 20 and 99".
const CENTS_MIN = 20
const CENTS_MAX = 99

/** Two small deposits are sent to the account, and the holder tells how much they were. */
export const microDeposits = defineMethod<MicroDepositsDetail, MicroDepositsSubmission>({
  purpose: 'ownership',
  fits: isBankAccount,
  caller: {
    async begin(ctx) {
      const secret: MicroDepositsSecret = { amountsCents: twoAmounts(ctx.chance) }
      const dueAt = depositTime(ctx.clock.now(), ctx.team.environment)
      return { detail: { method: 'micro_deposits', amountsCents: [] }, secret, dueAt }
    },
    async judge(_, { secret, submission: { amountsCents } }) {
      const { amountsCents: sent } = secret as MicroDepositsSecret
      const isRight = sorted(sent).join() === sorted(amountsCents).join()
      return {
        result: isRight ? 'verified' : 'wrong',
        detail: { method: 'micro_deposits', amountsCents },
        secret,
        refusal: 'account_verification.wrong_amounts',
      }
    },
  },
})

function twoAmounts(chance: Chance): readonly number[] {
  const first = amount(chance)
  for (;;) {
    const second = amount(chance)
    if (second !== first) return [first, second]
  }
}

function amount(chance: Chance): number {
  return CENTS_MIN + (chance.bytes(4).readUInt32BE() % (CENTS_MAX - CENTS_MIN + 1))
}

function sorted(amounts: readonly number[]): readonly number[] {
  return [...amounts].sort((one, other) => one - other)
}
