/** What a hosted page tells of itself, step by step. Contract: method/entities §12.6.3, §12.7. */
import type { Instant } from '../clock/clock.js'
import type { AccountId, ConsumerId } from '../ids.js'

/** Every step with its actions; a step without any is an event by itself. */
const STEPS = {
  AUTH_INTRO: ['OPEN', 'CONTINUE', 'CLOSE'],
  AUTH_NAME: ['OPEN', 'CONTINUE', 'CLOSE'],
  AUTH_PHONE: ['OPEN', 'CONTINUE', 'CLOSE'],
  AUTH_PHONE_VERIFY: ['OPEN', 'SUBMIT', 'RESEND_CODE', 'CLOSE'],
  AUTH_DOB: ['OPEN', 'CONTINUE', 'CLOSE'],
  AUTH_ADDRESS: ['OPEN', 'CONTINUE', 'CLOSE'],
  AUTH_SSN4: ['OPEN', 'CONTINUE', 'CLOSE'],
  AUTH_SECQ: ['OPEN', 'CONTINUE', 'CLOSE', 'INCORRECT_TRY_AGAIN'],
  AUTH_CONSENT: ['OPEN', 'CONTINUE', 'CLOSE'],
  AUTH_SUCCESS: ['OPEN', 'CONTINUE'],
  AUTH_FAILURE: ['OPEN', 'CONTINUE'],
  AVF_ACCOUNT_LIST: ['OPEN', 'CLOSE'],
  AVF_LEARN_MORE: ['OPEN', 'CLOSE'],
  AVF_ACCOUNT_VERIFY: ['OPEN', 'SUBMIT', 'CLOSE'],
  AVF_SUCCESS: ['OPEN', 'CONTINUE'],
  AVF_EMPTY_SUCCESS: ['OPEN', 'CONTINUE'],
} as const
const LONE_STEPS = ['AVF_SKIP_ALL', 'AVF_ERROR'] as const

type Steps = typeof STEPS
type Actions = { [Step in keyof Steps]: `${Step}_${Steps[Step][number]}` }
export type StepEvent = Actions[keyof Steps] | (typeof LONE_STEPS)[number]

/** All 46 of them. */
export const STEP_EVENTS: readonly StepEvent[] = [
  ...Object.entries(STEPS).flatMap(([step, actions]) => actions.map((action) => `${step}_${action}` as StepEvent)),
  ...LONE_STEPS,
]

/** What a page may tell; that it opened and that it succeeded is known without it. */
export type PageEvent =
  | { readonly type: StepEvent | 'exit' }
  /** A refusal of the core that the person got to see. */
  | { readonly type: 'error'; readonly code: string; readonly message: string }

export type ElementEvent = { readonly at: Instant } & (
  | PageEvent
  | { readonly type: 'open' }
  | { readonly type: 'success'; readonly consumerId: ConsumerId; readonly accountIds: readonly AccountId[] }
)
