/** The links of silent network authentication, as the phone opens them: nobody's key says whose session it is. */
import { inTx } from '../../db/database.js'
import type { Ctx } from '../ctx.js'
import { readId, type VerificationSessionId } from '../ids.js'
import { forTeamOf } from '../teams/teams.js'
import { refuse } from './errors.js'
import { isOverdue } from './expiry.js'
import { OPENINGS_MAX } from './methods/sna.js'
import * as store from './store.js'

export interface Opening {
  readonly sessionId: string
  readonly linkId: string
  /** Asks, in development, that the network does not confirm the phone. */
  readonly wantsFailure: boolean
}

/**
 * Counts an opening and keeps what the network says of the phone; a link of a session that has ended does nothing.
 * Refuses `verification.not_found`, `.links_used_up`.
 */
export async function openLink(base: Ctx<'db' | 'clocks' | 'chance'>, opening: Opening): Promise<void> {
  const sessionId = readId<VerificationSessionId>(opening.sessionId)
  await inTx(base.db, async (tx) => {
    const held = sessionId && (await store.takeLinked(tx, sessionId))
    const detail = held?.session.detail
    if (!held || detail?.method !== 'sna' || !detail.linkIds.some((id) => id === opening.linkId)) {
      throw refuse('verification.not_found')
    }
    const ctx = await forTeamOf({ ...base, db: tx, tx }, held.teamId)
    if (held.session.status !== 'in_progress' || isOverdue(ctx, held.session)) return
    if (detail.openings >= OPENINGS_MAX) throw refuse('verification.links_used_up')
    const isRefused = opening.wantsFailure && ctx.team.environment === 'development'
    const openings = detail.openings + 1
    await store.noteOpening(ctx, held.session.id, { ...detail, openings, isConfirmed: !isRefused })
  })
}
