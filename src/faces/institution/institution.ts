/**
 * The page that plays an institution with a login of its own: a consumer signs in there, allows or declines, and is led back
 * to whoever sent them. It stands outside, as an institution's would: it knows nothing of sessions, only of the attempt that
 * its address names. It exists in rehearsals alone. Contract: moneykit/connect §4.5, mx-connect/states §8.3.
 */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { forTeam } from '../../core/clock/clock.js'
import { getInstitution } from '../../core/connections/connections.js'
import type { Base } from '../../core/ctx.js'
import type { TeamId } from '../../core/ids.js'
import { Refusal } from '../../core/refuse.js'
import { awaitedVisit, LOGIN_REFUSALS, visitInstitution } from '../../core/simulation/simulation.js'
import { findTeam } from '../../core/teams/teams.js'
import { type HostedPages, sendPage } from '../hosted-page.js'

/** What wiring hands to the pages. */
export interface InstitutionDesk {
  readonly base: Base
  readonly pages: HostedPages
}

type Visit = Parameters<typeof visitInstitution>[2]

const PATH = '/connect/institution/:realm/:attemptRef'
const BODY_BYTES_MAX = 16_384
const SAID_CHARACTERS_MAX = 500

export function institutionPages({ base, pages }: InstitutionDesk): FastifyPluginAsync {
  return async (app: FastifyInstance) => {
    const awaitedBy = async (request: FastifyRequest) => {
      const { realm, attemptRef } = request.params as { readonly realm: string; readonly attemptRef: string }
      const team = await findTeam(base, realm as TeamId)
      if (!team) return null
      const ctx = await forTeam(base, team)
      try {
        return { ctx, attemptRef, ...(await awaitedVisit(ctx, attemptRef)) }
      } catch (error) {
        if (error instanceof Refusal) return null
        throw error
      }
    }
    app.get(PATH, { schema: { hide: true } }, async (_, reply) =>
      sendPage(reply, await pages('connect/institution.html'), { frameAncestors: [] }),
    )
    app.get(`${PATH}/visit`, { schema: { hide: true } }, async (request, reply) => {
      const awaited = await awaitedBy(request)
      if (!awaited) return nobody(reply)
      const { name, color, colorDark, institutionSlug } = await getInstitution(awaited.ctx, awaited.institutionSlug)
      const mark = `/connect/link/marks/${institutionSlug}.svg`
      return reply.header('cache-control', 'no-store').send({ name, color, color_dark: colorDark, mark })
    })
    app.post(`${PATH}/visit`, { schema: { hide: true }, bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const visit = readVisit(request.body)
      if (!visit) return reply.code(422).send({ error: 'This is nothing that a visitor can do.' })
      const awaited = await awaitedBy(request)
      if (!awaited) return nobody(reply)
      await visitInstitution(awaited.ctx, awaited.attemptRef, visit)
      return reply.header('cache-control', 'no-store').send({ back: backTo(awaited.returnUrl, visit) })
    })
  }
}

function nobody(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ error: 'Nobody is awaited here.' })
}

function readVisit(body: unknown): Visit | null {
  const said = (body ?? {}) as Readonly<Record<string, unknown>>
  if (said.kind === 'login' && isSaid(said.user_name) && isSaid(said.password)) {
    return { kind: 'login', userName: said.user_name, password: said.password }
  }
  const reason = LOGIN_REFUSALS.find((each) => each === said.reason)
  return said.kind === 'refused' && reason ? { kind: 'refused', reason } : null
}

function isSaid(value: unknown): value is string {
  return typeof value === 'string' && value.length <= SAID_CHARACTERS_MAX
}

/** Where the visitor goes next; null where nobody waits for them. Institutions say with OAuth's words what went wrong. */
function backTo(returnUrl: string | null, visit: Visit): string | null {
  if (returnUrl === null || !/^https?:$/.test(new URL(returnUrl).protocol)) return null
  const address = new URL(returnUrl)
  if (visit.kind === 'refused') {
    address.searchParams.set('error', visit.reason === 'access_denied' ? 'access_denied' : 'server_error')
  }
  return address.href
}
