import type { Ctx } from '../ctx.js'
import type { VerificationSessionId } from '../ids.js'

/** Where in the vault a session's right answer lies. */
export function secretPlace(id: VerificationSessionId): string {
  return `verification_sessions.answers.${id}`
}

export function openSecret(
  ctx: Ctx<'vault' | 'team'>,
  id: VerificationSessionId,
  sealed: Buffer | null,
): string | null {
  return sealed && ctx.vault.open(ctx.team, secretPlace(id), sealed)
}
