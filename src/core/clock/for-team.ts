import type { Ctx, Parts } from '../ctx.js'
import type { Clock } from './time.js'

/** What a team's operations lean on: the parts that are there for every team, the team, its clock and its chance. */
export async function forTeam<Base extends Ctx<'db' | 'clocks' | 'chance'>>(
  base: Base,
  team: Parts['team'],
): Promise<Base & Ctx<'team' | 'clock'>> {
  return withTeam(base, team, await base.clocks.of(base.db, team))
}

/** As `forTeam`, for work that somebody else asked for: its clock is read anew, and is never behind the one who asked. */
export async function forTeamAnew<Base extends Ctx<'db' | 'clocks' | 'chance'>>(
  base: Base,
  team: Parts['team'],
): Promise<Base & Ctx<'team' | 'clock'>> {
  return withTeam(base, team, await base.clocks.anew(base.db, team))
}

/** Only rehearsals repeat: outside development nobody may guess an id from a clock. */
function withTeam<Base extends Ctx<'chance'>>(base: Base, team: Parts['team'], clock: Clock) {
  const chance = team.environment === 'development' ? base.chance.of(team.id, () => clock.stamp()) : base.chance
  return { ...base, team, clock, chance }
}
