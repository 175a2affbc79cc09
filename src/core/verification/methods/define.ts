/**
 * What a method of verification is. A definition is the whole fact: which channels it proves, who makes its sessions, what
 * it needs from outside to begin, and what an answer proves. Adding a method is adding a file and its line in the table.
 */
import type { Consumer } from '../../consumers/consumers.js'
import type { Asking, Ctx } from '../../ctx.js'
import type { VerificationSessionId } from '../../ids.js'
import type { Fault } from '../../refuse.js'
import type { Team } from '../../teams/teams.js'
import type { FailureReason } from '../transitions.js'

export const CHANNELS = ['phone', 'identity'] as const
export type Channel = (typeof CHANNELS)[number]

export interface MethodDefinition<Detail = object, Submission = object> {
  readonly channels: readonly Channel[]
  /** Whether a team may use it unless it does without. */
  readonly isOffered: (team: Team) => boolean
  /** Absent where only the server makes sessions. */
  readonly caller?: CallerMade<Detail, Submission>
}

/** The methods that a caller may ask for. */
export interface CallerMade<Detail, Submission> {
  /** Asks outside for what the session needs; no transaction is open. */
  begin(ctx: Ctx<Asking>, beginning: Beginning): Promise<Begun<Detail>>
  /** Absent where a session is over as soon as it is made. */
  readonly answered?: Answered<Detail, Submission>
}

export interface Answered<Detail, Submission> {
  /** Why a session that was answered wrongly has failed. */
  readonly failure: FailureReason
  /** What to say to a request without an answer. */
  readonly missing: Fault
  /** Judges the caller's answer. `secret` is what `begin` asked to keep. */
  judge(ctx: Ctx<'team' | 'clock'>, answer: Answer<Detail, Submission>): Judged<Detail>
}

export interface Beginning {
  readonly sessionId: VerificationSessionId
  readonly consumer: Consumer
  /** When the caller verified the phone itself. */
  readonly timestamp: string | null
}

export interface Begun<Detail> {
  readonly detail: Detail
  /** What proves a right answer; kept in the vault until the session ends. */
  readonly secret: string | null
  readonly isVerified: boolean
}

export interface Answer<Detail, Submission> {
  readonly detail: Detail
  readonly submission: Submission
  readonly secret: string | null
}

export interface Judged<Detail> {
  readonly detail: Detail
  readonly isVerified: boolean
}

/** Checks a definition's types; the value is the definition itself. */
export function defineMethod<Detail, Submission>(
  definition: MethodDefinition<Detail, Submission>,
): MethodDefinition<Detail, Submission> {
  return definition
}

export const always = (): boolean => true
