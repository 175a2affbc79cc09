import { refuser } from '../refuse.js'

export const teamRefusals = {
  'team.unknown_key': 'The API key is missing or not valid for this environment.',
  'team.not_found': 'No team has this name in this environment. `clearspan keys create --team <name>` makes one.',
  'team.key_not_found': 'No API key has this id. `clearspan keys list` shows them.',
} as const

export type TeamRefusal = keyof typeof teamRefusals
export const refuse = refuser(teamRefusals)
