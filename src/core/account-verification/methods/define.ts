/**
 * What a method of proving an account is. A definition is the whole fact: which accounts it fits, what it proves, how a
 * session by it begins, and what an answer to it proves. Adding a method is adding a file and its line in the table.
 */
import type { Account, AccountDetails } from '../../accounts/accounts.js'
import type { Asking, Ctx } from '../../ctx.js'
import type { Team } from '../../teams/teams.js'
import type { AccountVerificationRefusal } from '../errors.js'
import type { AccountFailureReason } from '../transitions.js'

export interface AccountMethodDefinition<Detail = object, Submission = object> {
  /** What a verified session proves: one purpose is verified once. */
  readonly purpose: 'ownership' | 'number' | 'card_network'
  readonly fits: (account: Account, team: Team) => boolean
  /** Absent where only the server makes sessions. */
  readonly caller?: CallerMade<Detail, Submission>
}

export interface CallerMade<Detail, Submission> {
  /** Asks outside for what the session needs; no transaction is open. */
  begin(ctx: Ctx<Asking>, account: Account, terms: DepositTerms): Promise<Begun<Detail>>
  /** Judges what the caller handed in, asking outside where that knows; no transaction is open. */
  judge(ctx: Ctx<Asking>, answer: Answer<Detail, Submission>): Promise<Verdict<Detail>>
}

/** Who asks for a session says which deposits it shall take, and how often a wrong answer may be given. */
export interface DepositTerms {
  readonly centsMin: number
  readonly centsMax: number
  readonly attemptsMax: number
  /** For rehearsals: these, and no others. */
  readonly amountsCents: readonly number[] | null
}

export interface Begun<Detail> {
  readonly detail: Detail
  /** What proves a right answer; sealed. */
  readonly secret: object | null
  /** When something has to be done outside before it can be answered. */
  readonly dueAt: string | null
}

export interface Answer<Detail, Submission> {
  readonly account: Account
  readonly detail: Detail
  readonly secret: object | null
  readonly submission: Submission
}

export interface Verdict<Detail> {
  /** `wrong` is counted and may be tried again, up to a limit. */
  readonly result: 'verified' | 'wrong' | AccountFailureReason
  readonly detail: Detail
  /** What is kept, sealed, from now on. */
  readonly secret: object | null
  /** What the caller said of the account and the proof bore out. */
  readonly learned?: AccountDetails
  /** What a caller is told whose answer was wrong; absent where the session itself says it. */
  readonly refusal?: AccountVerificationRefusal
}

/** Checks a definition's types; the value is the definition itself. */
export function defineMethod<Detail, Submission>(
  definition: AccountMethodDefinition<Detail, Submission>,
): AccountMethodDefinition<Detail, Submission> {
  return definition
}

export const isBankAccount = ({ kind }: Account): boolean => kind === 'ach'
export const isCard = ({ liability }: Account): boolean => liability?.type === 'credit_card'
