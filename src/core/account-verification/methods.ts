/** The ways an account can be proven. Contract: method/accounts §12.1. */
import { CARD_METHODS, type CardDetail, type CardSubmission, cardMethods } from './methods/cards.js'
import type { AccountMethodDefinition } from './methods/define.js'
import { type MicroDepositsDetail, type MicroDepositsSubmission, microDeposits } from './methods/micro-deposits.js'
import { PROVIDER_METHODS, type ProviderDetail, type ProviderSubmission, providerMethods } from './methods/providers.js'
import { autoVerify, type ServerMadeDetail, trustedProvisioner } from './methods/server-made.js'

const methods = {
  micro_deposits: microDeposits,
  ...providerMethods,
  ...cardMethods,
  auto_verify: autoVerify,
  trusted_provisioner: trustedProvisioner,
} as const
export type AccountMethod = keyof typeof methods
export const ACCOUNT_METHODS = [
  'micro_deposits',
  ...PROVIDER_METHODS,
  ...CARD_METHODS,
  'auto_verify',
  'trusted_provisioner',
] as const satisfies readonly AccountMethod[]

/** What a session shows of itself, by method. Nothing secret is in it. */
export type AccountSessionDetail = MicroDepositsDetail | ProviderDetail | CardDetail | ServerMadeDetail

/** What a caller hands in. */
export type AccountSubmission = MicroDepositsSubmission | ProviderSubmission | CardSubmission

export function definitionOf(method: AccountMethod): AccountMethodDefinition<AccountSessionDetail, AccountSubmission> {
  return methods[method] as unknown as AccountMethodDefinition<AccountSessionDetail, AccountSubmission>
}

/** The methods that prove the same as this one. */
export function methodsLike(method: AccountMethod): readonly AccountMethod[] {
  const { purpose } = definitionOf(method)
  return ACCOUNT_METHODS.filter((other) => definitionOf(other).purpose === purpose)
}
