import { defineMethod, isBankAccount } from './define.js'

export interface ServerMadeDetail {
  readonly method: 'auto_verify' | 'trusted_provisioner'
}

/** The team takes every deposit account for proven. Contract: method/accounts §1.4.2. */
export const autoVerify = defineMethod<ServerMadeDetail, never>({ purpose: 'ownership', fits: isBankAccount })

/** The team has proven the accounts of this bank itself. */
export const trustedProvisioner = defineMethod<ServerMadeDetail, never>({ purpose: 'ownership', fits: isBankAccount })
