/**
 * The token of a link session: what the front end opens Connect with. It travels in addresses and in the storage of browsers,
 * so it holds no secret and nothing personal. Contract: moneykit/links §1.3.
 */
import type { ConnectSession } from '../../core/connections/connections.js'
import type { Ctx } from '../../core/ctx.js'
import type { ConnectSessionId, TeamId } from '../../core/ids.js'
import type { Signer } from '../../core/signing/signing.js'

const USE = 'link_session'

/** A JWT. Native clients read from its header which institution is settled. */
export function spellSessionToken(
  signer: Signer,
  ctx: Ctx<'team'>,
  session: ConnectSession,
  publicUrl: string,
): Promise<string> {
  const claims = {
    use: USE,
    iss: publicUrl,
    sub: session.id,
    team: ctx.team.id,
    iat: seconds(session.createdAt),
    exp: seconds(session.expiresAt),
  }
  const header = session.institutionSlug === null ? {} : { institution_id: session.institutionSlug }
  return signer.sign('token', claims, header)
}

/** Whose session a token is for, or null. Whether it is still open is for the session to say, by its team's clock. */
export async function readSessionToken(
  signer: Signer,
  text: string,
): Promise<{ readonly teamId: TeamId; readonly sessionId: ConnectSessionId } | null> {
  const claims = await signer.read('token', text)
  if (claims?.use !== USE) return null
  return { teamId: claims.team as TeamId, sessionId: claims.sub as ConnectSessionId }
}

function seconds(at: string): number {
  return Math.floor(Date.parse(at) / 1000)
}
