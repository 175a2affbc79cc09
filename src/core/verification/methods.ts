/** The ways a consumer can be verified, in the order in which faces list them. Contract: method/entities §1.5.1, §2.2. */
import type { Team } from '../teams/teams.js'
import { type ByoKycDetail, byoKyc } from './methods/byo-kyc.js'
import { type ByoSmsDetail, byoSms } from './methods/byo-sms.js'
import type { Channel, MethodDefinition } from './methods/define.js'
import { type ElementDetail, element } from './methods/element.js'
import { type KbaDetail, type KbaSubmission, kba } from './methods/kba.js'
import { type MethodVerifiedDetail, methodVerified } from './methods/method-verified.js'
import { type OpalDetail, opal } from './methods/opal.js'
import { type SmsDetail, type SmsSubmission, sms } from './methods/sms.js'
import { type SnaDetail, type SnaSubmission, sna } from './methods/sna.js'

const methods = {
  element,
  opal,
  sna,
  sms,
  byo_sms: byoSms,
  kba,
  byo_kyc: byoKyc,
  method_verified: methodVerified,
} as const
export type Method = keyof typeof methods
export const METHODS = Object.keys(methods) as readonly Method[]

/** What a session knows, by method. What proves a right answer is not in it. */
export type SessionDetail =
  | ElementDetail
  | OpalDetail
  | SnaDetail
  | SmsDetail
  | ByoSmsDetail
  | KbaDetail
  | ByoKycDetail
  | MethodVerifiedDetail

/** A caller's answer to a session. */
export type Submission = SnaSubmission | SmsSubmission | KbaSubmission

export function definitionOf(method: Method): MethodDefinition<SessionDetail, Submission> {
  return methods[method] as MethodDefinition<SessionDetail, Submission>
}

/** The methods that a team may use for a channel, its own and the server's. */
export function offeredMethods(team: Team, channel: Channel): readonly Method[] {
  return METHODS.filter((method) => definitionOf(method).channels.includes(channel) && isOffered(team, method))
}

/** Whether the team may use the method for the channel in a request of its own. */
export function isRequestable(team: Team, method: Method, channel: Channel): boolean {
  const { caller, channels } = definitionOf(method)
  return caller !== undefined && channels.includes(channel) && isOffered(team, method)
}

function isOffered(team: Team, method: Method): boolean {
  const without = team.settings.method?.verification?.without ?? []
  return definitionOf(method).isOffered(team) && !without.includes(method)
}
