/** What an operator drives: the clock, faults of institutions, rehearsals, people. Where things are real, all of it is refused. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Move } from '../../core/clock/clock.js'
import { getInstitution, listInstitutions } from '../../core/connections/connections.js'
import {
  LOGIN_REFUSALS,
  listPersonas,
  refuseRealThings,
  setInstitutionFault,
} from '../../core/simulation/simulation.js'
import { Failure } from './answers.js'
import { bodyOf, oneOf, queryOf } from './bodies.js'
import { type ConsoleDesk, findTeam, teamOf } from './desk.js'

const MoveBody = Type.Union([
  Type.Object({ advance: Type.String({ maxLength: 50 }) }),
  Type.Object({ set: Type.String({ maxLength: 40, format: 'date-time' }) }),
  Type.Object({ freeze: Type.Boolean() }),
])
const FaultBody = Type.Object({
  institution: Type.String({ maxLength: 100 }),
  fault: Type.Union([oneOf(LOGIN_REFUSALS), Type.Null()]),
})
const RunBody = Type.Object({
  method: oneOf(['GET', 'POST', 'PUT', 'DELETE']),
  path: Type.String({ maxLength: 500 }),
  body: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})
const InstitutionQuery = Type.Object({ q: Type.Optional(Type.String({ maxLength: 100 })) })
// Nothing else is asked in the name of a team: no dots, no encodings, no other place.
const REHEARSAL = /^\/simulate(\/[A-Za-z0-9_-]+)+$/
const INSTITUTIONS_MAX = 20
const ANY_INSTITUTION = { onlyFeatured: false, countries: null, providers: null, products: [], kind: 'all' } as const
const NEWEST_VERSION = { 'method-version': '2025-12-01' }

export function drivingRoutes(app: FastifyInstance, desk: ConsoleDesk): void {
  const { base, mover } = desk
  app.get('/clock', async (request) => {
    const team = await findTeam(base, request)
    const [reading, upcoming] = await Promise.all([mover.show(team), mover.upcoming(team)])
    return { ...reading, upcoming }
  })
  app.post('/clock', async (request) => {
    const move = bodyOf(MoveBody, request)
    return mover.move(await findTeam(base, request), moveOf(move))
  })
  app.get('/institutions', async (request) => {
    const { q = '' } = queryOf(InstitutionQuery, request)
    const ctx = await teamOf(desk, request)
    refuseRealThings(ctx)
    const { institutions } = await listInstitutions(
      ctx,
      { ...ANY_INSTITUTION, name: q === '' ? null : q },
      { cursor: null, limit: INSTITUTIONS_MAX },
    )
    const items = institutions.map(({ institutionSlug, name, isTest }) => ({ slug: institutionSlug, name, isTest }))
    return { items, faults: LOGIN_REFUSALS }
  })
  app.post('/faults', async (request) => {
    const { institution, fault } = bodyOf(FaultBody, request)
    const ctx = await teamOf(desk, request)
    const { institutionSlug } = await getInstitution(ctx, institution)
    await setInstitutionFault(ctx, institutionSlug, fault)
    return { institution: institutionSlug, fault }
  })
  app.get('/rehearsals', async (request) => {
    refuseRealThings(await teamOf(desk, request))
    return { items: rehearsalsIn(await desk.describe()) }
  })
  app.post('/rehearsals', async (request) => {
    const { method, path, body } = bodyOf(RunBody, request)
    if (!REHEARSAL.test(path)) throw new Failure(400, 'Only what is below /simulate can be asked from here.')
    const team = await findTeam(base, request)
    const hasBody = method !== 'GET' && method !== 'DELETE'
    const headers = hasBody ? { ...NEWEST_VERSION, 'content-type': 'application/json' } : NEWEST_VERSION
    const { status, text } = await desk.ask(team, {
      method,
      path,
      headers,
      body: hasBody ? JSON.stringify(body ?? {}) : undefined,
    })
    return { status, answer: JSON.parse(text) }
  })
  app.get('/personas', async (request) => {
    const personas = await listPersonas(await teamOf(desk, request))
    return {
      url: desk.publicUrl,
      items: personas.map(({ phone, firstName, lastName, address, liabilityCount }) => ({
        phone,
        firstName,
        lastName,
        city: [address.city, address.state].filter(Boolean).join(', '),
        liabilityCount,
      })),
    }
  })
}

function moveOf(body: { readonly advance: string } | { readonly set: string } | { readonly freeze: boolean }): Move {
  if ('set' in body) return { set: new Date(body.set).toISOString() }
  return body
}

interface Rehearsal {
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly schema: unknown
}

/** Every operation below `/simulate` that the face publishes, with what its body takes. */
function rehearsalsIn(document: unknown): readonly Rehearsal[] {
  const { paths } = document as { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/method/simulate/'))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { summary, requestBody }]) => ({
        method: method.toUpperCase(),
        path: path.replace('/method', ''),
        summary,
        schema: requestBody?.content['application/json']?.schema ?? null,
      })),
    )
}

interface Operation {
  readonly summary: string
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> }
}
