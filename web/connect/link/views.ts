/** What the page can show. Each has the name that the app hears of. */
import type { ShownError } from './launcher.js'
import type { Challenge, CredentialField, Institution, Offer, OfferedInstitution } from './wire.js'

/** What a person can do about an error. */
export type Way = 'retry' | 'another_institution' | 'close'

export type View =
  | { readonly at: 'finder' }
  | { readonly at: 'alert'; readonly institution: OfferedInstitution }
  | {
      readonly at: 'credentials'
      readonly institution: Institution
      readonly fields: readonly CredentialField[]
      readonly error: ShownError | null
      readonly mayGoBack: boolean
    }
  | {
      readonly at: 'oauth'
      readonly institution: Institution
      readonly url: string
      readonly isOpen: boolean
      readonly notice: string | null
      readonly mayGoBack: boolean
    }
  | { readonly at: 'answers'; readonly institution: Institution; readonly challenges: readonly Challenge[] }
  | { readonly at: 'connecting'; readonly institution: Institution | null }
  | { readonly at: 'permissions'; readonly institution: Institution; readonly offer: Offer }
  | {
      readonly at: 'accounts'
      readonly institution: Institution
      readonly offer: Offer
      readonly error: string | null
      readonly mayGoBack: boolean
    }
  | { readonly at: 'success'; readonly institution: Institution }
  | { readonly at: 'error'; readonly error: ShownError; readonly ways: readonly Way[] }
  /** The flow goes on in another window. */
  | { readonly at: 'elsewhere' }

/** Contract: moneykit/connect §6; null for what is no screen of a flow. */
export function screenName(view: View): string | null {
  switch (view.at) {
    case 'finder':
      return 'Finder'
    case 'alert':
      return 'Institution Alert'
    case 'credentials':
      return 'Credentials'
    case 'oauth':
      return 'OAuth'
    case 'answers':
      return answersName(view.challenges)
    case 'connecting':
      return 'Connecting'
    case 'permissions':
      return 'Permissions'
    case 'accounts':
      return 'Accounts'
    case 'success':
      return 'Success'
    case 'error':
      return 'Error'
    case 'elsewhere':
      return null
  }
}

type AnswersName = 'OTP Device' | 'OTP' | 'MFA'

/** Institutions ask alike where to send a code and anything else; the options tell which it is. */
export function answersName(challenges: readonly Challenge[]): AnswersName {
  const [only, ...more] = challenges
  if (!only || more.length > 0) return 'MFA'
  if (only.kind === 'one_time_code') return 'OTP'
  return only.kind === 'options' && only.options.every(({ id }) => /^(sms|text|email|phone|call|voice)/i.test(id))
    ? 'OTP Device'
    : 'MFA'
}

/** The event that tells of what was answered. */
export const answerEvents = {
  'OTP Device': 'submit_otp_device',
  OTP: 'submit_otp',
  MFA: 'submit_mfa',
} as const satisfies Record<AnswersName, string>
