import type { ArgDef, ArgsDef } from 'citty'
import { DEMO_TEAM, ENVIRONMENTS } from '../../core/teams/teams.js'

const environment = {
  type: 'enum',
  options: [...ENVIRONMENTS],
  default: 'development' as const,
} satisfies ArgDef

const team = { type: 'string', description: 'The name of the team', valueHint: 'name' } satisfies ArgDef

/** Whose a new credential is. */
export const ownerArgs = {
  team: { ...team, required: true },
  environment: { ...environment, description: 'Each environment has its own data' },
} satisfies ArgsDef

/** Whose data a command is about: the demo team's unless another is named. */
export const whoseArgs = {
  team: { ...team, default: DEMO_TEAM },
  environment: { ...environment, description: 'Which data of the team' },
} satisfies ArgsDef
