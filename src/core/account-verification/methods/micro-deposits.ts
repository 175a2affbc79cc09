import type { Chance } from '../../ids.js'
import { depositTime } from '../deposit-time.js'
import { type DepositTerms, defineMethod, isBankAccount } from './define.js'

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

// Contract: method/accounts §12.5, "between 20 and 99"; §12.3 [D23].
export const ORDINARY_TERMS: DepositTerms = { centsMin: 20, centsMax: 99, attemptsMax: 5, amountsCents: null }

/** Two small deposits are sent to the account, and the holder tells how much they were. */
export const microDeposits = defineMethod<MicroDepositsDetail, MicroDepositsSubmission>({
  purpose: 'ownership',
  fits: isBankAccount,
  caller: {
    async begin(ctx, _, terms) {
      const secret: MicroDepositsSecret = { amountsCents: terms.amountsCents ?? twoAmounts(ctx.chance, terms) }
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

function twoAmounts(chance: Chance, terms: DepositTerms): readonly number[] {
  const first = amount(chance, terms)
  for (;;) {
    const second = amount(chance, terms)
    if (second !== first) return [first, second]
  }
}

function amount(chance: Chance, { centsMin, centsMax }: DepositTerms): number {
  return centsMin + (chance.bytes(4).readUInt32BE() % (centsMax - centsMin + 1))
}

function sorted(amounts: readonly number[]): readonly number[] {
  return [...amounts].sort((one, other) => one - other)
}
