import { defineCommand } from 'citty'
import type { ApiKey } from '../../core/teams/teams.js'

import { administer } from './administer.js'
import { explained } from './explain.js'
import { ownerArgs } from './team-args.js'

const create = defineCommand({
  meta: { name: 'create', description: 'Make an API key, and its team when there is none yet. The key is shown once.' },
  args: {
    ...ownerArgs,
    label: { type: 'string', description: 'What the key is for', valueHint: 'text' },
  },
  run: ({ args: { team, environment, label } }) =>
    explained(() =>
      administer(async (admin) => {
        const { id, secret } = await admin.createKey({ team, environment, label: label ?? null })
        return `${secret}\n\nThe key ${id} of team ${team} (${environment}). It is not shown again.`
      }),
    ),
})

const list = defineCommand({
  meta: { name: 'list', description: 'List API keys, newest first, without their secrets.' },
  args: { team: { type: 'string', description: 'Only this team', valueHint: 'name' } },
  run: ({ args }) =>
    explained(() =>
      administer(async (admin) => {
        const keys = await admin.listKeys({ team: args.team ?? null })
        return keys.length > 0 ? keys.map(line).join('\n') : 'There are no keys.'
      }),
    ),
})

const revoke = defineCommand({
  meta: { name: 'revoke', description: 'End a key; every server refuses it within a second.' },
  args: { id: { type: 'positional', required: true, description: 'The key id, as shown by keys list' } },
  run: ({ args }) =>
    explained(() =>
      administer(async (admin) => {
        await admin.revokeKey(args.id)
        return `The key ${args.id} is revoked.`
      }),
    ),
})

export const keys = defineCommand({
  meta: { name: 'keys', description: 'Make, list and revoke API keys.' },
  subCommands: { create, list, revoke },
})

function line(key: ApiKey): string {
  const state = key.revokedAt ? `revoked ${key.revokedAt}` : 'valid'
  const columns = [key.id, `${key.prefix}…`, key.teamName, key.environment, state, key.createdAt, key.label ?? '']
  return columns.join('  ').trimEnd()
}
