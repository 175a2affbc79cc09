import { Value } from 'typebox/value'
import type { Asking, Ctx } from '../core/ctx.js'
import { registerPersonas } from '../core/simulation/simulation.js'
import { DEMO_TEAM, ensureTeam } from '../core/teams/teams.js'
import { PersonasBody, readPersonas } from '../faces/method/method.js'
import { Problem } from './problem.js'

/**
 * Plants a seed document, `{ "team"?: "demo", "personas": [...] }`, in a team's development world. The personas are
 * written as `POST /method/simulate/personas` takes them.
 */
export async function plantSeed(base: Ctx<Exclude<Asking, 'team'>>, document: unknown): Promise<string> {
  if (!Value.Check(PersonasBody, document)) {
    const [flaw] = Value.Errors(PersonasBody, document)
    const where = flaw?.instancePath.slice(1).replaceAll('/', '.') || 'The document'
    throw new Problem(
      `${where} ${flaw?.message ?? 'is not a seed document'}. docs/personas.md shows what a seed file holds.`,
    )
  }
  const name = 'team' in document && typeof document.team === 'string' ? document.team : DEMO_TEAM
  const team = await ensureTeam(base, { name, environment: 'development' })
  const personas = await registerPersonas({ ...base, team }, readPersonas(document))
  return `Team ${name} now knows ${personas.length} more or renewed personas.`
}
