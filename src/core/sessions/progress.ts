/** Where a person stands in a hosted page. What they said of themselves is at the consumer, what they proved in sessions. */
import type { AccountId, VerificationSessionId } from '../ids.js'

/** The screens of the page, by what they ask for. */
export const STEPS = [
  'intro',
  'name',
  'phone',
  'phone_code',
  'dob',
  'address',
  'ssn4',
  'questions',
  'consent',
  'auth_success',
  'auth_failure',
  'accounts',
  'account',
  'success',
  'empty',
  'error',
] as const
export type Step = (typeof STEPS)[number]

/** Why a person cannot be authenticated here. */
export type AuthFailure = 'unmatched' | 'phone' | 'too_many_codes' | 'identity' | 'not_offered' | 'disabled'

/** What the screen has to say of what happened last. */
export type ProgressNote = 'wrong_code' | 'code_expired' | 'code_not_sent' | 'code_resent' | 'wrong_answers'

/** Why an account that needs a proof goes without. */
export type Unproven = 'later' | 'failed' | 'unsupported'

export interface Progress {
  /** The screen that is shown; null before the first. */
  readonly step: Step | null
  /** The account that it is about, where it is about one. */
  readonly accountId: AccountId | null
  /** The person has done what it asks for, and what comes next was not shown yet. */
  readonly isDone: boolean
  readonly introPassed: boolean
  readonly phoneSessionId: VerificationSessionId | null
  readonly codesSent: number
  readonly identitySessionId: VerificationSessionId | null
  readonly quizzesFailed: number
  readonly consented: boolean
  readonly authPassed: boolean
  readonly failure: AuthFailure | null
  readonly note: ProgressNote | null
  /** What cannot be reached at the moment. */
  readonly trouble: 'connect' | 'account' | null
  readonly chosen: readonly AccountId[] | null
  readonly unproven: Readonly<Record<AccountId, Unproven>>
  /** Proven in this page. */
  readonly proven: readonly AccountId[]
}

export const FRESH: Progress = {
  step: null,
  accountId: null,
  isDone: false,
  introPassed: false,
  phoneSessionId: null,
  codesSent: 0,
  identitySessionId: null,
  quizzesFailed: 0,
  consented: false,
  authPassed: false,
  failure: null,
  note: null,
  trouble: null,
  chosen: null,
  unproven: {},
  proven: [],
}
