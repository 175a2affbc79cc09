/** What an operator drives: the clock, faults of institutions, people. Where things are real, all of it is refused. */
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
const InstitutionQuery = Type.Object({ q: Type.Optional(Type.String({ maxLength: 100 })) })
const INSTITUTIONS_MAX = 20
const ANY_INSTITUTION = { onlyFeatured: false, countries: null, providers: null, products: [], kind: 'all' } as const

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
