import { type Static, Type } from 'typebox'
import { forTeam } from '../core/clock/clock.js'
import type { Base } from '../core/ctx.js'
import { registerPersonas } from '../core/simulation/simulation.js'
import { changeSettings, DEMO_TEAM, ENVIRONMENTS, ensureTeam, TeamSettings } from '../core/teams/teams.js'
import { PersonasBody, readPersonas } from '../faces/method/method.js'
import { parseDocument } from './documents.js'
import { knownSettings } from './team-settings.js'

const HELP = 'docs/personas.md shows what a seed file holds.'

const SeedTeam = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    environment: Type.Optional(Type.Enum([...ENVIRONMENTS])),
    settings: Type.Optional(TeamSettings),
  },
  { additionalProperties: false },
)

const SeedDocument = Type.Object(
  {
    /** Whose world the personas come to. */
    team: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    personas: Type.Optional(PersonasBody.properties.personas),
    teams: Type.Optional(Type.Array(SeedTeam, { maxItems: 1000 })),
  },
  { additionalProperties: false },
)

/**
 * Plants a seed document, `{ "team"?: "demo", "personas"?: [...], "teams"?: [...] }`: people in a team's development world,
 * written as `POST /method/simulate/personas` takes them, and teams with what is settled for them. What a document says of a
 * team replaces what was settled before.
 */
export async function plantSeed(base: Base, document: unknown): Promise<string> {
  const { team: name = DEMO_TEAM, personas = [], teams = [] } = parseDocument(SeedDocument, document, HELP)
  const drafts = readPersonas({ personas })
  const settled = teams.map(readSettled)
  for (const { wanted, settings } of settled) {
    await ensureTeam(base, wanted)
    await changeSettings(base, wanted, () => settings)
  }
  const team = await ensureTeam(base, { name, environment: 'development' })
  const known = await registerPersonas(await forTeam(base, team), drafts)
  const teamLine = settled.length > 0 ? ` ${settled.length} teams have their settings.` : ''
  return `Team ${name} now knows ${known.length} more or renewed personas.${teamLine}`
}

function readSettled({ name, environment = 'development', settings = {} }: Static<typeof SeedTeam>, index: number) {
  return { wanted: { name, environment }, settings: knownSettings(settings, `teams.${index}.settings`) }
}
