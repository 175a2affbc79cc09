/**
 * The token of a widget session: what the widget calls this face with. It holds no secret and nothing personal, and whether
 * it still counts is asked of its session each time. Contract: mx-connect/callbacks §4, §6.
 */
import type { Ctx } from '../../core/ctx.js'
import type { TeamId } from '../../core/ids.js'
import type { Signer } from '../../core/signing/signing.js'
import type { WidgetSession } from '../../core/widgets/widgets.js'

const USE = 'widget_session'

export function spellToken(signer: Signer, ctx: Ctx<'team'>, session: WidgetSession): Promise<string> {
  return signer.sign('token', {
    use: USE,
    sub: session.id,
    team: ctx.team.id,
    iat: seconds(session.createdAt),
    exp: seconds(session.expiresAt),
  })
}

/** Whose session a token is for, or null. */
export async function readToken(
  signer: Signer,
  text: string,
): Promise<{ readonly teamId: TeamId; readonly sessionId: string } | null> {
  const claims = await signer.read('token', text)
  if (claims?.use !== USE) return null
  return { teamId: claims.team as TeamId, sessionId: String(claims.sub) }
}

function seconds(at: string): number {
  return Math.floor(Date.parse(at) / 1000)
}
