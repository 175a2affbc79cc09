/**
 * Commands and the console call faces as a team. They have no key or client of the team's, and none is made for them: the process
 * that they run in takes a secret that it made up itself, for as long as it lives.
 */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, HTTPMethods } from 'fastify'
import type { Admitted, ClientDesk } from '../core/api-clients/api-clients.js'
import type { Keyring, Team, TeamName } from '../core/teams/teams.js'

/** One request of a team, by the path within the face. */
export type AskAsTeam = (request: {
  readonly method: HTTPMethods & ('GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE')
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}) => Promise<{ readonly status: number; readonly text: string }>

/** Whom an insider speaks for: a team, and, where a face tells them apart, the app of its clients. */
interface Spoken extends TeamName {
  readonly app: string
}

export interface Insiders {
  /** Takes the secrets of insiders beside keys. */
  readonly keyring: Keyring
  /** Takes the secrets of insiders beside tokens. */
  readonly clients: ClientDesk
  enter(http: FastifyInstance, prefix: string, spoken: Spoken): AskAsTeam
}

export interface InsiderParts {
  readonly keys: Keyring
  readonly clients: ClientDesk
  /** What an insider may do where clients have scopes. */
  readonly scopes: readonly string[]
  /** Asked at each request, because what is settled for a team may change in between. */
  getTeam(wanted: TeamName): Promise<Team>
}

export function openInsiders({ keys, clients, scopes, getTeam }: InsiderParts): Insiders {
  const inside = new Map<string, Spoken>()
  return {
    keyring: {
      read(secret) {
        const wanted = inside.get(secret)
        return wanted ? getTeam(wanted) : keys.read(secret)
      },
    },
    clients: {
      ...clients,
      async byToken(text) {
        const wanted = inside.get(text)
        return wanted ? asClient(await getTeam(wanted), wanted.app, scopes) : clients.byToken(text)
      },
    },
    enter(http, prefix, { name, environment, app }) {
      const secret = randomBytes(32).toString('hex')
      inside.set(secret, { name, environment, app })
      return async ({ method, path, headers, body }) => {
        const answer = await http.inject({
          method,
          url: `${prefix}${path}`,
          headers: { ...headers, authorization: `Bearer ${secret}` },
          ...(body === undefined ? {} : { payload: body }),
        })
        return { status: answer.statusCode, text: answer.payload }
      }
    },
  }
}

// A client that nobody made was made at no time.
const NEVER = '1970-01-01T00:00:00.000Z'

function asClient(team: Team, app: string, scopes: readonly string[]): Admitted {
  const { id: teamId, name: teamName, environment } = team
  const id = `insider of ${teamId}`
  const client = { id, teamId, teamName, environment, app, label: null, scopes, createdAt: NEVER, disabledAt: null }
  return { client, team, scopes }
}
