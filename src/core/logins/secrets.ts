/** What is sealed with a login: what was typed, what is asked, and what was answered. */
import type { Challenge, ChallengeAnswer } from '../../network/port.js'
import type { Ctx } from '../ctx.js'
import type { ConnectionId } from '../ids.js'
import type { HeldLogin } from './store.js'

/** By the name of the institution's field. */
export type Credentials = Readonly<Record<string, string>>

/** Something asked; `picksAccount` where it is not the institution that asks, but the run, for one of the accounts. */
export type LoginChallenge = Challenge & { readonly picksAccount: boolean }

type Sealing = Ctx<'vault' | 'team'>

const place = (part: string, id: ConnectionId) => `logins.${part}.${id}`

export function sealCredentials(ctx: Sealing, id: ConnectionId, credentials: Credentials): Buffer {
  return ctx.vault.seal(ctx.team, place('credentials', id), JSON.stringify(credentials))
}

/** Null once they have opened something. */
export function openCredentials(ctx: Sealing, { connectionId, credentialsSealed }: HeldLogin): Credentials | null {
  return (
    credentialsSealed && JSON.parse(ctx.vault.open(ctx.team, place('credentials', connectionId), credentialsSealed))
  )
}

export function sealChallenges(ctx: Sealing, id: ConnectionId, challenges: readonly LoginChallenge[]): Buffer {
  return ctx.vault.seal(ctx.team, place('challenges', id), JSON.stringify(challenges))
}

export function openChallenges(ctx: Sealing, { connectionId, challengesSealed }: HeldLogin): readonly LoginChallenge[] {
  if (!challengesSealed) return []
  return JSON.parse(ctx.vault.open(ctx.team, place('challenges', connectionId), challengesSealed))
}

export function sealAnswers(ctx: Sealing, id: ConnectionId, answers: readonly ChallengeAnswer[]): Buffer {
  return ctx.vault.seal(ctx.team, place('answers', id), JSON.stringify(answers))
}

export function openAnswers(
  ctx: Sealing,
  { connectionId, answersSealed }: HeldLogin,
): readonly ChallengeAnswer[] | null {
  return answersSealed && JSON.parse(ctx.vault.open(ctx.team, place('answers', connectionId), answersSealed))
}

/** Equal for the same user name at the same institution. */
export function markOf(ctx: Sealing, institutionSlug: string, userName: string): string {
  return ctx.vault.fingerprint(ctx.team, `login:${institutionSlug}:${userName.trim()}`)
}
