/** What faces have below `/simulate`: found in what they publish, and asked in the name of the team. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { listClients } from '../../core/api-clients/api-clients.js'
import { refuseRealThings } from '../../core/simulation/simulation.js'
import { Failure } from './answers.js'
import { bodyOf, oneOf } from './bodies.js'
import { type AskedFace, type ConsoleDesk, findTeam, teamOf } from './desk.js'
import { askFace, type Operation, operationsOf } from './faces.js'

const RunBody = Type.Object({
  face: Type.String({ maxLength: 20 }),
  app: Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()])),
  method: oneOf(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: Type.String({ maxLength: 500 }),
  body: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})
// Nothing else is asked in the name of a team: no dots, no encodings, no other place.
const REHEARSAL = /^(\/users\/[\w-]+)?\/simulate(\/[\w-]+)+$/
const ABOUT_USER = '/users/{user_guid}'

export function rehearsalRoutes(app: FastifyInstance, desk: ConsoleDesk): void {
  const { base, faces } = desk
  app.get('/rehearsals', async (request) => {
    const ctx = await teamOf(desk, request)
    refuseRealThings(ctx)
    const [items, clients] = await Promise.all([
      Promise.all(faces.map(rehearsalsOf)),
      listClients(base, { teamName: ctx.team.name }),
    ])
    const ours = clients.filter(({ teamId, disabledAt }) => teamId === ctx.team.id && disabledAt === null)
    return { items: items.flat(), apps: [...new Set(ours.map((client) => client.app))] }
  })
  app.post('/rehearsals', async (request) => {
    const { face: name, app: as = null, method, path, body } = bodyOf(RunBody, request)
    const face = faces.find((each) => each.name === name)
    if (!face || !REHEARSAL.test(path)) {
      throw new Failure(400, 'Only what a face has below /simulate can be asked from here.')
    }
    refuseRealThings(await teamOf(desk, request))
    const { status, text } = await askFace(face, await findTeam(base, request), { app: as, method, path, body })
    return { status, answer: text === '' ? null : JSON.parse(text) }
  })
}

/** What is there twice is offered once, with its user: the other one is for widgets, which have a token of the user's. */
async function rehearsalsOf(face: AskedFace): Promise<readonly (Operation & { readonly face: string })[]> {
  const found = (await operationsOf(face)).filter(({ path }) => /^(\/users\/[^/]+)?\/simulate\//.test(path))
  const paths = new Set(found.map(({ path }) => path))
  return found
    .filter(({ path }) => !paths.has(`${ABOUT_USER}${path}`))
    .map((operation) => ({ face: face.name, ...operation }))
}
