import type { Ctx } from '../ctx.js'
import type { AccountVerificationSessionId } from '../ids.js'

const place = (id: AccountVerificationSessionId) => `account_verification_sessions.secret.${id}`

export function sealSecret(ctx: Ctx<'team' | 'vault'>, id: AccountVerificationSessionId, secret: object): string {
  return ctx.vault.seal(ctx.team, place(id), JSON.stringify(secret)).toString('base64')
}

/** Null where nothing is kept, or nothing any more. */
export function openSecret(
  ctx: Ctx<'team' | 'vault'>,
  session: { readonly id: AccountVerificationSessionId; readonly secretSealed: string | null },
): object | null {
  if (session.secretSealed === null) return null
  return JSON.parse(ctx.vault.open(ctx.team, place(session.id), Buffer.from(session.secretSealed, 'base64')))
}
