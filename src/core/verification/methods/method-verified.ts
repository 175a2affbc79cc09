import { defineMethod } from './define.js'

/** The details were proven before; there is nothing to do and nothing to offer. */
export interface MethodVerifiedDetail {
  readonly method: 'method_verified'
}

export const methodVerified = defineMethod<MethodVerifiedDetail, never>({
  channels: ['phone', 'identity'],
  isOffered: () => false,
})
