/** Keys and clients of a team. A secret is shown once, in the answer that makes it. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { createClient, disableClient, listClients } from '../../core/api-clients/api-clients.js'
import { createKey, ensureTeam, listKeys, revokeKey } from '../../core/teams/teams.js'
import { notFound } from './answers.js'
import { bodyOf } from './bodies.js'
import { type ConsoleDesk, findTeam } from './desk.js'

const label = Type.Optional(Type.String({ maxLength: 100 }))
const LabelBody = Type.Object({ label })
const TeamBody = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100, pattern: '^[\\w. -]+$' }) })

/** Teams of people who try something are made in development; others come from the command line. */
export function newTeamRoute(app: FastifyInstance, { base }: ConsoleDesk): void {
  app.post('/teams', async (request) => {
    const { name } = bodyOf(TeamBody, request)
    const { id, environment } = await ensureTeam(base, { name: name.trim(), environment: 'development' })
    return { id, name, environment }
  })
}

export function keyRoutes(app: FastifyInstance, { base, scopes }: ConsoleDesk): void {
  app.get('/keys', async (request) => {
    const team = await findTeam(base, request)
    const [keys, clients] = await Promise.all([
      listKeys(base, { teamName: team.name }),
      listClients(base, { teamName: team.name }),
    ])
    return {
      keys: keys
        .filter(({ teamId }) => teamId === team.id)
        .map(({ id, label, prefix, createdAt, revokedAt }) => ({ id, label, prefix, createdAt, revokedAt })),
      clients: clients
        .filter(({ teamId }) => teamId === team.id)
        .map(({ id, app: of, label, createdAt, disabledAt }) => ({ id, app: of, label, createdAt, disabledAt })),
    }
  })
  app.post('/keys', async (request) => {
    const { label = '' } = bodyOf(LabelBody, request)
    const { key, secret } = await createKey(base, { team: await findTeam(base, request), label: label || null })
    return { id: key.id, secret }
  })
  app.post('/keys/:id/revoke', async (request) => {
    const team = await findTeam(base, request)
    const keys = await listKeys(base, { teamName: team.name })
    if (!keys.some(({ id, teamId }) => id === idIn(request) && teamId === team.id)) throw notFound('key')
    await revokeKey(base, idIn(request))
    return {}
  })
  app.post('/clients', async (request) => {
    const { label = '' } = bodyOf(LabelBody, request)
    const team = await findTeam(base, request)
    const { client, secret } = await createClient(base, { team, label: label || null, scopes })
    return { id: client.id, secret }
  })
  app.post('/clients/:id/disable', async (request) => {
    const team = await findTeam(base, request)
    const clients = await listClients(base, { teamName: team.name })
    if (!clients.some(({ id, teamId }) => id === idIn(request) && teamId === team.id)) throw notFound('client')
    await disableClient(base, idIn(request))
    return {}
  })
}

function idIn(request: { readonly params: unknown }): string {
  return (request.params as { readonly id: string }).id
}
