/** Where a consumer is in a session: sealed, because it names logins and shows accounts. */
import type { Challenge, HeldAccount } from '../../network/port.js'
import type { Ctx } from '../ctx.js'
import type { ConnectSessionId } from '../ids.js'
import { refuse } from './errors.js'
import type { ProviderName } from './providers.js'
import { advance, type HeldSession, takeAtStep } from './session-store.js'
import type { ProviderAccess } from './standbys.js'
import type { ConnectionError } from './transitions.js'

/** The login is open, and the consumer chooses. */
export interface Choosing {
  readonly at: 'choose'
  readonly provider: ProviderName
  readonly accessRef: string
  readonly accounts: readonly HeldAccount[]
  /** Other providers that the same login opened. */
  readonly standbys: readonly ProviderAccess[]
  readonly lastError: null
}

export type Progress =
  | { readonly at: 'log_in'; readonly lastError: ConnectionError | null }
  | {
      readonly at: 'answer'
      readonly provider: ProviderName
      readonly attemptRef: string
      readonly challenges: readonly Challenge[]
      readonly lastError: ConnectionError | null
    }
  | {
      readonly at: 'visit'
      readonly provider: ProviderName
      readonly attemptRef: string
      readonly url: string
      readonly returnUrl: string | null
      readonly lastError: ConnectionError | null
    }
  | Choosing

const place = (id: ConnectSessionId) => `connect_sessions.progress.${id}`

/** Null while the consumer has not begun anywhere. */
export function openProgress(
  ctx: Ctx<'vault' | 'team'>,
  { id, progressSealed }: Pick<HeldSession, 'id' | 'progressSealed'>,
): Progress | null {
  return progressSealed && (JSON.parse(ctx.vault.open(ctx.team, place(id), progressSealed)) as Progress)
}

/** Goes on to the next step of a session that the caller has taken. */
export async function goOn(
  ctx: Ctx<'tx' | 'team' | 'vault'>,
  session: Pick<HeldSession, 'id' | 'institutionSlug' | 'connectionId'>,
  progress: Progress,
): Promise<void> {
  const progressSealed = ctx.vault.seal(ctx.team, place(session.id), JSON.stringify(progress))
  await advance(ctx, session.id, { ...session, progressSealed })
}

/** Locks a session that is still as it was found. Refuses `connect_session.wrong_step` when somebody was faster. */
export async function takeSession(ctx: Ctx<'tx' | 'team'>, found: HeldSession): Promise<HeldSession> {
  const session = await takeAtStep(ctx, found)
  if (!session) throw refuse('connect_session.wrong_step')
  return session
}
