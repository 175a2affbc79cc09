import { addMs } from '../clock/clock.js'
import type { Ctx, Reading } from '../ctx.js'
import type { Team } from '../teams/teams.js'
import { refuse } from './errors.js'
import * as store from './store.js'

const PHONE_SESSIONS_MAX = 5 // contract: method/entities §2.3
const WINDOW_MS = 24 * 3_600_000

/** What a phone is found by without being stored in clear. */
export function phoneHashOf({ vault, team }: Ctx<'vault' | 'team'>, phone: string): string {
  return vault.fingerprint(team, `phone:${phone}`)
}

/** Refuses `verification.too_many_attempts` when a phone had its sessions of the day. */
export async function limitAttempts(ctx: Ctx<Reading | 'clock'>, phoneHash: string): Promise<void> {
  const limit = limitOf(ctx.team)
  if (limit === null) return
  const count = await store.countPhoneSessions(ctx, { phoneHash, since: addMs(ctx.clock.now(), -WINDOW_MS) })
  if (count >= limit) throw refuse('verification.too_many_attempts')
}

/** As `limitAttempts`, letting through one request of a phone after the other. */
export async function limitAttemptsInTurn(ctx: Ctx<Reading | 'tx' | 'clock'>, phoneHash: string): Promise<void> {
  if (limitOf(ctx.team) === null) return
  await store.takePhone(ctx, phoneHash)
  await limitAttempts(ctx, phoneHash)
}

/** Null where a rehearsal may go on for ever. */
function limitOf({ settings, environment }: Team): number | null {
  const settled = settings.method?.verification?.phone_sessions_per_day
  return settled ?? (environment === 'development' ? null : PHONE_SESSIONS_MAX)
}
