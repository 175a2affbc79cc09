/** What consumers report about a session, in their own words. */
import { inTx } from '../../db/database.js'
import type { Asking, Ctx, Reading } from '../ctx.js'
import type { ConnectSessionId } from '../ids.js'
import { refuse } from './errors.js'
import { findSealedIssues, keepSealedIssues, takeOpen } from './session-store.js'
import { findOpenSession } from './sessions.js'

export interface Issue {
  /** Where the consumer was. */
  readonly screen: string
  readonly text: string
  readonly at: string
}

const ISSUES_MAX = 5

/**
 * Keeps a report with its session. Refuses what `findOpenSession` refuses, and `connect_session.invalid_choice` where the
 * session does not ask for reports, or has enough of them.
 */
export async function reportIssue(
  ctx: Ctx<Asking>,
  sessionId: string,
  said: Pick<Issue, 'screen' | 'text'>,
): Promise<void> {
  const { id, settings } = await findOpenSession(ctx, sessionId)
  if (!settings.features.reportIssues) throw refuse('connect_session.invalid_choice')
  await inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    if (!(await takeOpen(inside, id))) throw refuse('connect_session.expired')
    const before = await listIssues(inside, id)
    if (before.length >= ISSUES_MAX) throw refuse('connect_session.invalid_choice')
    const issues: readonly Issue[] = [...before, { ...said, at: ctx.clock.now() }]
    await keepSealedIssues(inside, id, ctx.vault.seal(ctx.team, place(id), JSON.stringify(issues)))
  })
}

/** Oldest first; none once the connection of the session was deleted. */
export async function listIssues(ctx: Ctx<Reading | 'vault'>, id: ConnectSessionId): Promise<readonly Issue[]> {
  const sealed = await findSealedIssues(ctx, id)
  return sealed ? (JSON.parse(ctx.vault.open(ctx.team, place(id), sealed)) as Issue[]) : []
}

const place = (id: ConnectSessionId) => `connect_sessions.issues.${id}`
