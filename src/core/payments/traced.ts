/** Returns that come by file: a bank knows an entry by its trace number and amount, and nothing else of ours. */
import { inTx } from '../../db/database.js'
import type { Ask } from '../../network/port.js'
import { forTeamAnew } from '../clock/clock.js'
import type { Base, Ctx } from '../ctx.js'
import type { TeamId } from '../ids.js'
import { teamById } from '../teams/teams.js'
import { findTraced } from './entry-store.js'
import { applyReturns } from './returns.js'

export interface TracedReturn {
  readonly traceNumber: string
  /** Nacha's, such as `R01`. */
  readonly code: string
  readonly amountCents: number
}

/** Lets a network that keeps accounts itself, as a rehearsal's does, take the money back too. */
export type HandBack = (ask: Ask, reference: string, code: string) => Promise<unknown>

/** Applies returns of any team's entries, each once; returns those that belong to no entry. */
export async function applyTracedReturns(
  base: Base,
  returned: readonly TracedReturn[],
  handBack: HandBack,
): Promise<readonly TracedReturn[]> {
  const found = await findTraced(base, returned)
  const known = new Map(found.map((entry) => [keyOf(entry), entry]))
  const byTeam = new Map<TeamId, { reference: string; code: string }[]>()
  for (const { code, ...entry } of returned) {
    const match = known.get(keyOf(entry))
    if (match) byTeam.set(match.teamId, [...(byTeam.get(match.teamId) ?? []), { reference: match.reference, code }])
  }
  for (const [teamId, entries] of byTeam) {
    const ctx = await forTeamAnew(base, await teamById(base, teamId))
    const ask = { realm: teamId, at: ctx.clock.now() }
    for (const { reference, code } of entries) await handBack(ask, reference, code)
    await inTx(ctx.db, (tx) => applyReturns({ ...ctx, db: tx, tx }, entries))
  }
  return returned.filter((entry) => !known.has(keyOf(entry)))
}

/** Of trace numbers, those that belong to no entry. */
export async function findUntraced(base: Ctx<'db'>, traceNumbers: readonly string[]): Promise<readonly string[]> {
  const found = await findTraced(
    base,
    traceNumbers.map((traceNumber) => ({ traceNumber, amountCents: null })),
  )
  const known = new Set(found.map(({ traceNumber }) => traceNumber))
  return traceNumbers.filter((traceNumber) => !known.has(traceNumber))
}

function keyOf({ traceNumber, amountCents }: Pick<TracedReturn, 'traceNumber' | 'amountCents'>): string {
  return `${traceNumber}:${amountCents}`
}
