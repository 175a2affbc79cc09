/** A login as it is by the team's clock: time may have passed that its row does not know of. */
import type { Connection, ConnectionError } from '../connections/connections.js'
import type { Ctx } from '../ctx.js'
import type { Login } from './logins.js'
import type { LoginRun } from './runs.js'
import { openChallenges } from './secrets.js'
import type { HeldLogin } from './store.js'
import { CHALLENGE_MS, type LoginFailure } from './transitions.js'

type Looking = Ctx<'clock' | 'vault' | 'team'>

export function viewOf(ctx: Looking, connection: Connection, held: HeldLogin): Login {
  const { connectionId, challengesSealed, credentialsSealed, answersSealed, nameMark, sessionId, ...rest } = held
  const { course, waitsSince, refusals, ...login } = rest
  const seen = {
    ...login,
    connection,
    run: held.run && runView(ctx, held, held.run),
    isVisited: sessionId !== null,
    isReadyEarly: false,
    challenges: openChallenges(ctx, held),
  }
  if (isLate(ctx, held)) return { ...seen, status: 'failed', reason: 'challenge_expired', challenges: [] }
  const isReady = isReadyBy(ctx, held)
  if (!isReady && course?.isReadyEarly) return { ...seen, isReadyEarly: true }
  if (!isReady) return { ...seen, status: 'new' }
  const broken = held.status === 'connected' && held.kind !== 'described' && connection.state === 'error'
  return broken ? { ...seen, status: 'failed', reason: reasonOf(connection.errorCode) } : seen
}

/** The run of a login that answers came too late for is over; one that is slow is not. */
export function runView(ctx: Ctx<'clock'>, held: HeldLogin, run: LoginRun): LoginRun {
  const isLast = held.run?.id === run.id
  if (isLast && isLate(ctx, held)) return { ...run, status: 'halted', finishedAt: ctx.clock.now() }
  return isLast && !isReadyBy(ctx, held) ? { ...run, status: 'asked', finishedAt: null } : run
}

export function isLate({ clock }: Ctx<'clock'>, { status, waitsSince }: HeldLogin): boolean {
  return (
    status === 'challenged' && waitsSince !== null && Date.parse(clock.now()) - Date.parse(waitsSince) > CHALLENGE_MS
  )
}

export function isReadyBy({ clock }: Ctx<'clock'>, { status, readyAt }: HeldLogin): boolean {
  return status !== 'connected' || readyAt === null || readyAt <= clock.now()
}

export function isRunning({ run }: Pick<HeldLogin, 'run'>): boolean {
  return run !== null && ['waiting', 'asked', 'challenged'].includes(run.status)
}

/** What a connection's own trouble means for its login. */
export function reasonOf(error: ConnectionError | null): LoginFailure {
  switch (error) {
    case 'institution_error':
      return 'institution_down'
    case 'provider_error':
    case 'system_error':
      return 'provider_failed'
    case 'no_accounts':
      return 'no_accounts'
    case 'user_setup_required':
      return 'setup_required'
    case 'user_oauth_denied':
      return 'access_denied'
    default:
      return 'access_ended'
  }
}

/** Of a connection that was made elsewhere and that nobody has asked runs of. */
export function viewOfOther(connection: Connection, kind: Login['kind']): Login {
  const seen = {
    connection,
    consumerId: connection.consumerId,
    institutionSlug: connection.institution.slug,
    kind,
    useCases: [],
    staysInBackground: false,
    status: 'connected',
    reason: null,
    readyAt: null,
    run: null,
    isVisited: false,
    isReadyEarly: false,
    challenges: [],
    createdAt: connection.createdAt,
    updatedAt: connection.updatedAt,
  } as const
  return connection.state === 'error' ? { ...seen, status: 'failed', reason: reasonOf(connection.errorCode) } : seen
}
