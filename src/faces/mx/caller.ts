/**
 * Who calls: a widget, with the token of its session and for one user, or a team's back end, with its API key and for the
 * user whom the path names. Contract: mx-connect/callbacks §4.
 */
import type { FastifyRequest } from 'fastify'
import { forTeam, type Mover } from '../../core/clock/clock.js'
import type { Asking, Base, Ctx } from '../../core/ctx.js'
import type { Signer } from '../../core/signing/signing.js'
import { type Keyring, teamById } from '../../core/teams/teams.js'
import { findWidgetSession, getUser, type WidgetSession, type WidgetUser } from '../../core/widgets/widgets.js'
import type { WidgetFiles } from './connect-page.js'
import { OwnFailure, ownErrors } from './errors.js'
import { readWireId } from './ids.js'
import { readToken } from './tokens.js'

export const FACE = 'mx'

/** What wiring hands to this face. */
export interface MxDesk {
  readonly base: Base
  readonly keyring: Keyring
  readonly mover: Mover
  readonly signer: Signer
  /** How callers reach this face; without a slash at the end. */
  readonly publicUrl: string
  readonly widgetFiles: WidgetFiles
}

/** Whom a route is for. `user`: whoever the call is about. `team`: the team's back end. `anyone`: both, about nobody. */
export type Audience = 'user' | 'team' | 'anyone'

export interface Caller {
  readonly ctx: Ctx<Asking>
  readonly publicUrl: string
  /** Whom the call is about; null where it is about nobody. */
  readonly user: WidgetUser | null
  /** Null for a team's back end. */
  readonly session: WidgetSession | null
}

const CALLER = 'mxCaller'
export const requestDecorators = [CALLER] as const

/** Throws before the caller is known, which only a route outside the hooks could see. */
export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(CALLER)
}

export function findCaller(request: FastifyRequest): Caller | null {
  return request.getDecorator<Caller | null>(CALLER)
}

/** Finds out who calls, and about whom. */
export async function admit(desk: MxDesk, request: FastifyRequest, audience: Audience): Promise<void> {
  const caller = (await asWidget(desk, request, audience)) ?? (await asTeam(desk, request, audience))
  request.setDecorator(CALLER, { ...caller, publicUrl: desk.publicUrl } satisfies Caller)
}

type Known = Omit<Caller, 'publicUrl'>

/** Null for somebody who has no token of a session. */
async function asWidget({ base, signer }: MxDesk, request: FastifyRequest, audience: Audience): Promise<Known | null> {
  const text = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
  const named = text === undefined ? null : await readToken(signer, text)
  if (!named) return null
  const ctx = await forTeam(base, await teamById(base, named.teamId))
  const { session, user } = await findWidgetSession(ctx, named.sessionId)
  // A token says itself whom it is about.
  if (audience === 'team' || userIn(request) !== null) throw unknown('This needs an API key.')
  return { ctx, session, user }
}

async function asTeam({ base, keyring }: MxDesk, request: FastifyRequest, audience: Audience): Promise<Known> {
  const key = keyIn(request)
  const team = key === null ? null : await keyring.read(key)
  if (!team) throw unknown('Send the token of a widget session, or an API key.')
  const ctx = await forTeam(base, team)
  const userGuid = userIn(request)
  if (userGuid !== null) return { ctx, session: null, user: await getUser(ctx, readWireId('user', userGuid)) }
  if (audience === 'user') throw unknown('With an API key, say whose: /users/{user_guid}/…')
  return { ctx, session: null, user: null }
}

/** As a bearer, or, as MX's own clients send it, as the password of basic authentication. */
function keyIn({ headers: { authorization = '' } }: FastifyRequest): string | null {
  const [, scheme = '', text = ''] = /^(Bearer|Basic) +(\S+) *$/i.exec(authorization) ?? []
  if (scheme.toLowerCase() !== 'basic') return text === '' ? null : text
  return Buffer.from(text, 'base64').toString().split(':').slice(1).join(':')
}

function userIn({ params, routeOptions }: FastifyRequest): string | null {
  const isAboutUser = (routeOptions.url ?? '').includes('/users/:user_guid/')
  return isAboutUser ? ((params as { readonly user_guid?: string }).user_guid ?? '') : null
}

function unknown(message: string): OwnFailure {
  return new OwnFailure(ownErrors.unauthorized, message)
}
