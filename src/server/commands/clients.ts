import { defineCommand } from 'citty'
import type { ApiClient } from '../../core/api-clients/api-clients.js'
import { SCOPES } from '../../faces/moneykit/moneykit.js'
import { Problem } from '../problem.js'
import { administer } from './administer.js'
import { explained } from './explain.js'
import { ownerArgs } from './team-args.js'

const create = defineCommand({
  meta: {
    name: 'create',
    description: 'Make an API client (id and secret), and its team when there is none yet. The secret is shown once.',
  },
  args: {
    ...ownerArgs,
    app: { type: 'string', description: 'Clients of one app share links; default: the team', valueHint: 'name' },
    label: { type: 'string', description: 'What the client is for', valueHint: 'text' },
    scopes: { type: 'string', description: 'What it may do, with commas; default: everything', valueHint: 'a,b' },
  },
  run: ({ args: { team, environment, app, label, scopes } }) =>
    explained(() => {
      const wanted = { team, environment, app: app ?? null, label: label ?? null, scopes: readScopes(scopes) }
      return administer(async (admin) => {
        const { id, secret } = await admin.createClient(wanted)
        return `${id}\n${secret}\n\nThe client of team ${team} (${environment}). Its secret is not shown again.`
      })
    }),
})

const list = defineCommand({
  meta: { name: 'list', description: 'List API clients, newest first, without their secrets.' },
  args: { team: { type: 'string', description: 'Only this team', valueHint: 'name' } },
  run: ({ args }) =>
    explained(() =>
      administer(async (admin) => {
        const clients = await admin.listClients({ team: args.team ?? null })
        return clients.length > 0 ? clients.map(line).join('\n') : 'There are no clients.'
      }),
    ),
})

const revoke = defineCommand({
  meta: { name: 'revoke', description: 'End a client and its tokens; every server refuses them within a second.' },
  args: { id: { type: 'positional', required: true, description: 'The client id' } },
  run: ({ args }) =>
    explained(() =>
      administer(async (admin) => {
        await admin.disableClient(args.id)
        return `The client ${args.id} is revoked.`
      }),
    ),
})

export const clients = defineCommand({
  meta: { name: 'clients', description: 'Make, list and revoke the API clients of the moneykit face.' },
  subCommands: { create, list, revoke },
})

function readScopes(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null
  const scopes = text.split(',').filter((scope) => scope !== '')
  const stranger = scopes.find((scope) => !SCOPES.some((known) => known === scope))
  if (stranger !== undefined) throw new Problem(`There is no scope "${stranger}". Use any of: ${SCOPES.join(', ')}.`)
  return scopes
}

function line(client: ApiClient): string {
  const state = client.disabledAt ? `revoked ${client.disabledAt}` : 'valid'
  const columns = [
    client.id,
    client.teamName,
    client.environment,
    client.app,
    state,
    client.createdAt,
    client.label ?? '',
  ]
  return columns.join('  ').trimEnd()
}
