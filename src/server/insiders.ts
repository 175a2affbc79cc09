/**
 * Commands that call a face as a team. They have no key of the team's, and none is made for them: the process that they run in
 * takes a secret that it made up itself, for as long as it lives.
 */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, HTTPMethods } from 'fastify'
import type { Keyring, Team, TeamName } from '../core/teams/teams.js'

/** One request of a team, by the path within the face. */
export type AskAsTeam = (request: {
  readonly method: HTTPMethods & ('GET' | 'POST' | 'PUT' | 'DELETE')
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}) => Promise<{ readonly status: number; readonly text: string }>

export interface Insiders {
  /** Takes the secrets of insiders beside keys. */
  readonly keyring: Keyring
  enter(http: FastifyInstance, prefix: string, team: Team): AskAsTeam
}

/** `getTeam` is asked at each request, because what is settled for a team may change in between. */
export function openInsiders(keys: Keyring, getTeam: (wanted: TeamName) => Promise<Team>): Insiders {
  const inside = new Map<string, TeamName>()
  return {
    keyring: {
      read(secret) {
        const wanted = inside.get(secret)
        return wanted ? getTeam(wanted) : keys.read(secret)
      },
    },
    enter(http, prefix, { name, environment }) {
      const secret = randomBytes(32).toString('hex')
      inside.set(secret, { name, environment })
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
