/**
 * The ways a consumer can be verified, each with the channel it proves. `isOffered` methods may be asked for by the caller;
 * the others are made by the server itself. Contract: method/entities §2.2.
 */
export const CHANNELS = ['phone', 'identity'] as const
export type Channel = (typeof CHANNELS)[number]

export const METHODS = ['byo_sms', 'kba'] as const
export type Method = (typeof METHODS)[number]

export const channelOf: Readonly<Record<Method, Channel>> = {
  byo_sms: 'phone',
  kba: 'identity',
}

/** What a session knows, by method. What proves a right answer is not in it. */
export type SessionDetail =
  /** `timestamp` is the caller's own, byte for byte: when the caller verified the phone. */
  | { readonly method: 'byo_sms'; readonly timestamp: string }
  | { readonly method: 'kba'; readonly questions: readonly Question[]; readonly isAuthenticated: boolean }

export interface Question {
  readonly id: string
  readonly text: string
  readonly answers: readonly { readonly id: string; readonly text: string }[]
}
