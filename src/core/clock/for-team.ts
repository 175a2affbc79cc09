import type { Ctx, Parts } from '../ctx.js'

/** What a team's operations lean on: the parts that are there for every team, the team, and its clock. */
export async function forTeam<Base extends Ctx<'db' | 'clocks'>>(
  base: Base,
  team: Parts['team'],
): Promise<Base & Ctx<'team' | 'clock'>> {
  return { ...base, team, clock: await base.clocks.of(base.db, team) }
}

/** As `forTeam`, for work that somebody else asked for: its clock is read anew, and is never behind the one who asked. */
export async function forTeamAnew<Base extends Ctx<'db' | 'clocks'>>(
  base: Base,
  team: Parts['team'],
): Promise<Base & Ctx<'team' | 'clock'>> {
  return { ...base, team, clock: await base.clocks.anew(base.db, team) }
}
